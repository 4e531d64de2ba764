"""Every clock of a breach, worked out from the facts by the rules of breaches/law: all are shown, for each recipient the earliest governs.

Pure: facts in, clocks out. Nothing here opens a record, and the same facts give the same clocks on every day (GEN-6, GEN-7).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from breaches.facts import CONCLUSIONS, FLAGS, KINDS, Affected, Associate, Delay, Extension, Facts, Place
from breaches.law import Keep, Rule, covers, delay_law, edition, keeps, rules
from practice import deadlines

__all__ = ["Affected", "Associate", "Clock", "Delay", "Extension", "Facts", "Kept", "Place", "clocks", "delay_ends", "for_person", "kept"]

_CHAINED = ("individuals", "hhs")  # their day 0 is that somebody else was told
_WORDS = {"noticed": "noticed", "determined": "determined", "associate": "the business associate discovered"}


@dataclass(frozen=True)
class Clock:
    """One deadline, with all that explains it. ``due`` is UTC: the end of the local day, or the very moment for a period in hours."""

    key: str
    rule: str
    citation: str
    source: str
    mark: str
    checked: datetime.date
    edition: str
    audience: str
    whom: str
    place: Place | None
    where: tuple[str, ...]
    trigger: str
    started: datetime.date
    due: datetime.datetime
    due_on: datetime.date
    work_by: datetime.date
    amber: datetime.datetime
    arithmetic: str
    applies_because: str
    fixed: bool
    earliest: bool = False
    delayed_until: datetime.date | None = None
    note: str = ""
    conflict: str = ""


@dataclass(frozen=True)
class Kept:
    """Until when the papers of a breach are kept at least; None is for good."""

    key: str
    rule: str
    citation: str
    checked: datetime.date
    what: str
    until: datetime.date | None
    arithmetic: str


@dataclass(frozen=True)
class _Applying:
    """A rule that applies: for which one place, to those of which places ("": everybody), and why."""

    rule: Rule
    place: Place | None
    where: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class _Start:
    """Day 0 in words and as a day; for hours the moment."""

    words: str
    day: datetime.date
    moment: datetime.datetime


def clocks(facts: Facts) -> list[Clock]:
    """Every clock that runs under ``facts``, the first due first; of those for the same recipient the earliest say so (GEN-6).

    One without a fixed day governs only where no law names a day. Nothing is due later than its rule says but for a stored
    delay or extension (BR-15, BR-19, invariant 5).
    """
    applying = [each for rule in rules() if rule.in_force for each in _applying(rule, facts)]
    first = [clock for each in applying if each.rule.trigger not in _CHAINED for clock in _clock(each, _start(each.rule, facts), facts)]
    then = [clock for each in applying if each.rule.trigger in _CHAINED for clock in _clock(each, _told(each.rule, facts, first), facts)]
    return _governed(sorted([*first, *then], key=lambda clock: (clock.due, clock.key, clock.whom)))


def for_person(found: Iterable[Clock], place: Place) -> list[Clock]:
    """Of ``found`` those about the letter to somebody who lives at ``place``, the earliest marked (section 17: by residence)."""
    return _governed([clock for clock in found if clock.audience == "individuals" and covers(clock.where, place)])


def kept(facts: Facts) -> list[Kept]:
    """How long the papers are kept at least, by every rule that applies; the latest governs (GEN-6)."""
    return [_kept(keep, facts) for keep in keeps() if _place_or_flag(keep, facts) is not None]


def delay_ends(delay: Delay) -> datetime.date:
    """Until when law enforcement may make us wait: the written day; spoken, or without a day, 30 days after it was said (BR-15)."""
    longest = deadlines.after_days(delay.stated, delay_law().oral_days)
    if delay.kind == "written" and delay.until:
        return delay.until
    return min(delay.until, longest) if delay.until else longest


def _applying(rule: Rule, facts: Facts) -> Iterator[_Applying]:
    if facts.conclusion in rule.lifted_by or (rule.trigger == "associate" and not facts.associate):
        return
    if (rule.risk and facts.risk_to_rights and facts.risk_to_rights not in rule.risk) or not _kinds(rule, facts):
        return
    where = () if rule.or_flag in facts.flags else rule.where
    for place, words in _counted(rule, facts):
        more = [words, _kinds_words(rule, facts), CONCLUSIONS[facts.conclusion], "" if facts.affected else "nobody is confirmed yet"]
        yield _Applying(rule, place, where, "; ".join(filter(None, more)))


def _kinds(rule: Rule, facts: Facts) -> bool:
    return not rule.kinds or not facts.kinds or bool(facts.kinds & {*rule.kinds})


def _kinds_words(rule: Rule, facts: Facts) -> str:
    if not rule.kinds:
        return ""
    hit = [KINDS[kind] for kind in rule.kinds if kind in facts.kinds]
    return f"affected: {', '.join(hit)}" if hit else "the kinds of data are not said yet"


def _counted(rule: Rule, facts: Facts) -> Iterator[tuple[Place | None, str]]:
    """Where and how often the rule applies, with the words for its flags and counts."""
    flags = _place_or_flag(rule, facts)
    if flags is None:
        return
    people = {place: number for place, number in facts.residents().items() if rule.concerns(place)}
    groups: list[tuple[Place | None, int, str]]
    if rule.each_state:
        groups = [(place, number, f"{number} live in {place.name}") for place, number in people.items() if place.country == "US"]
    elif rule.where:
        groups = [(None, sum(people.values()), ", ".join(f"{number} live in {place.name}" for place, number in people.items()))]
    else:
        groups = [(None, facts.total, f"{facts.total} in all" if _threshold(rule) else "")]
    for place, number, words in groups:
        if _reached(rule, number):
            yield place, "; ".join(filter(None, [flags, words + _threshold(rule)]))


def _place_or_flag(rule: Rule | Keep, facts: Facts) -> str | None:
    """The flags' part of why ``rule`` applies, perhaps empty; None where it does not."""
    if rule.or_flag in facts.flags:
        return FLAGS[rule.or_flag]
    if rule.where and not any(rule.concerns(place) for place in facts.residents()):
        return None
    if not rule.flags:
        return ""
    return next((FLAGS[flag] for flag in rule.flags if flag in facts.flags), None)


