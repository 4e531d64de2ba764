"""The verbs of the room: keys and cabinets, files, taking out and bringing back, losing, scanning and shredding. Each leaves its line."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from audit import clock, trail
from audit.models import Act
from audit.trail import Line
from clients.models import Client
from clients.shredding import require_free
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from review.models import Reminder

from . import access
from .models import Cabinet, Checkout, KeyHolder, Lock, PaperFile, Shredding
from .rules import LONGEST, steps

State = PaperFile.State
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none is taken for another
SUBJECT = "Something has to be brought back"
BODY = """Something that you look after should be back by now. Sign in to see what it is:

{url}
"""


@dataclass(frozen=True)
class Loss:
    """Paper that nobody finds: the file, the way out it did not come back from, if any, and whether the house says so by itself."""

    file: PaperFile
    checkout: Checkout | None
    unasked: bool


# Called with a loss and whoever says so, or looks after paper: a room to the right opens an incident (PA-4).
losing: list[Callable[[Loss, User], None]] = []


@dataclass(frozen=True)
class Trip:
    """Why a file leaves its cabinet, where to, how, and until when."""

    purpose: str
    destination: str
    due_at: datetime.datetime
    off_site: bool = False
    transport: str = Checkout.Transport.BY_HAND


# --- locks, cabinets, keys (PA-1) ---------------------------------------------------------------------------------------------


def add_lock(name: str, *, by: User, originator: User | None = None) -> Lock:
    """A lock by its ``name``; for the psychotherapy notes of ``originator`` alone, if any (PA-6). Raises Refused for a taken name."""
    if not name.strip() or Lock.objects.filter(name=name.strip()).exists():
        raise Refused("PA-1", "A lock has a name of its own.", "Choose one that is not taken.")
    lock = Lock.objects.create(name=name.strip(), originator=originator)
    trail.change(lock, "add_lock")
    return lock


def add_cabinet(name: str, place: str, lock: Lock, *, by: User) -> Cabinet:
    """A cabinet behind ``lock``. Raises Refused where the name is taken."""
    if not name.strip() or Cabinet.objects.filter(name=name.strip()).exists():
        raise Refused("PA-1", "A cabinet has a name of its own.", "Choose one that is not taken.")
    cabinet = Cabinet.objects.create(name=name.strip(), place=place.strip(), lock=lock)
    trail.change(cabinet, "add_cabinet")
    return cabinet


def give_key(lock: Lock, person: User, *, by: User) -> KeyHolder:
    """``person`` is given a key. Raises Refused for a second one, and where others would reach psychotherapy notes (PA-6)."""
    if KeyHolder.objects.filter(lock=lock, person=person, returned_at=None).exists():
        raise Refused("PA-1", "They have a key of this lock.", "")
    if lock.originator_id not in (None, person.pk):
        raise Refused("PA-6", "Only who wrote psychotherapy notes has the key to them, and this lock is for some.", "")
    row = KeyHolder.objects.create(lock=lock, person=person)
    trail.change(row, "give_key")
    return row


def take_key(row: KeyHolder, *, by: User) -> None:
    """The key is back."""
    row.returned_at = clock.now()
    row.save(update_fields=["returned_at"])
    trail.change(row, "take_key")


def _holders(lock: Lock) -> set[object]:
    return set(KeyHolder.objects.filter(lock=lock, returned_at=None).values_list("person", flat=True))


# --- files --------------------------------------------------------------------------------------------------------------------


def add_file(client: Client, cabinet: Cabinet, *, by: User, apart: bool = False) -> PaperFile:
    """A file of ``client`` in ``cabinet``, with a label that says nothing. ``apart``: psychotherapy notes of ``by``.

    Raises Refused where these would stand with the client's file, behind its lock, or where anybody else has a key (PA-6).
    """
    _require_place(cabinet.lock, by if apart else None)
    kind = PaperFile.Kind.PSYCHOTHERAPY if apart else PaperFile.Kind.MAIN
    row = PaperFile(client=client, label=_label(), kind=kind, originator=by if apart else None, cabinet=cabinet)
    row.save(force_insert=True)
    trail.change(row, "add_paper")
    return row


def _label() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _require_place(lock: Lock, originator: User | None) -> None:
    if originator and lock.originator_id != originator.pk:
        words = "Psychotherapy notes are kept in a separate folder behind a separate lock, of which only who wrote them has the key."
        raise Refused("PA-6", words, "Ask an admin for a lock of your own.")
    if originator is None and lock.originator_id:
        raise Refused("PA-6", "Psychotherapy notes are kept behind this lock.", "Choose a cabinet with another lock.")


# --- out and back (PA-2) ------------------------------------------------------------------------------------------------------


def take_out(file: PaperFile, trip: Trip, *, by: User) -> Checkout:
    """``by`` takes ``file``, or asks to where it leaves the house. Raises Refused by rule."""
    _require_here(file, by)
    _require_trip(trip)
    row = Checkout(file=file, client=file.client, out_by=by, transport=trip.transport, off_site=trip.off_site, due_at=trip.due_at)
    row.purpose, row.destination = trip.purpose.strip(), trip.destination.strip()
    row.out_at = None if trip.off_site else clock.now()
    row.save(force_insert=True)
    if row.out_at:
        _become(file, State.OUT)
    trail.change(file, "ask_paper_out" if trip.off_site else "take_paper_out")
    return row


def _require_here(file: PaperFile, by: User) -> None:
    if Checkout.objects.filter(file=file, in_at=None, lost_at=None).exists():
        raise Refused("PA-2", "This file is out, or somebody asked to take it.", "Ask whoever has it.")
    if file.state != State.IN:
        raise Refused("PA-2", f"This file is {file.get_state_display()}.", "")
    if by.pk not in _holders(file.cabinet.lock):
        raise Refused("PA-1", "You have no key of this cabinet.", "Ask a colleague who has one, or an admin for a key.")


def _require_trip(trip: Trip) -> None:
    now = clock.now()
    if not trip.purpose.strip():
        raise Refused("PA-2", "What a file is taken for is written down.", "A few words are enough.")
    if not now < trip.due_at <= now + datetime.timedelta(hours=LONGEST):
        raise Refused("PA-2", f"A file is back within {LONGEST} hours.", "Choose an earlier moment to come.")
    if trip.off_site and (trip.transport != Checkout.Transport.LOCKED or not trip.destination.strip()):
        raise Refused("PA-2", "What leaves the house travels in a locked bag, and to a place that is written down.", "Say where to.")


def approve(row: Checkout, *, by: User) -> None:
    """``by`` lets a file leave the house; it is out from now on. Raises Refused for one's own, and once its time is over."""
    if row.out_by_id == by.pk:
        raise Refused("PA-2", "Nobody approves this for themself.", "Another admin does.")
    if row.due_at <= clock.now():
        raise Refused("PA-2", "The time that was asked for is over.", "Have it asked for anew.")
    row.approved_by, row.out_at = by, clock.now()
    row.save(update_fields=["approved_by", "out_at"])
    _become(row.file, State.OUT)
    trail.change(row.file, "approve_paper_out")


