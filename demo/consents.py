"""What the demo's clients have read and signed: on the practice's tablet, before the first session that needs it."""

from __future__ import annotations

import datetime
from typing import Any

from clients.models import Client, Representative
from consent import actions
from consent.actions.asking import Named
from consent.actions.signing import Given
from consent.clauses import clauses
from consent.models import Form, Request, Signature, Signer, Version
from consent.requirements import Meeting, gaps
from practice.models import User

LEAD = datetime.timedelta(minutes=12)


def _in_force(kind: str) -> Version:
    found = Version.objects.filter(form__kind=kind, state=Version.State.IN_FORCE, language="en")
    return found.select_related("form").order_by("form__created_at", "form__pk")[:1].get()


def prepare(meeting: Meeting, members: list[Client], *, by: User) -> None:
    """Before ``meeting`` its client gets what is missing: the notice, and the papers to sign, there and then."""
    for gap in gaps(meeting):
        version = _in_force(gap.form)
        if gap.form == Form.Kind.NOTICE:
            actions.record_notice(meeting.client, version, actions.Delivery(status="acknowledged", method="paper"), by=by)
        else:
            sign_here(actions.ask(meeting.client, version, by=by, counselor=by, signers=signers(meeting.client, members)), by=by)


def signers(client: Client, members: list[Client]) -> list[Named]:
    """Who signs for ``client``: each member of a unit, the guardians of a minor, everybody else for themself."""
    if members:
        return [Named(member, Signer.Capacity.MEMBER) for member in members]
    standing = client.representatives.filter(relation__in=(Representative.Relation.PARENT, Representative.Relation.GUARDIAN), until=None)
    guardians = [Named(client, Signer.Capacity.GUARDIAN, each) for each in standing if client.kind == Client.Kind.MINOR and each.authority]
    return guardians or [Named(client, Signer.Capacity.SELF)]


def sign_here(request: Request, *, by: User) -> None:
    """Everybody named reads and signs ``request`` on the device that ``by`` hands over."""
    for signer in request.signers.all():
        who = signer.representative
        given = Given(
            name=who.name if who else signer.person.legal_name, shown=bytes(request.shown_hash).hex(), voluntary=True,
            method=Signature.Method.IN_PERSON, relationship=str(who.get_relation_display()) if who else "", witness=by,
            teach_back="They said it back in their own words.", answers=answers_to(request.shown),
        )  # fmt: skip
        actions.present(signer, by=by)
        actions.sign(signer, given, by=by)


def answers_to(shown: str) -> dict[str, Any]:
    """The right answers to the understanding check, and the first of each choice."""
    asked = [clause for clause in clauses(shown) if clause.answer in ("check", "choice")]
    return {clause.anchor: [each.text for each in clause.options if each.right] or clause.options[0].text for clause in asked}
