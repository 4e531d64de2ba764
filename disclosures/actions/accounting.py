"""Writing the accounting: an entry with one basis, or another that takes it back. Nothing is ever changed (ACC-2, ACC-3)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from audit import clock, trail
from clients.models import Client
from consent.access import recipient_token
from disclosures import law
from disclosures.access import authorizations_on
from disclosures.law import Basis
from disclosures.models import Disclosure
from practice.models import User
from practice.refusals import Refused

_NOTED = "If it was given all the same, record it as not permitted."


@dataclass(frozen=True)
class Entry:
    """What an entry says (ACC-3). ``basis`` is a key of the law file, ``details`` what that asks for."""

    on: datetime.date
    basis: str
    recipient: str
    description: str
    purpose: str
    address: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    part2: bool = False
    psychotherapy: bool = False
    quiet: bool = False  # a report: whatever its basis, the portal does not show it (REP-6)


def account(client: UUID, entry: Entry, *, by: User, source: UUID | None = None) -> Disclosure:
    """Write ``entry`` into the accounting of ``client`` (an id), in the transaction of its cause, such as ``source``. Raises Refused."""
    basis = _require(entry)
    row = Disclosure(client_id=client, on=entry.on, basis=basis.key, made_by=by, source_id=source)
    row.recipient, row.address = entry.recipient.strip(), entry.address.strip() or None
    row.description, row.purpose, row.details = entry.description.strip(), entry.purpose.strip(), dict(entry.details) or None
    row.whom = recipient_token(entry.recipient)
    row.accountable, row.excluded, row.in_portal = not basis.excluded, basis.excluded, basis.portal and not entry.quiet
    row.part2, row.psychotherapy = entry.part2, entry.psychotherapy
    row.save(force_insert=True)
    trail.change(row, "accounted")
    return row


def record(client: Client, entry: Entry, *, by: User) -> Disclosure:
    """Write down what was disclosed in another way, as in a call or a letter. Raises Refused, as by AU-6 where no authorization stood."""
    _require(entry)
    if entry.basis == "authorization":
        _require_authorized(client, entry, by)
    return account(client.pk, entry, by=by)


def take_back(entry: Disclosure, why: str, *, by: User) -> Disclosure:
    """Take back an entry that was wrong: both stay, with the reason. Raises Refused without one."""
    if not why.strip():
        raise Refused("ACC-3", "Why the entry was wrong is written down.", "Say what was wrong with it.")
    row = Disclosure(client_id=entry.client_id, on=clock.today(), basis=entry.basis, made_by=by, reverses=entry)
    row.recipient, row.description, row.purpose, row.whom = entry.recipient, entry.description, why.strip(), entry.whom
    row.accountable, row.excluded, row.in_portal = entry.accountable, entry.excluded, entry.in_portal
    row.save(force_insert=True)
    trail.change(row, "taken_back")
    return row


# --- what an entry needs ------------------------------------------------------------------------------------------------


def _require(entry: Entry) -> Basis:
    basis = law.bases().get(entry.basis)
    if basis is None:
        raise Refused("ACC-2", "A disclosure rests on exactly one basis.", "Choose it.")
    _require_whole(entry)
    _require_details(basis, entry.details)
    require_carries(basis, psychotherapy=entry.psychotherapy, part2=entry.part2)
    return basis


def _require_whole(entry: Entry) -> None:
    parts = {"to whom it went": entry.recipient, "what it was": entry.description, "what for": entry.purpose}
    if lacking := [words for words, said in parts.items() if not said.strip()]:
        raise Refused("ACC-3", f"An entry says {', '.join(lacking)}.", "Fill that in.")
    if entry.on > clock.today():
        raise Refused("ACC-3", "That day is still to come.", "An entry is about what was disclosed.")


def _require_details(basis: Basis, details: Mapping[str, Any]) -> None:
    for key in basis.asks:
        asked = law.asked()[key]
        if not str(details.get(key, "")).strip():
            raise Refused(asked.rule, f"{asked.words}: that is not said.", f"{basis.citation} asks for it.")
        if asked.choices and details[key] not in dict(asked.choices):
            raise Refused(asked.rule, f"{asked.words}: that is none of the answers there are.", "Choose one of them.")


def require_carries(basis: Basis, *, psychotherapy: bool, part2: bool) -> None:
    """That ``basis`` may carry what is kept apart. Raises Refused by REC-3 or REC-4, and P2-8."""
    if psychotherapy and not basis.psychotherapy:
        rule = "REC-4" if basis.key in ("treatment", "payment", "subpoena", "warrant", "law_enforcement") else "REC-3"
        raise Refused(rule, f"{basis.words}: that is not enough for psychotherapy notes.", "They need their own authorization.")
    if part2 and not basis.part2:
        raise Refused("P2-8", f"{basis.words}: that is not enough for substance use records.", "They need their own consent.")


def _require_authorized(client: Client, entry: Entry, by: User) -> None:
    """An authorization of that day names the recipient, and is of the kind that such notes or records need (AU-3, AU-6)."""
    found = authorizations_on(client, entry.on, recipient=entry.recipient, by=by)
    if entry.psychotherapy:
        found = found.filter(kind="psychotherapy")
    if entry.part2:
        found = found.filter(kind__startswith="part2")
    if not found.exists():
        words = f"No authorization for this recipient was in force on {entry.on:%-d %b %Y}."
        raise Refused("AU-6", words, _NOTED)
