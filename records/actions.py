"""The verbs of the record. Each leaves its line in the transaction of its change."""

from __future__ import annotations

import datetime
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from audit import clock, trail
from clients.models import Client
from practice.models import Practice, User
from practice.refusals import Refused
from vault.tokens import fingerprint

from .kinds import PROGRESS_ONLY, parts_of
from .models import Addendum, Kind, Note, NoteSave, Participant, Session


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
    ident: UUID | None = None,
) -> Session:
    """A session of ``client`` with ``by``; times are aware. ``participants`` are members of the unit who come.

    ``ident`` is the id the form was given, so that a form sent twice plans one session.
    """
    already = Session.objects.filter(pk=ident, counselor=by, client=client).first() if ident else None
    if already:
        return already
    session = Session(client=client, counselor=by, starts_at=starts_at, ends_at=ends_at, modality=modality, place=place)
    _insert(session, ident)
    Participant.objects.bulk_create([Participant(session=session, client=person) for person in participants])
    _touch(client)
    trail.change(session, "plan_session")
    return session


def change_session(session: Session, *, by: User, participants: Iterable[Client] | None = None, **values: Any) -> None:
    """Change time, modality, place or outcome of a session, and who was there; None leaves the participants as they are.

    Raises Refused by REC-5 once a note of the session is signed: what it tells of the session was signed with it.
    """
    if is_signed_for(session):
        raise Refused("REC-5", "A note of this session is signed, and these facts with it. Correct them in an addendum to that note.")
    for name in ("starts_at", "ends_at", "modality", "place", "outcome"):
        if name in values:
            setattr(session, name, values[name])
    session.save()
    if participants is not None:
        session.participants.all().delete()
        Participant.objects.bulk_create([Participant(session=session, client=person) for person in participants])
    trail.change(session, "change_session")


def is_signed_for(session: Session) -> bool:
    """Whether a note of ``session`` is signed, so that the session's facts are final."""
    return session.notes.filter(signed_at__isnull=False).exists()


def record_outcome(session: Session, outcome: str, *, by: User) -> None:
    """Attended, cancelled late, or did not come. Raises Refused before the session began, or once it is signed for (REC-5)."""
    if outcome in _AFTER_IT_BEGAN and session.starts_at > clock.now():
        raise Refused("REC-5", "This session has not begun yet. Record afterwards whether it took place.")
    if session.outcome not in (Session.Outcome.PLANNED, outcome) and is_signed_for(session):
        raise Refused("REC-5", "A note of this session is signed. Correct the outcome in an addendum to that note.")
    session.outcome = Session.Outcome(outcome)
    session.save(update_fields=["outcome"])
    trail.change(session, f"outcome_{outcome}")


_AFTER_IT_BEGAN = (Session.Outcome.ATTENDED, Session.Outcome.ABSENT)


def _insert(row: Any, ident: UUID | None) -> None:
    """Insert ``row`` under the id the form was given; an id that is taken elsewhere is refused and nothing is overwritten."""
    row.pk = ident or row.pk
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("", "This form was used before. Open the page again and send it from there.") from error


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
    _insert(note, ident)
    if note.kind != Kind.PSYCHOTHERAPY:  # when one is written is its author's alone to know, and lists sort by this (REC-1)
        _touch(client)
    trail.change(note, "begin_note")
    return note


def open_draft(client: Client, *, by: User, kind: str, session: Session | None) -> Note | None:
    """The unsigned note of ``kind`` that ``by`` has begun for ``session``, so that nobody writes the same note twice."""
    if session is None:
        return None
    mine = Note.objects.filter(client=client, session=session, author=by, kind=kind, signed_at=None)
    return mine.order_by("created_at").first()


def _is_late(session: Session | None) -> bool:
    if session is None:
        return False
    grace = datetime.timedelta(hours=Practice.objects.get().late_after_hours)
    return clock.now() > session.ends_at + grace


