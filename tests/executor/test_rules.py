"""The rules of plans and lists, one condition at a time: what each finds, beside what it must leave out (RET-26, IC-3)."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest

from audit import clock
from clients.actions.team import _permission
from clients.models import Client, ClientPermission, Codename, Denial
from executor import access, actions
from executor.models import Activation, Case, Plan
from practice.models import User
from records import actions as records
from records.models import Session
from tests.cast import acting
from tests.committed import House
from tests.superuser import as_superuser

from .made import asked, in_force, opened, said, signed

OUTSIDE = {"name": "Olive Outside", "licence": "LPC 12, OR", "contact": "503 555 0177"}


def found(rows: Any) -> set[Any]:
    return set(rows.values_list("pk", flat=True))


# --- plans ------------------------------------------------------------------------------------------------------------------


def of_ana(ana: User, here: dict[str, User | None], yes: str) -> Plan:
    """Ana's plan; whoever is not ``here`` is of outside; those parts said ``yes``."""
    more = {f"{part}_{what}": words for part, who in here.items() if who is None for what, words in OUTSIDE.items()}
    plan = signed(ana, here["custodian"], here["deputy"], **more)
    for part in yes.split():
        by = here[part] or ana
        with acting(by):
            actions.accept(Plan.objects.get(pk=plan.pk), part, "By letter of 3 May.", by=by)
    return plan


@pytest.mark.parametrize(
    ("outside", "yes", "asked_of"),
    [
        ("", "", "ben sofia"),
        ("", "deputy", "ben"),
        ("", "custodian", "sofia"),
        ("", "deputy custodian", ""),
        ("custodian", "", "ana sofia"),
        ("custodian", "deputy", "ana"),
        ("custodian", "custodian", "sofia"),
        ("deputy", "", "ana ben"),
        ("deputy", "deputy", "ben"),
        ("deputy", "custodian", "ana"),
    ],
)
def test_ret_26_a_plan_waits_for_each_who_said_no_yes_to_it_and_for_somebody_of_outside_with_its_counselor(
    outside: str, yes: str, asked_of: str, ana: User, ben: User, sofia: User, lena: User
) -> None:
    in_force(lena, ben, sofia)  # what they said to another plan counts for none but that
    here: dict[str, User | None] = {"custodian": ben, "deputy": sofia}
    plan = of_ana(ana, here | ({outside: None} if outside else {}), yes)
    waits = []
    for name, user in (("ana", ana), ("ben", ben), ("sofia", sofia)):
        with acting(user):
            waits += [name] if access.plans_to_accept(user).filter(pk=plan.pk).exists() else []
            assert not access.plans_to_accept(user).exclude(pk=plan.pk).exists()
    assert waits == asked_of.split()


def test_ret_26_whose_plan_it_is_says_yes_for_nobody_who_has_an_account(ana: User, ben: User, sofia: User) -> None:
    both = of_ana(ana, {"custodian": ben, "deputy": sofia}, "")
    one = of_ana(ana, {"custodian": None, "deputy": sofia}, "")
    with acting(ana):
        assert found(access.acceptable_plans(ana)) == {one.pk}
    with acting(sofia):
        assert found(access.acceptable_plans(sofia)) == {both.pk, one.pk}


def test_ret_26_a_draft_is_found_by_whose_it_is_and_by_nobody_in_it_though_they_are_an_admin(
    ana: User, ben: User, sofia: User, ada: User
) -> None:
    with acting(ana):
        draft = actions.write(said(ben, ada), by=ana)
    signed(sofia, ben, ada)
    for user, finds in ((ana, {draft.pk}), (ben, set()), (ada, set()), (sofia, set())):
        with acting(user):
            assert found(access.draft_plans(user)) == finds


def test_ret_26_a_second_person_is_named_or_an_admin_and_no_other_releases_it(
    plan: Plan, ana: User, ben: User, sofia: User, ada: User, nora: User, lena: User
) -> None:
    row = asked(plan, ada)  # so that Ben would act by it
    for user, finds in ((ana, set()), (ben, set()), (ada, set()), (lena, set()), (sofia, {row.pk}), (nora, {row.pk})):
        with acting(user):
            assert found(access.releasable_activations(user)) == finds


