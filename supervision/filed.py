"""What belongs to an agreement's file, for its page: meetings, papers, samples, and what the board's file still lacks (SU-4)."""

from __future__ import annotations

from typing import Any

from practice.models import User
from supervision import access
from supervision.law.boards import pieces
from supervision.models import Agreement, Meeting, Paper

MOST = 100
_PAPERS = {"licence": Paper.Kind.LICENCE, "payment": Paper.Kind.PAYMENT, "evaluation": Paper.Kind.EVALUATION}


def of(user: User, row: Agreement) -> dict[str, Any]:
    """Context of the agreement's page. An admin gets how often they met and how long, and no paper."""
    party = user.pk in (row.supervisor_id, row.supervisee_id)
    held = list(access.held_parts(user).filter(agreement=row))
    papers = list(access.papers(user).filter(agreement=row).defer("content")[:MOST]) if party else []
    signed = {paper.pk: len({each.person_id for each in paper.signatures.all()}) for paper in papers}
    return {
        "held": len(held), "held_minutes": sum(part.meeting.minutes for part in held),
        "meetings": _meetings(user, row) if party else [],
        "papers": [{"paper": paper, "signed": signed[paper.pk]} for paper in papers],
        "samples": access.samples(user).filter(agreement=row).defer("reason")[:MOST] if party else [],
        "lacks": lacks(row, papers, len(held)) if party else [],
    }  # fmt: skip


def _meetings(user: User, row: Agreement) -> list[dict[str, Any]]:
    found: list[Meeting] = list(access.meetings(user).filter(parts__agreement=row).defer("topics").distinct()[:MOST])
    both = set(access.held_parts(user).filter(agreement=row).values_list("meeting", flat=True))
    mine = set(access.signable_meetings(user).filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
    return [{"meeting": each, "signed": each.pk in both, "mine": each.pk in mine} for each in found]


def lacks(row: Agreement, papers: list[Paper], held: int) -> list[str]:
    """Which pieces of the board's file are not there, in words (SU-4). Leave and concerns are there where there are any."""
    kinds = {paper.kind for paper in papers}
    missing = [key for key in row.asked.file if key in _PAPERS and _PAPERS[key] not in kinds]
    missing += ["meetings"] if not held and "meetings" in row.asked.file else []
    missing += (
        ["self_employed"] if row.self_employed and Paper.Kind.SELF_EMPLOYED not in kinds and "self_employed" in row.asked.file else []
    )
    return [pieces()[key] for key in missing]
