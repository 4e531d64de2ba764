"""Beginning a note and writing it. Each verb leaves its line in the transaction of its change."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from uuid import UUID

from audit import clock, trail
from clients.models import Client
from practice.models import Practice, User
from practice.refusals import Refused
from records import kinds
from records.models import Format, Goal, GoalLink, Kind, Note, NoteSave, Session
from records.rows import insert, touch

from .rules import rules
from .sessions import require_consent


class Conflict(Exception):
    """The draft was saved elsewhere since this text was loaded; nothing was overwritten. ``note`` holds the other text."""

    def __init__(self, note: Note, mine: Mapping[str, str]) -> None:
        super().__init__("The note was changed elsewhere.")
        self.note = note
        self.mine = dict(mine)


def begin_note(
    client: Client, *, by: User, kind: str, session: Session | None = None, ident: UUID | None = None, form: str | None = None
) -> Note:
    """A draft of ``by``. ``ident`` is the id the form was given, so that a form sent twice begins one note.

    ``form`` is the format of a progress note; without one it is the practice's. Late entry is decided here, by the
    server's clock and the session's end. Raises Unmet for a session without a consent in force (IC-23).
    """
    already = Note.objects.filter(pk=ident, author=by, client=client).first() if ident else None
    if already:
        return already
    if session is not None:
        require_consent(session)
    form = (form or rules().default_format) if kind == Kind.PROGRESS else Format.GUIDED
    note = Note(client=client, session=session, kind=Kind(kind), format=Format(form), author=by, late_entry=_is_late(session))
    note.unit_id = session.unit_id if session else None
    insert(note, ident)
    if note.kind != Kind.PSYCHOTHERAPY:  # when one is written is its author's alone to know, and lists sort by this (REC-1)
        touch(client)
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
    """The parts this note has; one that was not sent stays as it is. A psychotherapy note refuses what belongs in the
    progress note (REC-2); words for another format, from a page left open, are kept (kinds.KEPT)."""
    if note.kind == Kind.PSYCHOTHERAPY and any(content.get(key) for key in kinds.PROGRESS_ONLY):
        raise Refused(
            "REC-2",
            "Diagnosis, symptoms, plan, progress and the like belong in the progress note: a psychotherapy note may not hold them. "
            "Write them in a progress note of the same session.",
        )
    wanted = {part.key: content.get(part.key, note.content.get(part.key, "")) for part in kinds.parts_of(note.kind, note.format)}
    return wanted | _beside(note, content)


def _beside(note: Note, content: Mapping[str, str]) -> dict[str, str]:
    """What a progress note holds beside its parts: words kept from other formats, and the goals it names; where there are any."""
    kept = content.get(kinds.KEPT.key, note.content.get(kinds.KEPT.key, ""))
    strays = [(part.heading, content.get(part.key, "")) for part in kinds.elsewhere(note) if part != kinds.KEPT]
    strays = [(heading, text) for heading, text in strays if text.strip() and text not in kept]
    if strays:
        kept = kinds.joined([*([(kinds.KEPT.heading, kept)] if kept.strip() else []), *strays])
    named = content.get(kinds.WORKED_ON.key, note.content.get(kinds.WORKED_ON.key, ""))
    return {key: text for key, text in ((kinds.KEPT.key, kept), (kinds.WORKED_ON.key, named)) if text or key in note.content}


def save_note(note: Note, content: Mapping[str, str], *, by: User, version: int, key: UUID, goals: Iterable[Goal] | None = None) -> Note:
    """Save a draft (found by the door, locked). ``version`` is the one the writer saw, ``key`` makes a resend harmless.

    ``goals`` are those of the plan that a progress note names; None leaves them as they are. The same text again changes
    nothing. Raises Conflict if the draft moved on since; nothing is overwritten then. Raises Refused by REC-2.
    """
    if goals is not None and note.kind == Kind.PROGRESS:
        goals = list(goals)
        content = {**content, kinds.WORKED_ON.key: "\n".join(goal.text for goal in goals)}
    wanted = _only_parts(note, content)
    if wanted == _only_parts(note, note.content):
        return note
    if version != note.version or NoteSave.objects.filter(pk=key, note=note).exists():
        raise Conflict(note, wanted)
    _write(note, wanted, key)
    if goals is not None and note.kind == Kind.PROGRESS:
        link_goals(note, goals)
    trail.change(note, "save_note")
    return note


def _write(note: Note, content: dict[str, str], key: UUID | None = None) -> None:
    note.content, note.saved_at = content, clock.now()
    note.save(update_fields=["content", "format", "saved_at"])
    if key:  # one that is taken elsewhere protects nothing here; the version does
        NoteSave.objects.bulk_create([NoteSave(key=key, note=note, note_version=note.version)], ignore_conflicts=True)


def link_goals(note: Note, goals: Iterable[Goal]) -> None:
    """``note``, a draft, names these goals and no others."""
    wanted = {goal.pk: goal for goal in goals}
    note.goal_links.exclude(goal__in=wanted).delete()
    GoalLink.objects.bulk_create([GoalLink(note=note, goal=goal) for goal in wanted.values()], ignore_conflicts=True)


def change_format(note: Note, form: str, *, by: User, version: int) -> None:
    """Divide a draft of a progress note as ``form`` does; its words go where kinds.moves says, and none is lost.

    Raises Refused for another kind of note, and Conflict if the draft moved on since ``version``.
    """
    if note.kind != Kind.PROGRESS:
        raise Refused("", "Only a progress note has a choice of formats.")
    if version != note.version:
        raise Conflict(note, note.content)
    content = kinds.moved(note.content, note.format, form)
    note.format = Format(form)
    _write(note, content)
    trail.change(note, f"format_{form}")
