"""Releases of information: what they must name, and whether one is in force at the moment of use (AU-1 to AU-6, P2-4, attack 49)."""

from __future__ import annotations

import dataclasses
import datetime
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from audit import clock
from clients import actions as clients
from clients.models import Client, Representative
from consent import access, actions
from consent.actions.asking import Named
from consent.evidence import broken_at
from consent.models import Authorization, Ending, Request, Signer
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from tests.cast import SignIn, acting, person
from tests.records.hands import page, told_of, words

from .papers import asked, form_in_force, signed_by
from .releases import DOCTOR, NOTES, SUBSTANCE, WHAT, in_force, release, replacing


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signed paper itself is made elsewhere (test_papers)."""
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))


def test_a_signed_release_holds_for_its_recipient_purpose_and_information_alone(cleo: Client, ana: User, portal_cleo: User) -> None:
    request = release(cleo, ana)
    assert not in_force(cleo, ana)  # not before it is signed
    signed_by(portal_cleo, request)
    assert in_force(cleo, ana)
    assert in_force(cleo, ana, recipient="  dr. amara   OSEI ")
    assert not in_force(cleo, ana, recipient="Dr. Amara Oseil")
    assert not in_force(cleo, ana, purpose="employment")
    assert not in_force(cleo, ana, information="progress_notes")
    assert not in_force(cleo, ana, information="psychotherapy_notes")


def test_attack_49_and_au_6_what_was_withdrawn_carries_nothing_from_that_moment(cleo: Client, ana: User, portal_cleo: User) -> None:
    """Received at 9:00; what was queued and would go out at 9:05 is blocked, what went at 8:55 stands."""
    request = release(cleo, ana)
    signed_by(portal_cleo, request)
    stopped: list[Request] = []
    actions.ending.withdrawing.append(stopped.append)
    try:
        with acting(portal_cleo):
            actions.withdraw(access.own_signers(portal_cleo).get(), by=portal_cleo)
    finally:
        actions.ending.withdrawing.remove(stopped.append)
    assert stopped == [request]  # rooms that queue things are told in the same transaction
    assert not in_force(cleo, ana)
    with acting(ana):
        ended = Request.objects.get(pk=request.pk)
        assert ended.ended_at is not None
        assert Request.objects.filter(access.in_force(ended.ended_at - datetime.timedelta(microseconds=1)), pk=request.pk).exists()


def test_au_3_an_expired_release_is_the_basis_of_nothing(cleo: Client, ana: User, portal_cleo: User) -> None:
    tomorrow = clock.today() + datetime.timedelta(days=1)
    request = release(cleo, ana, dataclasses.replace(WHAT, expires_on=tomorrow))
    signed_by(portal_cleo, request)
    assert in_force(cleo, ana)
    with clock.at(clock.now() + datetime.timedelta(days=3)):
        assert not in_force(cleo, ana)


@pytest.mark.parametrize(
    "missing",
    [
        {"description": " "},
        {"information": []},
        {"from_party": ""},
        {"to_party": ""},
        {"purpose": ""},
        {"expires_on": None, "expiry_event": ""},
    ],
    ids=lambda missing: next(iter(missing)),
)
def test_au_1_a_release_that_leaves_something_open_is_not_asked(cleo: Client, ana: User, missing: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        release(cleo, ana, dataclasses.replace(WHAT, **missing))
    assert refused.value.rule == "AU-1"
    assert not Request.objects.exists()


@pytest.mark.parametrize(("alone", "rule"), [("psychotherapy_notes", "AU-4"), ("part2_notes", "P2-4")])
def test_au_4_and_p2_4_notes_kept_apart_are_released_alone(cleo: Client, ana: User, alone: str, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        release(cleo, ana, dataclasses.replace(WHAT, information=[alone, "summary"]), kind="psychotherapy")
    assert refused.value.rule == rule


def test_au_4_holds_in_the_database_too(cleo: Client, ana: User) -> None:
    request = release(cleo, ana)
    values = {"kind": "general", "information": ["psychotherapy_notes", "summary"], "purpose": "treatment", "recipient": b"x"}
    with acting(ana):
        both = Authorization(client=cleo, request=release_twin(Authorization.objects.get(request=request)), **values)
        with pytest.raises(IntegrityError), transaction.atomic():
            both.save(force_insert=True)


def release_twin(named: Authorization) -> Request:
    twin = Request(client=named.request.client, wording=named.request.wording, shown="x", shown_hash=b"x", asked_by=named.request.asked_by)
    twin.save(force_insert=True)
    return twin


def test_the_particulars_never_stand_in_the_open(cleo: Client, ana: User) -> None:
    request = release(cleo, ana)
    with acting(ana):
        row = Authorization.objects.filter(request=request).values().get()
    assert "plum orchard" not in str(row)
    assert "Osei" not in str(row)


# --- the question at the moment of use ----------------------------------------------------------------------------------


def why_not(cleo: Client, ana: User, **more: str) -> str:
    """The rule that refuses to rest something on an authorization now."""
    use = actions.Use(**({"recipient": DOCTOR, "purpose": "treatment", "information": "summary"} | more))
    with acting(ana), pytest.raises(Refused) as refused:
        actions.authorized(cleo, use, by=ana)
    return refused.value.rule


def test_au_3_what_is_not_signed_declined_expired_or_of_another_kind_is_refused_by_its_rule(
    cleo: Client, ana: User, portal_cleo: User
) -> None:
    assert why_not(cleo, ana) == "AU-3"
    assert why_not(cleo, ana, information="psychotherapy_notes") == "AU-4"
    assert why_not(cleo, ana, information="part2_notes") == "P2-4"
    assert why_not(cleo, ana, information="part2_records") == "P2-2"
    assert why_not(cleo, ana, information="part2_records", purpose="legal") == "P2-5"
    waiting = release(cleo, ana)
    assert why_not(cleo, ana) == "AU-3"
    with acting(portal_cleo):
        actions.decline(access.own_signers(portal_cleo).get(request=waiting), by=portal_cleo)
    assert why_not(cleo, ana) == "AU-3"
    given = release(cleo, ana)
    signature = signed_by(portal_cleo, given)
    with acting(ana):
        assert actions.authorized(cleo, actions.Use(DOCTOR, "treatment", "summary"), by=ana).request == given
    with clock.at(datetime.datetime(2099, 2, 1, 8, 0, 1, tzinfo=datetime.UTC)):  # 00:00 in Los Angeles after its last day
        assert why_not(cleo, ana) == "AU-3"
    with acting(portal_cleo):
        actions.withdraw(signature.signer, by=portal_cleo)
    assert why_not(cleo, ana) == "AU-6"


def test_au_1_the_event_ends_it_at_once_and_who_said_so_when_and_why_is_kept(cleo: Client, ana: User, portal_cleo: User) -> None:
    request = release(cleo, ana, dataclasses.replace(WHAT, expires_on=None, expiry_event="the end of the course of treatment"))
    signed_by(portal_cleo, request)
    assert in_force(cleo, ana)
    with acting(ana), pytest.raises(Refused) as refused:
        actions.end_by_event(request, by=ana, what="  ")
    assert refused.value.rule == "AU-3"
    assert in_force(cleo, ana)
    stopped: list[Request] = []
    actions.ending.withdrawing.append(stopped.append)
    try:
        with acting(ana):
            ending = actions.end_by_event(request, by=ana, what="She finished on the plum terrace.")
            again = actions.end_by_event(request, by=ana, what="Something else.")
    finally:
        actions.ending.withdrawing.remove(stopped.append)
    assert stopped == [request]
    assert not in_force(cleo, ana)
    assert why_not(cleo, ana) == "AU-3"
    with acting(ana):
        assert ending == again
        kept = Ending.objects.get(request=request)
        named = Authorization.objects.get(request=request)
        assert (kept.what, kept.user, kept.reason, kept.at) == ("expired", ana, "She finished on the plum terrace.", named.event_at)
        assert "plum" not in str(Ending.objects.values().get())
        assert broken_at(request, None) == 0


def test_a_release_asked_anew_takes_the_place_of_the_former_once_it_is_signed(cleo: Client, ana: User, portal_cleo: User) -> None:
    former = release(cleo, ana)
    signed_by(portal_cleo, former)
    newer = release(cleo, ana, dataclasses.replace(WHAT, information=["attendance"]), sending=replacing(former))
    assert in_force(cleo, ana)
    signed_by(portal_cleo, newer)
    assert not in_force(cleo, ana)
    assert in_force(cleo, ana, information="attendance")
    assert why_not(cleo, ana) == "AU-3"


def test_p2_2_a_consent_for_treatment_payment_and_operations_covers_both_and_nothing_else(
    cleo: Client, ana: User, portal_cleo: User
) -> None:
    signed_by(portal_cleo, release(cleo, ana, SUBSTANCE, "part2"))
    assert in_force(cleo, ana, information="part2_records")
    assert in_force(cleo, ana, information="part2_records", purpose="payment")
    for purpose, information in (("legal", "part2_records"), ("treatment", "part2_notes"), ("treatment", "summary")):
        assert not in_force(cleo, ana, information=information, purpose=purpose)


def test_au_4_psychotherapy_notes_are_allowed_by_their_own_paper_alone(cleo: Client, ana: User, portal_cleo: User) -> None:
    signed_by(portal_cleo, release(cleo, ana))
    assert not in_force(cleo, ana, information="psychotherapy_notes")
    signed_by(portal_cleo, release(cleo, ana, NOTES, "psychotherapy"))
    assert in_force(cleo, ana, information="psychotherapy_notes")
    assert not in_force(cleo, ana, information="progress_notes")


# --- who gave it for another --------------------------------------------------------------------------------------------


@pytest.fixture
def mother(mia: Client, ana: User) -> Representative:
    with acting(ana):
        row = clients.add_representative(mia, by=ana, relation="parent", name="Rosa Aldana", authority="parent", since=clock.now())
        clients.give_portal(mia, person("Rosa Aldana", Role.REPRESENTATIVE), by=ana, representative=row)
        return Representative.objects.get(pk=row.pk)


def mothers(mia: Client, ana: User, mother: Representative) -> Request:
    """A release that Mia's mother signed, while Mia has said nothing."""
    signers = (Named(mia, Signer.Capacity.GUARDIAN, mother), Named(mia, Signer.Capacity.ASSENT))
    request = release(mia, ana, signers=signers)
    assert mother.user
    signed_by(mother.user, request, name="Rosa Aldana", relationship="mother")
    assert in_force(mia, ana)
    return request