def test_ret_26_home_asks_a_counselor_for_a_plan_after_their_first_week(
    ana: User, ben: User, sofia: User, lena: User, dee: User, ada: User
) -> None:
    in_force(ana, ben, sofia)
    now, week = clock.now(), datetime.timedelta(days=7)
    for user, days in ((ana, 8), (ben, 8), (sofia, 8), (lena, 6), (dee, 8), (ada, 8)):
        User.objects.filter(pk=user.pk).update(joined_at=now - datetime.timedelta(days=days))
    for user, without, at_home in ((ana, False, False), (ben, True, True), (lena, True, False), (dee, False, False)):
        with acting(user):
            assert found(access.planless(user)) == ({user.pk} if without else set())
            assert found(access.planless_at_home(user)) == ({user.pk} if at_home else set())
    with clock.at(now + week), acting(lena):
        assert found(access.planless_at_home(lena)) == {lena.pk}
    with acting(ada):
        assert found(access.counselors_without(ada)) == {ben.pk, sofia.pk, lena.pk}


# --- the list, where the database hides nothing -----------------------------------------------------------------------------


def planned(client: Client, by: User) -> Session:
    """Tomorrow's hour."""
    start = clock.now() + datetime.timedelta(days=1)
    with acting(by):
        ends = start + datetime.timedelta(minutes=50)
        return records.plan_session(client, by=by, starts_at=start, ends_at=ends, modality="in_person", place="Room 2")


def test_ic_3_the_list_is_of_those_who_did_not_deny_the_executor_and_shows_what_the_plan_of_that_list_opens(house: House) -> None:
    ana, ben, ada = house.ana, house.ben, house.ada
    cleo, mia = (planned(client, ana) for client in (house.cleo, house.mia))
    row = opened(in_force(ana, ben, house.sofia), ben, ada)
    with as_superuser(), acting(ben):
        assert found(access.listed_clients(ben)) == {house.cleo.pk, house.mia.pk, house.couple.pk}
        assert found(access.next_sessions(ben)) == {cleo.pk, mia.pk}
        Denial.objects.create(client=house.mia, user=ben, reason="His niece", denied_by=ana)
        assert found(access.listed_clients(ben)) == {house.cleo.pk, house.couple.pk}
        assert found(access.next_sessions(ben)) == {cleo.pk}
    with as_superuser(), acting(ben):
        Plan.objects.update(opens=[Plan.Opens.CONTACT])
        assert found(access.next_sessions(ben)) == set()
    with as_superuser(), acting(ben):
        Case.objects.filter(client=house.mia.pk).update(activation=over(row).pk)
        assert access.acting(ben).get() == row
        assert found(access.next_sessions(ben)) == {cleo.pk}


def over(row: Activation) -> Activation:
    """Another of the same plan, which somebody ended."""
    names = ("plan_id", "person_id", "executor_id", "ground", "asked_by_id", "released_by_id", "released_at", "opens_at", "until")
    other = Activation(id=uuid.uuid4(), evidence="A call", ended_by_id=row.person_id, ended_at=clock.now())
    for name in names:
        setattr(other, name, getattr(row, name))
    other.save(force_insert=True)
    return other


def test_ic_3_an_admin_who_acts_as_executor_has_only_the_cases_that_a_grant_opens_to_them(house: House) -> None:
    ana, ben, ada = house.ana, house.ben, house.ada
    opened(in_force(ana, ben, house.sofia), ben, ada)
    with as_superuser(), acting(ada):
        Activation.objects.update(executor=ada)
        assert access.cases(ada).count() == 3
        assert not access.open_cases(ada).exists()
        ClientPermission.objects.create(user=ada, content_object=house.cleo, permission=_permission(Codename.EXECUTE), reason="executor")
        assert access.open_cases(ada).get().client_id == house.cleo.pk
