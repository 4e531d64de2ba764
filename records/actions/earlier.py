"""What was kept elsewhere comes into the record: sessions that were held, notes that were signed. None of it is a draft of anybody here."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audit import clock, trail
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from records import kinds
from records.models import Format, Goal, Kind, Note, Session, Setting
from records.rows import insert

from .fingerprints import shown_hash
from .notes import link_goals
from .signing import set_goals

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """A session that was held elsewhere. ``elsewhere`` says with whom and where it was kept."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    elsewhere: Values
    modality: str = Session.Modality.IN_PERSON
    outcome: str = Session.Outcome.ATTENDED
    crisis: bool = False
    recorded: bool = False
    place: str | None = ""


@dataclass(frozen=True)
class Kept:
    """A note that was signed elsewhere: its text by part, and in ``elsewhere`` who wrote and signed it, when, and with what addenda."""

    kind: str
    content: Values
    written_at: datetime.datetime
    elsewhere: Values = field(default_factory=dict)
    form: str = Format.FREE
    late: bool = False


def bring_session(client: Client, held: Held, *, by: User) -> Session:
    """A session of ``client`` from elsewhere, under ``by`` who counsels them. It asks for no consent: it took place before (IC-23)."""
    if held.ends_at <= held.starts_at:
        raise Refused("REC-2", "This session ends before it begins.", "Correct its times.")
    facts: dict[str, Any] = {
        name: getattr(held, name) for name in ("starts_at", "ends_at", "modality", "outcome", "crisis", "recorded", "place")
    }
    setting = Setting(client.kind) if client.is_unit else Setting.INDIVIDUAL
    session = Session(client=client, counselor=by, setting=setting, elsewhere=dict(held.elsewhere), **facts)
    insert(session, None)
    trail.change(session, "bring_session")
    return session


def bring_note(client: Client, kept: Kept, *, by: User, session: Session | None = None, draft: bool = False) -> Note:
    """A note of ``client`` from elsewhere: locked as it comes, with who signed it where as part of what is locked (REC-5).

    ``draft``: whoever brings it in chose to go on writing it; then it is theirs. Raises Refused by REC-2 and REC-5.
    """
    if not any(str(text).strip() for text in kept.content.values()):
        raise Refused("REC-5", "This note is empty.", "Leave the row out, or fill in its text.")
    note = Note(client=client, session=session, kind=Kind(kept.kind), author=by, created_at=kept.written_at, late_entry=kept.late)
    note.format = Format(kept.form) if note.kind == Kind.PROGRESS else Format.GUIDED
    note.unit_id = session.unit_id if session else None
    note.content = dict(kept.content) | ({} if draft else _evidence(kept.elsewhere))
    if note.kind == Kind.PSYCHOTHERAPY and any(note.content.get(key) for key in kinds.PROGRESS_ONLY):
        raise Refused("REC-2", "This psychotherapy note holds what belongs in a progress note.", "Bring it in as a progress note.")
    insert(note, None)
    if not draft:
        _name_goals(note)
        note.signed_at, note.signed_by, note.signed_hash = clock.now(), by, shown_hash(note)
        note.save(update_fields=["signed_at", "signed_by", "signed_hash"])
    trail.change(note, "bring_note")
    return note


def _name_goals(note: Note) -> None:
    """A plan's goals can be named again, and a note names those whose words stand in it; plans are brought in before."""
    set_goals(note)
    wanted = note.content.get(kinds.WORKED_ON.key, "").splitlines()
    if note.kind == Kind.PROGRESS and wanted:
        link_goals(note, [goal for goal in Goal.objects.filter(client=note.client_id) if goal.text in wanted])


def _evidence(elsewhere: Values) -> dict[str, str]:
    """What stands in the locked text of where it comes from: in words, and as data."""
    data = json.dumps(elsewhere, ensure_ascii=False, sort_keys=True)
    return {kinds.EARLIER.key: _in_words(elsewhere), kinds.ELSEWHERE: data}


def _in_words(elsewhere: Values) -> str:
    signed = elsewhere.get("signature") or {}
    words = [f"Kept until now in {elsewhere.get('system') or 'another system'}."]
    if by := _name(signed.get("by")):
        words.append(f"Signed there by {by}{_on(signed.get('at'))}.")
    elif by := _name(elsewhere.get("author")):
        words.append(f"Written there by {by}.")
    if second := elsewhere.get("cosignature"):
        words.append(f"Co-signed there by {_name(second.get('by'))}{_on(second.get('at'))}.")
    added = [f"Addendum of {_name(one.get('author'))}{_on(one.get('at'))}:\n{one['text']}" for one in elsewhere.get("addenda", ())]
    return "\n\n".join([" ".join(words), *added])


def _name(person: Values | None) -> str:
    return ", ".join(filter(None, [person.get("name"), person.get("credentials")])) if person else ""


def _on(at: str | None) -> str:
    return f" on {at[:10]}" if at else ""
