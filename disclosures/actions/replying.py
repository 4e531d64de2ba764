"""Letters to whoever sent a paper. Before it is validated there is one, and it names nobody (LP-5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audit import trail
from clients.models import Client
from disclosures import access, letters
from disclosures.law import process as rules
from disclosures.models import LegalProcess, LegalReply
from practice.models import User
from practice.refusals import Refused

State = LegalProcess.State
_SHORTEST = 3  # letters of a name that would be known again


def offered_replies(row: LegalProcess, by: User) -> list[rules.Reply]:
    """The letters that may be written about ``row`` now, whose door gave it ``by``."""
    return [reply for reply in rules.replies().values() if _why_not(row, reply, by) is None]


def reply_to(row: LegalProcess, kind: str, to: str, *, by: User) -> LegalReply:
    """Write the letter ``kind``, as it is sent. Raises Refused by LP-5 for any but the neutral one before validation, or one that names."""
    template = rules.replies().get(kind)
    if template is None or not to.strip():
        raise Refused("LP-5", "Which letter it is, and to whom, is not said.", "Fill in both.")
    if refused := _why_not(row, template, by):
        raise refused
    body = letters.reply_text(row, kind)
    if not template.named and _names(body, row.client):
        body = letters.reply_text(row, kind, number=False)  # a case is often called by its parties
    if not template.named and _names(f"{to}\n{body}", row.client):
        raise Refused(
            "LP-5", "This letter would name the client.", "Leave every name of the parties out: write to the office or the court."
        )
    reply = LegalReply(process=row, client_id=row.client_id, kind=kind, made_by=by)
    reply.to, reply.body = to.strip(), body
    reply.save(force_insert=True)
    trail.change(reply, "process_replied")
    return reply


def _why_not(row: LegalProcess, template: rules.Reply, by: User) -> Refused | None:
    if row.validated_on is None and not template.early:
        words = "Before a paper is validated there is one answer: it neither confirms nor denies, and names nobody."
        return Refused("LP-5", words, "Send that letter, and validate the paper.")
    if template.asserted and row.state not in (State.PRIVILEGE, State.MOTION):
        return Refused("LP-5", "Privilege is not asserted yet.", "Assert it first: the privilege is the client's.")
    if template.sent and not access.answers_to(by, row).filter(ended_as="sent").exists():
        return Refused("LP-1", "Nothing was sent in answer to it.", "Send the release first.")
    return None


def _names(text: str, client: Client) -> bool:
    """Whether ``text`` holds a name or the code of ``client``, in any case."""
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) for word in _words_of(client))


def _words_of(client: Client) -> Iterator[str]:
    yield client.code
    for name in (client.given_name, client.family_name, client.preferred_name):
        yield from (word for word in re.split(r"[\s,&]+", name) if len(word) >= _SHORTEST and word.casefold() != "and")
