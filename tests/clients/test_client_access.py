"""The Access tab: who opened this record."""

from __future__ import annotations

import datetime
import re

import pytest

from audit import clock
from audit.models import Act
from clients import actions, history
from clients.access import lines_about
from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


def rows(body: str) -> list[str]:
    """The lines of the table, without markup."""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", body, re.S)[1:]]


def test_the_team_and_the_admin_see_who_opened_what(ana: User, ada: User, sofia: User, ben: User, cleo: Client, ask: Ask) -> None:
    ask(sofia, "client_detail", pk=cleo.pk)
    ask(ben, "client_detail", pk=cleo.pk)
    for user in (ana, ada):
        found = rows(text_of(ask(user, "client_access", pk=cleo.pk)))
        assert any("Sofia Lindqvist" in row and "opened" in row and "Overview" in row and "127.0.0.1" in row for row in found)
        assert any("Ben Okafor" in row and "refused" in row and "Outside the care team" in row for row in found)
        assert not any("Sofia Lindqvist" in row and "Outside" in row for row in found)


def test_reading_it_leaves_a_line_of_its_own(ada: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    ask(ada, "client_access", pk=cleo.pk)
    (line,) = lines(actor_id=ada.pk, part="client_access")
    assert (line.act, line.client_id) == (Act.LIST, cleo.pk)


def test_it_holds_no_line_of_another_client(ana: User, cleo: Client, mia: Client, ask: Ask) -> None:
    ask(ana, "client_status", pk=mia.pk)
    assert not any("Status" in row for row in rows(text_of(ask(ana, "client_access", pk=cleo.pk))))


def test_repeats_in_a_row_are_folded(ana: User, cleo: Client, ask: Ask) -> None:
    for _ in range(4):
        ask(ana, "client_contacts", pk=cleo.pk)
    found = [row for row in rows(text_of(ask(ana, "client_access", pk=cleo.pk))) if "Contacts" in row]
    assert len(found) == 1
    assert " 4 " in found[0]


def test_it_is_filtered_by_person_and_act(ana: User, ada: User, sofia: User, cleo: Client, ask: Ask) -> None:
    ask(sofia, "client_detail", pk=cleo.pk)
    by_person = rows(text_of(ask(ana, "client_access", {"person": str(sofia.pk), "act": ""}, pk=cleo.pk)))
    assert by_person
    assert all("Sofia Lindqvist" in row for row in by_person)
    by_act = rows(text_of(ask(ana, "client_access", {"person": "", "act": "change"}, pk=cleo.pk)))
    assert by_act
    assert all("changed" in row for row in by_act)


@pytest.mark.parametrize(
    "wrong", [{"person": "x"}, {"person": "\x00"}, {"act": "everything"}, {"person": "00000000-0000-4000-8000-000000000009"}]
)
def test_what_is_not_offered_is_answered_beside_the_field(wrong: dict[str, str], ana: User, cleo: Client, ask: Ask) -> None:
    assert ask(ana, "client_access", {"person": "", "act": ""} | wrong, pk=cleo.pk).status_code == 422


def test_a_line_of_two_years_ago_is_found_by_paging(ana: User, cleo: Client, browser_of: object, ask: Ask) -> None:
    with acting(ana), clock.at(clock.now() - datetime.timedelta(days=730)):
        actions.change_status(cleo, "discharged", by=ana)
        actions.change_status(cleo, "archived", by=ana)
    with acting(ana):
        for number in range(110):
            actions.change_status(cleo, ("active", "discharged")[number % 2], by=ana)
    data, seen = {"person": "", "act": ""}, []
    for _ in range(6):
        body = text_of(ask(ana, "client_access", data, pk=cleo.pk))
        seen += rows(body)
        older = re.search(r'name="older" value="([^"]+)"', body)
        if not older:
            break
        data = data | {"older": older[1]}
    assert "Status: archived" in seen[-2]
    newer = re.search(r'name="newer" value="([^"]+)"', body)
    assert newer
    assert "Status: archived" not in text_of(ask(ana, "client_access", {"person": "", "act": "", "newer": newer[1]}, pk=cleo.pk))


def test_somebody_was_inside_the_team_while_they_were_and_not_after(ana: User, former: User, cleo: Client, ask: Ask) -> None:
    later, now = clock.now() + datetime.timedelta(minutes=5), clock.now()
    with acting(ana):
        team = history.Belonging(cleo)
        took_in = lines_about(cleo).order_by("at").first()
    assert took_in
    assert team.holds(former.pk, now)
    assert not team.holds(former.pk, later)
    assert team.holds(ana.pk, took_in.at)
    assert team.holds(ana.pk, later)
    assert not team.holds(None, now)


def test_the_client_is_not_named_and_not_marked_in_their_own_record(
    ana: User, ada: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    ask(portal_cleo, "portal_record", pk=cleo.pk)
    found = rows(text_of(ask(ada, "client_access", pk=cleo.pk)))
    assert any("the client or a representative" in row and "Portal" in row and "Outside" not in row for row in found)
    assert not any("Marchetti" in row for row in found)


def test_it_costs_no_more_for_many_lines(ana: User, cleo: Client, ask: Ask) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask(ana, "client_access", pk=cleo.pk)
    counts = []
    for repeat in (0, 30):
        with acting(ana):
            for number in range(repeat):
                actions.change_status(cleo, ("active", "discharged")[number % 2], by=ana)
        with CaptureQueriesContext(connection) as asked:
            ask(ana, "client_access", pk=cleo.pk)
        counts.append(len(asked))
    assert counts[0] == counts[1]
