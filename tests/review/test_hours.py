"""The picture of days and hours: counted by the database, with a table, and no name where it must not stand."""

from __future__ import annotations

import datetime
import re

import pytest

from audit import clock
from audit.models import Event
from clients.models import Client
from practice.models import User
from review.picture import picture_of
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

pytestmark = pytest.mark.django_db


def test_each_line_is_in_one_day_and_one_hour(ana: User, cleo: Client, ada: User) -> None:
    with acting(ada):
        lines = Event.objects.filter(client_id=cleo.pk, at__gte=clock.now() - datetime.timedelta(days=100))
        picture, count = picture_of(lines), lines.count()
    assert count > 0
    assert picture.total == count == sum(cell.count for cell in picture.days) == sum(cell.count for cell in picture.hours)
    assert len(picture.hours) == 24
    assert {cell.level for cell in picture.days if cell.count} <= {1, 2, 3, 4}
    assert {cell.level for cell in picture.days if not cell.count} == {0}


def test_nothing_is_drawn_of_nothing(ada: User) -> None:
    with acting(ada):
        picture = picture_of(Event.objects.none())
    assert picture.total == 0
    assert {cell.tall for cell in picture.hours} == {0}


def test_admins_see_a_colleagues_and_the_team_a_records_without_a_name(ana: User, ada: User, ben: User, cleo: Client, ask: Ask) -> None:
    ask(ana, "client_detail", pk=cleo.pk)
    body = text_of(ask(ada, "person_hours", pk=ana.pk))
    assert body.count("<rect") > 150
    assert "The same as tables" in body
    for who in (ana, ada):
        body = text_of(ask(who, "client_hours", pk=cleo.pk))
        assert cleo.code in body
        assert "Marchetti" not in body
        assert cleo.code not in "".join(re.findall("<title>.*?</title>", body))
    assert ask(ben, "client_hours", pk=cleo.pk).status_code == 404
    assert ask(ana, "person_hours", pk=ben.pk).status_code == 404