def _threshold(rule: Rule) -> str:
    named = {"over": "more than", "at_least": "at least", "below": "fewer than"}
    return next((f", {words} {getattr(rule, name)}" for name, words in named.items() if getattr(rule, name) is not None), "")


def _reached(rule: Rule, number: int) -> bool:
    over, at_least, below = rule.over, rule.at_least, rule.below
    return (over is None or number > over) and (at_least is None or number >= at_least) and (below is None or number < below)


def _start(rule: Rule, facts: Facts) -> _Start:
    words, day = _WORDS.get(rule.trigger, "discovered"), facts.start
    if rule.trigger == "noticed":
        day = deadlines.local_day(facts.noticed_at, facts.zone)
    elif rule.trigger == "associate" and facts.associate:
        day = facts.associate.discovered
    elif rule.trigger == "determined" and facts.determined:
        day = max(facts.determined, facts.start)
    elif facts.start < facts.discovered:
        words = "our agent discovered" if facts.associate and facts.associate.agent else "the business associate told us"
    else:
        words = "discovered"
    return _Start(words, day, facts.noticed_at)


def _told(rule: Rule, facts: Facts, first: list[Clock]) -> _Start | None:
    """Day 0 of what follows upon another notice: the day that was sent, or while it was not the last day on which it may be."""
    audience, sent = ("hhs", facts.hhs_told) if rule.trigger == "hhs" else ("individuals", facts.individuals_told)
    who = "HHS" if audience == "hhs" else "individuals"
    dues = [clock.due_on for clock in first if clock.audience == audience and (not clock.where or {*clock.where} & {*rule.where})]
    if sent and (not dues or sent <= min(dues)):
        return _Start(f"{who} told", sent, facts.noticed_at)
    return _Start(f"{who} to be told by", min(dues), facts.noticed_at) if dues else None


