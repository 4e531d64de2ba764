"""Sanctions: kept by officers, read by the person once decided, and asked for where an incident ends as somebody's fault (SE-14)."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from breaches import actions as breaches
from breaches.access import told
from breaches.actions import Ending
from breaches.models import Incident
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from safeguards import access, actions
from safeguards.models import Sanction
from tests.breaches.conftest import Report, reported
from tests.breaches.test_closing import SAID, planned
from tests.breaches.worded import settle
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

__all__ = ["reported"]
pytestmark = pytest.mark.django_db
WHAT = "Looked up a neighbour out of cobalt curiosity."
WHY = "A written cobalt warning."


def charge(incident: Incident | None = None) -> actions.Charge:
    return actions.Charge(WHAT, clock.today(), incident)


def test_se_14_officers_keep_it_and_the_person_reads_it_once_it_is_decided(ada: User, nora: User, ben: User, ana: User, ask: Ask) -> None:
    today = clock.today()
    assert ask(ada, "sanction_new", {"person": str(ben.pk), "violation": WHAT, "happened_on": f"{today}"}).status_code == 302
    with acting(ada):
        row = Sanction.objects.get()
    for who, status in ((ada, 200), (nora, 200), (ben, 404), (ana, 404)):
        assert ask(who, "sanction_detail", pk=row.pk).status_code == status
    with acting(ben):
        assert not Sanction.objects.exists()
    assert "Violations to decide" in text_of(ask(nora, "home"))
    assert ask(nora, "sanction_decide", {"decision": "warned", "action": WHY}, pk=row.pk).status_code == 302
    for who in (ben, nora):
        assert ask(who, "sanction_decide", {"decision": "none", "action": "Nothing."}, pk=row.pk).status_code == 404
    page = text_of(ask(ben, "sanction_detail", pk=row.pk))
    assert WHAT in page
    assert WHY in page
    assert "Ben Okafor" in text_of(ask(ben, "sanction_list"))
    assert ask(ana, "sanction_detail", pk=row.pk).status_code == 404
    assert "Ben Okafor" not in text_of(ask(ana, "sanction_list"))


def test_se_14_a_decision_is_final_and_nobody_decides_about_themself(ada: User, nora: User) -> None:
    with acting(ada), pytest.raises(Refused, match="their own violation"):
        actions.record_sanction(ada, charge(), by=ada)
    with acting(nora):
        row = actions.record_sanction(ada, charge(), by=nora)
    with acting(ada):
        assert not access.sanctions(ada).exists()
        assert not Sanction.objects.exists()
    with acting(nora):
        with pytest.raises(Refused, match="What is done"):
            actions.decide_sanction(row, "none", " ", by=nora)
        actions.decide_sanction(row, "none", WHY, by=nora)
        with pytest.raises(Refused, match="final"):
            actions.decide_sanction(row, "ended", "Other words.", by=nora)
        with pytest.raises(DatabaseError), transaction.atomic():
            Sanction.objects.filter(pk=row.pk).update(decided_at=clock.now())
    with acting(ada):
        assert access.sanctions(ada).get().action == WHY


@pytest.mark.parametrize(
    ("violation", "on", "words"), [(" ", datetime.date(2026, 1, 1), "was violated"), (WHAT, datetime.date(2099, 1, 1), "still to come")]
)
def test_se_14_what_and_when_are_said(ada: User, ben: User, violation: str, on: datetime.date, words: str) -> None:
    with acting(ada), pytest.raises(Refused, match=words):
        actions.record_sanction(ben, actions.Charge(violation, on), by=ada)


def test_se_14_no_incident_ends_as_somebodys_fault_without_a_decision(ada: User, ben: User, reported: Report) -> None:
    incident = reported()
    fault, nobody = (Ending("Told them.", "Lock it.", key, "") for key in ("sanctioned", "none"))
    with acting(ada):
        assert [each.rule for each in actions.require_sanction(incident, fault, ada)] == ["SE-14"]
        assert actions.require_sanction(incident, nobody, ada) == []
        row = actions.record_sanction(ben, charge(incident), by=ada)
        for said in (fault, nobody):
            assert "not decided" in actions.require_sanction(incident, said, ada)[0].words
        actions.decide_sanction(row, "warned", WHY, by=ada)
        assert actions.require_sanction(incident, fault, ada) == []


def test_se_14_of_a_rehearsal_nobody_is_sanctioned(ada: User, reported: Report) -> None:
    incident = reported(drill=True)
    with acting(ada):
        assert actions.require_sanction(incident, Ending("Told.", "Lock.", "sanctioned", ""), ada) == []


def test_se_14_an_incident_closes_as_somebodys_fault_once_that_was_decided(ada: User, ben: User, cleo: Client) -> None:
    row, said = planned(ada, cleo), replace(SAID, sanction="sanctioned")
    with acting(ada):
        breaches.told_otherwise(told(ada).get(incident=row), "By phone, 21 Nov 2026, 10:15.", by=ada)
        settle(row, ada)
        with pytest.raises(Refused, match="no decision about them") as refused:
            breaches.close(row, said, by=ada)
        assert refused.value.rule == "SE-14"
        actions.decide_sanction(actions.record_sanction(ben, charge(row), by=ada), "limited", WHY, by=ada)
        breaches.close(row, said, by=ada)
        assert row.state == "closed"
