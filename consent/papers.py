"""The signed paper as PDF, made in the transaction of the signature: no signature without the rendered paper (ES-7).

It shows exactly what was shown and signed, what was asked and answered, and how the signer was known; typst sets it as tagged PDF
in the form's language, and the practice's own certificate seals it. Its metadata name nobody.
"""

from __future__ import annotations

import datetime
import json
from contextlib import suppress
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.utils import formats, timezone

from audit import clock
from consent.clauses import Clause, clauses
from consent.models import Certificate, Paper, Question, Signature, Signer
from practice import pdf
from practice.models import Practice

YEARS = 10  # a certificate signs for; what it signed can be checked for ever
_STROKES, _POINTS = 60, 600  # of a drawing, at most


def keep(signature: Signature) -> Paper:
    """Make the PDF of what was signed, certified by the practice, and keep it sealed. Raises Refused where it cannot be made (ES-7)."""
    paper = Paper(client_id=signature.client_id, signature=signature, pdf=_made(paper_of(signature)))
    paper.save(force_insert=True)
    return paper


def _made(data: dict[str, Any]) -> bytes:
    with_key = certificate()
    return pdf.certify(pdf.press("consent", data), certificate=bytes(with_key.der), key=with_key.key)


def certificate() -> Certificate:
    """The practice's certificate of now; the first one, or the next when it runs out, is made here."""
    now = clock.now()
    standing = Certificate.objects.filter(until__gt=now).first()
    return standing or _new_certificate(now)


def _new_certificate(now: datetime.datetime) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, Practice.objects.get().name[:60])])
    until = now + relativedelta(years=YEARS)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    draft = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    draft = draft.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(until)
    made = draft.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    row = Certificate(der=made.public_bytes(Encoding.DER), key=secret, until=until, made_at=now)
    row.save(force_insert=True)
    return row


# --- what stands on it --------------------------------------------------------------------------------------------------


def paper_of(signature: Signature) -> dict[str, Any]:
    """What stands on the paper of ``signature``, as plain values for templates/typst/consent.typ."""
    request = signature.request
    practice = Practice.objects.get()
    return {
        "title": "Signed paper",
        "heading": request.wording.title,
        "language": request.wording.language,
        "practice": practice.name,
        "code": request.client.code,
        "confidential": "Confidential: for the person it was given to, and nobody else",
        "demo": settings.DEMO,
        "draft": False,
        "states": [],
        "facts": _facts(signature),
        "clauses": [_clause(clause, signature.understanding["answers"]) for clause in clauses(request.shown)],
        "questions": [_question(question) for question in signature.signer.questions.order_by("asked_at", "pk")],
        "signed": _signed(signature),
        "drawing": strokes(signature.drawing),
    }


def _facts(signature: Signature) -> list[tuple[str, str]]:
    request = signature.request
    version = request.wording
    return [
        ("About", f"{request.client.legal_name} ({request.client.code})"),
        ("Paper", f"{version.title}, version {version.number}, {version.language}"),
        ("Shown", _moment(request.asked_at)),
        ("Fingerprint", in_groups(bytes(request.shown_hash))),
    ]


def in_groups(fingerprint: bytes) -> str:
    """``fingerprint`` in hexadecimal, with a space every sixteen letters: lines end there, and nothing unseen is copied."""
    return fingerprint.hex(" ", 8)


def _clause(clause: Clause, answers: dict[str, Any]) -> dict[str, Any]:
    answer = answers.get(clause.anchor, "")
    said = ", ".join(answer) if isinstance(answer, list) else answer
    choices = [option.text for option in clause.options]
    return {"title": clause.title, "blocks": _blocks(clause.blocks), "choices": choices, "answer": said, "asked": bool(clause.answer)}


def _blocks(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_block(block) for block in found]


def _block(block: dict[str, Any]) -> dict[str, Any]:
    if block["kind"] == "list":
        return {"kind": "list", "ordered": block["ordered"], "items": [_blocks(item) for item in block["items"]]}
    runs = [{"run": run["text"].replace("\n", " "), "strong": run["strong"], "em": run["em"]} for run in block["runs"]]
    return {"kind": "words", "runs": runs, "rtl": pdf.runs_left("".join(run["run"] for run in runs))}


def _question(question: Question) -> dict[str, Any]:
    said = [{"text": answer.text, "when": _moment(answer.at)} for answer in question.answers.order_by("at", "pk")]
    settled = f"Settled by the one who asked, {_moment(question.settled_at)}" if question.settled_at else ""
    return {"text": question.text, "when": _moment(question.asked_at), "answers": said, "settled": settled}


def _signed(signature: Signature) -> list[tuple[str, str]]:
    capacity = Signer.Capacity(signature.signer.capacity).label
    method = Signature.Method(signature.method).label
    rows = [("Signed", _moment(signature.signed_at)), ("By", signature.name), ("Capacity", str(capacity))]
    if signature.relationship:
        rows.append(("Relationship", signature.relationship))
    if signature.signer.representative:
        rows.append(("Authority", signature.signer.representative.authority))
    if signature.understanding["teach_back"]:
        rows.append(("In own words", signature.understanding["teach_back"]))
    return [*rows, ("Known by", str(method)), ("Statement", signature.intent), ("Freely", "I agree of my own free will.")]


def strokes(drawing: str) -> list[list[list[float]]]:
    """The strokes of a drawn signature, each a list of [x, y] within 0..1; anything else is none (attack 67)."""
    with suppress(ValueError, TypeError, KeyError):
        given = json.loads(drawing) if drawing else []
        made = [[[_within(x), _within(y)] for x, y in stroke][:_POINTS] for stroke in given[:_STROKES]]
        return [stroke for stroke in made if len(stroke) > 1]
    return []


def _within(value: Any) -> float:
    return round(min(max(float(value), 0.0), 1.0), 4)


def _moment(moment: datetime.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'j F Y, H:i:s')} {local.tzname()}"
