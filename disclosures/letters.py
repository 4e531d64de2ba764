"""Letters to whoever asked: that it takes longer, and what was decided with what they may do about it (ACC-5, RG-1, RG-4, RG-8)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone

from consent.law import information
from practice.models import Practice

from . import rights
from .law import Basis, process
from .models import AccountingRequest, LegalProcess, LegalReply, RightsReply, RightsRequest
from .paper import CONFIDENTIAL

_ASKED = {
    "access": "to see or copy the record", "amend": "to have something in the record amended",
    "contact": "to be reached in another way or place", "restrict": "to have something withheld from somebody",
    "complaint": "us to look into a complaint",
}  # fmt: skip
_LEFT_OUT = (
    "Psychotherapy notes, and what was compiled for a lawsuit, are not part of what the law lets you see or copy (45 CFR 164.524(a)(1))."
)
_COMPLAIN = (
    "You may complain to us, or to the U.S. Department of Health and Human Services, Office for Civil Rights. "
    "Nobody is treated differently because of a complaint."
)
_REVIEW = "You may ask that another licensed professional, who had no part in this decision, look at it again. Tell us, or use the portal."
_DISAGREE = (
    "You may write a statement of disagreement. We keep it with the record and send it along with what you asked to have amended. If you "
    "write none, you may ask that your request and this answer go along instead."
)
_AMENDED = "What stood there before stays readable, with the amendment linked to it. Tell us who else shall know of it."


def _day(day: datetime.date | None) -> str:
    return f"{day:%-d %b %Y}" if day else ""


def _letter(
    heading: str, row: AccountingRequest | RightsRequest, on: datetime.date | None, practice: Practice, said: list[str]
) -> dict[str, Any]:
    """A letter for the press; no title holds a name."""
    return {
        "title": "Letter", "heading": heading, "practice": practice.name, "code": row.client.code, "made": "", "confidential": CONFIDENTIAL,
        "demo": settings.DEMO, "states": [], "draft": False, "none": "", "facts": [("To", row.name), ("Date", _day(on))],
        "lines": [{"heading": "", "text": "\n\n".join(said), "rows": []}],
    }  # fmt: skip


def extension_letter(row: AccountingRequest, practice: Practice) -> dict[str, Any]:
    """The letter that says why the accounting takes longer, and until when (ACC-5)."""
    asked = f"You asked us on {_day(row.received_on)} for an accounting of disclosures. We need more time to make it."
    said = [asked, row.reasons or "", f"You will have it by {_day(row.due_on)}."]
    return _letter("Your request for an accounting", row, row.extended_on, practice, said)


def rights_longer(row: RightsRequest, practice: Practice) -> dict[str, Any]:
    """The letter that says why an answer takes longer, and until when (RG-1, RG-7)."""
    said = [f"{_asked(row)} We need more time to answer.", row.reasons or "", f"You will have our answer by {_day(row.due_on)}."]
    return _letter("Your request", row, row.extended_on, practice, said)


def rights_answer(row: RightsRequest, practice: Practice) -> dict[str, Any]:
    """The letter with what was decided: in plain words, with its ground and with the rights that follow (RG-4, RG-8, RG-9)."""
    said = [_asked(row), row.answer or "", *_grounded(row), *_rights(row)]
    return _letter("Our answer to your request", row, row.decided_on, practice, said)


def _asked(row: RightsRequest) -> str:
    return f"On {_day(row.received_on)} you asked {_ASKED[row.kind]}."


def _grounded(row: RightsRequest) -> list[str]:
    ground = rights.grounds(row.kind).get(row.ground)
    if ground is None:
        return [f"The copy costs ${row.fee}: for copying, supplies and postage alone."] if row.fee else []
    whole = "We do not do all of what you asked." if row.decision == RightsRequest.Decision.PARTIAL else "We do not do what you asked."
    return [f"{whole} The ground: {ground.words} ({ground.citation})."]


def _rights(row: RightsRequest) -> list[str]:
    ground = rights.grounds(row.kind).get(row.ground)
    found = [_LEFT_OUT] if row.kind == RightsRequest.Kind.ACCESS and row.decision != RightsRequest.Decision.DENIED else []
    if row.kind == RightsRequest.Kind.AMEND:
        found.append(_DISAGREE if ground else _AMENDED)
    if ground and ground.reviewable:
        found.append(_REVIEW)
    return [*found, _COMPLAIN] if ground or row.kind == RightsRequest.Kind.COMPLAINT else found


def amendments(rows: Iterable[RightsRequest]) -> list[dict[str, str]]:
    """What goes along with a release: each amendment asked for, what was answered, and the statement of disagreement (RG-8, RG-9)."""
    return [{"heading": f"Amendment asked for on {_day(row.received_on)}", "text": _amendment(row)} for row in rows]


def _amendment(row: RightsRequest) -> str:
    outcome = f"{RightsRequest.Decision(row.decision).label} on {_day(row.decided_on)}: {row.answer}"
    later = [f"Statement of disagreement: {each.words}" for each in row.replies.all() if each.kind == RightsReply.Kind.DISAGREES]
    return "\n\n".join([row.words, outcome, *later])


# --- legal process ------------------------------------------------------------------------------------------------------


def paper_of(row: LegalProcess, *, number: bool = True) -> str:
    """The paper in words, with its number where that is known and wanted."""
    words = process.kinds()[row.kind].words
    return f"{words} ({row.number})" if number and row.number else words


def _served(row: LegalProcess) -> str:
    return _day(timezone.localdate(row.served_at))


def scope_words(kept: dict[str, Any]) -> str:
    """What a paper names, in a line."""
    found = process.scope(kept)
    said = ", ".join(information().get(key, key) for key in found.kinds)
    days = [f"from {_day(found.first)}" if found.first else "", f"until {_day(found.last)}" if found.last else ""]
    return " ".join(filter(None, [said, *days]))


def details_of(row: LegalProcess, basis: Basis) -> dict[str, str]:
    """What ``basis`` asks for, as the paper's own page has it: the accounting says the same."""
    window = process.window(row.notice_on, row.objection_days or 0).sum if row.notice_on else ""
    known = {
        "order": f"{paper_of(row)} of {row.issuer}, served {_served(row)}: {row.served_how}",
        "ordered": ": ".join(filter(None, [row.ruling, scope_words(row.granted)])),
        "assurance": {"notice": "notice", "qpo": "order"}.get(row.assurance, ""),
        "assured": "; ".join(filter(None, [row.assured, window])), "consulted": row.counsel, "officer": row.issuer,
    }  # fmt: skip
    return {key: known.get(key, "") for key in basis.asks}


