"""The deadline engine: worked cases of rulebook section 0 by their rule, and what holds for every day and zone."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from practice import deadlines

LOS_ANGELES, LONDON = ZoneInfo("America/Los_Angeles"), ZoneInfo("Europe/London")
# Zones whose clocks skip or repeat midnight are among them.
ZONES = ["America/Los_Angeles", "America/Havana", "Asia/Beirut", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu", "UTC"]
days = st.dates(datetime.date(2012, 1, 1), datetime.date(2040, 12, 31))
numbers = st.integers(0, 120)
few = settings(max_examples=30, deadline=None)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_gen_1_the_day_of_the_trigger_is_day_0() -> None:
    assert day("2014-01-31") == deadlines.after_days(day("2013-10-22"), 101)
    assert deadlines.after_days(day("2026-12-20"), 60) == day("2027-02-18")


def test_gen_1_a_day_ends_where_the_practice_is() -> None:
    assert deadlines.end_of_day(day("2027-02-18"), LOS_ANGELES) == datetime.datetime(2027, 2, 19, 7, 59, 59, tzinfo=datetime.UTC)
    assert deadlines.end_of_day(day("2027-07-01"), LOS_ANGELES) == datetime.datetime(2027, 7, 2, 6, 59, 59, tzinfo=datetime.UTC)
    late = datetime.datetime(2026, 12, 21, 7, 30, tzinfo=datetime.UTC)
    assert deadlines.local_day(late, LOS_ANGELES) == day("2026-12-20")
    assert deadlines.local_day(late, LONDON) == day("2026-12-21")


def test_gen_2_a_sunday_stays_a_sunday_and_work_is_done_before() -> None:
    due = deadlines.after_year_of(day("2025-06-01"), 60)
    assert (due, due.strftime("%a")) == (day("2026-03-01"), "Sun")
    assert deadlines.work_by(due) == day("2026-02-27")
    assert deadlines.work_by(day("2027-01-30")) == day("2027-01-29")  # 60 days after a request of 1 Dec 2026 (ACC-5)
    assert deadlines.work_by(day("2026-11-27"), ["CA"]) == day("2026-11-25")  # Thanksgiving, and the Friday after it in California


def test_br_13_sixty_days_after_each_year() -> None:
    dates = {year: deadlines.after_year_of(datetime.date(year, 5, 5), 60) for year in (2025, 2026, 2027, 2028)}
    assert dates == {2025: day("2026-03-01"), 2026: day("2027-03-01"), 2027: day("2028-02-29"), 2028: day("2029-03-01")}


def test_gen_3_the_earlier_result_where_a_holiday_is_unclear() -> None:
    detected = day("2026-11-20")
    assert deadlines.after_business_days(detected, 15) == day("2026-12-14")
    assert deadlines.latest_business_days(detected, 15, ["CA"]) == day("2026-12-15")
    told = day("2027-02-12")
    assert deadlines.after_business_days(told, 5) == day("2027-02-19")
    assert deadlines.latest_business_days(told, 5, ["IL"]) == day("2027-02-22")
    assert deadlines.after_business_days(day("2027-02-18"), 5) == day("2027-02-25")


def test_gen_4_hours_pass_through_summer_time_and_holidays() -> None:
    aware = datetime.datetime(2027, 3, 27, 9, tzinfo=LONDON)
    due = deadlines.after_hours(aware, 72).astimezone(LONDON)
    assert due == datetime.datetime(2027, 3, 30, 10, tzinfo=LONDON)
    assert due.tzname() == "BST"
    with pytest.raises(ValueError, match="GEN-4"):
        deadlines.after_hours(datetime.datetime(2027, 3, 27, 9), 72)  # noqa: DTZ001  # a moment without a zone is what is refused
    with pytest.raises(ValueError, match="GEN-4"):
        deadlines.local_day(datetime.datetime(2027, 3, 27, 9), LONDON)  # noqa: DTZ001  # the same


def test_gen_5_the_29th_of_february() -> None:
    leap = day("2028-02-29")
    assert deadlines.after_years(leap, 6, "later") == day("2034-03-01")
    assert deadlines.after_years(leap, 6, "earlier") == day("2034-02-28")
    assert deadlines.after_years(leap, 4, "later") == day("2032-02-29")
    assert deadlines.after_years(day("2026-12-01"), -6) == day("2020-12-01")  # an accounting goes back six years (ACC-1)
    assert deadlines.after_months(day("2027-01-31"), 1) == day("2027-02-28")
    assert deadlines.after_months(day("2027-01-31"), 1, "later") == day("2027-03-01")


@few
@given(days, days, numbers, numbers)
def test_every_period_is_monotone(one: datetime.date, other: datetime.date, few_days: int, more: int) -> None:
    """A later trigger or a longer period is never due earlier (invariant 5)."""
    first, second = sorted((one, other))
    low, high = sorted((few_days, more))
    for period in (deadlines.after_days, deadlines.after_business_days, deadlines.after_months, deadlines.after_years):
        assert period(first, low) <= period(second, low)
        assert period(first, low) <= period(first, high)
    assert deadlines.after_year_of(first, low) <= deadlines.after_year_of(second, low)


@few
@given(days, st.integers(1, 30), st.sampled_from([(), ("CA",), ("IL", "OR")]))
def test_gen_3_the_earlier_reading_is_never_the_later_one(start: datetime.date, number: int, states: tuple[str, ...]) -> None:
    found = deadlines.after_business_days(start, number)
    assert deadlines.after_days(start, number) <= found <= deadlines.latest_business_days(start, number, states)
    assert found.weekday() < 5
    assert (found.month, found.day) not in {(1, 1), (7, 4), (12, 25)}


@few
@given(days, st.sampled_from(ZONES))
def test_gen_1_the_end_of_a_day_is_of_that_day_and_the_next_second_is_not(start: datetime.date, name: str) -> None:
    zone = ZoneInfo(name)
    end = deadlines.end_of_day(start, zone)
    if start != day("2011-12-30"):  # Apia skipped it
        assert deadlines.local_day(end, zone) == start
        assert deadlines.local_day(end + datetime.timedelta(seconds=1), zone) > start


@few
@given(days, st.sampled_from([(), ("CA",), ("MA", "TX")]))
def test_gen_2_work_by_is_a_business_day_on_or_before(due: datetime.date, states: tuple[str, ...]) -> None:
    found = deadlines.work_by(due, states)
    assert due - datetime.timedelta(days=6) <= found <= due
    assert deadlines.is_business_day(found, states)


@few
@given(days, st.integers(1, 40))
def test_gen_5_earlier_and_later_differ_by_a_day_at_most(start: datetime.date, years: int) -> None:
    low, high = deadlines.after_years(start, years), deadlines.after_years(start, years, "later")
    assert (high - low).days == (0 if low.day == start.day else 1)
    assert low == high or (start.month, start.day) == (2, 29)


@few
@given(st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2030, 1, 1)), st.sampled_from(ZONES), st.integers(0, 400))  # noqa: DTZ001  # hypothesis wants bounds without a zone
def test_gen_4_hours_are_the_same_in_every_zone(wall: datetime.datetime, name: str, hours: int) -> None:
    moment = wall.replace(tzinfo=datetime.UTC)
    assert deadlines.after_hours(moment.astimezone(ZoneInfo(name)), hours) - moment == datetime.timedelta(hours=hours)
