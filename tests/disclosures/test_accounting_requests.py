"""Requests for the accounting: the arithmetic of the rulebook, the fee, the extension, and what was given (ACC-1, ACC-5, ACC-6, ACC-9)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from audit.clock import today
from clients.models import Client
from disclosures import access, actions
from disclosures.models import AccountingRequest
from practice.deadlines import work_by
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from tests.records.papers import squeezed, words_of

from .conftest import WHAT, Recorded


def day(year: int, month: int, number: int) -> datetime.date:
    return datetime.date(year, month, number)


def noon(on: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(on, datetime.time(20), tzinfo=datetime.UTC)


def asked(client: Client, by: User, on: datetime.date, **more: Any) -> AccountingRequest:
    with acting(by):
        said = actions.Asked(**({"whom": "client", "name": "Cleo Marchetti", "verified": "Known in person", "received_on": on} | more))
        return actions.ask(client, said, by=by)


def test_acc_1_and_acc_5_the_worked_case_of_the_rulebook(cleo: Client, ana: User) -> None:
    on = day(2026, 12, 1)
    with clock.at(noon(on)):
        row = asked(cleo, ana, on)
        assert (row.since, row.until) == (day(2020, 12, 1), on)
        assert (row.due_on, work_by(row.due_on)) == (day(2027, 1, 30), day(2027, 1, 29))
        with acting(ana):
            with pytest.raises(Refused):
                actions.extend(row, " ", by=ana)
            actions.extend(row, "Our archive is under water.", by=ana)
            assert row.due_on == day(2027, 3, 1)
            with pytest.raises(Refused) as refused:
                actions.extend(row, "Once more.", by=ana)
            assert refused.value.rule == "ACC-5"


def test_acc_5_more_time_is_asked_for_within_the_first_60_days(cleo: Client, ana: User) -> None:
    with clock.at(noon(day(2026, 12, 1))):
        row = asked(cleo, ana, day(2026, 12, 1))
    with clock.at(noon(day(2027, 1, 31))), acting(ana), pytest.raises(Refused) as refused:
        actions.extend(row, "Too late.", by=ana)
    assert refused.value.rule == "ACC-5"


def test_acc_6_the_first_in_12_months_is_free_and_a_fee_is_told_before(cleo: Client, ana: User) -> None:
    with clock.at(noon(day(2026, 12, 1))):
        first = asked(cleo, ana, day(2026, 12, 1))
        with acting(ana), pytest.raises(Refused) as refused:
            actions.tell_fee(first, Decimal(8), by=ana)
        assert refused.value.rule == "ACC-6"
    with clock.at(noon(day(2027, 6, 1))):
        second = asked(cleo, ana, day(2027, 6, 1))
        with acting(ana):
            actions.tell_fee(second, Decimal("8.50"), by=ana)
            assert second.fee_told_on == day(2027, 6, 1)
            actions.withdraw(second, by=ana)
            assert not access.open_accountings(ana).filter(pk=second.pk).exists()
    with clock.at(noon(day(2027, 12, 1))):
        third = asked(cleo, ana, day(2027, 12, 1))
        with acting(ana):
            assert actions.is_free(third, ana)


def test_au_9_and_acc_1_who_asks_is_verified_and_six_years_are_the_most(cleo: Client, ana: User) -> None:
    for more, rule in (
        ({"verified": " "}, "AU-9"),
        ({"since": day(2015, 1, 1)}, "ACC-1"),
        ({"until": today() + datetime.timedelta(9)}, "ACC-1"),
    ):
        with pytest.raises(Refused) as refused:
            asked(cleo, ana, today(), **more)
        assert refused.value.rule == rule


def test_acc_9_what_was_given_is_kept_and_never_changed(recorded: Recorded, cleo: Client, ana: User) -> None:
    recorded()
    recorded(basis="treatment", recipient="The Quince Clinic")
    row = asked(cleo, ana, today())
    with acting(ana):
        actions.give(row, by=ana, looked=False)
        text = squeezed(words_of(access.given_accountings(ana).get().pdf))
        assert squeezed(WHAT) in text
        assert "Quince" not in text  # ACC-2: treatment
        with pytest.raises(DatabaseError), transaction.atomic():
            AccountingRequest.objects.filter(pk=row.pk).update(fee=3, fee_told_on=today())


def test_rep_6_and_rg_13_a_report_is_looked_at_first_and_never_goes_to_a_representative(
    recorded: Recorded, cleo: Client, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr("disclosures.actions.requests.pdf.press", lambda name, paper: made.append(str(paper)) or b"%PDF")
    recorded(basis="child_abuse", details={"agency": "Copper gate", "law": "A law"}, description="The teal kite report")
    own, theirs = asked(cleo, ana, today()), asked(cleo, ana, today(), whom="representative", name="A mother")
    with acting(ana):
        with pytest.raises(Refused) as refused:
            actions.give(own, by=ana, looked=False)
        assert refused.value.rule == "REP-6"
        actions.give(own, by=ana, looked=True)
        actions.give(theirs, by=ana, looked=True)
    assert ["teal kite" in paper for paper in made] == [True, False]
