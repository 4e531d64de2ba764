"""Whom an incident concerns: found in the trail, confirmed, added and taken out by hand."""

from __future__ import annotations

import datetime
import json

import pytest
from django.db import connection
from django.utils import timezone

from audit import clock, trail
from audit.models import Act, Event
from breaches import actions
from breaches.models import Affected, Entry
from breaches.reach import Sought, reached
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from tests.clients.conftest import Ask, Lines, couple, text_of

from .conftest import Report

__all__ = ["couple"]
HOUR = datetime.timedelta(hours=1)


def span(**more: object) -> Sought:
    now = clock.now()
    return Sought(**{"since": now - HOUR, "until": now + HOUR, "acts": ("read", "list", "export")} | more)  # type: ignore[arg-type]  # as named


def typed(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def test_whose_data_an_account_reached_comes_on_the_list_and_nobody_elses(
    reported: Report, ada: User, ana: User, ben: User, cleo: Client, mia: Client, bens_client: Client, ask: Ask
) -> None:
    for client in (cleo, mia):
        ask(ana, "client_contacts", pk=client.pk)
    ask(ben, "client_contacts", pk=cleo.pk)  # refused: he saw nothing
    row = reported(suspects=[ana])
    page = text_of(ask(ada, "affected_seek", pk=row.pk))
    assert f'value="{ana.pk}" selected' in page
    given = {"since": typed(clock.now() - HOUR), "until": typed(clock.now() + HOUR), "acts": ["read", "list", "export"]}
    with acting(ada):
        actions.find_affected(row, span(accounts=(ben.pk,)), "Ben", by=ada)
        assert not Affected.objects.filter(client__in=[cleo, mia]).exists()
    assert ask(ada, "affected_seek", given | {"person": str(ana.pk)}, pk=row.pk).status_code == 302
    page = text_of(ask(ada, "incident_affected", pk=row.pk))
    assert cleo.code in page
    assert "contacts" in page
    assert "Marchetti" not in page
    assert "phone" in page  # what she agreed to; no number
    assert "555 0142" not in page
    with acting(ada):
        found = {each.client_id: each for each in Affected.objects.all()}
        assert (found[mia.pk].minor, found[cleo.pk].minor, found[cleo.pk].home_said) == (True, False, False)
        assert any("Looked in the trail: Ana Reyes" in entry.words for entry in Entry.objects.filter(kind="fact"))


def test_one_sign_in_is_shown_and_chosen(reported: Report, ada: User, ana: User, cleo: Client, mia: Client, ask: Ask, lines: Lines) -> None:
    ask(ana, "client_detail", pk=cleo.pk)
    row, session = reported(), lines(actor_id=ana.pk, client_id=cleo.pk, part="client_detail")[0].session
    with acting(ana):
        trail.recorder().write(trail.line_for(Act.READ, mia, "client_detail"))
    given = {"since": typed(clock.now() - HOUR), "until": typed(clock.now() + HOUR), "acts": ["read"], "person": str(ana.pk)}
    page = ask(ada, "affected_seek", given | {"look": "1"}, pk=row.pk)
    assert page.status_code == 200
    assert session in text_of(page)
    assert ask(ada, "affected_seek", given | {"session": session}, pk=row.pk).status_code == 302
    with acting(ada):
        assert {each.client_id for each in Affected.objects.all()} == {cleo.pk}


def test_a_couple_stands_for_its_members_and_what_was_found_twice_is_one_row(
    reported: Report, ada: User, couple: Client, cleo: Client, bens_client: Client, ana: User, ask: Ask
) -> None:
    ask(ana, "client_detail", pk=couple.pk)
    ask(ana, "client_detail", pk=cleo.pk)
    row = reported()
    with acting(ada):
        actions.find_affected(row, span(accounts=(ana.pk,)), "Ana", by=ada)
        before = {each.client_id: (each.lines, set(each.parts)) for each in Affected.objects.all()}
        assert before.keys() == {cleo.pk, bens_client.pk}
        actions.find_affected(row, span(accounts=(ana.pk,), acts=("change",)), "Ana", by=ada)
        after = {each.client_id: (each.lines, set(each.parts)) for each in Affected.objects.all()}
        assert all(after[client][1] > parts for client, (_, parts) in before.items())


def test_by_hand_in_and_out_with_a_reason_and_found_again_it_stays_out(
    reported: Report, ada: User, ana: User, cleo: Client, mia: Client, ask: Ask
) -> None:
    row = reported()
    assert "No client has the code" in text_of(ask(ada, "affected_add", {"codes": "nobody-here-1", "words": "A list."}, pk=row.pk))
    assert ask(ada, "affected_add", {"codes": f"{cleo.code}\n{mia.code}", "words": "The mauve folder."}, pk=row.pk).status_code == 302
    with acting(ada):
        mine = Affected.objects.get(client=cleo)
        assert mine.confirmed_by_id == ada.pk
        with pytest.raises(Refused, match="written down"):
            actions.take_out(mine, " ", by=ada)
    assert ask(ada, "affected_edit", {"words": "Her page was blank."}, pk=row.pk, affected=mine.pk).status_code == 302
    ask(ana, "client_detail", pk=cleo.pk)
    with acting(ada):
        actions.find_affected(row, span(accounts=(ana.pk,)), "Ana", by=ada)
        assert Affected.objects.get(client=cleo).removed_at
    page = text_of(ask(ada, "incident_affected", pk=row.pk))
    assert "Her page was blank." in page
    assert "Taken out" in page


def test_confirming_and_saying_where_they_live(reported: Report, ada: User, ana: User, cleo: Client, mia: Client, ask: Ask) -> None:
    ask(ana, "client_detail", pk=cleo.pk)
    row = reported()
    with acting(ada):
        actions.find_affected(row, span(accounts=(ana.pk,)), "Ana", by=ada)
        one = Affected.objects.get(client=cleo)
    assert ask(ada, "affected_edit", {"home": "US-NY", "deceased": "on"}, pk=row.pk, affected=one.pk).status_code == 302
    assert ask(ada, "incident_affected", {"home": "CA-QC"}, pk=row.pk).status_code == 302
    assert ask(ada, "incident_affected", {"confirm": "all"}, pk=row.pk).status_code == 302
    with acting(ada):
        homes = {(each.country, each.state) for each in Affected.objects.exclude(pk=one.pk)}
        now = Affected.objects.get(pk=one.pk)
        assert (now.country, now.state, now.deceased, bool(now.confirmed_at)) == ("US", "NY", True, True)
        assert homes <= {("CA", "QC")}


def test_attack_97_looking_for_those_affected_shows_in_no_trail_of_theirs(
    reported: Report, ada: User, ana: User, portal_cleo: User, cleo: Client, ask: Ask
) -> None:
    row = reported(suspects=[ana])
    ask(ana, "client_detail", pk=cleo.pk)
    with acting(ada):
        actions.find_affected(row, span(accounts=(ana.pk,)), "Ana", by=ada)
    ask(ada, "incident_affected", pk=row.pk)
    with acting(ada):
        told = Event.objects.filter(client_id=cleo.pk, what="breaches.incident")
        assert {(line.part, line.what_id) for line in told} == {("incident_affected", row.pk)}
    for user, page in ((ana, "client_access"), (portal_cleo, "portal_opened")):
        assert "ffected" not in text_of(ask(user, page, pk=cleo.pk))
        with acting(user):
            assert not Event.objects.filter(what__startswith="breaches.").exists()
            assert not Affected.objects.exists()


@pytest.mark.parametrize(
    ("asked", "index"), [({"accounts": True}, "actor_id"), ({"session": "0a1b2c3d4e5f"}, "at"), ({"address": "203.0.113.7"}, "at")]
)
def test_looking_is_one_statement_bounded_by_an_index(asked: dict[str, object], index: str, ada: User) -> None:
    """Whatever is asked, an index bounds what is read: the account's, or the span's. 10 million lines are measured in docs/breaches.md."""
    if "accounts" in asked:
        asked = {"accounts": (ada.pk,)}
    with acting(ada):
        rows = reached(trail.lines(), span(**asked))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = json.loads(rows.explain(format="json"))
    kinds = ("Seq Scan", "Index Scan", "Bitmap Index Scan", "Index Only Scan")
    scans = [node for node in _nodes(plan[0]["Plan"]) if node["Node Type"] in kinds]
    lines = [node for node in scans if "audit_event" in f"{node.get('Relation Name')} {node.get('Index Name')}"]
    assert lines
    assert all(index in str(node.get("Index Cond", "")) for node in lines)


def _nodes(plan: dict[str, object]) -> list[dict[str, object]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _nodes(child))]  # type: ignore[attr-defined]  # a list