def test_rg_12_and_attack_54_a_release_ends_with_the_authority_of_the_guardian_who_gave_it(
    mia: Client, ana: User, mother: Representative
) -> None:
    request = mothers(mia, ana, mother)
    end = clock.now() + datetime.timedelta(days=4)
    with acting(ana):  # a court decided after she signed
        clients.date_representation(mother, by=ana, until=end)
    assert in_force(mia, ana)
    with clock.at(end):
        assert not in_force(mia, ana)
        assert why_not(mia, ana) == "IC-24"
        with acting(ana):
            assert not access.covering(mia, "in_person", by=ana).filter(pk=request.pk).exists()


def test_ic_32_a_guardians_release_ends_as_the_minor_comes_of_age(mia: Client, ana: User, mother: Representative) -> None:
    mothers(mia, ana, mother)
    majority = datetime.datetime(2030, 8, 15, 7, tzinfo=datetime.UTC)  # 00:00 in Los Angeles
    with clock.at(majority - datetime.timedelta(seconds=1)):
        assert in_force(mia, ana)
    with clock.at(majority):
        assert not in_force(mia, ana)


def test_rg_13_what_a_representative_gave_is_not_used_while_the_practice_keeps_them_out(
    mia: Client, ana: User, mother: Representative
) -> None:
    mothers(mia, ana, mother)
    with acting(ana):
        row = clients.refuse_representative(mother, by=ana, reason="A reason about the tin whistle.")
    assert not in_force(mia, ana)
    assert why_not(mia, ana) == "IC-24"
    with acting(ana):
        clients.lift_refusal(row, by=ana)
    assert in_force(mia, ana)


