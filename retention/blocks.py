"""What stands against destroying a record, asked in one place: by pages, by two persons and by the job (RET-22)."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from audit import clock
from clients.models import Client
from practice.deadlines import after_years
from practice.refusals import Refused

from . import database
from .models import Batch

PAPERS_YEARS = 6  # what HIPAA asks of its own papers: 45 CFR 164.316(b)(2), 164.530(j) (RET-12)
_PAPER = "SELECT client, label FROM retention_paper(%s)"
_ASK = "SELECT client, what, many, last FROM retention_blocks(%s)"

# By what the database counts: the rule, the words, and what to do.
WORDS = {
    "open": ("RET-21", "{code} is not archived.", "Discharge and archive the client first."),
    "hold": ("RET-22", "Legal holds that are open: {n}.", "An admin releases each with a reason."),
    "abuse": ("RET-22", "Marked “abuse, suicide or violence: keep indefinitely”.", "An admin releases it with a reason (ACA B.6.h)."),
    "audit": ("RET-22", "A payer's audit is not over, or a bill is not paid.", "Once it is, an admin releases the hold."),
    "practice": ("RET-22", "All records of the practice are on hold.", "An admin releases that hold with a reason."),
    "complaint": ("RET-22", "Complaints of {code} that are not answered: {n}.", "Answer them first."),
    "request": ("RET-22", "Requests of {code} that are not answered: {n}.", "Answer them first."),
    "accounting": ("RET-22", "Accountings that {code} asked for and was not given: {n}.", "Give them first."),
    "process": ("RET-22", "Subpoenas and orders about {code} that are not closed: {n}.", "Close them first."),
    "exception": ("RET-22", "Exceptions to confidentiality that are not over: {n}.", "Close them first."),
    "release": ("RET-22", "Releases of this record in preparation: {n}.", "Send them or give them up."),
    "bundle": ("RET-22", "Bundles of this record that are not yet gone: {n}.", "Decline or stop them, or wait until they end."),
    "incident": ("RET-22", "Incidents that count {code} among the affected and are not over: {n}.", "Close them first."),
    "unit": ("RET-20", "Couples, families or groups with {code} whose own day is not over: {n}.", "It counts this birthday. Wait for it."),
    "parts": ("RET-20", "Records of those who were at its sessions, which hang on them: {n}.", "Destroy theirs first, or together."),
    "longer": ("RET-13", "Rows of the same person that a payer or a promise keeps longer: {n}.", "An admin ends each with a reason."),
    "out": ("RET-23", "Files of paper of {code} that are out of their cabinet: {n}.", "They come back first."),
    "papers": (
        "RET-12", "Papers about {code} that HIPAA has kept (notice, authorizations, disclosures, requests, incidents) until {day}.",
        "Wait until then.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Block:
    """One thing that stands against it."""

    what: str
    rule: str
    words: str
    todo: str


def _said(code: str, what: str, many: int, last: datetime.date | None) -> Block | None:
    until = after_years(last, PAPERS_YEARS, "later") if last else None
    if until and clock.today() > until:
        return None
    rule, words, todo = WORDS[what]
    return Block(what, rule, words.format(n=many, code=code, day=f"{until:%-d %b %Y}" if until else ""), todo)


def of(codes: dict[UUID, str]) -> dict[UUID, list[Block]]:
    """What stands against destroying each of the clients with these ids (and codes), in one statement.

    Raises a database error where the actor may not ask that.
    """
    found: dict[UUID, list[Block]] = {ident: [] for ident in codes}
    told = sorted(database.asked(_ASK, list(codes)), key=lambda row: [*WORDS].index(row[1]))
    for ident, what, many, last in told:
        if block := _said(codes[ident], what, many, last):
            found[ident].append(block)
    return found


def against(client: Client) -> list[Block]:
    """What stands against destroying the record of one client."""
    return of({client.pk: client.code})[client.pk]


def labels(clients: Collection[UUID]) -> list[str]:
    """The labels of these clients' paper that is not shredded yet. Raises a database error where the actor may not ask that."""
    return [label for _, label in database.asked(_PAPER, list(clients))]


def left_on_paper(method: str, codes: dict[UUID, str]) -> list[Block]:
    """What stands against destroying these records by a method that leaves their paper in its cabinet (RET-23)."""
    if method in (Batch.Method.PAPER, Batch.Method.BOTH):
        return []
    todo = "Choose a method that shreds the paper, too."
    found = database.asked(_PAPER, list(codes))
    return [Block("paper", "RET-23", f"There is paper of {codes[ident]}: {label}.", todo) for ident, label in found]


HELD = ("hold", "abuse", "audit", "practice")


def require_free(client: Client) -> None:
    """Nothing is taken out of a record on hold, not a single document. Raises Refused (RET-22)."""
    refuse(block for block in against(client) if block.what in HELD)


def refuse(found: Iterable[Block]) -> None:
    """Raise Refused for the first of ``found``, with the words of all."""
    blocks = list(found)
    if blocks:
        raise Refused(blocks[0].rule, " ".join(block.words for block in blocks), " ".join(dict.fromkeys(block.todo for block in blocks)))


def rules_of(blocks: Collection[Block]) -> str:
    """Their rules in a line, for the trail: it holds no words."""
    return " ".join(dict.fromkeys(f"{block.rule}:{block.what}" for block in blocks))[:40]
