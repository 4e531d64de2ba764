"""The steps at the side of an incident: which are done, which is at hand, and what else can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from breaches.models import STEPS, Affected, Incident, State
from breaches.standing import is_urgent

_ORDER = (State.REPORTED, State.CONTAINED, State.ASSESSING, State.NOTIFYING, State.CLOSED)
_WORDS = {
    State.REPORTED: "Reported",
    State.CONTAINED: "Contained",
    State.ASSESSING: "Assess",
    State.NOTIFYING: "Notify",
    State.CLOSED: "Close",
}
_BUTTONS = {
    State.REPORTED: "It goes on: back to reported",
    State.CONTAINED: "It is contained",
    State.ASSESSING: "Go on to the assessment",
    State.NOTIFYING: "Go on to notices",
}
TONES = {
    State.REPORTED: "danger",
    State.CONTAINED: "warn",
    State.ASSESSING: "wait",
    State.NOTIFYING: "wait",
    State.CLOSED: "good",
    State.NEAR_MISS: "info",
}


@dataclass(frozen=True)
class Step:
    """One step: its words, and "done", "now" or "later"."""

    words: str
    when: str


def steps_of(incident: Incident) -> dict[str, Any]:
    """For the template: the steps, the state's tone, and which states may follow, as buttons."""
    now = State(incident.state)
    at = _ORDER.index(now) if now in _ORDER else len(_ORDER)
    when = ["done" if place < at or now == State.CLOSED else "now" if place == at else "later" for place in range(len(_ORDER))]
    steps = [] if now == State.NEAR_MISS else [Step(_WORDS[state], word) for state, word in zip(_ORDER, when, strict=True)]
    buttons = [(state.value, _BUTTONS[state]) for state in STEPS[now] if state in _BUTTONS]
    urgent = incident.is_open and is_urgent(incident)
    return {
        "steps": steps,
        "tone": TONES[now],
        "buttons": buttons,
        "may_miss": State.NEAR_MISS in STEPS[now],
        "urgent": urgent,
    }


def counts(rows: QuerySet[Affected]) -> dict[str, int]:
    """How many are to confirm, confirmed, and taken out; and of how many nobody said where they live."""
    inside = rows.filter(removed_at=None)
    return {
        "all": inside.count(), "waiting": inside.filter(confirmed_at=None).count(), "out": rows.exclude(removed_at=None).count(),
        "homeless": inside.filter(home_said=False).count(), "minors": inside.filter(minor=True).count(),
    }  # fmt: skip
