"""Asking anew after a material change (IC-37): who is on which version, sending to all or some, and what they said."""

from __future__ import annotations

import pytest

from clients.models import Client
from consent import actions
from consent.evidence import text_hash
from consent.models import Request, Version
from practice.models import Notice, User
from tests.cast import acting

from .conftest import Ask, Lines, text_of
from .papers import CONSENT, allow_mail, asked, form_in_force, signed_by

pytestmark = pytest.mark.django_db


def renewed(version: Version, *, material: bool = True) -> Version:
    """The next version of the form, in force; what it changes matters unless told otherwise."""
    text = CONSENT.replace("by law", "by custom")
    newer = Version(form=version.form, number=version.number + 1, title=version.title, text=text, state="draft", material=material)
    newer.language, newer.what_changed = version.language, "The limits."
    newer.approved_by, newer.approved_at, newer.state, newer.text_hash = version.approved_by, version.approved_at, "approved", b""
    newer.text_hash = text_hash(newer)
    newer.save(force_insert=True)
    with acting(version.approved_by):  # type: ignore[arg-type]  # it has one
        actions.put_in_force(newer, by=version.approved_by)  # type: ignore[arg-type]  # as above
    return newer


@pytest.fixture
def signed(cleo: Client, ana: User, portal_cleo: User) -> Request:
    """Cleo signed the first version."""
    request = asked(cleo, ana, form_in_force())
    signed_by(portal_cleo, request)
    return request


def test_ic_37_admins_see_who_is_on_which_version_by_code(
    ada: User, ana: User, ben: User, cleo: Client, signed: Request, ask: Ask, lines: Lines
) -> None:
    newer = renewed(signed.wording)
    body = text_of(ask(ada, "campaign_page", pk=newer.pk))
    assert cleo.code in body
    assert not any(name in body for name in ("Marchetti", "Cleo", 'name="request"'))
    assert lines(actor_id=ada.pk, client_id=cleo.pk, part="campaign_page")
    assert "Cleo" in text_of(ask(ana, "campaign_page", pk=newer.pk))
    assert f"/forms/versions/{newer.pk}/campaign/" in text_of(ask(ana, "form_list"))
    nothing = text_of(ask(ben, "campaign_page", pk=newer.pk))
    assert cleo.code not in nothing
    assert "Nobody has an earlier version in force" in nothing
    assert ask(ada, "campaign_send", {"then": "all"}, pk=newer.pk).status_code == 404


def test_ic_37_the_front_desk_sends_to_all_and_the_old_holds_until_the_new_is_signed(
    ada: User, dee: User, ana: User, portal_cleo: User, signed: Request, ask: Ask
) -> None:
    newer = renewed(signed.wording)
    page = ask(dee, "campaign_send", {"then": "all"}, pk=newer.pk)
    assert "Sent to 1 client." in text_of(page)
    assert "Nothing was sent" in text_of(ask(dee, "campaign_send", {"then": "all"}, pk=newer.pk))  # pressed twice, sent once
    with acting(ana):
        again = Request.objects.get(wording=newer)
        assert (again.replaces_id, again.asked_by_id, again.counselor_id) == (signed.pk, dee.pk, ana.pk)
        assert Request.objects.get(pk=signed.pk).ended_at is None
    signed_by(portal_cleo, again)
    with acting(ana):
        assert Request.objects.get(pk=signed.pk).ended_as == "superseded"
    assert "on this version now" in text_of(ask(ada, "campaign_page", pk=newer.pk))


def test_the_mail_says_nothing_of_what_it_is_about(dee: User, cleo: Client, portal_cleo: User, signed: Request, ask: Ask) -> None:
    allow_mail(cleo, dee, "cleo@sub.test")
    ask(dee, "campaign_send", {"then": "all"}, pk=renewed(signed.wording).pk)
    with acting(dee):
        notice = Notice.objects.get(kind="paper")
        assert notice.to == portal_cleo.email
        assert not any(word in f"{notice.subject} {notice.body}".lower() for word in ("consent", "counsel", "cleo", "practice", "health"))


def test_ic_37_home_says_to_those_who_send_that_there_is_somebody_to_ask_anew(
    ana: User, dee: User, ben: User, sofia: User, signed: Request, ask: Ask
) -> None:
    assert "To ask anew" not in text_of(ask(ana, "home"))
    newer = renewed(signed.wording)
    seen = {person: f"/versions/{newer.pk}/campaign/" in text_of(ask(person, "home")) for person in (ana, dee, ben, sofia)}
    assert seen == {ana: True, dee: True, ben: False, sofia: False}
    ask(dee, "campaign_send", {"then": "all"}, pk=newer.pk)
    assert "To ask anew" not in text_of(ask(ana, "home"))


def test_only_those_ticked_are_asked_and_only_ones_own(ana: User, ben: User, signed: Request, ask: Ask) -> None:
    newer = renewed(signed.wording)
    assert "Nothing was sent" in text_of(ask(ana, "campaign_send", {"then": "some", "request": ["nonsense"]}, pk=newer.pk))
    assert "Nothing was sent" in text_of(ask(ben, "campaign_send", {"then": "some", "request": [str(signed.pk)]}, pk=newer.pk))
    assert "Sent to 1 client." in text_of(ask(ana, "campaign_send", {"then": "some", "request": [str(signed.pk)]}, pk=newer.pk))


def test_it_goes_on_where_it_was_stopped_and_names_whom_it_cannot_reach(
    ana: User, cleo: Client, signed: Request, portal_cleo: User, ask: Ask
) -> None:
    with acting(ana):
        cleo.languages = "Portuguese"
        cleo.save(update_fields=["languages"])
    newer = renewed(signed.wording)
    body = text_of(ask(ana, "campaign_send", {"then": "all"}, pk=newer.pk))
    assert "IC-25" in body
    assert "Nothing was sent" in body
    with acting(ana):
        assert not Request.objects.filter(wording=newer).exists()
    past = text_of(ask(ana, "campaign_send", {"then": "all", "after": str(signed.pk), "done": "x"}, pk=newer.pk))
    assert "Nothing was sent" in past


def test_where_the_change_is_not_material_nobody_is_asked(ana: User, signed: Request, ask: Ask) -> None:
    newer = renewed(signed.wording, material=False)
    assert "what was signed still holds" in text_of(ask(ana, "campaign_page", pk=newer.pk))
    assert ask(ana, "campaign_send", {"then": "all"}, pk=newer.pk).status_code == 302
    with acting(ana):
        assert not Request.objects.filter(wording=newer).exists()


def test_npp_5_a_revised_notice_is_not_acknowledged_again(ana: User, cleo: Client, portal_cleo: User, ask: Ask) -> None:
    request = asked(cleo, ana, form_in_force("notice", title="Our notice"))
    signed_by(portal_cleo, request)
    newer = renewed(request.wording)
    assert "NPP-5" in text_of(ask(ana, "campaign_page", pk=newer.pk))
    assert ask(ana, "campaign_send", {"then": "all"}, pk=newer.pk).status_code == 302
