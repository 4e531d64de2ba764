"""The rules of plans without the policies and what the database does when a plan is replaced: each asks for what it means by itself."""

from __future__ import annotations

import pytest

from audit import clock
from executor import access, actions
from executor.models import Plan
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person
from tests.unhidden import asked, unhidden

from .made import in_force, released, said, signed

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]


def test_ret_26_whoever_has_but_a_plan_that_was_replaced_has_none(ana: User, ben: User, sofia: User, ada: User) -> None:
    plan = in_force(ana, ben, sofia)
    assert (asked(access.planless, ana), asked(access.planless, ben)) == (set(), {ben.pk})
    assert asked(access.counselors_without, ada) == {ben.pk, sofia.pk}
    Plan.objects.filter(pk=plan.pk).update(replaced_at=clock.now())
    assert (asked(access.planless, ana), asked(access.planless, ben)) == ({ana.pk}, {ben.pk})
    assert asked(access.counselors_without, ada) == {ana.pk, ben.pk, sofia.pk}


def test_ret_26_a_yes_is_asked_to_a_signed_plan_that_stands_of_somebody_who_works_here(ben: User, sofia: User, ana: User) -> None:
    gone, shut, before, here = (person(f"{name} Moran", Role.COUNSELOR) for name in ("Gil", "Sid", "Bea", "Hal"))
    plans = {each: signed(each, ben, sofia).pk for each in (gone, shut, before, here)}
    with acting(ana):
        draft = actions.write(said(None, sofia, custodian_name="Olive", custodian_licence="LPC 12", custodian_contact="503"), by=ana).pk
    assert asked(access.acceptable_plans, ben) == {*plans.values()}
    User.objects.filter(pk=gone.pk).update(leaves_at=clock.now())
    User.objects.filter(pk=shut.pk).update(is_active=False)
    assert Plan.objects.filter(pk=plans[before]).update(replaced_at=clock.now())
    assert asked(access.acceptable_plans, ben) == {plans[here]}
    assert (asked(access.draft_plans, ana), asked(access.acceptable_plans, ana)) == ({draft}, set())


def test_ic_3_an_activation_is_seen_by_those_in_it_and_admins_and_acted_on_by_its_executor_until_it_is_over(
    ana: User, ben: User, sofia: User, lena: User, ada: User
) -> None:
    row = released(in_force(ana, ben, sofia), ben, ada)
    for user, sees, acts in ((ana, 1, 0), (ben, 1, 1), (sofia, 1, 0), (lena, 0, 0), (ada, 1, 0)):
        assert (len(asked(access.activations, user)), len(asked(access.acting, user))) == (sees, acts)
    assert row.until
    with clock.at(row.until):
        assert (asked(access.activations, ben), asked(access.acting, ben)) == ({row.pk}, set())


def test_a_plan_is_seen_by_whose_it_is_and_once_it_is_signed_by_whoever_is_in_it_and_admins_while_they_work_here(
    ana: User, ben: User, sofia: User, lena: User, ada: User
) -> None:
    plan = in_force(ana, ben, sofia)
    row = released(plan, ben, ada)
    with acting(ana):
        draft = actions.write(said(lena, sofia), by=ana).pk
    for user, sees in ((ana, {plan.pk, draft}), (ben, {plan.pk}), (sofia, {plan.pk}), (ada, {plan.pk}), (lena, set())):
        assert asked(access.plans, user) == sees
    assert asked(access.activations, ben) == {row.pk}
    User.objects.filter(pk=ben.pk).update(roles=[Role.CLIENT])
    left = User.objects.get(pk=ben.pk)
    assert (asked(access.plans, left), asked(access.activations, left)) == (set(), set())
