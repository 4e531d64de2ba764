"""The verbs of the record. Each leaves its line in the transaction of its change."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from audit import clock, trail
from clients.models import Client
from practice.models import Practice, User
from vault.tokens import fingerprint

from .kinds import PROGRESS_ONLY, parts_of
from .models import Addendum, Kind, Note, NoteSave, Participant, Session


class Refused(Exception):
    """A rule says no. ``rule`` is its id in the rulebook; the message says why and what to do."""

    def __init__(self, rule: str, words: str) -> None:
        super().__init__(words)
        self.rule = rule
        self.words = words


class Conflict(Exception):
    """The draft was saved elsewhere since this text was loaded; nothing was overwritten. ``note`` holds the other text."""

    def __init__(self, note: Note, mine: Mapping[str, str]) -> None:
        super().__init__("The note was changed elsewhere.")
        self.note = note
        self.mine = dict(mine)


# --- sessions -----------------------------------------------------------------------------------------------------------


def plan_session(
    client: Client,
    *,
    by: User,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    modality: str,
    place: str = "",
    participants: Iterable[Client] = (),
) -> Session:
    """A session of ``client`` with ``by``; times are aware. ``participants`` are members of the unit who come."""
    session = Session(client=client, counselor=by, starts_at=starts_at, ends_at=ends_at, modality=modality, place=place)
    session.save(force_insert=True)
    Participant.objects.bulk_create([Participant(session=session, client=person) for person in participants])
    _touch(client)
    trail.change(session, "plan_session")
    return session


def change_session(session: Session, *, by: User, **values: Any) -> None:
    """Change time, modality, place or outcome of a session."""
    for name in ("starts_at", "ends_at", "modality", "place", "outcome"):
        if name in values:
            setattr(session, name, values[name])
    session.save()
    trail.change(session, "change_session")


def record_outcome(session: Session, outcome: str, *, by: User) -> None:
    """Attended, cancelled late, or did not come."""
    session.outcome = Session.Outcome(outcome)
    session.save(update_fields=["outcome"])
    trail.change(session, f"outcome_{outcome}")


def _touch(client: Client) -> None:
    client.recent_at = clock.now()
    client.save(update_fields=["recent_at"])


# --- notes --------------------------------------------------------------------------------------------------------------


def begin_note(client: Client, *, by: User, kind: str, session: Session | None = None, ident: UUID | None = None) -> Note:
    """A draft of ``by``. ``ident`` is the id the form was given, so that a form sent twice begins one note.

    Late entry is decided here, by the server's clock and the session's end.
    """
    already = Note.objects.filter(pk=ident, author=by, client=client).first() if ident else None
    if already:
        return already
    note = Note(client=client, session=session, kind=Kind(kind), author=by, late_entry=_is_late(session))
    if ident:
        note.pk = ident
    note.save(force_insert=True)
    _touch(client)
    trail.change(note, "begin_note")
    return note


def _is_late(session: Session | None) -> bool:
    if session is None:
        return False
    grace = datetime.timedelta(hours=Practice.objects.get().late_after_hours)
    return clock.now() > session.ends_at + grace


def _only_parts(note: Note, content: Mapping[str, str]) -> dict[str, str]:
    """The parts this kind of note has; a psychotherapy note refuses what belongs in the progress note (REC-2)."""
    if note.kind == Kind.PSYCHOTHERAPY and any(content.get(key) for key in PROGRESS_ONLY):
        raise Refused(
            "REC-2",
            "Diagnosis, symptoms, plan, progress and the like belong in the progress note: a psychotherapy note may not hold them. "
            "Write them in a progress note of the same session.",
        )
    return {part.key: content.get(part.key, "") for part in parts_of(note.kind)}


def save_note(note: Note, content: Mapping[str, str], *, by: User, version: int, key: UUID) -> Note:
    """Save a draft (found by the door, locked). ``version`` is the one the writer saw, ``key`` makes a resend harmless.

    Raises Conflict if the draft moved on since; nothing is overwritten then. Raises Refused by REC-2.
    """
    if NoteSave.objects.filter(pk=key, note=note).exists():
        return note
    wanted = _only_parts(note, content)
    if version != note.version:
        raise Conflict(note, wanted)
    note.content, note.saved_at = wanted, clock.now()
    note.save()
    NoteSave.objects.create(key=key, note=note, note_version=note.version)
    trail.change(note, "save_note")
    return note


def shown_hash(note: Note) -> bytes:
    """The keyed fingerprint of what a signer sees: kind, text and version (32 bytes)."""
    return fingerprint("note", json.dumps([str(note.pk), note.kind, note.version, note.content], sort_keys=True, ensure_ascii=False))


def sign_note(note: Note, *, by: User, shown: str) -> None:
    """Sign and lock. ``shown`` is the hex fingerprint of the text the signer saw; another text is refused."""
    if not any(text.strip() for text in note.content.values()):
        raise Refused("REC-5", "An empty note cannot be signed. Write what happened, or leave the draft.")
    if shown != shown_hash(note).hex():
        raise Refused("SE-6", "The note changed after this page was shown. Read it again below, then sign what you see.")
    _require_progress_note(note)
    signed = shown_hash(note)
    note.signed_at, note.signed_by, note.signed_hash = clock.now(), by, signed
    note.save(update_fields=["signed_at", "signed_by", "signed_hash"])
    trail.change(note, "sign_note")


def _require_progress_note(note: Note) -> None:
    """Beside a psychotherapy note the session needs a note of its own in the record (REC-2)."""
    if note.kind != Kind.PSYCHOTHERAPY or note.session is None:
        return
    if not note.session.notes.exclude(kind=Kind.PSYCHOTHERAPY).filter(author=note.author).exists():
        raise Refused("REC-2", "This session has no progress note yet. Begin one first: a psychotherapy note never stands alone.")


def add_addendum(note: Note, text: str, *, by: User, ident: UUID | None = None) -> Addendum:
    """Add a signed addendum to a signed note; the note itself stays as it is (REC-5). Sent twice, it counts once."""
    already = note.addenda.filter(pk=ident).first() if ident else None
    if already:
        return already
    addendum = Addendum(note=note, author=by, text=text)
    if ident:
        addendum.pk = ident
    addendum.signed_hash = fingerprint("addendum", json.dumps([str(note.pk), str(addendum.pk), text], ensure_ascii=False))
    addendum.save(force_insert=True)
    trail.change(addendum, "add_addendum")
    return addendum
