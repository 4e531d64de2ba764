"""Certifying: one PDF signed in a process of its own, run by practice/pdf.py as ``python -I certify.py``.

Standard input holds a line of JSON with certificate and key (base64, DER), then the PDF; the signed PDF goes out on standard
output. A process of its own, because the library that signs takes 35 MB that a web process would keep. It is given nothing
but this one key, writes no file, and asks nothing of any network: no time stamp, no revocation.
"""

from __future__ import annotations

import base64
import io
import json
import sys

from asn1crypto import keys, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Practice"


def certified(pdf: bytes, certificate: bytes, key: bytes) -> bytes:
    """``pdf`` with a certifying PAdES signature that allows no change. ``certificate`` and ``key`` are DER (X.509, PKCS #8)."""
    signer = signers.SimpleSigner(x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key), SimpleCertificateStore())
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    out = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=signer, output=out)
    return out.getvalue()


if __name__ == "__main__":
    given = json.loads(sys.stdin.buffer.readline())
    made = certified(sys.stdin.buffer.read(), *(base64.b64decode(given[part]) for part in ("certificate", "key")))
    sys.stdout.buffer.write(made)
