"""Statements that are kept: the same question for everybody of the same roles, with nobody's values left in them."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit import asking, clock
from audit.doors import sign_of
from clients.access import readable_clients
from clients.models import Client
from practice.models import User
from records.access import readable_notes
from records.models import Note
from supervision.models import Agreement
from tests.architecture.routes import routes
from tests.cast import acting


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests of this process may have asked as much as is kept."""
    monkeypatch.setattr(asking, "_kept", {})


def early(user: Any) -> QuerySet[Client]:
    """Works something out from the moment."""
    return Client.objects.filter(since__lt=clock.now() - datetime.timedelta(days=3), grants__user=user.pk)


def elsewhere(user: Any) -> QuerySet[Agreement]:
    """Asks for the day of another zone than the one in force."""
    return Agreement.objects.filter(supervisor=user.pk, until__gte=clock.now().date())


def dated(user: Any) -> QuerySet[Agreement]:
    """Asks for the day in force where the person is."""
    return Agreement.objects.filter(supervisor=user.pk, until__gte=clock.today())


def named(user: Any) -> QuerySet[Client]:
    """Looks at more of the person than id and roles."""
    return Client.objects.filter(code=user.username)


def asks(user: Any) -> QuerySet[Client]:
    """Asks the database while it is put together."""
    return Client.objects.filter(pk__in=list(Client.objects.values_list("pk", flat=True)), grants__user=user.pk)


def whole(user: Any) -> QuerySet[Client]:
    """Puts the person itself into the question."""
    return Client.objects.filter(Q(grants__user=user))


@pytest.mark.parametrize("rule", [early, elsewhere, named, asks, whole])
def test_a_rule_that_looks_at_more_than_person_roles_moment_and_keys_is_put_together_each_time(rule: Any, ana: User) -> None:
    with acting(ana):
        assert asking.kept(rule, ana, {"pk": uuid4()}, False) is None


def test_a_rule_by_date_is_kept_and_its_day_is_asked_anew(ana: User) -> None:
    now = clock.now()
    with acting(ana):
        statement = asking.kept(dated, ana, {}, False)
        assert statement is not None
        for moment in (now, now + datetime.timedelta(days=2)):
            with clock.at(moment):
                assert timezone.localdate(moment) in statement.filled(asking.given(ana, {}))[1]


def test_every_rule_of_a_page_is_kept(ana: User, ada: User) -> None:
    """Or else the page pays for it at every turn, and nobody notices."""
    rules = {rule for route in routes() if (sign := sign_of(route.view)) for rule in (sign.within or sign.rule,) if rule}
    assert len(rules) > 20
    with acting(ana):
        unfit = {rule.__name__ for rule in rules for person in (ana, ada) if not asking.kept(rule, person, {}, False)}
    assert unfit == set()


def test_a_kept_statement_holds_nobodys_values(ana: User, ben: User, signed: Note) -> None:
    """Ana's question made it; Ben asks by the same statement and finds nothing, and in it stands no id of either."""
    keys = {"pk": signed.pk}
    with acting(ana):
        assert asking.rows(readable_notes, ana, keys) == [signed]
    statement = asking.kept(readable_notes, ana, keys, False)
    assert statement is asking.kept(readable_notes, ben, keys, False)
    assert statement is not None
    with acting(ben):
        assert asking.rows(readable_notes, ben, keys) == []
    for secret in (ana.pk, ben.pk, signed.pk, signed.client_id):
        assert str(secret) not in statement.sql + repr(statement.values)


def test_other_roles_are_another_question(ana: User, dee: User) -> None:
    keys = {"pk": uuid4()}
    with acting(ana):
        assert asking.kept(readable_clients, ana, keys, False) is not asking.kept(readable_clients, dee, keys, False)
        assert asking.kept(readable_clients, ana, keys, True) is not asking.kept(readable_clients, ana, keys, False)


def test_a_grant_that_ends_closes_a_kept_question(ana: User, signed: Note) -> None:
    """The moment is a hole like the rest: what was let through a minute ago is asked anew."""
    keys = {"pk": signed.pk}
    with acting(ana):
        assert asking.rows(readable_notes, ana, keys) == [signed]
        with transaction.atomic(), clock.at(clock.now() - datetime.timedelta(days=4000)):
            assert asking.rows(readable_notes, ana, keys) == []
        assert "FOR UPDATE" in str(asking.kept(readable_notes, ana, keys, True).sql)  # type: ignore[union-attr]  # it is kept
    assert connection.in_atomic_block
