"""Plans: written, signed, said yes to, in force, confirmed; and nobody new without one (RET-26, REV-14)."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from clients import actions as clients
from clients.models import Client
from executor import access, actions, law
from executor.models import Plan
from practice.models import Notice, Practice, User
from practice.refusals import Refused
from practice.roles import Role
from review.models import Evidence
from tests.cast import acting, person

from .made import in_force, said, signed

MONTH = datetime.timedelta(days=31)


def mails(ada: User) -> list[str]:
    with acting(ada):
        return sorted(str(each.to) for each in Notice.objects.filter(kind="executor"))


def test_ret_26_a_plan_is_in_force_once_both_said_yes_and_not_before(ana: User, ben: User, sofia: User, ada: User) -> None:
    plan = signed(ana, ben, sofia)
    assert plan.state[0] == "Waits for acceptance"
    assert mails(ada) == ["ben@sub.test", "sofia@sub.test"]
    with acting(ben):
        actions.accept(plan, "custodian", "", by=ben)
        assert plan.in_force_at is None
        with pytest.raises(Refused, match="for somebody else"):
            actions.accept(plan, "deputy", "", by=ben)
    with acting(sofia):
        actions.accept(plan, "deputy", "", by=sofia)
    assert plan.state[0] == "In force"


def test_ret_26_the_database_lets_nobody_put_a_plan_in_force_alone(ana: User, ben: User, sofia: User) -> None:
    plan = signed(ana, ben, sofia)
    for who in (ana, ben):
        with acting(who), pytest.raises(DatabaseError, match="Both custodian and deputy"), transaction.atomic():
            Plan.objects.filter(pk=plan.pk).update(in_force_at=clock.now(), confirmed_at=clock.now())
    with acting(ana), pytest.raises(DatabaseError, match="final"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(opens=[])


def test_ret_26_a_plan_with_gaps_is_kept_and_not_signed(ana: User, ben: User, sofia: User) -> None:
    with acting(ana):
        plan = actions.write(said(ben, sofia, to_board=" "), by=ana)
        with pytest.raises(Refused, match="the words to the licensing board") as no:
            actions.sign(plan, by=ana)
        assert no.value.rule == "RET-26"
        assert actions.write(said(ben, sofia), by=ana).pk == plan.pk  # the same draft


def test_ret_26_a_state_that_asks_for_a_newspaper_has_its_text(ana: User, ben: User, sofia: User, ada: User) -> None:
    with acting(ada):
        Practice.objects.update(states=["FL", "OR"])
    with acting(ana):
        plan = actions.write(said(ben, sofia), by=ana)
        assert actions.missing(plan) == ["the notice for a newspaper (FL)"]
        actions.sign(actions.write(said(ben, sofia, to_newspaper="The practice has closed."), by=ana), by=ana)


def test_nobody_is_their_own_executor_and_the_two_are_two(ana: User, ben: User) -> None:
    for custodian, deputy in ((ana, ben), (ben, ben)):
        with acting(ana), pytest.raises(Refused, match="two people"):
            actions.write(said(custodian, deputy), by=ana)


def test_a_new_edition_replaces_the_old_one_when_both_said_yes_and_the_old_one_stays(ana: User, ben: User, sofia: User, lena: User) -> None:
    old = in_force(ana, ben, sofia)
    with acting(ana):
        draft = actions.write(said(lena, sofia), by=ana)
        assert draft.pk != old.pk
        actions.sign(draft, by=ana)
        assert Plan.objects.get(pk=old.pk).state[0] == "In force"
    for part, who in (("custodian", lena), ("deputy", sofia)):
        with acting(who):
            actions.accept(Plan.objects.get(pk=draft.pk), part, "", by=who)
    with acting(ana):
        kept = Plan.objects.get(pk=old.pk)
        assert (kept.state[0], kept.places) == ("Replaced", "The paper is in cabinet B.")
        assert Plan.objects.get(pk=draft.pk).state[0] == "In force"


def test_for_somebody_without_an_account_the_counselor_writes_down_how_they_said_yes(ana: User, sofia: User) -> None:
    plan = signed(ana, None, sofia, custodian_name="Olive Outside", custodian_licence="LPC 12, OR", custodian_contact="503 555 0177")
    with acting(ana):
        with pytest.raises(Refused, match="How they said it"):
            actions.accept(plan, "custodian", " ", by=ana)
        actions.accept(plan, "custodian", "By letter of 3 May, in the safe.", by=ana)
        with pytest.raises(Refused, match="for somebody else"):
            actions.accept(plan, "deputy", "She nodded.", by=ana)


def test_rev_14_the_custodian_confirms_each_year_and_it_is_evidence(plan: Plan, ben: User, ada: User) -> None:
    with acting(ben):
        assert not access.plans_to_accept(ben).exists()
    later = clock.now() + law.CONFIRM - law.REMIND + datetime.timedelta(minutes=1)
    with clock.at(later), acting(ben):
        assert access.plans_to_accept(ben).get() == plan
        actions.accept(plan, "custodian", "All as it was.", by=ben)
        assert not access.plans_to_accept(ben).exists()
    assert plan.confirmed_at == later
    with acting(ada):
        words = [row.words for row in Evidence.objects.filter(task__kind="REV-14", key="confirmed").order_by("given_at")]
    assert words == ["Ben Okafor confirmed the plan of Ana Reyes."] * 2


def test_rev_14_a_plan_that_is_not_confirmed_stays_in_force_and_is_overdue(plan: Plan, ana: User) -> None:
    with clock.at(clock.now() + law.CONFIRM + MONTH), acting(ana):
        assert plan.state[0] == "Confirmation overdue"
        actions.require_plan(ana)


# --- nobody new without one ----------------------------------------------------------------------------------------------


def take_in(by: User) -> Client:
    with acting(by):
        return clients.take_in(by=by, counselor=by, given_name="Nell", family_name="Newcome")


def test_ret_26_thirty_days_are_a_warning_and_then_no_new_client_is_taken_in(ana: User) -> None:
    with acting(ana):
        assert access.planless(ana).exists()
    with clock.at(ana.joined_at + law.WARN - datetime.timedelta(minutes=1)):
        take_in(ana)
    with clock.at(ana.joined_at + law.WARN), pytest.raises(Refused) as no:
        take_in(ana)
    assert (no.value.rule, "30 days" in no.value.words, "custodian and deputy" in no.value.todo) == ("RET-26", True, True)


def test_ret_26_with_a_plan_in_force_new_clients_are_taken_in(plan: Plan, ana: User) -> None:
    with clock.at(clock.now() + MONTH):
        take_in(ana)


def test_ret_26_the_front_desk_takes_in_for_a_counselor_whose_plan_it_may_not_see(plan: Plan, ana: User, dee: User) -> None:
    with clock.at(clock.now() + MONTH), acting(dee):
        assert not Plan.objects.exists()
        clients.take_in(by=dee, counselor=ana, given_name="Nell", family_name="Newcome")


def test_ret_26_care_that_began_is_never_blocked(ana: User, ben: User, cleo: Client) -> None:
    """A client who is counseled already goes to a colleague, who has no plan either."""
    with clock.at(clock.now() + MONTH), acting(ana):
        clients.transfer(cleo, to=ben, by=ana, reason="leave")


def test_ret_26_an_enquiry_of_the_front_desk_is_not_given_to_somebody_without_a_plan(ana: User, dee: User, ada: User) -> None:
    with acting(dee):
        enquiry = clients.take_in(by=dee, given_name="Enid", family_name="Quill")
    with clock.at(clock.now() + MONTH), acting(ada), pytest.raises(Refused, match="no professional executor"):
        clients.assign(enquiry, ana, by=ada)


# --- who sees it ------------------------------------------------------------------------------------------------------------


def test_a_draft_is_its_counselors_alone_and_a_plan_is_seen_by_those_in_it_and_admins(
    ana: User, ben: User, sofia: User, ada: User, lena: User, dee: User
) -> None:
    with acting(ana):
        draft = actions.write(said(ben, sofia), by=ana)
    for who in (ben, sofia, ada, lena, dee):
        with acting(who):
            assert not Plan.objects.filter(pk=draft.pk).exists()
    with acting(ana):
        actions.sign(draft, by=ana)
    for who, sees in ((ben, True), (sofia, True), (ada, True), (lena, False), (dee, False)):
        with acting(who):
            assert Plan.objects.filter(pk=draft.pk).exists() is sees


def test_somebody_from_outside_has_a_role_that_finds_no_client(cleo: Client) -> None:
    olive = person("Olive Outside", Role.EXECUTOR)
    assert olive.is_staff_member
    with acting(olive):
        assert not Client.objects.exists()