def bring_back(row: Checkout, condition: str, *, by: User) -> None:
    """The file is back in its cabinet (or what was asked is taken back). Found again, it was lost all the same: the incident stays."""
    row.in_at, row.condition = clock.now(), condition.strip()
    row.save(update_fields=["in_at", "condition", "version"])
    _become(row.file, State.IN)
    trail.change(row.file, "bring_paper_back")


def _become(file: PaperFile, state: str) -> None:
    file.state = state
    file.save(update_fields=["state"])


def lose(file: PaperFile, *, by: User, unasked: bool = False) -> None:
    """Nobody knows where ``file`` is: presumed a breach, and an incident in the same transaction (PA-4). Raises Refused twice."""
    if file.state not in (State.IN, State.OUT):
        raise Refused("PA-4", f"This file is {file.get_state_display()}.", "")
    out = Checkout.objects.filter(file=file, in_at=None, lost_at=None, out_at__isnull=False)
    loss = Loss(file, out.only("file", "due_at").first(), unasked)
    out.update(lost_at=clock.now())
    _become(file, State.LOST)
    trail.change(file, "lose_paper")
    for open_incident in losing:
        open_incident(loss, by)


def lose_overdue(*, by: User) -> int:
    """What nobody brought back in three days is lost, for all that the house knows: said once, in the name of ``by``, an admin.

    For the job. Whoever stops in the middle leaves nothing behind, and the next run begins anew (PA-3). Returns how many that were.
    """
    due = access.given_up_checkouts(by).values_list("file", flat=True)
    files = PaperFile.objects.filter(pk__in=list(due), state=State.OUT).order_by("pk").select_for_update(skip_locked=True)
    for file in (found := list(files)):
        lose(file, by=by, unasked=True)
    return len(found)


