"""The paper "How we may reach you": a clause that says each way that was agreed, and its risks, to be read, asked about and signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from clients import reaching
from clients.models import Client, Representative, SafeWay
from clients.reaching import hours_said, purposes_said
from clients.risks import risks
from consent.clauses import plain
from consent.models import Form
from consent.particulars import first_clause
from practice.refusals import Refused

if TYPE_CHECKING:
    from consent.actions.asking import Named

TITLE = "What we agreed"


def with_ways(text: str, kind: str, client: Client, signers: Sequence[Named]) -> str:
    """``text`` of a form of that kind, with what holds now for its one signer as its first clause.

    Raises Refused (CM-3): for more than one signer, since the paper shows one person's addresses, and where nothing is agreed yet.
    """
    if kind != Form.Kind.REACHING:
        return text
    if len(signers) != 1 or signers[0].person.pk != client.pk:
        raise Refused("CM-3", "This paper shows one person's own addresses.", "Send it to each of them by themself.")
    rows = signable(client, signers[0].representative)
    if not rows:
        raise Refused("CM-3", "No way was agreed on with its risks gone through.", "Do that first, under Contacts, Contact safety.")
    return first_clause(text, TITLE, [f"**{plain(title)}:** {plain(said)}" for title, said in _lines(rows)])


def signable(client: Client, representative: Representative | None) -> list[SafeWay]:
    """What stands now and can be signed: ways that are never used, and those whose risks were gone through."""
    return [row for row in reaching.standing(client, representative) if row.never or row.discussed_at]


def _lines(rows: Sequence[SafeWay]) -> Iterator[tuple[str, str]]:
    for row in rows:
        title = ", ".join(part for part in (row.get_channel_display(), " ".join(row.address.split())) if part)
        yield title[0].upper() + title[1:], "Never." if row.never else _said(row)


def _said(row: SafeWay) -> str:
    told = " ".join(risks(row.channel, row.risks_version).values())
    return f"{purposes_said(row)}. {hours_said(row)}. A message says {row.get_level_display()}. What can go wrong: {told}"
