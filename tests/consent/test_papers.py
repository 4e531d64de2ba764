"""The signed paper, read back with tools that had no part in making it: its text, its hash, its signature, its metadata."""

from __future__ import annotations

import hashlib
import io

import pikepdf
import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pypdf import PdfReader

from clients.models import Client
from consent import papers
from consent.models import Certificate, Paper, Signature
from practice import certify, pdf
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting

from .papers import CHECK, CONSENT, asked, form_in_force, signed_by

REAL = papers._made  # before tests/conftest.py puts the quick one in its place
FINGERPRINTS = (  # the first was set with ligatures once, the second with unseen letters
    "ac269d0a9dc03cd4a64ffa8f3acd9fd75845de5d45ac10b6fcbdc8b2ecc3b678",
    "ac8300deb47a202f6e9529058fe3032ababa012e336f4886f0ebb0949d8c4267",
)
DRAWING = "[[[0.1, 0.5], [0.4, 0.2], [0.9, 0.8]]]"


@pytest.fixture
def _real_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "_made", REAL)


@pytest.fixture
def paper(_real_papers: None, cleo: Client, ana: User, portal_cleo: User) -> bytes:
    request = asked(cleo, ana, form_in_force(text=CONSENT + CHECK))
    signed_by(portal_cleo, request, answers={"who-reads": ["The care team"]}, drawing=DRAWING)
    with acting(ana):
        return bytes(Paper.objects.get().pdf)


def signature_of(made: bytes) -> tuple[bytes, bytes]:
    """What is signed of a PDF, and the CMS structure that signs it, by its own byte range."""
    (field,) = [found for found in (PdfReader(io.BytesIO(made)).get_fields() or {}).values() if found["/FT"] == "/Sig"]
    start, first, after, last = field["/V"]["/ByteRange"]
    assert (start, after + last) == (0, len(made))  # nothing stands outside
    return made[start:first] + made[after : after + last], bytes(field["/V"]["/Contents"])


def verified(made: bytes, certificate: bytes) -> bool:
    """Whether ``made`` carries a signature by ``certificate`` over all of it."""
    covered, raw = signature_of(made)
    assert certify  # loaded first: it teaches cms the attributes of such a signature, and cms learns them once
    info = cms.ContentInfo.load(raw)["content"]["signer_infos"][0]
    told = {attribute["type"].native: attribute["values"][0].native for attribute in info["signed_attrs"]}
    if told["message_digest"] != hashlib.sha256(covered).digest():
        return False
    key = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(info["signature"].native, info["signed_attrs"].untag().dump(), ec.ECDSA(hashes.SHA256()))
    return True


def test_the_signed_paper_is_read_back_whole_tagged_and_certified_and_its_metadata_name_nobody(paper: bytes, ana: User) -> None:
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())
    with acting(ana):
        signature = Signature.objects.get()
        for said in ("There are limits, by law.", "Ana Reyes, LPC-A will listen", "Answer The care team", "Cleo Marchetti", "a password"):
            assert said in text
        assert bytes(signature.shown_hash).hex() in text.replace(" ", "")
        assert verified(paper, bytes(Certificate.objects.get().der))
        spoilt = paper.replace(b"/Sig", b"/sIg", 1) if b"/Sig" in paper[:2000] else paper[:1000] + bytes([paper[1000] ^ 1]) + paper[1001:]
        assert hashlib.sha256(signature_of(paper)[0]).digest() != hashlib.sha256(spoilt).digest()
    with pikepdf.open(io.BytesIO(paper)) as found:
        assert str(found.Root.Lang) == "en"
        assert found.Root.MarkInfo.Marked
        told = str(found.docinfo) + (str(found.Root.Metadata.read_bytes()) if "/Metadata" in found.Root else "")
        for name in ("Cleo", "Marchetti", "Ana", "Reyes"):
            assert name not in told
    assert papers.strokes(DRAWING) == [[[0.1, 0.5], [0.4, 0.2], [0.9, 0.8]]]


@pytest.mark.parametrize("fingerprint", FINGERPRINTS)
def test_a_fingerprint_is_copied_from_the_paper_letter_by_letter(paper: bytes, ana: User, fingerprint: str) -> None:
    """Where two letters are set as one glyph, or a place to break a line is put between two, what is copied is not what was signed."""
    with acting(ana):
        data = papers.paper_of(Signature.objects.get()) | {"facts": [("Fingerprint", papers.in_groups(bytes.fromhex(fingerprint)))]}
        made = papers._made(data)
    assert fingerprint in "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())


def test_a_changed_byte_is_found_by_whoever_checks(paper: bytes, ana: User) -> None:
    covered, _ = signature_of(paper)
    changed = bytearray(paper)
    changed[200] ^= 1
    with acting(ana):
        assert not verified(bytes(changed), bytes(Certificate.objects.get().der))
        assert len(covered) < len(paper)


def test_es_7_no_signature_without_its_paper(cleo: Client, ana: User, portal_cleo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "_made", REAL)
    monkeypatch.setattr(pdf, "CERTIFY", pdf.CERTIFY.with_name("nowhere.py"))
    request = asked(cleo, ana, form_in_force())
    with pytest.raises(Refused) as refused:
        signed_by(portal_cleo, request)
    assert refused.value.rule == "ES-7"
    with acting(ana):
        assert not Signature.objects.exists()


@pytest.mark.parametrize("drawing", ["", "x", "{}", '["a"]', "[[[1]]]", '[[["<svg/onload=x>", 1], [2, 2]]]', "[[[0, 0]]]", "5", "null"])
def test_attack_67_a_drawing_is_points_or_nothing(drawing: str) -> None:
    assert papers.strokes(drawing) == []


@pytest.mark.usefixtures("_real_papers")
def test_a_command_sets_and_certifies_in_its_own_process_and_the_paper_is_the_same(
    cleo: Client, ana: User, portal_cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "PRESS", pdf.PRESS.with_name("nowhere.py"))
    request = asked(cleo, ana, form_in_force())
    with pdf.in_this_process():
        signed_by(portal_cleo, request)
    with acting(ana):
        assert verified(bytes(Paper.objects.get().pdf), bytes(Certificate.objects.get().der))