# --- rows that are one person -------------------------------------------------------------------------------------------


def test_what_was_signed_under_either_row_of_a_person_counts_for_whoever_may_open_both(
    cleo: Client, ana: User, ben: User, portal_cleo: User, twin: Client
) -> None:
    signed_by(portal_cleo, release(cleo, ana))
    assert in_force(cleo, ana)
    assert in_force(twin, ana)
    with acting(ana):
        clients.assign(twin, ben, by=ana)
    assert not in_force(twin, ben)  # Ben may open one of the two: he is not told that there is another


def test_ic_23_the_latest_paper_of_a_form_counts_under_whichever_row_it_was_signed(
    cleo: Client, ana: User, portal_cleo: User, twin: Client
) -> None:
    version = form_in_force()
    with acting(ana):
        clients.give_portal(twin, portal_cleo, by=ana)
    signed_by(portal_cleo, asked(twin, ana, version))
    with acting(ana):
        assert access.covering(cleo, "in_person", by=ana).exists()
        assert not access.covering(cleo, "in_person").exists()
    newer = signed_by(portal_cleo, asked(cleo, ana, version))
    with acting(portal_cleo):
        actions.withdraw(newer.signer, by=portal_cleo)
    with acting(ana):
        assert not access.covering(cleo, "in_person", by=ana).exists()
        assert not access.covering(twin, "in_person", by=ana).exists()


def test_the_papers_of_either_row_stand_on_one_page_for_whoever_may_open_both(
    cleo: Client, ana: User, dee: User, ben: User, twin: Client, browser_of: SignIn
) -> None:
    asked(twin, ana, form_in_force(title="Signed as Kleopatra"))
    assert browser_of(ana).get(page("consent_list", twin.pk))["Location"] == page("consent_list", cleo.pk)
    for name in ("release_new", "consent_send", "notice_record"):
        assert browser_of(dee).get(page(name, twin.pk))["Location"] == page(name, cleo.pk)
    assert "Signed as Kleopatra" in words(browser_of(ana).get(page("consent_list", cleo.pk)))
    assert twin.pk in told_of(ana, "consent_list")
    with acting(ana):
        clients.assign(cleo, ben, by=ana)
    assert "Signed as Kleopatra" not in words(browser_of(ben).get(page("consent_list", cleo.pk)))
