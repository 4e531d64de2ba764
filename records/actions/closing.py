"""What keeps a record from being put away: what is not signed yet (REC-5), and what the law of the practice's states asks it to hold."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from clients.access import counseled_clients, together
from clients.models import Client
from consent.access import ever_given
from practice.models import Practice, User
from practice.refusals import Refused
from records import access
from records.models import Kind, Session

_FILE = Path(__file__).parent.parent / "law" / "contents.toml"
_WORDS = {
    "consent": "a signed consent to counseling",
    "intake": "an intake note",
    "plan": "a treatment plan",
    "progress": "a progress note",
    "closing": "a termination note",
}
_NOTES = {Kind.INTAKE: "intake", Kind.PLAN: "plan", Kind.PROGRESS: "progress", Kind.CRISIS: "progress", Kind.TERMINATION: "closing"}


@cache
def _law() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text())


def keeps_open(client: Client, by: User) -> list[Refused]:
    """Why the record of ``client`` cannot be put away yet, as ``by``, who counsels them, may know; nothing where it can."""
    rows = together(client, counseled_clients, by)
    return [*_unsigned(rows, by), *_missing(rows, by)]


def _unsigned(rows: Collection[UUID], by: User) -> list[Refused]:
    left = access.unsigned_drafts(by).filter(client__in=rows).count() + access.unnoted_sessions(by).filter(client__in=rows).count()
    if not left:
        return []
    words = "1 draft or session of yours has" if left == 1 else f"{left} drafts or sessions of yours have"
    todo = "Write and sign what waits first, or leave the client discharged: an archived client leaves what needs attention."
    return [Refused("REC-5", f"{words} no signed note yet.", todo)]


def _missing(rows: Collection[UUID], by: User) -> list[Refused]:
    held = _held(rows, by)
    if held is None:
        return []
    found = []
    for law in (law for state, law in _law().items() if state in Practice.objects.get().states):
        if lacks := [_WORDS[need] for need in law["needs"] if need not in held]:
            words = f"{law['source']} asks the record to hold what is not there, signed: {', '.join(lacks)}."
            found.append(Refused(law["rule"], words, "Add it, as a late entry if need be, or leave the client discharged."))
    return found


def _held(rows: Collection[UUID], by: User) -> set[str] | None:
    """Which of the needs the record holds; None where nothing was held or written: then there is no work to keep a record of."""
    signed = access.readable_notes(by).filter(client__in=rows, signed_at__isnull=False)
    kinds = set(signed.order_by().values_list("kind", flat=True).distinct())
    attended = access.readable_sessions(by).filter(client__in=rows, outcome=Session.Outcome.ATTENDED)
    if not kinds and not attended.exists():
        return None
    return {_NOTES[Kind(kind)] for kind in kinds if kind in _NOTES} | ({"consent"} if ever_given(rows).exists() else set())
