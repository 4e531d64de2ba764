"""Agreements: prepared, signed by both, begun on their day, ended. Nobody gives themself access by one (SE-10, SU-5)."""

from __future__ import annotations

import datetime
import hmac
import json
from dataclasses import dataclass
from typing import Any

from audit import clock, trail
from practice.actions import outbox
from practice.actions import supervision as relation
from practice.actions.credentials import site_link
from practice.deadlines import end_of_day
from practice.models import Supervision, User
from practice.profile import profile
from practice.refusals import Refused
from practice.roles import Role
from supervision import access
from supervision.law.boards import boards
from supervision.models import Agreement, Signature
from vault.tokens import fingerprint

SUBJECT = "Something waits for you"
BODY = "Something waits for your signature. Please sign in:\n\n{url}\n"
LONGEST = datetime.timedelta(days=5 * 366)
_NAMES = ("board", "formats", "since", "until", "licence_number", "licence_state", "licence_from", "licence_until", "self_employed")
_SEALED = ("cover", "fees", "terms")


@dataclass(frozen=True)
class Terms:
    """On what terms two people agree."""

    board: str
    formats: list[str]
    since: datetime.date
    until: datetime.date
    licence_number: str
    licence_state: str
    licence_from: datetime.date
    licence_until: datetime.date
    cover: str
    fees: str
    terms: str = ""
    self_employed: bool = False


def prepare(supervisor: User, supervisee: User, terms: Terms, *, by: User) -> Agreement:
    """An agreement for these two to sign; nothing begins by it. Raises Refused by SU-4 and SU-5."""
    if by.pk not in (supervisor.pk, supervisee.pk) and not by.holds(Role.ADMIN):
        raise Refused("SU-5", "One of the two prepares it, or an admin.", "Ask one of them.")
    if not supervisor.holds(Role.SUPERVISOR) or supervisor.has_left or supervisee.has_left or supervisor.pk == supervisee.pk:
        raise Refused("SU-5", "Only somebody who works here as a supervisor supervises somebody else who works here.", "Choose others.")
    row = Agreement(supervisor=supervisor, supervisee=supervisee, prepared_by=by)
    _put(row, terms)
    row.save(force_insert=True)
    trail.change(row, "prepare_agreement")
    return row


def change_agreement(row: Agreement, terms: Terms, *, by: User) -> None:
    """Other terms, while nobody has signed. Raises Refused by SU-4."""
    _put(row, terms)
    row.save(update_fields=[*_NAMES, *_SEALED])
    trail.change(row, "change_agreement")


def _put(row: Agreement, terms: Terms) -> None:
    if terms.board not in boards() or not terms.formats:
        raise Refused("SU-4", "The agreement says for which board, and how you meet.", "Choose both.")
    if not terms.cover.strip() or not terms.fees.strip():
        raise Refused(
            "SU-4", "The agreement says who is asked in an emergency, and what is paid.", "Write both down; “nothing is paid” will do."
        )
    if not terms.since <= terms.until <= terms.since + LONGEST:
        raise Refused("SU-4", "An agreement ends after it begins, and within five years.", "Choose other days.")
    for name in (*_NAMES, *_SEALED):
        setattr(row, name, getattr(terms, name))


def shown_hash(row: Agreement) -> bytes:
    """The keyed fingerprint of what a signer sees (32 bytes)."""
    seen: list[Any] = [str(row.pk), row.version, str(row.supervisor_id), str(row.supervisee_id)]
    return fingerprint("agreement", json.dumps([*seen, *(getattr(row, name) for name in (*_NAMES, *_SEALED))], default=str))


def holds(row: Agreement, signature: Signature) -> bool:
    """Whether the agreement still is, to the letter, what was signed (SE-6)."""
    return hmac.compare_digest(bytes(signature.signed_hash), shown_hash(row))


def sign(row: Agreement, *, by: User, shown: str) -> Signature:
    """``by`` signs for themself: the supervisor first, then the supervisee, whose cases it opens from its first day.

    Raises Refused by SE-6 for another text, by SU-4 where the license does not cover the first day, by SU-5 where two would
    supervise each other.
    """
    if shown != shown_hash(row).hex():
        raise Refused("SE-6", "The agreement changed after this page was shown. Read it again below, then sign what you see.")
    if not row.licence_from <= row.since <= row.licence_until:
        raise Refused("SU-4", "The supervisor's license is not in force on the first day.", "Change its dates, or the first day.")
    if not access.signable_agreements(by).filter(pk=row.pk).exists():
        raise Refused("SU-4", "The supervisor signs first, then the supervisee; each signs once.", "")
    made = Signature(agreement=row, person=by, signed_at=clock.now(), signed_hash=shown_hash(row))
    made.save(force_insert=True)
    trail.change(row, "sign_agreement")
    if by.pk == row.supervisee_id:
        begin_due(by=by)
    else:
        outbox.queue("supervision", row.supervisee.email, SUBJECT, BODY.format(url=site_link("home")))
    return made


def begin_due(*, by: User) -> int:
    """Begin the supervision of ``by`` by what both signed and whose first day has come; returns how many. Whoever supervised ends."""
    rows = list(access.due_agreements(by).order_by("since", "prepared_at"))
    for row in rows:
        ends = end_of_day(row.until, profile().zone)
        if not row.supervisor.holds(Role.SUPERVISOR) or row.supervisor.has_left:
            continue  # an admin sees it without a beginning, and why
        for former in access.own_agreements(by).filter(supervisee=by.pk, ended_at=None, supervision__isnull=False):
            _close(former, Agreement.Ended.FOLLOWED, by)
        row.supervision = relation.begin(by, row.supervisor, by=by, until=ends, licence=row.licence)
        row.save(update_fields=["supervision"])
        trail.change(row, "begin_agreement")
    return len(rows)


def end(row: Agreement, *, by: User) -> None:
    """End it now: the supervision and what it opened ends with it. Raises Refused where it is over."""
    if row.ended_at is not None or row.until < clock.today():
        raise Refused("", "It is over.", "")
    begun = row.supervision
    _close(row, Agreement.Ended.ENDED if begun else Agreement.Ended.WITHDRAWN, by)
    if begun and not begun.is_over:
        relation.end(begun, by=by)


def _close(row: Agreement, how: str, by: User) -> None:
    row.ended_as, row.ended_by, row.ended_at = how, by, clock.now()
    row.save(update_fields=["ended_as", "ended_by", "ended_at"])
    trail.change(row, "end_agreement")


def close_with(supervision: Supervision, *, by: User) -> None:
    """Called when a supervision changed: one that was ended in another way ends its agreement, so that it does not begin again."""
    if supervision.is_over:
        for row in Agreement.objects.filter(supervision=supervision, ended_at=None):
            _close(row, Agreement.Ended.ENDED, by)
