"""Releases of information: what they must name, and whether one is in force at the moment of use (AU-1 to AU-6, P2-4, attack 49)."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.db import IntegrityError, transaction

from audit import clock
from clients.models import Client
from consent import access, actions
from consent.actions.asking import Particulars
from consent.models import Authorization, Request
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting

from .papers import asked, form_in_force, signed_by

RELEASE = """## You can take it back {#revoke AU-2.revoke}
At any time, in writing.

## Nothing depends on it {#conditions AU-2.conditions}
Care does not depend on this.

## It may be passed on {#passed AU-2.redisclosure}
The recipient may pass it on.
"""
DOCTOR = "Dr. Amara Osei"
WHAT = Particulars(
    kind="general",
    information=["summary", "session_dates"],
    description="A summary of the plum orchard months",
    from_party="Willow Street Counseling",
    to_party=DOCTOR,
    purpose="treatment",
    expires_on=datetime.date(2099, 1, 31),
)


def release(cleo: Client, ana: User, particulars: Particulars = WHAT, kind: str = "release") -> Request:
    return asked(cleo, ana, form_in_force(kind, RELEASE, "Release"), particulars=particulars)


def in_force(cleo: Client, ana: User, recipient: str = DOCTOR, purpose: str = "treatment", information: str = "summary") -> bool:
    with acting(ana):
        return access.authorizations_in_force(cleo, recipient=recipient, purpose=purpose, information=information).exists()


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
    tomorrow = clock.now().date() + datetime.timedelta(days=1)
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
