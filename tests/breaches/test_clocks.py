"""Every worked case of rulebook sections 16 and 17, by its rule; no client and no page in it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

from breaches.clocks import Affected, Associate, Clock, Delay, Extension, Facts, Place, clocks, for_person, kept

OREGON, LONDON = ZoneInfo("America/Los_Angeles"), ZoneInfo("Europe/London")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def found_on(text: str, zone: ZoneInfo = OREGON, **people: int) -> Facts:
    """Discovered on that day, with so many people in each state; discovered and noticed the same morning."""
    affected = tuple(Affected(Place("US", state), number) for state, number in people.items())
    noticed = datetime.datetime.combine(day(text), datetime.time(9), tzinfo=zone)
    return Facts(discovered=day(text), noticed_at=noticed, zone=zone, practice_states=("OR",), affected=affected)


def due(facts: Facts, key: str) -> str | None:
    """The local day on which the clock of that key is due; None where it does not run."""
    return next((clock.due.astimezone(facts.zone).date().isoformat() for clock in clocks(facts) if clock.key == key), None)


def rows(facts: Facts, audience: str) -> list[Clock]:
    return [clock for clock in clocks(facts) if clock.audience == audience]


def test_br_6_and_br_12_case_1_under_500() -> None:
    facts = found_on("2026-12-20", WY=499)
    assert due(facts, "hipaa-individuals") == "2027-02-18"
    assert due(facts, "hipaa-hhs-small") == "2027-03-01"
    assert due(facts, "hipaa-hhs-large") is None
    assert rows(facts, "media") == []
    first = next(clock for clock in clocks(facts) if clock.key == "hipaa-individuals")
    assert first.arithmetic == "discovered 20 Dec 2026 + 60 days = 18 Feb 2027"
    assert first.amber.astimezone(OREGON).date() == day("2027-01-19")  # 30 days on
    assert (first.rule, first.citation, first.checked) == ("BR-6", "45 CFR 164.404(b)", day("2026-11-22"))
    assert first.earliest


def test_br_12_case_2_exactly_500_is_told_at_once_and_the_media_are_not() -> None:
    facts = found_on("2027-12-15", WY=500)
    assert due(facts, "hipaa-individuals") == due(facts, "hipaa-hhs-large") == "2028-02-13"
    assert due(facts, "hipaa-hhs-small") is None
    assert rows(facts, "media") == []
    assert {clock.work_by for clock in rows(facts, "hhs")} == {day("2028-02-11")}  # the 13th is a Sunday (GEN-2)


def test_br_11_case_3_more_than_500_of_one_state() -> None:
    facts = found_on("2027-12-15", WY=501)
    assert [(clock.whom, clock.due_on) for clock in rows(facts, "media")] == [("prominent media in Wyoming", day("2028-02-13"))]
    assert "501 live in Wyoming, more than 500" in rows(facts, "media")[0].applies_because


def test_br_11_and_br_12_500_in_two_states_go_to_hhs_and_to_no_media() -> None:
    facts = found_on("2027-12-15", WY=499, UT=499)
    assert due(facts, "hipaa-hhs-large") == "2028-02-13"
    assert rows(facts, "media") == []


def test_br_5_and_br_12_case_5_the_year_of_discovery_counts() -> None:
    facts = found_on("2027-01-02", WY=40)
    assert due(facts, "hipaa-individuals") == "2027-03-03"
    assert due(facts, "hipaa-hhs-small") == "2028-02-29"


def test_br_13_the_day_for_small_breaches_year_by_year() -> None:
    dates = [due(found_on(f"{year}-06-01", WY=3), "hipaa-hhs-small") for year in (2025, 2026, 2027, 2028)]
    assert dates == ["2026-03-01", "2027-03-01", "2028-02-29", "2029-03-01"]
    assert rows(found_on("2025-06-01", WY=3), "hhs")[0].work_by == day("2026-02-27")


def test_br_14_case_7_a_business_associate_that_is_no_agent_and_one_that_is() -> None:
    told = replace(found_on("2027-01-20", WY=3), associate=Associate(day("2026-12-01"), agent=False, told=day("2027-01-20")))
    assert due(told, "hipaa-associate") == "2027-01-30"
    assert due(told, "hipaa-individuals") == "2027-03-21"
    agent = replace(told, associate=Associate(day("2026-12-01"), agent=True, told=day("2027-01-20")))
    assert due(agent, "hipaa-individuals") == "2027-01-30"
    assert "our agent discovered 1 Dec 2026 + 60 days" in next(each.arithmetic for each in clocks(agent) if each.rule == "BR-6")
    assert due(found_on("2027-01-20", WY=3), "hipaa-associate") is None


def test_br_15_and_br_19_case_9_a_written_request_to_wait() -> None:
    asked = replace(found_on("2026-12-20", WY=499), delays=(Delay("written", day("2027-01-05"), day("2027-04-15")),))
    assert due(asked, "hipaa-individuals") == due(asked, "hipaa-hhs-small") == "2027-04-15"
    first = rows(asked, "individuals")[0]
    assert first.delayed_until == day("2027-04-15")
    assert first.arithmetic.endswith("law enforcement asked to wait until 15 Apr 2027: send that day")


def test_br_15_spoken_words_hold_30_days_and_what_ends_sooner_moves_nothing() -> None:
    spoken = replace(found_on("2026-12-20", WY=3), delays=(Delay("oral", day("2027-02-10"), day("2027-12-31")),))
    assert due(spoken, "hipaa-individuals") == "2027-03-12"
    early = replace(spoken, delays=(Delay("oral", day("2026-12-21")),))
    assert due(early, "hipaa-individuals") == "2027-02-18"
    then = replace(spoken, delays=(*spoken.delays, Delay("written", day("2027-03-01"), day("2027-06-30"))))
    assert due(then, "hipaa-individuals") == "2027-06-30"


def test_br_19_who_asks_after_the_day_does_not_bring_it_back() -> None:
    late = replace(found_on("2026-12-20", WY=3), delays=(Delay("written", day("2027-02-19"), day("2027-08-01")),))
    assert due(late, "hipaa-individuals") == "2027-02-18"


def test_br_1_case_11_blank_factors_stay_a_breach() -> None:
    blank = found_on("2026-12-20", OR=1)
    assert blank.conclusion == "presumed"
    assert due(blank, "hipaa-individuals") == "2027-02-18"
    for shown in ("low_probability", "exception", "safe_harbor"):
        assert due(replace(blank, conclusion=shown), "hipaa-individuals") is None
    assert due(found_on("2026-12-20", TX=1), "tx-individuals") == due(
        replace(found_on("2026-12-20", TX=1), conclusion="low_probability"), "tx-individuals"
    )


def test_gen_8_the_flags_of_the_practice_gate_whole_sets_of_rules() -> None:
    """A cash-only practice may be no covered entity: then HIPAA's clocks do not run, and the states' do all the same."""
    facts = found_on("2026-12-20", CA=1, NY=1)
    bare = {clock.key for clock in clocks(replace(facts, flags=frozenset()))}
    assert {clock.key for clock in clocks(facts)} - bare == {"hipaa-individuals", "hipaa-hhs-small", "ny-attorney-general-after-hhs"}
    assert {"ca-individuals", "ny-individuals"} <= bare
    assert due(replace(facts, flags=frozenset({"uk_gdpr"})), "uk-ico") == "2026-12-23"


def test_p2_9_part_2_records_are_told_of_as_hipaas_are() -> None:
    facts = replace(found_on("2026-12-20", WY=3), kinds=frozenset({"part2"}), flags=frozenset({"holds_part2_records"}))
    assert {clock.rule for clock in clocks(facts) if clock.place is None and clock.fixed} == {"P2-9"}
    assert due(facts, "part2-individuals") == "2027-02-18"
    assert due(replace(facts, kinds=frozenset({"medical"})), "part2-individuals") is None


def test_section_17_case_1_four_states() -> None:
    facts = found_on("2026-12-20", NY=3, CA=4, FL=2, TX=1)
    letters = {clock.key: (clock.due_on, clock.earliest) for clock in rows(facts, "individuals")}
    soon, late = (day("2027-01-19"), True), (day("2027-02-18"), False)
    assert letters == {
        "ny-individuals": soon, "ca-individuals": soon, "fl-individuals": soon, "tx-individuals": late, "hipaa-individuals": late,
    }  # fmt: skip
    texan = {clock.key: clock.earliest for clock in for_person(clocks(facts), Place("US", "TX"))}
    assert texan == {"tx-individuals": True, "hipaa-individuals": True}
    assert next(clock.due_on for clock in for_person(clocks(facts), Place("US", "NY")) if clock.earliest) == day("2027-01-19")


def test_sb_1_the_attorney_general_of_california_after_the_letters() -> None:
    facts = found_on("2026-12-20", CA=501)
    assert due(facts, "ca-attorney-general") == "2027-02-03"  # 15 days after the last day for the letters
    assert due(replace(facts, individuals_told=day("2027-01-04")), "ca-attorney-general") == "2027-01-19"
    assert due(replace(facts, individuals_told=day("2027-02-02")), "ca-attorney-general") == "2027-02-03"  # late letters win no time
    assert due(found_on("2026-12-20", CA=500), "ca-attorney-general") is None


def test_sb_2_case_3_fifteen_business_days_for_a_licensed_clinic() -> None:
    clinic = replace(found_on("2026-11-20", CA=3), flags=frozenset({"is_covered_entity", "ca_licensed_clinic"}))
    assert due(clinic, "ca-clinic-individuals") == due(clinic, "ca-clinic-department") == "2026-12-14"
    assert "15 Dec 2026 if every holiday is left out" in rows(clinic, "individuals")[0].arithmetic
    assert due(found_on("2026-11-20", CA=3), "ca-clinic-department") is None


def test_sb_3_and_sb_8_case_5_five_business_days_after_hhs() -> None:
    facts = replace(found_on("2026-12-20", NY=1), hhs_told=day("2027-02-18"))
    assert due(facts, "ny-attorney-general-after-hhs") == "2027-02-25"
    facts = replace(found_on("2026-12-20", IL=1), hhs_told=day("2027-02-12"))
    assert due(facts, "il-attorney-general-after-hhs") == "2027-02-19"
    assert due(replace(facts, flags=frozenset()), "il-attorney-general-after-hhs") is None


def test_sb_4_to_sb_7_the_numbers_from_which_a_state_is_told() -> None:
    below = found_on("2026-12-20", TX=249, FL=499, CO=499, WA=500)
    keys = ("tx-attorney-general", "fl-legal-affairs", "co-attorney-general", "wa-attorney-general", "co-reporting-agencies")
    assert [due(below, key) for key in keys] == [None] * 5
    above = found_on("2026-12-20", TX=250, FL=500, CO=1001, WA=501)
    assert [due(above, key) for key in keys] == ["2027-01-19"] * 5


def test_sb_5_florida_has_15_days_more_for_good_cause_alone() -> None:
    facts = found_on("2026-12-20", FL=2)
    more = replace(facts, extensions=(Extension("fl-individuals", "The mailing house burned down."), Extension("hipaa-individuals", "no")))
    assert (due(facts, "fl-individuals"), due(more, "fl-individuals")) == ("2027-01-19", "2027-02-03")
    assert due(more, "hipaa-individuals") == "2027-02-18"


def test_sb_9_massachusetts_conflict_is_shown_and_no_day_is_made_up() -> None:
    (letter,) = [clock for clock in clocks(found_on("2026-12-20", MA=1)) if clock.key == "ma-individuals"]
    assert "164.404(c)" in letter.conflict
    assert not letter.fixed
    assert not letter.earliest  # HIPAA names a day, and that one governs
    assert "the law names no day" in letter.arithmetic


def test_sb_10_and_sb_11_the_45_and_60_day_states_maine_and_the_others() -> None:
    states = ("AL", "AZ", "IN", "NM", "OH", "OR", "RI", "TN", "VT", "WI", "MD")
    assert {due(found_on("2026-12-20", **{state: 1}), f"{state.lower()}-individuals") for state in states} == {"2027-02-03"}
    assert {due(found_on("2026-12-20", **{state: 1}), f"{state.lower()}-individuals") for state in ("CT", "DE", "LA", "SD")} == {
        "2027-02-18"
    }
    assert due(found_on("2026-12-20", ME=1), "me-individuals") == "2027-01-19"
    assert due(found_on("2026-12-20", VT=1), "vt-attorney-general") == "2027-01-11"  # 14 business days
    assert due(found_on("2026-12-20", WY=1), "elsewhere-individuals") == "2027-01-19"


def abroad(country: str, state: str = "", **more: object) -> Facts:
    return replace(found_on("2026-12-01"), affected=(Affected(Place(country, state), 2),), **more)  # type: ignore[arg-type]  # fields of Facts


def test_sb_12_and_sb_15_case_7_72_hours_through_summer_time() -> None:
    aware = datetime.datetime(2027, 3, 27, 9, tzinfo=LONDON)
    facts = replace(abroad("GB"), noticed_at=aware, zone=LONDON, discovered=day("2027-03-27"))
    ico = next(clock for clock in clocks(facts) if clock.key == "uk-ico")
    assert ico.due == datetime.datetime(2027, 3, 30, 10, tzinfo=LONDON)
    assert ico.arithmetic == "noticed 27 Mar 2027 09:00 + 72 hours = 30 Mar 2027 10:00"
    assert due(replace(facts, risk_to_rights="none"), "uk-ico") is None
    assert due(replace(facts, risk_to_rights="risk"), "uk-individuals") is None
    assert due(replace(facts, conclusion="low_probability"), "uk-ico") == "2027-03-30"  # HIPAA's conclusion is not theirs
    assert due(abroad("DE"), "gdpr-authority") == due(abroad("EU"), "gdpr-authority") == "2026-12-04"
    assert due(replace(found_on("2026-12-01", OR=1), flags=frozenset({"gdpr"})), "gdpr-authority") == "2026-12-04"


def test_sb_14_a_proposal_gives_nobody_more_time() -> None:
    assert "SB-14" not in {clock.rule for clock in clocks(abroad("FR"))}


def test_sb_16_to_sb_18_canada_ontario_quebec_and_australia() -> None:
    ontario = {clock.key for clock in clocks(abroad("CA", "ON"))}
    assert {"canada-commissioner", "canada-individuals", "ontario-individuals", "ontario-commissioner"} <= ontario
    assert due(abroad("CA", "ON"), "ontario-statistics") == "2027-03-01"
    assert {"quebec-commission", "quebec-individuals"} <= {clock.key for clock in clocks(abroad("CA", "QC"))}
    assert due(abroad("AU"), "australia-assessment") == "2026-12-31"
    assert due(abroad("AU", risk_to_rights="none"), "australia-commissioner") is None


def test_sb_16_case_9_the_record_is_kept_24_months() -> None:
    facts = abroad("CA", "ON", determined=day("2026-12-01"))
    until = {each.key: each.until for each in kept(facts)}
    assert until["canada"] == day("2028-12-01")
    assert until["hipaa"] == day("2032-12-01")
    closed = {each.key: each.until for each in kept(replace(abroad("FR"), closed=day("2028-02-29")))}
    assert closed == {"hipaa": day("2034-03-01"), "gdpr": None}  # SB-13: the register's rows are never thrown away


def test_nobody_confirmed_yet_still_runs_the_clocks_of_the_practices_states() -> None:
    facts = found_on("2026-12-20")
    assert due(facts, "or-individuals") == "2027-02-03"
    assert "nobody is confirmed yet" in clocks(facts)[0].applies_because
    unknown = replace(facts, affected=(Affected(Place("US"), 501),))
    assert [clock.whom for clock in rows(unknown, "media")] == ["prominent media in Oregon"]


def test_names_alone_start_no_state_clock_and_health_information_does() -> None:
    facts = replace(found_on("2026-12-20", CA=1), kinds=frozenset({"name"}))
    assert (due(facts, "ca-individuals"), due(facts, "hipaa-individuals")) == (None, "2027-02-18")
    assert due(replace(facts, kinds=frozenset({"name", "medical"})), "ca-individuals") == "2027-01-19"
