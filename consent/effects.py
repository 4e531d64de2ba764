"""What saying no to a paper means, and what taking it back stops: plain sentences, shown before somebody decides."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from consent.models import Form, Request

_NO = {
    Form.Kind.COUNSELING: _("Counseling needs this consent. Without it we can talk about your questions, but sessions cannot begin."),
    Form.Kind.TELEHEALTH: _("We will not meet by video. Meeting in person stays possible if you have agreed to that."),
    Form.Kind.RECORDING: _("No session is recorded. Your counseling goes on just the same."),
    Form.Kind.REACHING: _("What we agreed when we talked holds as before. Tell us if any of it does not fit, and we change it."),
    Form.Kind.RELEASE: _("Nothing is given to anybody named in this paper. Your counseling goes on just the same."),
    Form.Kind.PSYCHOTHERAPY: _("These notes stay with your counselor alone. Your counseling goes on just the same."),
    Form.Kind.PART2: _("Nothing is given to anybody named in this paper. Your counseling goes on just the same."),
    Form.Kind.NOTICE: _("Your rights stay the same. We only note that you did not want to sign."),
    Form.Kind.POLICY: _("The same rules protect you. Your counselor will want to talk about what troubles you in it."),
    Form.Kind.QUESTIONNAIRE: _("You do not have to answer. Your counselor may ask you some of it when you talk."),
}
_BACK = {
    Form.Kind.COUNSELING: _("Sessions in person and by phone stop, unless there is an emergency, until you agree again."),
    Form.Kind.TELEHEALTH: _("Sessions by video stop until you agree again."),
    Form.Kind.RECORDING: _("Nothing is recorded any more, from this moment."),
    Form.Kind.REACHING: _(
        "We no longer reach you in any of the ways that it allows, until we agree on another. What is never used stays so."
    ),
    Form.Kind.RELEASE: _("Nothing more is given to anybody named in this paper, from this moment, even if it was already being prepared."),
    Form.Kind.PSYCHOTHERAPY: _("These notes are given to nobody, from this moment, even if that was already being prepared."),
    Form.Kind.PART2: _("Nothing more is given to anybody named in this paper, from this moment, even if it was already being prepared."),
    Form.Kind.NOTICE: _("Your signature under the notice no longer counts as a receipt. Your rights stay the same."),
    Form.Kind.POLICY: _("You no longer agree to these rules. The same rules go on protecting you."),
    Form.Kind.QUESTIONNAIRE: _("Your answers are no longer used from this moment. They stay on file with the date you took them back."),
}
_OWN = _("Your counselor will talk with you about what this means for your counseling.")


def of_declining(request: Request) -> list[str]:
    """What it means not to agree to ``request``."""
    return [
        gettext(_NO.get(Form.Kind(request.wording.form.kind), _OWN)),
        gettext("You can change your mind: ask us to send the paper again."),
    ]


def of_withdrawing(request: Request) -> list[str]:
    """What stops when ``request`` is taken back, and what stays."""
    return [
        gettext(_BACK.get(Form.Kind(request.wording.form.kind), _OWN)),
        gettext("It counts from the moment you press the button."),
        gettext("What was done while you agreed stays as it was, and this paper stays in your list."),
    ]
