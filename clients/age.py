"""How old a client is to the practice: its states, its clock, and the date of birth. Ask behind a door that reaches the client."""

from __future__ import annotations

import datetime

from audit import clock
from practice.models import Practice
from practice.profile import zone_of

from . import majority
from .models import Client


def majority_of(client: Client) -> datetime.datetime | None:
    """When ``client``, a minor, comes of age (UTC); None for everybody else, and where no date of birth is known."""
    if client.kind != Client.Kind.MINOR or client.born_on is None:
        return None
    practice = Practice.objects.get()
    return majority.comes_of_age(client.born_on, practice.states, zone_of(practice.timezone))


def may_consent_alone(client: Client) -> bool:
    """Whether the law of the practice's states, as the data says, and the practice let ``client`` consent without a guardian (IC-31)."""
    practice = Practice.objects.get()
    age = majority.age_alone(practice.states) if practice.minors_alone else None
    if client.kind != Client.Kind.MINOR or client.born_on is None or age is None:
        return False
    return majority.begins(majority.birthday(client.born_on, age), zone_of(practice.timezone)) <= clock.now()


def limits_here() -> list[str]:
    """What the law of the practice's states adds for minors who consent alone, as sentences."""
    return majority.limits_alone(Practice.objects.get().states)
