"""Tests in which the first lock stands alone: the rules are asked by the owner of the database, from whom no policy hides anything.

``from tests.unhidden import asked, unhidden`` and ``pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]``: then
every test of the file is the owner, its fixtures too, who may also write what no page writes. Triggers and constraints stand as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from practice.models import User
from tests.cast import acting
from tests.committed import House, as_role, furnish, own_database
from vault import keys


@pytest.fixture(scope="module")
def unhidden(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Connected as the owner before the first transaction of the file begins, until after its last."""
    with django_db_blocker.unblock(), as_role("DATABASE_URL_OWNER"):
        yield


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[House]:
    """The practice, committed, and Django connected as the owner of its database: what a rule leaves out is left out by it alone."""
    with own_database(django_db_blocker, worker_id):
        keys.forget_practice_keys()
        house = furnish()
        with as_role("DATABASE_URL_OWNER"):
            yield house
    keys.forget_practice_keys()


@pytest.fixture
def unlocked(furnished: House) -> Iterator[House]:
    """That practice, without the second lock; whatever a test does there is undone."""
    with transaction.atomic():
        yield furnished
        transaction.set_rollback(True)


def asked(rule: Callable[..., QuerySet[Any]], user: User, *given: Any) -> set[Any]:
    """The keys of what ``rule`` finds for ``user``."""
    with acting(user):
        return set(rule(user, *given).values_list("pk", flat=True))