def _clock(each: _Applying, start: _Start | None, facts: Facts) -> list[Clock]:
    if start is None:
        return []
    rule = each.rule
    if rule.hours:
        return [_hours(each, start, rule.hours, facts)]
    day, words = _run(rule, start, facts)
    due_on, until = _waited(day, facts) if rule.police_delay else (day, None)
    if until:
        words += f"; law enforcement asked to wait until {_told_day(until)}: send that day"
    amber = deadlines.after_days(start.day, rule.amber or (due_on - start.day).days // 2)
    ends = {"due": deadlines.end_of_day(due_on, facts.zone), "amber": deadlines.end_of_day(min(amber, due_on), facts.zone)}
    return [_made(each, start, due_on, words, until, work_by=deadlines.work_by(due_on, facts.practice_states), **ends)]


def _made(
    each: _Applying, start: _Start, due_on: datetime.date, words: str, until: datetime.date | None = None, *,
    due: datetime.datetime, amber: datetime.datetime, work_by: datetime.date,
) -> Clock:  # fmt: skip
    rule, place = each.rule, each.place
    return Clock(
        key=rule.key, rule=rule.rule, citation=rule.citation, source=rule.source, mark=rule.mark, checked=rule.checked, edition=edition(),
        audience=rule.audience, whom=rule.whom.format(place=place.name if place else ""), place=place, where=each.where,
        trigger=rule.trigger, started=start.day, due=due, due_on=due_on, work_by=work_by, amber=amber, arithmetic=words,
        applies_because=each.because, fixed=rule.promptly is None, delayed_until=until, note=rule.note, conflict=rule.conflict,
    )  # fmt: skip


def _hours(each: _Applying, start: _Start, hours: int, facts: Facts) -> Clock:
    due = deadlines.after_hours(start.moment, hours)
    local, begun = due.astimezone(facts.zone), start.moment.astimezone(facts.zone)
    words = f"{start.words} {_told_day(begun.date())} {begun:%H:%M} + {hours} hours = {_told_day(local.date())} {local:%H:%M}"
    amber = deadlines.after_hours(start.moment, hours // 2)
    return _made(each, replace(start, day=begun.date()), local.date(), words, due=due, amber=amber, work_by=local.date())


def _run(rule: Rule, start: _Start, facts: Facts) -> tuple[datetime.date, str]:
    """The last day of a period in days, and how it was found."""
    begun = f"{start.words} {_told_day(start.day)}"
    if rule.year_end_days:
        due = deadlines.after_year_of(start.day, rule.year_end_days)
        return due, f"{start.words} in {start.day.year}: 31 Dec {start.day.year} + {rule.year_end_days} days = {_told_day(due)}"
    if rule.yearly:
        due = deadlines.in_next_year(start.day, *map(int, rule.yearly.split("-")))
        return due, f"{start.words} in {start.day.year}: told in the next year by {_told_day(due)}"
    if rule.business_days:
        return _business(rule, start, begun)
    if rule.promptly:
        due = deadlines.after_days(start.day, rule.promptly)
        return due, f"{begun}: the law names no day; {rule.promptly} days by policy = {_told_day(due)}"
    return _days(rule, start, begun, facts)


def _days(rule: Rule, start: _Start, begun: str, facts: Facts) -> tuple[datetime.date, str]:
    more = rule.extension if rule.extension and any(each.clock == rule.key for each in facts.extensions) else 0
    due = deadlines.after_days(start.day, (rule.days or 0) + more)
    added = f" + {more} days for good cause" if more else ""
    return due, f"{begun} + {rule.days} days{added} = {_told_day(due)}"


def _business(rule: Rule, start: _Start, begun: str) -> tuple[datetime.date, str]:
    number = rule.business_days or 0
    due = deadlines.after_business_days(start.day, number)
    other = deadlines.latest_business_days(start.day, number, [place.removeprefix("US-") for place in rule.where] or ["CA"])
    doubt = f" ({_told_day(other)} if every holiday is left out: the earlier counts, GEN-3)" if other != due else ""
    return due, f"{begun} + {number} business days = {_told_day(due)}{doubt}"


def _waited(due: datetime.date, facts: Facts) -> tuple[datetime.date, datetime.date | None]:
    """The day a notice is due where law enforcement asked to wait before it was due; and that day again, if it moved (BR-19)."""
    moved = due
    for delay in sorted(facts.delays, key=lambda each: (each.stated, delay_ends(each))):
        if delay.stated <= moved:
            moved = max(moved, delay_ends(delay))
    return moved, moved if moved > due else None


def _governed(found: list[Clock]) -> list[Clock]:
    first: dict[str, tuple[bool, datetime.datetime]] = {}
    for clock in found:
        rank = (not clock.fixed, clock.due)
        first[clock.whom] = min(first.get(clock.whom, rank), rank)
    return [replace(clock, earliest=first[clock.whom] == (not clock.fixed, clock.due)) for clock in found]


def _kept(keep: Keep, facts: Facts) -> Kept:
    ended = facts.closed if keep.trigger == "closed" else None
    day = ended or facts.determined or facts.start
    until = None
    if not keep.forever:
        until = deadlines.after_months(day, keep.months or 12 * (keep.years or 0), "later")
    period = "for good" if until is None else f"{keep.months} months" if keep.months else f"{keep.years} years"
    words = f"{'closed' if ended else 'determined'} {_told_day(day)}, kept {period}"
    return Kept(keep.key, keep.rule, keep.citation, keep.checked, keep.what, until, words)


def _told_day(day: datetime.date) -> str:
    return f"{day.day} {day:%b %Y}"
