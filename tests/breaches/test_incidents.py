"""From the one-minute report to the near miss: who sees it, who knew when, and which step leads where."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit import clock
from audit.models import Event
from breaches import access, actions
from breaches.models import STEPS, Entry, Finding, Incident, Knowledge, State, Suspect
from clients.models import Client
from practice.models import Notice, User
from practice.refusals import Refused
from practice.roles import Role
from tests.cast import acting, person
from tests.clients.conftest import Ask, Lines, text_of
from vault.models import DataKey

from .conftest import WHAT, Report

DAY = datetime.timedelta(days=1)


def test_anybody_on_the_staff_reports_in_three_answers_and_the_officers_know(ben: User, ada: User, ask: Ask, lines: Lines) -> None:
    given = {"what": WHAT, "noticed_at": f"{timezone.localtime(clock.now()):%Y-%m-%dT%H:%M}", "going_on": "no"}
    assert ask(ben, "incident_report", given | {"what": ""}).status_code == 422
    assert ask(ben, "incident_report", given).status_code == 302
    assert "opal compass" in text_of(ask(ada, "home"))
    assert "opal compass" not in text_of(ask(ben, "incident_list"))
    assert "B-" in text_of(ask(ben, "incident_list"))
    with acting(ada):
        row = Incident.objects.get()
        assert (row.number[:2], row.reported_by_id, row.state) == ("B-", ben.pk, "reported")
        assert {(notice.to, "compass" in notice.body) for notice in Notice.objects.filter(kind="incident")} == {("ada@sub.test", False)}
    assert ask(ben, "incident_detail", pk=row.pk).status_code == 404
    assert not [line for line in lines() if "compass" in str(vars(line))]


def test_a_client_reports_in_the_portal_what_concerns_them(portal_cleo: User, cleo: Client, ada: User, ask: Ask) -> None:
    given = {"what": WHAT, "noticed_at": f"{timezone.localtime(clock.now() - 9 * DAY):%Y-%m-%dT%H:%M}", "going_on": "unknown"}
    assert ask(portal_cleo, "portal_report", given | {"drill": "on", "suspects": str(ada.pk)}).status_code == 302
    with acting(ada):
        row = access.open_incidents(ada).get()
        assert (row.source, row.drill, row.discovered_on) == ("portal", False, clock.today())  # now the practice knows
        assert not Suspect.objects.exists()
        assert row.affected.get().client_id == cleo.pk
    assert "eported it" in text_of(ask(ada, "incident_affected", pk=row.pk))


def test_attack_97_nothing_of_it_is_there_for_whoever_may_be_the_cause(reported: Report, ada: User, nora: User, ask: Ask) -> None:
    row = reported(suspects=[ada])
    with acting(nora):
        actions.tell(access.kept_incidents(nora).get(), "He left the vermilion door open.", by=nora)
    assert ask(nora, "incident_detail", pk=row.pk).status_code == 200
    for name in ("incident_detail", "incident_tell", "incident_miss", "incident_suspect", "incident_discovery"):
        assert ask(ada, name, pk=row.pk).status_code == 404
    for page in (ask(ada, "home"), ask(ada, "incident_list"), ask(ada, "trail")):
        assert "compass" not in text_of(page)
    with acting(nora):
        about = Event.objects.filter(what_id=row.pk)
        assert {line.part for line in about} >= {"report_incident", "incident_told", "incident_detail"}
    with acting(ada):
        assert {line.act for line in Event.objects.filter(what_id=row.pk)} == {"refused"}  # what they tried themself just now
    with acting(ada):
        assert not any(model.objects.exists() for model in (Incident, Knowledge, Entry))
        assert not DataKey.objects.filter(compartment="incident").exists()
        assert {notice.to for notice in Notice.objects.filter(kind="incident")} == {"nora@sub.test"}


def test_attack_97_named_later_it_goes_out_of_sight_and_comes_back_when_cleared(reported: Report, ada: User, nora: User, ask: Ask) -> None:
    row = reported()
    assert ask(ada, "incident_detail", pk=row.pk).status_code == 200
    assert ask(nora, "incident_suspect", {"person": str(ada.pk)}, pk=row.pk).status_code == 302
    assert ask(ada, "incident_detail", pk=row.pk).status_code == 404
    with acting(nora):
        suspect = Suspect.objects.get()
    assert ask(nora, "incident_suspect", {"clear": str(suspect.pk)}, pk=row.pk).status_code == 302
    assert ask(ada, "incident_detail", pk=row.pk).status_code == 200


def test_where_every_officer_may_be_the_cause_supervisors_and_the_reporter_keep_it(
    reported: Report, ada: User, dee: User, ben: User, ask: Ask
) -> None:
    row = reported(suspects=[ada])
    sofia = person("Sofia Lindqvist", Role.COUNSELOR, Role.SUPERVISOR)
    assert [ask(who, "incident_detail", pk=row.pk).status_code for who in (sofia, dee, ben, ada)] == [200, 200, 404, 404]


def test_the_only_officer_keeps_what_they_reported_of_themself_alone(reported: Report, ada: User, dee: User, ask: Ask) -> None:
    mine, another = reported(by=ada, suspects=[ada]), reported(suspects=[ada])
    assert "no other privacy officer" in text_of(ask(ada, "incident_detail", pk=mine.pk))
    assert ask(ada, "incident_detail", pk=another.pk).status_code == 404
    nora = person("Nora Vance", Role.ADMIN)
    assert [ask(who, "incident_detail", pk=mine.pk).status_code for who in (ada, nora)] == [404, 200]


# --- discovery (BR-5) ---


def test_br_5_discovery_is_the_earliest_day_anybody_knew_and_what_was_said_before_stays(reported: Report, ada: User, nora: User) -> None:
    row = reported()
    first = row.discovered_on
    with acting(ada):
        early = actions.note_knowledge(row, first - 8 * DAY, "The receptionist saw it and said nothing.", by=ada)
        assert row.discovered_on == first - 8 * DAY
        actions.note_knowledge(row, first - 30 * DAY, "He knew what he did.", by=ada, counts=False)
        assert Incident.objects.get().discovered_on == first - 8 * DAY  # not the wrongdoer's own knowledge
        with pytest.raises(Refused, match="their own statement") as refusal:
            actions.strike(early, "It was another letter.", by=ada)
        assert refusal.value.rule == "BR-5"
    with acting(nora):
        actions.strike(Knowledge.objects.get(pk=early.pk), "It was another letter.", by=nora)
        assert Incident.objects.get().discovered_on == first
        assert [each.words for each in access.knowledge(row)].count("The receptionist saw it and said nothing.") == 1
        with pytest.raises(Refused, match="already"):
            actions.strike(Knowledge.objects.get(pk=early.pk), "Again.", by=nora)
        with pytest.raises(DatabaseError), transaction.atomic():
            Knowledge.objects.update(counts=False)


def test_br_5_the_last_day_that_counts_is_not_taken_back(reported: Report, ada: User) -> None:
    row = reported()
    with acting(ada), pytest.raises(Refused, match="Somebody knew"):
        actions.strike(Knowledge.objects.get(incident=row), "No.", by=ada)


# --- steps ---


def test_each_step_leads_where_the_table_says_and_nowhere_else(reported: Report, ada: User) -> None:
    """n x n: every pair of states."""
    row, taken, refused = reported(), set(), set()
    with acting(ada):
        for before in State:
            for after in State:
                with transaction.atomic():
                    Incident.objects.filter(pk=row.pk).update(state=before)
                    try:
                        actions.move(Incident.objects.get(pk=row.pk), after, by=ada)
                        taken.add((before, after))
                        assert Incident.objects.get(pk=row.pk).state == after
                    except Refused as refusal:
                        refused |= {refusal.rule}
                    transaction.set_rollback(True)
    assert taken == {(before, after) for before in State for after in STEPS[before]}
    assert refused == {"BR-17"}


def test_a_near_miss_is_a_finding_and_final(reported: Report, ada: User, ask: Ask) -> None:
    row = reported()
    assert ask(ada, "incident_miss", {"words": "It came back unopened.", "lesson": ""}, pk=row.pk).status_code == 422
    given = {"words": "It came back unopened; the jade seal held.", "lesson": "Windows in envelopes."}
    assert ask(ada, "incident_miss", given, pk=row.pk).status_code == 302
    assert "jade seal" in text_of(ask(ada, "incident_detail", pk=row.pk))
    assert ask(ada, "incident_tell", {"words": "More."}, pk=row.pk).status_code == 404
    with acting(ada):
        for change in (lambda: Incident.objects.update(state="reported"), lambda: Finding.objects.update(found_at=clock.now())):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        with pytest.raises(DatabaseError), transaction.atomic():
            actions.tell(Incident.objects.get(), "Nothing is added to what is over.", by=ada)


def test_the_story_is_only_added_to(reported: Report, ada: User, ask: Ask) -> None:
    row = reported()
    assert ask(ada, "incident_tell", {"words": "", "at": "2999-01-01T00:00"}, pk=row.pk).status_code == 422
    assert ask(ada, "incident_tell", {"words": "I rang him.", "at": ""}, pk=row.pk).status_code == 302
    assert ask(ada, "incident_step", {"to": "contained"}, pk=row.pk).status_code == 302
    assert ask(ada, "incident_step", {"to": "closed"}, pk=row.pk).status_code == 302
    page = text_of(ask(ada, "incident_detail", pk=row.pk))
    assert "I rang him." in page
    assert "Contained" in page
    with acting(ada):
        assert Incident.objects.get().state == "contained"
        with pytest.raises(DatabaseError), transaction.atomic():
            Entry.objects.update(at=clock.now())
