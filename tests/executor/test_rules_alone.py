"""The rules of plans without the policies and what the database does when a plan is replaced: each asks for what it means by itself."""

from __future__ import annotations

import pytest

from audit import clock
from executor import access
from executor.models import Plan
from practice.models import User
from tests.unhidden import asked, unhidden

from .made import in_force

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]


def test_ret_26_whoever_has_but_a_plan_that_was_replaced_has_none(ana: User, ben: User, sofia: User, ada: User) -> None:
    plan = in_force(ana, ben, sofia)
    assert (asked(access.planless, ana), asked(access.planless, ben)) == (set(), {ben.pk})
    assert asked(access.counselors_without, ada) == {ben.pk, sofia.pk}
    Plan.objects.filter(pk=plan.pk).update(replaced_at=clock.now())
    assert (asked(access.planless, ana), asked(access.planless, ben)) == ({ana.pk}, {ben.pk})
    assert asked(access.counselors_without, ada) == {ana.pk, ben.pk, sofia.pk}