def client_text(row: LegalProcess) -> str:
    """What the client is told first, to copy (LP-4)."""
    until = _day(row.return_on) if row.return_on else "a day that it does not name"
    by = f" by {_day(row.objection_until)}" if row.objection_until else ""
    said = {"paper": paper_of(row), "issuer": row.issuer, "asked": scope_words(row.scope), "until": until, "by": by}
    return process.tell_text().format_map(said)


def reply_text(row: LegalProcess, kind: str, *, number: bool = True) -> str:
    """The letter ``kind`` about a paper. What names nobody is not even given the name (LP-5)."""
    template = process.replies()[kind]
    said = {"paper": paper_of(row, number=number), "served": _served(row)}
    return template.text.strip().format_map(said | {"client": row.client.legal_name} if template.named else said)


def process_reply(reply: LegalReply, practice: Practice) -> dict[str, Any]:
    """A letter about a paper, for the press; one that names nobody carries no code either."""
    template = process.replies()[reply.kind]
    return {
        "title": "Letter", "heading": template.heading, "practice": practice.name, "code": reply.client.code if template.named else "",
        "made": "", "confidential": "", "demo": settings.DEMO, "states": [], "draft": False, "none": "",
        "facts": [("To", reply.to), ("Date", _day(timezone.localdate(reply.made_at)))],
        "lines": [{"heading": "", "text": reply.body, "rows": []}],
    }  # fmt: skip
