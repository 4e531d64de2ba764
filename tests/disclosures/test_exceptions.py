"""Exceptions: clocks as the rulebook works them, who decides, what is written down, and what stays shut (REP-1 to REP-7, SU-7)."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit import clock
from clients.models import Client
from disclosures import access, actions
from disclosures.law import reports
from disclosures.models import Consult, Disclosure, ExceptionEvent, Report
from practice.models import User
from practice.refusals import Refused
from records.models import Note
from review.access import portal_lines
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

from .releasing import begun, packed, record_of

FACTS = "The boy by the copper weir had marks."


def opened(client: Client, by: User, **more: Any) -> ExceptionEvent:
    values = {"kind": "child_abuse", "learned_at": clock.now() - datetime.timedelta(hours=1), "facts": FACTS, "source": "He said it"}
    with acting(by):
        return actions.open_exception(client, actions.Opened(**(values | more)), by=by)


def made(**more: Any) -> actions.Reported:
    said = actions.Reported("oral", clock.now(), "Child protection", "Officer 12", "CP-77", ["What he said", "His address"], "The rest")
    return dataclasses.replace(said, **more)


def rule(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def test_section_8_the_worked_cases_of_california_and_texas() -> None:
    west, middle = ZoneInfo("America/Los_Angeles"), ZoneInfo("America/Chicago")
    learned = datetime.datetime(2026, 11, 20, 17, 15, tzinfo=west)
    oral, written = reports.dues("child_abuse", "CA", learned, None, west)
    assert (oral.at, written.at) == (learned, datetime.datetime(2026, 11, 22, 5, 15, tzinfo=west))
    learned = datetime.datetime(2026, 11, 20, 17, 15, tzinfo=middle)
    (oral,) = reports.dues("child_abuse", "TX", learned, None, middle)
    assert oral.at == datetime.datetime(2026, 11, 21, 17, 15, tzinfo=middle)
    _, written = reports.dues("child_abuse", "NY", learned, None, middle)
    assert written.at is None  # it runs from the oral report
    _, written = reports.dues("elder_abuse", "CA", datetime.datetime(2026, 11, 20, 9, tzinfo=west), None, west)
    assert written.at
    assert written.at.astimezone(west).date() == datetime.date(2026, 11, 24)
    assert reports.dues("child_abuse", "OR", learned, None, middle) == []  # not known here, and nothing is guessed


def test_rep_1_an_oral_report_waits_for_nobody_and_nobody_else_makes_it(cleo: Client, ana: User, sofia: User) -> None:
    event = opened(cleo, ana)
    with acting(sofia):
        assert not access.own_exceptions(sofia).exists()
        assert rule(lambda: actions.report(event, made(), by=sofia)) == "REP-1"
        assert rule(lambda: actions.decide_exception(event, "no_report", "x", "x", by=sofia)) == "REP-1"
    with acting(ana):
        actions.ask_supervisor(event, "", by=ana)  # unanswered, and it holds nothing up
        row = actions.report(event, made(), by=ana)
        assert (row.disclosure.basis, row.disclosure.accountable, row.disclosure.in_portal) == ("child_abuse", True, False)


def test_rep_2_and_rep_4_a_report_says_to_whom_its_number_and_what_item_by_item(cleo: Client, ana: User) -> None:
    event = opened(cleo, ana)
    with acting(ana):
        for more, expected in (({"number": " "}, "REP-2"), ({"person": ""}, "REP-2"), ({"given": [" "]}, "REP-4")):
            with pytest.raises(Refused) as refused:
                actions.report(event, made(**more), by=ana)
            assert refused.value.rule == expected
        assert not Disclosure.objects.exists()
        assert rule(lambda: actions.open_exception(cleo, actions.Opened("other", clock.now(), " ", "x"), by=ana)) == "REP-2"


def test_rep_5_and_su_7_not_reporting_needs_reasons_and_a_consultation(cleo: Client, ana: User, sofia: User) -> None:
    event = opened(cleo, ana)
    with acting(ana):
        assert rule(lambda: actions.decide_exception(event, "no_report", "Reasonable cause", "", by=ana)) == "REP-5"
        actions.ask_supervisor(event, "May it stay?", by=ana)
        assert rule(lambda: actions.decide_exception(event, "no_report", "Reasonable cause", "None", by=ana)) == "SU-7"
    with acting(sofia):
        actions.answer_consult(access.consults_asked(sofia).get(), "It is old and known.", by=sofia)
        assert not access.consults_asked(sofia).exists()
    with acting(ana):
        actions.decide_exception(event, "no_report", "Reasonable cause: not met", "It is known to them.", by=ana)
        assert rule(lambda: actions.close_exception(event, "Nothing", by=ana)) == "REP-3"
        assert rule(lambda: actions.tell_client(event, "not", "", "", by=ana)) == "REP-3"
        actions.tell_client(event, "not", "risk_victim", "", by=ana)
        actions.close_exception(event, "We look again in June.", by=ana)
        with pytest.raises(DatabaseError), transaction.atomic():
            ExceptionEvent.objects.filter(pk=event.pk).update(told="before")


def test_su_7_what_could_not_wait_is_consulted_about_within_two_business_days(cleo: Client, ana: User, ask: Ask) -> None:
    friday = datetime.datetime(2026, 11, 20, 17, 15, tzinfo=ZoneInfo("America/Chicago"))
    assert reports.consult_by(friday, ZoneInfo("America/Chicago")).astimezone(ZoneInfo("America/Chicago")).date() == datetime.date(
        2026, 11, 24
    )
    event = opened(cleo, ana)
    with acting(ana):
        actions.decide_exception(event, "no_report", "Reasonable cause", "The line was dead.", by=ana, at_once=True)
        actions.tell_client(event, "not", "emergency", "", by=ana)
        assert rule(lambda: actions.close_exception(event, "Nothing", by=ana)) == "SU-7"
    assert "a consultation about not reporting" in text_of(ask(ana, "exception_detail", pk=event.pk)).casefold()
    with acting(ana):
        actions.note_consult(event, "Counsel", "It may stay so.", by=ana)
        actions.close_exception(event, "Nothing", by=ana)


def test_acc_2_something_else_goes_into_the_accounting_by_its_letter(cleo: Client, ana: User) -> None:
    event = opened(cleo, ana, kind="other", letter="coroner", place="GB")
    with acting(ana):
        row = actions.report(event, made(details=dict.fromkeys(("officer",), "Named")), by=ana)
        assert row.disclosure.basis == "coroner"
    assert opened(cleo, ana, letter="coroner").letter == ""  # the others have theirs
    assert reports.basis("other", "treatment") == "required_by_law"
    assert "Terrorism Act" in reports.duty("other", "GB").citation  # type: ignore[union-attr]  # it is known


def test_rep_2_what_was_decided_to_report_is_not_over_before_the_written_report_of_the_state(cleo: Client, ana: User) -> None:
    event = opened(cleo, ana, place="CA")
    with acting(ana):
        actions.decide_exception(event, "report", "Reasonable suspicion", "Marks", by=ana)
        actions.tell_client(event, "before", "", "Told at the end of the hour; he was relieved.", by=ana)
        assert rule(lambda: actions.close_exception(event, "Nothing", by=ana)) == "REP-2"
        actions.report(event, made(), by=ana)
        assert rule(lambda: actions.close_exception(event, "Nothing", by=ana)) == "REP-2"
        actions.report(event, made(how="written"), by=ana)
        actions.close_exception(event, "They visit on Monday.", by=ana)
        assert not access.own_exceptions(ana).exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(event=event).delete()


def test_rep_7_a_threat_known_from_substance_use_treatment_is_not_reported_with_who_it_is(cleo: Client, ana: User) -> None:
    event = opened(cleo, ana, kind="threat_other", part2=True)
    with acting(ana):
        assert rule(lambda: actions.report(event, made(), by=ana)) == "REP-7"


def test_rep_6_nothing_of_it_is_in_portal_release_or_with_strangers(
    request: pytest.FixtureRequest, cleo: Client, ana: User, signed: Note, portal_cleo: User, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("disclosures.packing.pdf.press", lambda name, data: b"%PDF quick")
    assert ask(ana, "exception_list", pk=cleo.pk).status_code == 200
    assert ask(ana, "exception_new", pk=cleo.pk).status_code == 200
    event = opened(cleo, ana)
    with acting(ana):
        actions.report(event, made(), by=ana)
        assert FACTS not in str(ExceptionEvent.objects.values().get())
    for name in ("portal_cleo", "ben", "dee", "ada", "lena"):
        person = request.getfixturevalue(name)
        with acting(person):
            for model in (ExceptionEvent, Consult, Report):
                assert not model.objects.exists()  # type: ignore[attr-defined]  # each has them
            assert not access.exceptions(person).exists()
    with acting(portal_cleo):
        told = portal_lines(portal_cleo).values_list("what", "part")
        assert not [line for line in told if "disclosures" in line[0] or "exception" in line[1]]
        assert not access.own_disclosures(portal_cleo).exists()
    row = begun(cleo, ana, basis="treatment", authorization=None, recipient="A clinic", purpose="Her care")
    package = packed(row, ana, notes=[str(signed.pk)], sessions=True)
    assert "copper weir" not in str(record_of(package.bundle))


def test_it_goes_its_way_on_one_page(cleo: Client, ana: User, sofia: User, ask: Ask) -> None:
    said = {"kind": "child_abuse", "facts": FACTS, "source": "He said it", "place": ""}
    said["learned_at"] = f"{timezone.localtime(clock.now()):%Y-%m-%dT%H:%M}"
    answer = ask(ana, "exception_new", said | {"facts": ""}, pk=cleo.pk)
    assert answer.status_code == 422
    answer = ask(ana, "exception_new", said, pk=cleo.pk)
    assert answer.status_code == 302
    with acting(ana):
        event = ExceptionEvent.objects.get()
    page = ask(ana, "exception_detail", pk=event.pk).content.decode()
    assert FACTS in page
    assert "is not known here" in page
    assert 'name="csrfmiddlewaretoken" value=""' not in page  # a browser could not send the steps
    assert ask(ana, "exception_ask", {}, pk=event.pk).status_code == 302
    with acting(sofia):
        asked = access.consults_asked(sofia).get()
    assert "asks you" in ask(sofia, "consult_answer", pk=asked.pk).content.decode()
    assert ask(sofia, "consult_answer", {"advice": "Call them."}, pk=asked.pk).status_code == 302
    given = {"how": "oral", "made_at": said["learned_at"], "agency": "Child protection", "person": "Officer 12", "number": "CP-77"}
    assert ask(ana, "exception_report", given | {"given": "What he said\nHis address"}, pk=event.pk).status_code == 302
    page = ask(ana, "exception_detail", pk=event.pk).content.decode()
    assert '<li dir="auto">His address</li>' in page
    refused = ask(ana, "exception_close", {"follow_up": "Nothing"}, pk=event.pk)
    assert (refused.status_code, "REP-5" in refused.content.decode()) == (422, True)
    assert ask(sofia, "exception_close", {"follow_up": "Nothing"}, pk=event.pk).status_code == 404
