"""Where an incident stands, and which step leads where."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    """The steps of an incident. A near miss is an outcome of its own, with a finding; what is over is never changed again."""

    REPORTED = "reported", "reported"
    CONTAINED = "contained", "contained"
    ASSESSING = "assessing", "being assessed"
    NOTIFYING = "notifying", "being notified"
    CLOSED = "closed", "closed"
    NEAR_MISS = "near_miss", "near miss"


# From a state to those that may follow. What goes on again, and what turns out otherwise, leads back; what is over leads nowhere.
STEPS: dict[State, tuple[State, ...]] = {
    State.REPORTED: (State.CONTAINED, State.ASSESSING, State.NEAR_MISS),
    State.CONTAINED: (State.REPORTED, State.ASSESSING, State.NEAR_MISS),
    State.ASSESSING: (State.CONTAINED, State.NOTIFYING, State.CLOSED, State.NEAR_MISS),
    State.NOTIFYING: (State.ASSESSING, State.CLOSED),
    State.CLOSED: (),
    State.NEAR_MISS: (),
}
OPEN = tuple(state for state in State if STEPS[state])
