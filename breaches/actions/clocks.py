"""Working the clocks out anew with their history, what was done about each, why one may run longer, and reminding (GEN-7, BR-15)."""

from __future__ import annotations

import datetime
from dataclasses import fields

from audit import clock, trail
from audit.models import Act
from audit.trail import Line
from breaches import clocks
from breaches.models import OPEN, ClockRow, ClockRun, Delay, Entry, Incident, Mark, Reminder, Suspect
from breaches.standing import Standing, facts_of, last_run, standings
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role

from .timeline import write

SUBJECT = "A date comes near"
BODY = """A date that you look after comes near, or is over. Sign in to see which:

{url}
"""
_SAME = {each.name for each in fields(clocks.Clock)} - {"applies_because", "place", "where", "trigger"}


def _row(found: clocks.Clock, incident: Incident, run: int, cause: str) -> ClockRow:
    told = {name: getattr(found, name) for name in _SAME}
    place = found.place.code if found.place else ""
    return ClockRow(incident=incident, run=run, cause=cause, because=found.applies_because[:1000], place=place, **told)


def rework(incident: Incident, cause: str, *, by: User) -> bool:
    """Work the clocks of ``incident`` out from what is known now. Where anything moved, they are a new run with its ``cause``.

    No clock moves later without one: what moved stands in the timeline (invariant 5). Returns whether anything did.
    """
    before, found = {(row.key, row.whom): row for row in last_run([incident.pk])}, clocks.clocks(facts_of(incident))
    now = {(each.key, each.whom): each for each in found}
    if before.keys() == now.keys() and all(_is_same(before[key], now[key]) for key in now):
        return False
    run = ClockRun.objects.filter(incident=incident).count() + 1
    ClockRun(incident=incident, number=run, cause=cause).save(force_insert=True)
    ClockRow.objects.bulk_create([_row(each, incident, run, cause) for each in found])
    if before:
        later = [f"{each.whom} to {each.due_on:%-d %b %Y}" for key, each in now.items() if key in before and each.due > before[key].due]
        words = f"Clocks worked out anew: {cause}."
        write(incident, Entry.Kind.FACT, words + (f" Later now: {', '.join(later)}." if later else ""), by=by)
    return True


def _is_same(row: ClockRow, found: clocks.Clock) -> bool:
    same = all(getattr(row, name) == getattr(found, name) for name in ("due", "delayed_until", "earliest", "arithmetic", "edition"))
    return same and row.because == found.applies_because[:1000]


def mark(incident: Incident, each: Standing, state: str, on: datetime.date, words: str, *, by: User) -> Mark:
    """What was done about a clock: sent on a day, or not required; both say how or why. Raises Refused without words (BR-16, SB-12).

    "Open" takes it back; that was said stays.
    """
    if not words.strip():
        raise Refused("BR-16", "How it was sent, or why not, is written down.", "Say which way and where the proof is, or why.")
    if on > clock.today():
        raise Refused("BR-16", "That day is still to come.", "Say when it was sent.")
    row = Mark(incident=incident, key=each.clock.key, whom=each.clock.whom, state=Mark.State(state), on=on, by=by)
    row.words = words.strip()
    row.save(force_insert=True)
    write(incident, Entry.Kind.FACT, f"{each.clock.whom[:1].upper()}{each.clock.whom[1:]}: {row.get_state_display()}.", by=by)
    rework(incident, f"{each.clock.whom}: {row.get_state_display()}"[:120], by=by)
    return row


def delay(incident: Incident, kind: str, stated_on: datetime.date, *, by: User, until: datetime.date | None = None, **told: str) -> Delay:
    """Why clocks may run longer. ``told``: official, agency, words, and for good cause the key of the clock. Clocks are worked out anew.

    Raises Refused (BR-15) for law enforcement without official and agency, for a spoken request of more than 30 days, and (GEN-7) for
    a cause without words.
    """
    kinds = Delay.Kind
    if kind != kinds.CAUSE and not (told.get("official", "").strip() and told.get("agency", "").strip()):
        raise Refused("BR-15", "Who asked to wait, and for which agency, is not said.", "A nameless request delays nothing.")
    if kind == kinds.ORAL and until and until > stated_on + datetime.timedelta(days=30):
        raise Refused("BR-15", "A spoken request holds 30 days at most.", "Ask for it in writing.")
    if kind == kinds.CAUSE and not (told.get("words", "").strip() and told.get("key")):
        raise Refused("GEN-7", "More time needs a cause, and the clock it is for.", "Say both.")
    row = Delay(incident=incident, kind=kinds(kind), stated_on=stated_on, until=until, key=told.pop("key", ""), recorded_by=by)
    for name, words in told.items():
        setattr(row, name, words.strip())
    row.save(force_insert=True)
    trail.change(incident, "incident_delay")
    rework(incident, str(row.get_kind_display()), by=by)
    return row


# --- reminders ------------------------------------------------------------------------------------------------------------


def remind() -> int:
    """Remind the privacy officers once when a clock turns amber and once when it turns red or is over; run by the beat as the worker.

    Not in a drill, and nobody who may be the cause. Returns how many reminders are new.
    """
    some = list(Incident.objects.filter(state__in=OPEN, drill=False).defer("title", "what", "cause"))
    new = 0
    for incident, found in zip(some, standings(some).values(), strict=True):
        fresh = [each for each in found if each.clock.earliest and _reminds(incident, each)]
        new += len(fresh)
        for person in _officers(incident) if fresh else []:
            outbox.queue("clock", person.email, SUBJECT, BODY.format(url=site_link("home")))
    return new


def _reminds(incident: Incident, each: Standing) -> bool:
    stage = {"amber": "amber", "red": "red", "over": "red"}.get(each.stage)
    if stage is None:
        return False
    known = {"incident": incident, "key": each.clock.key, "whom": each.clock.whom, "stage": stage, "due": each.clock.due}
    if Reminder.objects.filter(**known).exists():
        return False
    Reminder(**known).save(force_insert=True)
    trail.recorder().write(Line(Act.SYSTEM, "breaches.incident", f"remind_{stage}", incident.pk))
    return True


def _officers(incident: Incident) -> list[User]:
    named = Suspect.objects.filter(incident=incident, cleared_at=None).values("user")
    return list(User.objects.working().filter(roles__contains=[Role.ADMIN]).exclude(pk__in=named))
