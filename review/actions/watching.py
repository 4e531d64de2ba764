"""Going through the trail for signals, and what people say and decide about them (REV-1)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import cache
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BinaryField, BooleanField, CharField, DateField, DateTimeField, Func, IntegerField, QuerySet, UUIDField, Value

from audit import clock, trail
from audit.models import Act, Event
from audit.trail import Line
from clients.search import exactly, families
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import Practice, User
from practice.profile import zone_of
from practice.refusals import Refused
from practice.roles import STAFF
from review.models import Decision, Month, Position, Reply, Signal
from review.rules import Known, Watcher
from vault.tokens import token

JOB = "signals"
LATE = datetime.timedelta(
    minutes=10
)  # a line may be committed later than it was written: each run looks back this far, at least a rule's window
CHUNK = 2000
SUBJECT = "A colleague asks you something"
BODY = """A colleague would like to know about something that you did here. Sign in to answer:

{url}
"""


def watch() -> int:
    """Look through what the trail has new, from where the last run stood, and keep what the rules notice; returns how many were new.

    A run that is broken off goes on where it was; one that is repeated adds nothing.
    """
    now, before = clock.now(), Signal.objects.count()
    begun = Position.objects.filter(name=JOB).values_list("at", flat=True).first()
    watcher, at = _watcher(), (begun or now - datetime.timedelta(days=31)) - LATE
    for lines in _chunks(at):
        _keep(watcher, lines)
        Position.objects.update_or_create(name=JOB, defaults={"at": lines[-1].at})
    found = Signal.objects.count() - before
    if found:
        trail.recorder().write(Line(Act.SYSTEM, "review.signal", "watch"))
    return found


def _chunks(at: datetime.datetime) -> Iterator[list[Event]]:
    lines = Event.objects.exclude(actor_id=None).order_by("at", "id")
    last: tuple[datetime.datetime, int] | None = None
    while True:
        some = list(lines.filter(at__gt=at)[:CHUNK] if last is None else _after(lines, *last)[:CHUNK])
        if not some:
            return
        yield some
        last = (some[-1].at, some[-1].id)


def _after(lines: QuerySet[Event], at: datetime.datetime, ident: int) -> QuerySet[Event]:
    return lines.filter(at__gte=at).exclude(at=at, id__lte=ident)


def _keep(watcher: Watcher, lines: list[Event]) -> None:
    rows = [_row(watcher, name, client, line) for line in lines for name, client in watcher.signals(line)]
    Signal.objects.bulk_create(rows, ignore_conflicts=True)


def _row(watcher: Watcher, name: str, client: UUID | None, line: Event) -> Signal:
    assert line.actor_id
    day = line.at.astimezone(watcher.zone).date()
    return Signal(rule=name, person_id=line.actor_id, client_id=client, day=day, line=line.id, line_at=line.at)


def _watcher() -> Watcher:
    practice = Practice.objects.get()
    people = User.objects.filter(roles__overlap=sorted(STAFF))
    return Watcher(zone_of(practice.timezone), {person.pk: _known(person) for person in people}, cache(_relation), _called())


def _known(person: User) -> Known:
    name, mail = str(person.name), str(person.email)
    themself = [exactly(name)[1], token("mail", mail.strip().casefold())]
    return Known(families(name.split()[-1] if name.split() else ""), themself, person.leaves_at)


def _relation(person: UUID, client: UUID, moment: datetime.datetime) -> str:
    values = (Value(person, UUIDField()), Value(client, UUIDField()), Value(moment, DateTimeField()))
    asked = Func(*values, function="review_relation", output_field=CharField())
    found: str = Practice.objects.values_list(asked, flat=True).get()
    return found


def _called() -> Callable[[UUID, list[bytes]], bool]:
    """Whether a client is found by one of some tokens; each pair is asked once a run."""
    known: dict[tuple[UUID, tuple[bytes, ...]], bool] = {}

    def called(client: UUID, tokens: list[bytes]) -> bool:
        key = (client, tuple(tokens))
        if key not in known:
            values = (Value(client, UUIDField()), Value(tokens, ArrayField(BinaryField())))
            asked = Func(*values, function="review_called", output_field=BooleanField())
            known[key] = Practice.objects.values_list(asked, flat=True).get()
        return known[key]

    return called


# --- what people say and decide ---


def ask_to_explain(signal: Signal, *, by: User) -> None:
    """Ask the colleague about ``signal``: it waits for them on Home, and a mail says that something does. Asked again, nothing happens."""
    if signal.asked_at is not None:
        return
    Signal.objects.filter(pk=signal.pk).update(asked_at=clock.now(), asked_by=by)
    trail.change(signal, "ask_to_explain")
    outbox.queue("explain", signal.person.email, SUBJECT, BODY.format(url=site_link("home")))


def explain(signal: Signal, words: str, *, by: User) -> Reply:
    """The colleague's answer, as given. Raises Refused for an empty one, for a second, and for anybody else's."""
    if signal.person_id != by.pk or signal.asked_at is None:
        raise Refused("REV-1", "You were not asked about this.", "")
    if not words.strip():
        raise Refused("REV-1", "An empty answer explains nothing.", "Say what you needed there.")
    if Reply.objects.filter(signal=signal).exists():
        raise Refused("REV-1", "You answered this already.", "Talk to whoever asked, if there is more.")
    row = Reply(signal=signal)
    row.words = words.strip()
    row.save(force_insert=True)
    trail.change(row, "explain_signal")
    return row


def decide(signal: Signal, *, by: User, outcome: str, finding: str) -> Decision:
    """What ``by`` found: closed, or escalated to the breach workbench; final. Raises Refused without words, and for a second time."""
    if not finding.strip():
        raise Refused("REV-1", "A finding is words.", "Say what you looked at and what it was.")
    if Decision.objects.filter(signal=signal).exists():
        raise Refused("REV-1", "This was decided already, and a finding is final.", "")
    now = clock.now()
    Signal.objects.filter(pk=signal.pk).update(decided_at=now)
    row = Decision(signal=signal, outcome=Decision.Outcome(outcome), decided_by=by, decided_at=now)
    row.finding = finding.strip()
    row.save(force_insert=True)
    trail.change(row, f"signal_{row.outcome}")
    return row


def sign_month(begins: datetime.date, *, by: User) -> Month:
    """``by`` signs that the month was reviewed, for good. Raises Refused (REV-1) before its end, and while a signal of it is undecided.

    Also one about ``by`` counts, whom they do not see: another admin decides it.
    """
    practice = Practice.objects.get()
    zone = zone_of(practice.timezone)
    ends = _next_month(begins)
    if begins.day != 1 or clock.now() < datetime.datetime.combine(ends, datetime.time(), tzinfo=zone):
        raise Refused("REV-1", "This month is not over.", "Sign it when it is.")
    values = (Value(begins, DateField()), Value(ends, DateField()))
    asked = [Func(*values, Value(state), function="review_count", output_field=IntegerField()) for state in ("open", "all", "escalated")]
    open_, all_, escalated = Practice.objects.values_list(*asked).get()
    if open_:
        raise Refused("REV-1", f"{open_} of its signals wait for a decision.", "Decide them; another admin decides those about you.")
    month = [datetime.datetime.combine(day, datetime.time(), tzinfo=zone) for day in (begins, ends)]
    lines = trail.lines().filter(at__gte=month[0], at__lt=month[1]).count()
    row = Month.objects.create(begins=begins, signals=all_, escalated=escalated, lines=lines, signed_by=by)
    trail.change(row, "sign_month")
    return row


def _next_month(begins: datetime.date) -> datetime.date:
    """The first day of the month after that of ``begins``."""
    return (begins.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
