"""A rehearsal: a dated report of what would work, by counts alone (RET-26); and who is asked for the yearly word (REV-14)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from audit.models import Event
from clients import actions as clients
from clients.models import Client
from executor import actions, law, tasks
from executor.models import Plan, Rehearsal
from practice.models import Notice, User
from practice.refusals import Refused
from practice.roles import Role
from review.claims import every
from tests.cast import acting, person
from tests.committed import as_worker, own_database
from tests.reached import reachable

from .made import in_force, signed


def found(plan: Plan, by: User) -> dict[str, tuple[bool, str]]:
    with acting(by):
        row = actions.rehearse(Plan.objects.get(pk=plan.pk), by=by)
        return {each["asked"]: (each["good"], each["said"]) for each in row.findings}


def test_ret_26_a_rehearsal_counts_clients_and_opens_none(plan: Plan, ana: User, ben: User, ada: User, cleo: Client, mia: Client) -> None:
    with acting(ana):
        reachable(cleo, ana, "mail", "cleo@elsewhere.test")
        clients.deny(mia, ben, by=ana, reason="His sister")
    before = max(event.pk for event in _lines(ada, cleo))
    said = found(plan, ben)
    assert said["Could the list be made?"] == (True, "It would hold 2 clients.")
    assert said["Can each of them be reached safely?"] == (False, "1 of 2 have no way that they allowed.")
    assert said["Is nobody kept from them?"][0] is False
    assert max(event.pk for event in _lines(ada, cleo)) == before  # no line: nothing of hers was opened
    assert not any(name in f"{said}" for name in ("Cleo", "Marchetti", "Mia", cleo.code, mia.code))


def _lines(ada: User, client: Client) -> list[Event]:
    with acting(ada):
        return list(Event.objects.filter(client_id=client.pk))


def test_ret_26_it_says_who_could_not_act_and_whether_a_second_person_is_there(ana: User, sofia: User, ada: User) -> None:
    plan = signed(ana, None, sofia, custodian_name="Olive Outside")
    with acting(ana):
        actions.accept(plan, "custodian", "By letter of 3 May.", by=ana)
    with acting(sofia):
        actions.accept(Plan.objects.get(pk=plan.pk), "deputy", "", by=sofia)
    said = found(plan, sofia)
    assert said["Can the custodian sign in?"][0] is False
    assert "invites them as professional executor" in said["Can the custodian sign in?"][1]
    assert said["Is there a second person to release it?"] == (True, "2 people may ask or release; two are needed, and one of them acts.")
    with acting(ada):
        User.objects.filter(pk=ada.pk).update(is_active=False)
    assert found(plan, sofia)["Is there a second person to release it?"][0] is False


def test_a_rehearsal_is_final_and_only_a_plan_in_force_is_rehearsed(plan: Plan, ana: User, ben: User, lena: User) -> None:
    found(plan, ben)
    with acting(ben), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Rehearsal.objects.update(amiss=0)
    with acting(lena):
        assert not Rehearsal.objects.exists()
    draft = signed(ben, lena, ana)
    with acting(ben), pytest.raises(Refused, match="in force"):
        actions.rehearse(draft, by=ben)


def test_the_claims_say_who_has_a_plan(plan: Plan, ada: User, ana: User, ben: User, lena: User) -> None:
    with acting(ada):
        said = {claim.key: answer for claim, answer in every(ada)}["executor"]
    assert (said.state, said.said) == ("Off", "1 of 4 counselors have a plan in force; 0 of them were not confirmed within a year.")


def test_rev_14_the_job_asks_the_custodian_a_month_before_and_when_it_is_late_once_each(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> None:
    with own_database(django_db_blocker, worker_id):
        ada = person("Ada Novak", Role.ADMIN)
        ana, ben, sofia = (person(name, Role.COUNSELOR) for name in ("Ana Reyes", "Ben Okafor", "Sofia Lindqvist"))
        plan = in_force(ana, ben, sofia)
        with acting(ada):
            before = Notice.objects.count()
        counts = []
        for days in (-law.REMIND.days - 1, -law.REMIND.days, -law.REMIND.days, 1, 1):
            with as_worker(), clock.at(plan.confirmed_at + law.CONFIRM + datetime.timedelta(days=days, minutes=1)):
                tasks.remind()
            with acting(ada):
                counts.append([str(each.to) for each in Notice.objects.order_by("due_at")[before:]])
    assert counts == [[], ["ben@sub.test"], ["ben@sub.test"], ["ben@sub.test"] * 2, ["ben@sub.test"] * 2]
