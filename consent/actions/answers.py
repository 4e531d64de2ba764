"""Answers kept while somebody writes them, before they sign."""

from __future__ import annotations

from typing import Any

from audit import clock, trail
from consent.models import AnswerDraft, Signer
from practice.models import User


class Overtaken(Exception):
    """Other answers were kept meanwhile, in another window: ``draft`` is what stands."""

    def __init__(self, draft: AnswerDraft) -> None:
        super().__init__("kept elsewhere meanwhile")
        self.draft = draft


def keep_answers(signer: Signer, answers: dict[str, Any], *, by: User, version: int) -> AnswerDraft:
    """Keep ``answers`` of ``signer`` over those of ``version`` (0: none yet); ``by`` is the one who writes.

    Raises Overtaken where something else was kept since. Keeping the same again changes nothing.
    """
    draft = AnswerDraft.objects.filter(signer=signer).first()
    if draft is None:
        draft = AnswerDraft(client_id=signer.client_id, signer=signer, answers=answers)
        draft.save(force_insert=True)
    elif draft.answers != answers:
        if draft.version != version:
            raise Overtaken(draft)
        draft.answers, draft.saved_at = answers, clock.now()
        draft.save(update_fields=["answers", "saved_at"])
    trail.change(draft, "keep_answers")
    return draft


def forget_answers(signer: Signer) -> None:
    """Drop what was kept: it is signed now, and stands with the signature."""
    AnswerDraft.objects.filter(signer=signer).delete()
