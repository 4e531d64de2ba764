"""The accounting: one basis each, never changed, taken back by another row, in it or left out by a code (ACC-2 to ACC-4, ACC-8)."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.clock import today
from clients.models import Client
from disclosures import access, actions, law
from disclosures.models import EXCLUDED, Basis, Disclosure
from disclosures.paper import lines, sheet
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from tests.consent.papers import signed_by
from tests.consent.releases import DOCTOR, release

from .conftest import WHAT, Recorded


def test_every_basis_of_the_law_file_is_one_of_the_database_with_the_same_code() -> None:
    assert [*law.bases()] == [basis.value for basis in Basis]
    assert {key: basis.excluded for key, basis in law.bases().items() if basis.excluded} == {
        each.value: code for each, code in EXCLUDED.items()
    }
    assert set(EXCLUDED.values()) == set(law.codes())
    assert {key for basis in law.bases().values() for key in basis.asks} == set(law.asked())
    assert {basis.group for basis in law.bases().values()} == set(law.groups())


def test_rec_3_the_bases_that_may_carry_psychotherapy_notes_are_the_closed_list() -> None:
    may = {key for key, basis in law.bases().items() if basis.psychotherapy} - {"authorization", "impermissible"}
    assert may == {"required_by_law", "court_order", "coroner", "serious_threat", "hhs"}


def refusal(recorded: Recorded, **given: object) -> str:
    with pytest.raises(Refused) as refused:
        recorded(**given)
    return refused.value.rule


def test_acc_3_an_entry_that_leaves_something_out_is_not_written(recorded: Recorded) -> None:
    for lacking in ("recipient", "description", "purpose"):
        assert refusal(recorded, **{lacking: "  "}) == "ACC-3"
    assert refusal(recorded, basis="the weather") == "ACC-2"
    assert refusal(recorded, details={}) == "ACC-3"
    assert refusal(recorded, on=today() + datetime.timedelta(days=1)) == "ACC-3"
    order = {"order": "Subpoena 7, served today", "assured": "A letter", "consulted": "Our lawyer, yesterday"}
    assert refusal(recorded, basis="subpoena", details=order | {"assurance": "none"}) == "LP-2"
    assert refusal(recorded, basis="subpoena", details=order | {"assurance": "notice", "consulted": ""}) == "SU-7"
    assert not Disclosure.objects.exists()


def test_rec_4_and_p2_8_what_is_kept_apart_needs_a_basis_of_its_own(recorded: Recorded) -> None:
    assert refusal(recorded, basis="treatment", psychotherapy=True) == "REC-4"
    assert refusal(recorded, basis="research", details={"programme": "One"}, psychotherapy=True) == "REC-3"
    assert refusal(recorded, basis="research", details={"programme": "One"}, part2=True) == "P2-8"
    ordered = {"order": "Order 9 of the county court", "ordered": "The notes of May"}
    assert recorded(basis="court_order", details=ordered, psychotherapy=True).psychotherapy


def test_au_6_what_rests_on_an_authorization_was_allowed_by_one_on_that_day(
    recorded: Recorded, cleo: Client, ana: User, portal_cleo: User
) -> None:
    given = {"basis": "authorization", "recipient": DOCTOR}
    assert refusal(recorded, **given) == "AU-6"
    signed_by(portal_cleo, release(cleo, ana))
    entry = recorded(**given)
    assert (entry.accountable, entry.excluded) == (False, "authorization")
    assert refusal(recorded, **given, on=today() - datetime.timedelta(days=2)) == "AU-6"
    assert refusal(recorded, basis="authorization", recipient="Dr. Somebody Else") == "AU-6"
    assert refusal(recorded, **given, psychotherapy=True) == "AU-6"


def test_attack_52_no_entry_is_changed_or_removed(recorded: Recorded, ana: User) -> None:
    entry = recorded()
    with acting(ana):
        for change in ({"on": today() - datetime.timedelta(days=9)}, {"accountable": False}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Disclosure.objects.filter(pk=entry.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Disclosure.objects.filter(pk=entry.pk).delete()


def test_acc_2_the_database_holds_each_basis_to_its_code(cleo: Client, ana: User) -> None:
    for basis, accountable, excluded in (("oversight", False, "tpo"), ("treatment", True, ""), ("treatment", False, "individual")):
        row = Disclosure(client=cleo, on=today(), basis=basis, accountable=accountable, excluded=excluded, made_by=ana)
        with acting(ana), pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_a_wrong_entry_is_taken_back_once_and_both_stay(recorded: Recorded, cleo: Client, ana: User, portal_cleo: User) -> None:
    entry = recorded()
    with acting(ana):
        with pytest.raises(Refused):
            actions.take_back(entry, " ", by=ana)
        actions.take_back(access.reversible_disclosures(ana).get(), "It went to nobody: the lilac envelope came back.", by=ana)
        assert not access.reversible_disclosures(ana).exists()
    with acting(portal_cleo):
        (line,) = lines(access.own_disclosures(portal_cleo))
        assert line.taken_back
        assert "lilac envelope" in line.taken_back.purpose
        assert "lilac envelope" in str(sheet(access.own_disclosures(portal_cleo)))


def test_acc_4_like_disclosures_to_one_recipient_are_one_line(recorded: Recorded, cleo: Client, ana: User) -> None:
    first = today() - datetime.timedelta(days=40)
    for days in (0, 10, 25):
        recorded(on=first + datetime.timedelta(days=days))
    recorded(purpose="Something else")
    with acting(ana):
        one, other = lines(access.accountable([cleo.pk], first, today(), ana))
        assert (one.first.on, one.times, one.last_on) == (first, 3, first + datetime.timedelta(days=25))
        assert other.times == 1


def test_the_words_are_sealed_and_who_may_not_sees_none(
    recorded: Recorded, ana: User, ben: User, sofia: User, dee: User, ada: User
) -> None:
    recorded()
    with acting(ana):
        assert "plum ladder" not in str(Disclosure.objects.values().get())
    with acting(sofia):
        assert access.readable_disclosures(sofia).get().description == WHAT
    for person in (ben, dee, ada):
        with acting(person):
            assert not access.readable_disclosures(person).exists()
            assert not Disclosure.objects.exists()  # the second lock
