"""How long a record is kept: the worked cases of rulebook 15."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from clients.models import Client
from practice.models import Practice, User
from records.models import Note
from records.retention import Work, checked, keep_until, periods, rules_for
from tests.cast import SignIn
from tests.clients.conftest import text_of

LAST = "2026-05-20"


def work(last: str = LAST, *born: str, ended: str = "") -> Work:
    day = datetime.date.fromisoformat
    return Work(day(ended or last), day(last), tuple(day(each) for each in born))


@pytest.mark.parametrize(
    ("states", "last", "born", "until"),
    [
        ("CA", LAST, "", "2033-05-20"),
        ("NY", LAST, "", "2032-05-20"),
        ("AZ", LAST, "", "2032-05-20"),
        ("CA", LAST, "2012-08-15", "2037-08-15"),
        ("TX", LAST, "2012-08-15", "2035-08-15"),
        ("NY", LAST, "2012-08-15", "2034-08-15"),
        ("CO", LAST, "2012-08-15", "2037-08-15"),
        ("AZ", LAST, "2012-08-15", "2033-08-15"),
        ("OH", LAST, "2012-08-15", "2033-08-15"),  # not verified: the default
        ("", LAST, "2012-08-15", "2033-08-15"),
        ("CO", LAST, "2016-08-15", "2038-05-20"),  # 2041, capped
        ("TX", "2025-09-01", "2009-03-10", "2032-09-01"),
        ("OR", LAST, "2012-08-15", "2033-05-20"),
        ("CO CA", LAST, "2016-08-15", "2041-08-15"),  # the cap holds only where nothing else asks for more
        ("WA NY", LAST, "", "2032-05-20"),
        ("WA OH", LAST, "", "2033-05-20"),
        ("TX", LAST, "2008-05-20", "2033-05-20"),  # of age on the last day
    ],
)
def test_ret_1_to_11_and_ret_20_the_worked_cases(states: str, last: str, born: str, until: str) -> None:
    assert keep_until(work(last, *born.split()), states.split()).isoformat() == until


def test_ret_1_and_ret_3_they_count_from_the_end_or_from_the_last_service() -> None:
    later = work(ended="2026-09-01")
    assert {state: keep_until(later, [state]).isoformat() for state in ("CA", "FL")} == {"CA": "2033-09-01", "FL": "2033-05-20"}


def test_ret_20_the_youngest_of_a_family_counts_and_every_rule_shows_its_arithmetic() -> None:
    found = periods(work(LAST, "1984-01-02", "2012-08-15", "2014-11-30"), ["TX", "NY"])
    assert [(each.rule.rule, each.until.isoformat()) for each in found] == [("RET-3", "2036-11-30"), ("RET-2", "2037-11-30")][::-1]
    assert found[0].arithmetic == "7 years from 20 May 2026, or 5 years from the birthday at 18: the later"


def test_a_leap_day_keeps_a_day_longer_and_each_rule_names_its_source() -> None:
    assert keep_until(work("2028-02-29"), ["NY"]).isoformat() == "2034-03-01"
    assert checked() >= datetime.date(2026, 11, 23)
    assert all(rule.source and rule.mark for rule in rules_for(["CA", "TX", "NY", "CO", "AZ", "OR", "FL", "WA", "VA", "OH"]))


def test_ret_21_the_page_says_until_when_and_by_which_rule(ana: User, ben: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    Practice.objects.update(states=["TX", "NY"])
    page = text_of(browser_of(ana).get(reverse("client_keeping", args=[cleo.pk])))
    assert ("RET-2" in page, "22 TAC 681.36(b)" in page, "The work goes on" in page) == (True, True, True)
    assert browser_of(ben).get(reverse("client_keeping", args=[cleo.pk])).status_code == 404


def test_whoever_was_never_served_has_no_record_to_keep(ana: User, mia: Client, browser_of: SignIn) -> None:
    assert "Nobody was served yet" in text_of(browser_of(ana).get(reverse("client_keeping", args=[mia.pk])))
