"""Which wordings wait to be sent anew: each condition of the rule by itself, beside one that does wait (IC-37)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from clients import actions as clients
from clients.models import Client
from consent import access, actions
from consent.actions.asking import Sending
from consent.evidence import text_hash
from consent.models import Request, Version
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person

from .papers import asked, form_in_force, signed_by
from .releases import release
from .test_campaign_page import renewed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signed paper itself is made elsewhere (test_papers)."""
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))


def agreed(client: Client, by: User, version: Version, user: User) -> Request:
    """``user`` signed ``version``, whatever ``client`` reads."""
    request = asked(client, by, version, sending=Sending(interpreter="Read to them in their language."))
    signed_by(user, request)
    return request


def waiting(user: User) -> set[Version]:
    with acting(user):
        return {*access.campaigns(user)}


def test_only_a_change_that_matters_is_asked_anew(cleo: Client, ana: User, portal_cleo: User) -> None:
    slight, grave = form_in_force(), form_in_force("telehealth", title="Video")
    for version in (slight, grave):
        agreed(cleo, ana, version, portal_cleo)
    renewed(slight, material=False)
    newer = renewed(grave)
    assert waiting(ana) == {newer}


def test_npp_5_and_au_3_no_notice_and_no_release_waits_to_be_asked_anew(cleo: Client, ana: User, portal_cleo: User) -> None:
    consent = agreed(cleo, ana, form_in_force(), portal_cleo)
    notice = agreed(cleo, ana, form_in_force("notice", title="Our notice"), portal_cleo)
    allowed = release(cleo, ana)
    signed_by(portal_cleo, allowed)
    newer, *_ = (renewed(each.wording) for each in (consent, notice, allowed))
    assert waiting(ana) == {newer}


def test_one_client_who_was_asked_does_not_end_it_for_the_others(cleo: Client, mia: Client, ana: User, portal_cleo: User) -> None:
    with acting(ana):
        clients.give_portal(mia, lia := person("Lia Sol", Role.CLIENT), by=ana)
    version = form_in_force()
    both = [agreed(cleo, ana, version, portal_cleo), agreed(mia, ana, version, lia)]
    newer = renewed(version)
    for former in both:
        assert waiting(ana) == {newer}
        with acting(ana):
            actions.ask_anew(former, newer, by=ana)
    assert waiting(ana) == set()


def test_whoever_was_asked_anew_with_an_earlier_wording_is_asked_with_the_latest(cleo: Client, ana: User, portal_cleo: User) -> None:
    former = agreed(cleo, ana, form_in_force(), portal_cleo)
    second = renewed(former.wording)
    with acting(ana):
        actions.ask_anew(former, second, by=ana)
    assert waiting(ana) == set()
    third = renewed(second)
    assert waiting(ana) == {third}


def test_ic_25_a_new_wording_is_for_those_who_signed_in_its_language(cleo: Client, ana: User, portal_cleo: User) -> None:
    english = form_in_force()
    spanish = Version(form=english.form, number=1, language="es", title="Consentimiento", text=english.text, state="in_force")
    spanish.approved_by, spanish.approved_at, spanish.in_force_at = english.approved_by, english.approved_at, english.in_force_at
    spanish.text_hash = text_hash(spanish)
    spanish.save(force_insert=True)
    agreed(cleo, ana, spanish, portal_cleo)
    renewed(english)
    assert waiting(ana) == set()
    newer = renewed(spanish)
    assert waiting(ana) == {newer}


def test_a_new_wording_is_for_those_who_signed_an_earlier_one_of_the_same_form(cleo: Client, ana: User, portal_cleo: User) -> None:
    latest, before, never = (form_in_force(title=title) for title in ("Signed in its latest wording", "Signed before", "Never signed"))
    newer = [renewed(each) for each in (latest, never)]
    agreed(cleo, ana, newer[0], portal_cleo)
    agreed(cleo, ana, before, portal_cleo)
    assert waiting(ana) == set()
    newest = renewed(before)
    assert waiting(ana) == {newest}
