"""What the job that reminds of a review sees: which months and quarters are signed, and for an admin alone (REV-1, REV-2)."""

from __future__ import annotations

import pytest

from practice.roles import Role
from review.models import Month, Quarter
from review.periods import month, quarter
from tests.cast import acting, person
from tests.committed import as_role, as_worker


@pytest.mark.parametrize("kind", [Month, Quarter])
def test_the_worker_sees_what_is_signed_for_an_admin_and_for_nobody_else(own_db: str, kind: type[Month | Quarter]) -> None:
    ada, ben = person("Ada Lindqvist", Role.ADMIN), person("Ben Okafor", Role.COUNSELOR)
    with as_role("DATABASE_URL_OWNER"):
        if kind is Month:
            Month.objects.create(begins=month(), signed_by=ada, signals=0, escalated=0, lines=0)
        else:
            Quarter.objects.create(begins=quarter(), signed_by=ada, kept=0, ended=0)
    with as_worker():
        for who, many in ((ada, 1), (ben, 0)):
            with acting(who):
                assert len(kind.objects.values_list("begins", flat=True)) == many
