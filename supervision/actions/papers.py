"""Papers of the file: written by either, evaluations and plans by the supervisor; signed by both (SU-4)."""

from __future__ import annotations

import datetime
import json
from typing import Any

from audit import clock, trail
from practice.deadlines import after_months
from practice.models import User
from practice.refusals import Refused
from supervision import access, hours
from supervision.law.boards import kept_from
from supervision.models import Agreement, Paper, Signature
from supervision.papers import COMMENT, PLANS
from vault.tokens import fingerprint

Days = tuple[datetime.date, datetime.date]


def write_paper(agreement: Agreement, kind: str, days: Days, content: dict[str, Any], *, by: User, about: Paper | None = None) -> Paper:
    """A paper of ``kind`` for both to sign. Raises Refused by SU-4 where somebody else writes it, or its days make no sense."""
    _require(agreement, kind, days, by)
    if kind == Paper.Kind.OUTCOME and (about is None or about.agreement_id != agreement.pk or hasattr(about, "outcome")):
        raise Refused("SU-4", "What came of a plan belongs to one plan, once.", "Choose the plan.")
    return _insert(Paper(agreement=agreement, kind=kind, begins=days[0], ends=days[1], content=content, about=about, written_by=by))


def report(agreement: Agreement, days: Days, *, by: User) -> Paper:
    """The hours of these days, as they stand now, for both to sign: figures alone, and no client. Raises Refused by SU-4."""
    if not days[0] <= days[1] or days[1] > clock.today():
        raise Refused("SU-4", "A report is of days that are over, the first before the last.", "Choose other days.")
    found = hours.figures(by, agreement, *days)
    return _insert(Paper(agreement=agreement, kind=Paper.Kind.HOURS, begins=days[0], ends=days[1], content=found.kept, written_by=by))


def _insert(row: Paper) -> Paper:
    row.keep_until = kept_from(max(row.ends, row.agreement.until))
    row.save(force_insert=True)
    trail.change(row, f"write_{row.kind}")
    return row


def _require(agreement: Agreement, kind: str, days: Days, by: User) -> None:
    plan = PLANS[Paper.Kind(kind)]
    if plan.led and by.pk != agreement.supervisor_id:
        raise Refused(plan.rule, "The supervisor writes this.", "Ask them, or say it in a meeting.")
    if days[1] < days[0]:
        raise Refused(plan.rule, "The last day is before the first.", "Change one of them.")
    if kind == Paper.Kind.LEAVE and days[1] < after_months(days[0], 1) - datetime.timedelta(days=1):
        raise Refused(plan.rule, "A leave is written down from one month on.", "A shorter one needs no paper.")


def change_paper(row: Paper, days: Days, content: dict[str, Any], *, by: User) -> None:
    """Write it anew, while nobody has signed. Raises Refused as ``write_paper`` does."""
    _require(row.agreement, row.kind, days, by)
    row.begins, row.ends, row.content = *days, content
    row.save(update_fields=["begins", "ends", "content"])
    trail.change(row, "change_paper")


def shown_hash(row: Paper) -> bytes:
    """The keyed fingerprint of what a signer sees (32 bytes)."""
    seen = [str(row.pk), row.kind, str(row.begins), str(row.ends), row.content, str(row.about_id)]
    return fingerprint("supervision paper", json.dumps(seen, sort_keys=True, ensure_ascii=False))


def sign(row: Paper, *, by: User, shown: str, comment: str = "") -> Signature:
    """``by`` signs for themself. Of an evaluation the supervisee signs first, with a comment if they have one.

    Raises Refused by SU-4 and SE-6.
    """
    if shown != shown_hash(row).hex():
        raise Refused("SE-6", "The paper changed after this page was shown. Read it again below, then sign what you see.")
    evaluated = row.kind == Paper.Kind.EVALUATION
    if evaluated and by.pk == row.agreement.supervisor_id and not row.signatures.filter(person=row.agreement.supervisee).exists():
        raise Refused("SU-4", "The supervisee reads an evaluation first, and may add a comment.", "Wait for their signature.")
    if evaluated and comment.strip() and by.pk == row.agreement.supervisee_id:
        row.content = row.content | {COMMENT.key: comment.strip()}
        row.save(update_fields=["content"])
    made = Signature(agreement=row.agreement, paper=row, person=by, signed_at=clock.now(), signed_hash=shown_hash(row))
    made.save(force_insert=True)
    trail.change(row, "sign_paper")
    return made


def signed_by(row: Paper, user: User) -> list[Signature]:
    """Who signed ``row``, the first first."""
    assert access.papers(user).filter(pk=row.pk).exists()
    return list(row.signatures.select_related("person").order_by("signed_at", "pk"))
