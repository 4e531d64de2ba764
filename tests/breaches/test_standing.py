"""The clocks of an incident: worked out from its facts, anew with history, marked, delayed for a cause, and reminded of."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit import clock, doors
from breaches import actions
from breaches.models import Awareness, ClockRow, ClockRun, Entry, Incident, Mark, Reminder
from breaches.picture import timeline_of
from breaches.standing import Standing, certain_at, facts_of, first_known, next_of, standing
from clients.models import Client
from practice.models import Notice, Practice, User
from practice.refusals import Refused
from practice.roles import Role
from tests.cast import acting, person
from tests.clients.conftest import Ask, text_of
from tests.committed import as_worker, own_database

from .conftest import WHAT, Report

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)


def by_rule(found: list[Standing], rule: str) -> Standing:
    return next(each for each in found if each.clock.rule == rule)


def test_br_16_5_the_receptionist_knew_first_so_the_clock_runs_from_that_day(dee: User, ada: User) -> None:
    """Worked case 5 of section 16: known 2027-01-02, told 2027-01-10; individuals 2027-03-03, HHS in the year of discovery."""
    at = datetime.datetime(2027, 1, 10, 20, tzinfo=datetime.UTC)
    with clock.at(at), timezone.override("America/Los_Angeles"):
        with acting(dee):
            row = actions.report(WHAT, by=dee, noticed_at=at, going_on="no")
        with acting(ada):
            row = Incident.objects.get()
            actions.note_knowledge(row, datetime.date(2027, 1, 2), "The receptionist saw it.", by=ada)
            found = standing(row)
            assert by_rule(found, "BR-6").clock.due_on == datetime.date(2027, 3, 3)
            assert by_rule(found, "BR-12").clock.due_on == datetime.date(2028, 2, 29)
            assert [run.cause for run in ClockRun.objects.order_by("number")] == ["reported", "who knew when"]


def test_section_17_hours_run_from_when_somebody_first_knew_unless_why_not_is_explained(reported: Report, ada: User) -> None:
    Practice.objects.update(uk_gdpr=True)
    row = reported()
    with acting(ada):
        assert certain_at(row) == row.noticed_at
        actions.note_knowledge(row, row.discovered_on - 8 * DAY, "The receptionist saw it.", by=ada)
        first = first_known(row)
        assert (first, timezone.localtime(first).hour) == (certain_at(row), 0)  # of that day no hour is known
        assert by_rule(standing(row), "SB-15").clock.due == first + 3 * DAY
        with pytest.raises(Refused, match="more than 24 hours") as late:
            actions.note_awareness(row, first + 25 * HOUR, " ", by=ada)
        with pytest.raises(Refused, match="Nobody here knew"):
            actions.note_awareness(row, first - HOUR, "Earlier.", by=ada)
        with pytest.raises(Refused, match="still to come"):
            actions.note_awareness(row, clock.now() + HOUR, "Later.", by=ada)
        assert late.value.rule == "SB-12"
        actions.note_awareness(row, first + 24 * HOUR, "", by=ada)
        assert by_rule(standing(row), "SB-15").clock.due == first + 4 * DAY
        actions.note_awareness(row, first + 25 * HOUR, "The log was read only then.", by=ada)
        assert by_rule(standing(row), "SB-15").clock.cause == "when we were certain"
        actions.note_knowledge(row, row.discovered_on - DAY, "The trainee saw it before.", by=ada)
        assert certain_at(row) == first + 25 * HOUR  # what was explained still holds
        with pytest.raises(DatabaseError), transaction.atomic():
            Awareness.objects.update(at=clock.now())


def test_br_5_what_a_client_noticed_starts_no_hours_before_the_practice_knew(portal_cleo: User, ada: User) -> None:
    with acting(portal_cleo):
        row = actions.report_own(None, by=portal_cleo, what=WHAT, noticed_at=clock.now() - 9 * DAY, going_on="no")
        assert first_known(row) == row.reported_at


def test_gen_7_a_changed_rule_is_worked_out_anew_and_what_was_stays(reported: Report, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    row = reported()
    with acting(ada):
        before = by_rule(standing(row), "BR-6").clock
        assert (before.started, before.run, len(before.edition)) == (row.discovered_on, 1, 12)
        assert not actions.rework(row, "nothing changed", by=ada)
        monkeypatch.setattr("breaches.clocks.edition", lambda: "a-new-edition")
        assert actions.rework(row, "the law file changed", by=ada)
        after = by_rule(standing(row), "BR-6").clock
        assert (after.run, after.edition, after.due) == (2, "a-new-edition", before.due)
        assert set(ClockRow.objects.filter(rule="BR-6").values_list("edition", flat=True)) == {before.edition, "a-new-edition"}


def test_invariant_5_no_clock_moves_later_without_a_cause_that_is_kept(reported: Report, ada: User, nora: User) -> None:
    row = reported()
    with acting(ada):
        early = actions.note_knowledge(row, row.discovered_on - 20 * DAY, "He saw it in the cyan drawer.", by=ada)
        first = by_rule(standing(row), "BR-6").clock.due_on
    with acting(nora):
        actions.strike(early, "It was another drawer.", by=nora)
        now = standing(Incident.objects.get())
        assert by_rule(now, "BR-6").clock.due_on == first + 20 * DAY
        assert by_rule(now, "BR-6").clock.cause == "taken back: who knew when"
        assert "Later now: individuals" in Entry.objects.filter(kind="fact").latest("written_at").words
        assert ClockRow.objects.filter(rule="BR-6").count() == 3  # each run stays
        with pytest.raises(DatabaseError), transaction.atomic():
            ClockRow.objects.update(due=clock.now() + 900 * DAY)


def test_where_they_live_decides_which_laws_run(reported: Report, ada: User, cleo: Client, ask: Ask) -> None:
    row = reported()
    with acting(ada):
        actions.add_affected(row, [cleo], "A folder.", by=ada)
        before = {each.clock.rule for each in standing(row)}
    one = actions_affected(ada, row)
    assert ask(ada, "affected_edit", {"home": "US-NY"}, pk=row.pk, affected=one).status_code == 302
    page = text_of(ask(ada, "incident_clocks", pk=row.pk))
    assert "SB-3" in page
    assert "SB-3" not in before
    assert "New York" in page


def actions_affected(ada: User, row: Incident) -> Any:
    with acting(ada):
        return row.affected.get().pk


def test_br_15_law_enforcement_delays_with_a_name_and_spoken_for_thirty_days(reported: Report, ada: User, ask: Ask) -> None:
    row = reported()
    today = clock.today()
    with acting(ada):
        before = by_rule(standing(row), "BR-6").clock.due_on
        with pytest.raises(Refused) as nameless:
            actions.delay(row, "written", today, by=ada, until=before + 90 * DAY, official=" ", agency="FBI")
        with pytest.raises(Refused) as long:
            actions.delay(row, "oral", today, by=ada, until=today + 31 * DAY, official="Agent Smith", agency="FBI")
        assert {nameless.value.rule, long.value.rule} == {"BR-15"}
    given = {"kind": "written", "stated_on": f"{today}", "until": f"{before + 90 * DAY}", "official": "Agent Smith", "agency": "FBI"}
    assert ask(ada, "incident_clocks", given | {"agency": ""}, pk=row.pk).status_code == 422
    assert ask(ada, "incident_clocks", given, pk=row.pk).status_code == 302
    with acting(ada):
        now = by_rule(standing(row), "BR-6").clock
        assert (now.due_on, now.delayed_until) == (before + 90 * DAY, before + 90 * DAY)


def test_br_16_a_clock_is_sent_or_not_required_with_words_and_what_was_said_stays(reported: Report, ada: User, ask: Ask) -> None:
    row = reported()
    with acting(ada):
        each = by_rule(standing(row), "BR-6")
    assert ask(ada, "clock_mark", {"state": "sent", "on": "2999-01-01", "words": ""}, pk=row.pk, clock=each.clock.pk).status_code == 422
    given = {"state": "sent", "on": f"{clock.today()}", "words": "By first-class mail, list in the safe."}
    assert ask(ada, "clock_mark", given, pk=row.pk, clock=each.clock.pk).status_code == 302
    with acting(ada):
        now = by_rule(standing(row), "BR-6")
        assert (now.stage, now.runs) == ("sent", False)
        assert facts_of(row).individuals_told == clock.today()
        actions.mark(row, now, "open", clock.today(), "They came back.", by=ada)
        assert by_rule(standing(row), "BR-6").runs
        assert Mark.objects.count() == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            Mark.objects.update(state="not_required")


@pytest.mark.parametrize(("days", "stage"), [(1, "calm"), (31, "amber"), (54, "red"), (61, "over")])
def test_br_6_amber_at_thirty_days_red_in_the_last_week(days: int, stage: str, reported: Report, ada: User) -> None:
    row = reported()
    with clock.at(clock.now() + days * DAY), acting(ada):
        assert by_rule(standing(row), "BR-6").stage == stage
        first = next_of(standing(row))
        assert first
        picture = timeline_of(standing(row))
        assert picture
        assert {bar.stage for bar in picture.bars} >= {stage}


def test_officers_are_reminded_once_of_each_stage_not_of_a_drill_and_never_who_may_be_the_cause(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> None:
    """By the worker, which holds no key: dates and states are all it sees."""
    with own_database(django_db_blocker, worker_id):
        ada, nora, dee = person("Ada Novak", Role.ADMIN), person("Nora Vance", Role.ADMIN), person("Dee Park", Role.DESK)
        with acting(dee):
            given: dict[str, Any] = {"by": dee, "noticed_at": clock.now(), "going_on": "no"}
            row = actions.report(WHAT, suspects=[nora], **given)
            actions.report(WHAT, drill=True, **given)
        with clock.at(clock.now() + 31 * DAY), as_worker():
            assert reminded() >= 1
            assert reminded() == 0
        with acting(ada):
            assert {each.incident_id for each in Reminder.objects.all()} == {row.pk}
            told = Notice.objects.filter(kind="clock")
            assert {(notice.to, "compass" in notice.body) for notice in told} == {("ada@sub.test", False)}


def reminded() -> int:
    with doors.system("clocks"):
        return actions.remind()


def test_the_page_shows_every_clock_with_its_rule_and_arithmetic(reported: Report, ada: User, ask: Ask) -> None:
    Practice.objects.update(states=["CA"])
    row = reported()
    page = text_of(ask(ada, "incident_clocks", pk=row.pk))
    for words in ("BR-6", "SB-1", "+ 60 days", "+ 30 days", "45 CFR 164.404(b)", "<svg", "Governs", "reported"):
        assert words in page.replace("Reported", "reported")
    assert "By " in text_of(ask(ada, "home"))
