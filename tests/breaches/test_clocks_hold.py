"""What holds for the clocks of all facts, and what the law files may and may not say."""

from __future__ import annotations

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breaches import law
from breaches.clocks import Affected, Clock, Delay, Facts, Place, clocks
from practice.states import STATES

ZONES = ["America/Los_Angeles", "America/St_Johns", "Pacific/Auckland", "UTC"]
PLACES = ["US-CA", "US-NY", "US-IL", "US-TX", "US-VT", "US-WY", "US", "GB", "FR", "CA-ON"]
few = settings(max_examples=25, deadline=None)
days = st.dates(datetime.date(2026, 1, 1), datetime.date(2032, 12, 31))
affected = st.lists(
    st.builds(
        lambda code, people: Affected(Place(*[*code.split("-"), ""][:2]), people), st.sampled_from(PLACES), st.sampled_from([1, 499, 501])
    ),
    max_size=3,
).map(tuple)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    zone, day = ZoneInfo(draw(st.sampled_from(ZONES))), draw(days)
    at = datetime.datetime.combine(day, draw(st.sampled_from([datetime.time(0, 5), datetime.time(23, 55)])), tzinfo=zone)
    return Facts(discovered=day, noticed_at=at, zone=zone, practice_states=("OR",), affected=draw(affected))


def by_key(found: list[Clock]) -> dict[tuple[str, str], Clock]:
    return {(clock.key, clock.whom): clock for clock in found}


def soonest(known: Facts, audience: str) -> datetime.datetime:
    return min(clock.due for clock in clocks(known) if clock.audience == audience and clock.fixed)


@few
@given(facts(), st.integers(1, 400))
def test_a_later_discovery_is_never_due_earlier(known: Facts, later: int) -> None:
    step = datetime.timedelta(days=later)
    before, after = (
        by_key(clocks(known)),
        by_key(clocks(replace(known, discovered=known.discovered + step, noticed_at=known.noticed_at + step))),
    )
    assert before.keys() == after.keys()
    assert all(before[key].due <= after[key].due for key in before)


@few
@given(facts(), days)
def test_invariant_5_only_a_stored_delay_makes_anything_later_and_says_so(known: Facts, until: datetime.date) -> None:
    delayed = by_key(clocks(replace(known, delays=(Delay("written", known.discovered, until),))))
    for key, clock in by_key(clocks(known)).items():
        assert delayed[key].due >= clock.due
        if delayed[key].due > clock.due:
            assert delayed[key].delayed_until or delayed[key].trigger in ("individuals", "hhs")


@few
@given(facts(), st.sampled_from(PLACES), st.integers(1, 600))
def test_gen_6_more_people_only_add_clocks_or_bring_them_forward(known: Facts, code: str, people: int) -> None:
    more = replace(known, affected=(*known.affected, Affected(Place(*[*code.split("-"), ""][:2]), people)))
    if known.affected:
        for audience in ("individuals", "hhs"):
            assert soonest(more, audience) <= soonest(known, audience)


@few
@given(facts())
def test_gen_6_each_recipient_has_one_governing_day_and_all_clocks_are_whole(known: Facts) -> None:
    found = clocks(known)
    assert found == sorted(found, key=lambda clock: clock.due)
    for whom in {clock.whom for clock in found}:
        assert len({clock.due for clock in found if clock.whom == whom and clock.earliest}) == 1
    for clock in found:
        assert clock.due.astimezone(known.zone).date() == clock.due_on >= clock.work_by
        assert clock.amber <= clock.due
        assert all((clock.rule, clock.citation, clock.source, clock.mark, clock.arithmetic, clock.applies_because, clock.edition))


def test_a_breach_without_anything_known_is_one_and_has_its_clocks() -> None:
    known = Facts(datetime.date(2026, 12, 20), datetime.datetime(2026, 12, 20, tzinfo=datetime.UTC), ZoneInfo("UTC"))
    assert {clock.key for clock in clocks(known)} == {"hipaa-individuals", "hipaa-hhs-small"}


def test_each_rule_of_sections_16_and_17_has_its_entry() -> None:
    named = {each.rule for each in (*law.rules(), *law.keeps())} | {law.delay_law().rule}
    assert named >= {f"SB-{number}" for number in range(1, 19)} | {"BR-6", "BR-11", "BR-12", "BR-14", "BR-15", "BR-16", "P2-9"}
    assert {rule.rule for rule in law.rules() if not rule.in_force} == {"SB-14"}


def test_each_entry_says_where_it_stands_how_sure_it_is_and_when_somebody_looked() -> None:
    for each in (*law.rules(), *law.keeps()):
        assert each.mark.split()[0] in ("V1", "V2", "M"), each.key
        assert each.mark.split()[1] in ("H", "M", "L"), each.key
        assert each.checked >= datetime.date(2026, 11, 22), each.key
    assert len({rule.key for rule in law.rules()}) == len(law.rules())
    assert {rule.key for rule in law.rules() if rule.mark.startswith("M L")} == {"elsewhere-individuals"}


def test_every_state_has_a_clock_for_its_residents() -> None:
    for code, _ in STATES:
        assert any(rule.where and rule.audience == "individuals" and rule.concerns(Place("US", code)) for rule in law.rules()), code


GOOD = """[x]
rule = "SB-1"
citation = "c"
source = "s"
mark = "V2 H"
checked = 2026-11-22
trigger = "discovered"
audience = "individuals"
whom = "individuals"
days = 30
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("days = 30", 'days = "30"', r"states.toml \[x\] days: '30' should be a whole number"),
        ("days = 30", "days = true", "should be a whole number"),
        ("days = 30", "days = 0", "not above 0"),
        ("days = 30", "days = 30\nhours = 72", "by one of days, business_days"),
        ("days = 30", "", "say how long it runs"),
        ("days = 30", "hours = 72", "hours run from the moment"),
        ("days = 30", 'yearly = "02-30"', "a month and a day"),
        ('trigger = "discovered"', 'trigger = "found"', "found is not known. There are: discovered"),
        ("days = 30", 'days = 30\nflags = ["hipaa"]', "flags: hipaa is not known"),
        ("days = 30", "days = 30\nover = 5\nbelow = 9", "one of over, at_least, below"),
        ("days = 30", "dayz = 30", "dayz is no field of it"),
        ('citation = "c"', 'citation = ""', "it is empty"),
        ("checked = 2026-11-22", 'checked = "yesterday"', "a date such as 2026-11-22"),
        ('source = "s"\n', "", "source is missing"),
        ("[x]", "[x", "is not TOML"),
    ],
)
def test_a_wrong_line_of_law_is_refused_with_its_place(old: str, new: str, words: str) -> None:
    assert law.read_rules("states", GOOD)[0].days == 30
    with pytest.raises(law.Unreadable, match=words):
        law.read_rules("states", GOOD.replace(old, new))
