"""A label to print: the code, and the same code as QR. It says nothing of anybody (PA-1)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from .models import PaperFile


def label_paper(file: PaperFile) -> dict[str, Any]:
    """What templates/typst/label.typ shows of ``file``: its label, and the squares of the QR as rows of 0 and 1."""
    return {"title": "Label", "label": file.label, "squares": squares(file.label), "demo": settings.DEMO}


def squares(text: str) -> list[str]:
    """The squares of a QR code that says ``text``."""
    code: Any = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]