# --- scanned, then shredded (PA-5) -----------------------------------------------------------------------------------------------


def scan(file: PaperFile, pages: int, *, by: User) -> Shredding:
    """``by`` scanned ``file`` and counted its pages. Raises Refused while it is out, and without a page."""
    if file.state != State.IN or pages < 1:
        raise Refused("PA-5", "A file is scanned while it is here, and has at least one page.", "Bring it back first.")
    row = Shredding(file=file, client=file.client, pages=pages, scanned_by=by)
    row.save(force_insert=True)
    _become(file, State.SCANNED)
    trail.change(file, "scan_paper")
    return row


def verify_scan(row: Shredding, pages: int, legible: bool, *, by: User) -> None:
    """A second person counted the pages of the scan and can read them all. Raises Refused for who scanned it, and where either fails."""
    if row.scanned_by_id == by.pk:
        raise Refused("PA-5", "Whoever scanned it does not verify the scan.", "A second person does.")
    if pages != row.pages:
        raise Refused("PA-5", f"You counted {pages}, and {row.pages} were scanned.", "Count again together, and scan what is missing.")
    if not legible:
        raise Refused("PA-5", "A page that nobody can read is no copy.", "Scan it again.")
    row.verified_by, row.verified_at = by, clock.now()
    row.save(update_fields=["verified_by", "verified_at"])
    _become(row.file, State.VERIFIED)
    trail.change(row.file, "verify_paper_scan")


def shred_paper(row: Shredding, *, by: User) -> None:
    """The paper was shredded; blacking out is not destruction. Raises Refused before the scan was verified, for who may not know of a
    hold, and on hold (RET-22)."""
    if row.verified_at is None or row.file.state != State.VERIFIED:
        raise Refused("PA-5", "Nobody verified the scan.", "A second person counts the pages and reads them.")
    if not access.shreddable_files(by).filter(pk=row.file_id).exists():
        raise Refused("RET-22", "Only the care team and admins may know whether a hold keeps this paper.", "Ask one of them to shred it.")
    require_free(row.client)
    row.destroyed_by, row.destroyed_at = by, clock.now()
    row.save(update_fields=["destroyed_by", "destroyed_at"])
    _become(row.file, State.DESTROYED)
    trail.change(row.file, "shred_paper")


# --- what is late (PA-3) ---------------------------------------------------------------------------------------------------------


def remind_of_paper(*, by: User) -> int:
    """Tell ``by`` of what should be back: their own at the moment it was due, admins of anybody's a day later; once each."""
    now, told = clock.now(), set(Reminder.objects.filter(person=by.pk).values_list("kind", "due"))
    due: set[tuple[str, datetime.datetime]] = set()
    for row in _late(by):
        found = steps(row.due_at, now)
        due |= {("paper", row.due_at)} if "overdue" in found and row.out_by_id == by.pk else set()
        due |= {("paper-day", row.due_at)} if "officer" in found and by.holds(Role.ADMIN) else set()
    for kind, moment in sorted(due - told):
        Reminder(kind=kind, due=moment, person=by).save(force_insert=True)
        outbox.queue("paper", by.email, SUBJECT, BODY.format(url=site_link("home")))
    if due - told:
        trail.recorder().write(Line(Act.SYSTEM, "paper.checkout", "late"))
    return len(due - told)


def _late(by: User) -> QuerySet[Checkout]:
    return access.overdue_checkouts(by).select_related(None).only("due_at", "out_by").order_by()
