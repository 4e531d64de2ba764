"""What the clocks of a breach are worked out from, without any name: where those affected live, what was known when, who asked to wait."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from practice.states import STATES

# What kinds of data can be affected. Nothing said at all counts as all of them.
KINDS = {
    "name": "names or addresses",
    "ssn": "Social Security numbers",
    "government_id": "licenses, passports or other government numbers",
    "account": "bank or card numbers",
    "login": "user names with passwords",
    "medical": "health information",
    "insurance": "insurance numbers",
    "biometric": "fingerprints, voice or face data",
    "part2": "substance use records under 42 CFR Part 2",
    "psychotherapy": "psychotherapy notes",
}
FLAGS = {
    "is_covered_entity": "the practice is covered by HIPAA",
    "is_part2_program": "the practice is a Part 2 program",
    "holds_part2_records": "the practice holds Part 2 records",
    "ca_licensed_clinic": "the practice is a clinic licensed in California",
    "gdpr": "the GDPR holds for the practice",
    "uk_gdpr": "the UK GDPR holds for the practice",
    "pipeda": "PIPEDA holds for the practice",
    "phipa_on": "PHIPA holds for the practice",
    "au_privacy": "Australia's Privacy Act holds for the practice",
}
COUNTRIES = {"US": "the United States", "CA": "Canada", "GB": "the United Kingdom", "AU": "Australia"}
CONCLUSIONS = {
    "presumed": "presumed a breach while nobody has shown otherwise",
    "breach": "decided to be a breach",
    "low_probability": "a low probability of compromise was shown",
    "exception": "an exception was found to hold",
    "safe_harbor": "the data was encrypted or destroyed as HHS names it",
}
Conclusion = Literal["presumed", "breach", "low_probability", "exception", "safe_harbor"]
Risk = Literal["", "none", "risk", "high"]


@dataclass(frozen=True)
class Place:
    """Where somebody lives: country code, and the state (United States) or province (Canada); "" where it is not known or there is none."""

    country: str = "US"
    state: str = ""

    @property
    def code(self) -> str:
        """As the law files write it: "US-OR", "CA-ON", "GB"."""
        return f"{self.country}-{self.state}" if self.state else self.country

    @property
    def name(self) -> str:
        """In words."""
        if self.country == "US" and self.state:
            return dict(STATES).get(self.state, self.state)
        return COUNTRIES.get(self.code, {"CA-ON": "Ontario", "CA-QC": "Québec"}.get(self.code, self.code))


@dataclass(frozen=True)
class Affected:
    """How many people of one place are affected."""

    place: Place
    people: int
    minors: int = 0


@dataclass(frozen=True)
class Delay:
    """Law enforcement asked to wait: since ``stated``, until the day they named. Spoken it holds 30 days at most (BR-15)."""

    kind: Literal["written", "oral"]
    stated: datetime.date
    until: datetime.date | None = None


@dataclass(frozen=True)
class Extension:
    """More time that a rule itself allows, with its cause: ``clock`` is the key of the rule's table in breaches/law."""

    clock: str
    cause: str


@dataclass(frozen=True)
class Associate:
    """A business associate had it. Of an agent's discovery we are deemed to know; else our clock starts when they tell us (BR-14)."""

    discovered: datetime.date
    agent: bool
    told: datetime.date | None = None


@dataclass(frozen=True)
class Facts:
    """What is known. ``discovered`` is the earliest local day on which anyone of the workforce knew (BR-5)."""

    discovered: datetime.date
    noticed_at: datetime.datetime
    zone: ZoneInfo
    practice_states: tuple[str, ...] = ()
    country: str = "US"
    affected: tuple[Affected, ...] = ()
    kinds: frozenset[str] = frozenset()
    conclusion: Conclusion = "presumed"
    delays: tuple[Delay, ...] = ()
    flags: frozenset[str] = frozenset({"is_covered_entity"})
    risk_to_rights: Risk = ""
    associate: Associate | None = None
    determined: datetime.date | None = None
    individuals_told: datetime.date | None = None
    hhs_told: datetime.date | None = None
    closed: datetime.date | None = None
    extensions: tuple[Extension, ...] = ()

    @property
    def total(self) -> int:
        """How many people are affected, wherever they live; one at least, while nobody is confirmed."""
        return sum(each.people for each in self.affected) or 1

    def residents(self) -> Counter[Place]:
        """People by place. Whose state is not known counts in every state of the practice, as does somebody while nobody is confirmed."""
        found: Counter[Place] = Counter()
        homes = [Place(self.country, state) for state in self.practice_states] or [Place(self.country)]
        for each in self.affected or (Affected(Place(self.country), 1),):
            unknown = each.place.country in ("", "US") and not each.place.state
            for place in homes if unknown else [each.place]:
                found[place] += each.people
        return found

    @property
    def start(self) -> datetime.date:
        """Day 0 of the notices: the discovery, or what is deemed to be it where a business associate had the data (BR-14)."""
        ours = self.associate and (self.associate.discovered if self.associate.agent else self.associate.told)
        return min(self.discovered, ours) if ours else self.discovered
