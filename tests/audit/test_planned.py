"""Statements that a connection plans once: nobody's values in them, and who acts is asked at each run."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Concat

from audit import asking
from clients.models import Client
from practice.models import User
from records.access import readable_notes
from records.models import Note
from tests.cast import acting
from vault import planned


@pytest.fixture(autouse=True)
def nothing_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_kept", {})  # other tests of this process may have filled it
    planned._plans.clear()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


def plans() -> list[str]:
    """What this connection has planned."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def ask(person: User, note: UUID, whose: User | None = None) -> list[Any]:
    """What ``person``, as whom the database knows the actor, finds with the rule of ``whose``."""
    with acting(person):
        return asking.rows(readable_notes, whose or person, {"pk": note})


def test_what_is_asked_twice_is_planned_once_and_holds_nobodys_values(ana: User, signed: Note) -> None:
    assert (ask(ana, signed.pk), plans()) == ([signed], [])
    assert [ask(ana, signed.pk) for _ in range(8)] == [[signed]] * 8  # from the sixth on, PostgreSQL need not plan
    (statement,) = plans()
    assert not any(str(secret) in statement for secret in (ana.pk, signed.pk, signed.client_id))
    assert ask(ana, uuid4()) == []


def test_a_plan_made_for_one_shows_another_nothing(ana: User, ben: User, signed: Note) -> None:
    """One connection, one plan. Row-level security asks who acts at each run: even the rule of Ana finds Ben nothing."""
    assert [ask(ana, signed.pk) for _ in range(8)] == [[signed]] * 8
    assert ask(ben, signed.pk) == []
    assert ask(ben, signed.pk, whose=ana) == []
    assert ask(ana, signed.pk, whose=ben) == []
    assert ask(ana, signed.pk) == [signed]
    assert len(plans()) == 1


def test_a_plan_that_was_thrown_away_is_made_anew(ana: User, signed: Note) -> None:
    assert [ask(ana, signed.pk) for _ in range(3)] == [[signed]] * 3
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(DatabaseError), transaction.atomic():
        ask(ana, signed.pk)
    assert [ask(ana, signed.pk) for _ in range(3)] == [[signed]] * 3
    assert len(plans()) == 1


def test_behind_a_pooler_nothing_is_planned_ahead(ana: User, signed: Note, settings: Any) -> None:
    settings.DATABASE_PREPARES = False
    assert [ask(ana, signed.pk) for _ in range(3)] == [[signed]] * 3
    assert plans() == []


def odd(user: Any) -> QuerySet[Client]:
    """A rule with a percent sign, a quote and a word that looks like a hole."""
    said = Concat(Value("100 % of it's %s, "), Value("$1"), output_field=CharField())
    return Client.objects.filter(grants__user=user.pk).annotate(said=said).order_by("pk").distinct()


def test_values_of_the_rule_itself_come_through_unharmed(ana: User, signed: Note) -> None:
    with acting(ana):
        for _ in range(3):
            (found,) = asking.rows(odd, ana, {"pk": signed.client_id})
            assert found.said == "100 % of it's %s, $1"  # type: ignore[attr-defined]  # annotated
    assert len(plans()) == 1