def _only_parts(note: Note, content: Mapping[str, str]) -> dict[str, str]:
    """The parts this kind of note has; one that was not sent stays as it is. A psychotherapy note refuses what belongs
    in the progress note (REC-2)."""
    if note.kind == Kind.PSYCHOTHERAPY and any(content.get(key) for key in PROGRESS_ONLY):
        raise Refused(
            "REC-2",
            "Diagnosis, symptoms, plan, progress and the like belong in the progress note: a psychotherapy note may not hold them. "
            "Write them in a progress note of the same session.",
        )
    return {part.key: content.get(part.key, note.content.get(part.key, "")) for part in parts_of(note.kind)}


def save_note(note: Note, content: Mapping[str, str], *, by: User, version: int, key: UUID) -> Note:
    """Save a draft (found by the door, locked). ``version`` is the one the writer saw, ``key`` makes a resend harmless.

    The same text again changes nothing. Raises Conflict if the draft moved on since; nothing is overwritten then.
    Raises Refused by REC-2.
    """
    wanted = _only_parts(note, content)
    if wanted == _only_parts(note, note.content):
        return note
    if version != note.version or NoteSave.objects.filter(pk=key, note=note).exists():
        raise Conflict(note, wanted)
    note.content, note.saved_at = wanted, clock.now()
    note.save()
    # A key that is taken elsewhere protects nothing here; the version does.
    NoteSave.objects.bulk_create([NoteSave(key=key, note=note, note_version=note.version)], ignore_conflicts=True)
    trail.change(note, "save_note")
    return note


def shown_hash(note: Note) -> bytes:
    """The keyed fingerprint of what a signer sees: kind, text and version, and when and how the session was (32 bytes)."""
    session = note.session
    facts = [session.starts_at, session.ends_at] if session else []
    times = [moment.astimezone(datetime.UTC).isoformat() for moment in facts] + ([session.modality] if session else [])
    return fingerprint("note", json.dumps([str(note.pk), note.kind, note.version, note.content, times], sort_keys=True, ensure_ascii=False))


def signature_holds(note: Note) -> bool:
    """Whether a signed note is still, to the letter, what was signed (SE-6)."""
    return note.signed_hash is not None and hmac.compare_digest(bytes(note.signed_hash), shown_hash(note))


def sign_note(note: Note, *, by: User, shown: str) -> None:
    """Sign and lock. ``shown`` is the hex fingerprint of the text the signer saw; another text is refused."""
    if not any(text.strip() for text in note.content.values()):
        raise Refused("REC-5", "An empty note cannot be signed. Write what happened, or leave the draft.")
    _hold_session(note)
    if shown != shown_hash(note).hex():
        raise Refused("SE-6", "The note changed after this page was shown. Read it again below, then sign what you see.")
    _require_progress_note(note)
    note.signed_at, note.signed_by, note.signed_hash = clock.now(), by, shown_hash(note)
    note.save(update_fields=["signed_at", "signed_by", "signed_hash"])
    trail.change(note, "sign_note")


def _hold_session(note: Note) -> None:
    """Lock the session's row, as it is now, until the signature is in: its times are signed along."""
    if note.session:
        # A colleague's session is not this person's to lock.
        note.session = Session.objects.select_for_update().filter(pk=note.session.pk).first() or note.session


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
    if not text.strip():
        raise Refused("REC-5", "An empty addendum cannot be signed.")
    addendum = Addendum(note=note, author=by, text=text, id=ident or uuid4())
    addendum.signed_hash = addendum_hash(addendum)
    _insert(addendum, ident)
    trail.change(addendum, "add_addendum")
    return addendum


def addendum_hash(addendum: Addendum) -> bytes:
    """The keyed fingerprint of an addendum: whose, which, and its text (32 bytes)."""
    return fingerprint("addendum", json.dumps([str(addendum.note_id), str(addendum.pk), addendum.text], ensure_ascii=False))


def addendum_holds(addendum: Addendum) -> bool:
    """Whether an addendum is still, to the letter, what was signed (SE-6)."""
    return hmac.compare_digest(bytes(addendum.signed_hash), addendum_hash(addendum))
