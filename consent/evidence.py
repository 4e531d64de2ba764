"""The chain of evidence: each step of a request holds a keyed hash over itself and the step before."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
from typing import Any

from django.db.models import BooleanField, F, Func
from django.utils.translation import gettext as _

from audit import clock
from practice.models import User
from vault.tokens import fingerprint

from .models import Paper, Request, Signature, Signer, Step, Version

# What a step can be, in words for the evidence page and the signed paper.
WHAT = {
    "asked": "was asked to read and sign",
    "told": "told those who sign, by mail, that something waits",
    "presented": "opened the paper",
    "questions_offered": "was offered to ask questions",
    "question": "asked a question",
    "answer": "was answered",
    "satisfied": "said the question is settled",
    "understood": "answered the understanding check",
    "electronic": "agreed to sign on screen",
    "signed": "signed",
    "assented": "assented",
    "copy": "was given a copy",
    "declined": "did not agree",
    "withdrawn": "withdrew",
    "superseded": "a newer paper took its place",
    "cancelled": "the request was taken back",
    "expired": "ended by its date",
    "event": "ended with the event it names",
    "reminded": "its end was announced",
}


def intent() -> str:
    """The statement above the button, in the language of the page; it is kept with the signature as it was read."""
    return _("By pressing “Sign” I sign this paper as it is shown above, of my own free will.")


def text_hash(version: Version) -> bytes:
    """SHA-256 of a form's title and text: 32 bytes, frozen with its approval (GEN-9)."""
    return hashlib.sha256(json.dumps([version.title, version.text], ensure_ascii=False).encode()).digest()


def shown_hash(request: Request) -> bytes:
    """The keyed fingerprint of what ``request`` shows: its words, and which version they are (ES-6)."""
    return fingerprint("consent", json.dumps([str(request.pk), str(request.wording_id), request.shown], ensure_ascii=False))


def shows_what_was_asked(request: Request) -> bool:
    """Whether the words are still, to the letter, those that were asked (ES-6)."""
    return hmac.compare_digest(bytes(request.shown_hash), shown_hash(request))


def _chained(step: Step) -> bytes:
    said = [
        str(step.request_id), str(step.signer_id), step.number, step.what, str(step.user_id),
        step.at.astimezone(datetime.UTC).isoformat(), step.facts, bytes(step.previous).hex(),
    ]  # fmt: skip
    return fingerprint("consent step", json.dumps(said, sort_keys=True, ensure_ascii=False))


def is_complete(request: Request) -> bool:
    """Whether everybody, or anybody, that the request's rule asks for has signed: the database says, for a signer sees only themself."""
    told = Func(F("pk"), function="subrosa_consent_complete", output_field=BooleanField())
    return bool(Request.objects.filter(pk=request.pk).values_list(told, flat=True).get())


def add_step(request: Request, what: str, *, user: User | None, signer: Signer | None = None, **facts: Any) -> Step:
    """Write the next step of the signer's chain (or, without one, of the practice's). ``facts`` are JSON values, sealed."""
    assert what in WHAT
    last = Step.objects.filter(request=request, signer=signer).order_by("-number").only("number", "hash").first()
    step = Step(request=request, client_id=request.client_id, signer=signer, what=what, user=user, facts=facts, at=clock.now())
    step.number = last.number + 1 if last else 1
    step.previous = last.hash if last else request.shown_hash
    step.hash = _chained(step)
    step.save(force_insert=True)
    return step


def broken_at(request: Request, signer: Signer | None) -> int:
    """The number of the first step of a chain that does not hold, or 0 where all of it does."""
    previous, expected = bytes(request.shown_hash), 1
    for step in Step.objects.filter(request=request, signer=signer).order_by("number"):
        whole = step.number == expected and bytes(step.previous) == previous and hmac.compare_digest(bytes(step.hash), _chained(step))
        if not whole:
            return expected
        previous, expected = bytes(step.hash), expected + 1
    return 0


# --- whether what is kept is what was signed ------------------------------------------------------------------------------


def of_signature(signature: Signature) -> dict[str, Any]:
    """What the chain keeps of a signature: every word and mark of it, so that a changed row says something else than its step."""
    signer = signature.signer
    return {
        "signature": str(signature.pk),
        "name": signature.name,
        "relationship": signature.relationship,
        "method": signature.method,
        "intent": signature.intent,
        "understanding": signature.understanding,
        "shown": bytes(signature.shown_hash).hex(),
        "at": signature.signed_at.astimezone(datetime.UTC).isoformat(),
        "by": str(signature.user_id),
        "witness": str(signature.witnessed_by_id),
        "electronic": str(signature.electronic_id),
        "address": signature.address,
        "drawing": hashlib.sha256(signature.drawing.encode()).hexdigest(),
        "signed_as": [str(signer.pk), str(signer.person_id), str(signer.representative_id), signer.capacity],
        "paper_of": str(signature.request_id),
    }


def of_paper(paper: Paper) -> str:
    """SHA-256 of the signed PDF, in hexadecimal: the chain keeps it."""
    return hashlib.sha256(paper.pdf).hexdigest()


def disagreements(request: Request) -> list[str]:
    """What of ``request`` is not as it was asked and signed, in words; nothing where all of it holds (ES-6, ES-7).

    Chains are asked one by one (``broken_at``). Opens every signature and its paper.
    """
    found = [] if shows_what_was_asked(request) else [_("The words are not those that were asked.")]
    signers = list(request.signers.select_related("signature__paper", "signature__signer"))
    if _strays(request, signers):
        found.append(_("Whoever signed is gone."))
    if not Step.objects.filter(request=request, signer=None, what="asked").exists():
        found.append(_("A step is gone."))
    for signer in signers:
        steps = {step.what: step for step in Step.objects.filter(request=request, signer=signer, what__in=["signed", "assented", "copy"])}
        found += _of_signer(request, getattr(signer, "signature", None), steps)
    return found


def _strays(request: Request, signers: list[Signer]) -> bool:
    """A signature or a step of somebody who is not among those who sign; or nobody is."""
    rows = (Signature.objects.filter(request=request), Step.objects.filter(request=request, signer__isnull=False))
    return not signers or any(each.exclude(signer__in=signers).exists() for each in rows)


def _of_signer(request: Request, signature: Signature | None, steps: dict[str, Step]) -> list[str]:
    signed = steps.get("signed") or steps.get("assented")
    if signature is None:
        return [_("A signature is gone.")] if signed else []
    if signed is None:
        return [_("A signature has no step in the chain.")]
    found = []
    if not _agrees(signed.facts, of_signature(signature)) or bytes(signature.shown_hash) != bytes(request.shown_hash):
        found.append(_("A signature was changed after it was given."))
    if "copy" not in steps:
        found.append(_("A step is gone."))
    paper = getattr(signature, "paper", None)
    kept = steps["copy"].facts.get("paper") if "copy" in steps else None
    if paper is None or (kept is not None and kept != of_paper(paper)):
        found.append(_("A signed paper was changed or is gone."))
    return found


def _agrees(kept: dict[str, Any], now: dict[str, Any]) -> bool:
    """Signatures of before 2026-11-23 kept fewer of these in their step: what it kept must agree."""
    return kept.get("signature") == now["signature"] and all(now[name] == value for name, value in kept.items() if name in now)
