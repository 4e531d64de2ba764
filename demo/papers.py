"""The documents of the demo: made here at seeding, so that nothing of anybody's stands in them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

from clients.models import Client
from practice.models import User
from records import actions as records

LETTER = (
    "Rivertown Family Medicine\n\nTo whom it may concern\n\nThank you for seeing our patient, who asked for counseling after\n"
    "several months of poor sleep. Bloods in March were unremarkable.\n"
    "No medication was begun. Please write to us only with consent.\n\nDr. A. Example"
)
SCORES = "Sleep diary, first week\n\nMon  4.5 h\nTue  5 h\nWed  4 h\nThu  6 h\nFri  5.5 h\nSat  7 h\nSun  6 h\n"


def _scan() -> bytes:
    """A letter as it comes off a scanner: a PDF that is one picture."""
    page = Image.new("L", (850, 1100), 250)
    ImageDraw.Draw(page).multiline_text((90, 110), LETTER, fill=40, spacing=14, font_size=20)
    out = BytesIO()
    page.save(out, "PDF", resolution=100)
    return out.getvalue()


def _drawing() -> bytes:
    """A house under a sun, as drawn in a session."""
    page = Image.new("RGB", (640, 440), "#fdf8ee")
    pen = ImageDraw.Draw(page)
    pen.ellipse((470, 40, 580, 150), fill="#f2b632")
    pen.rectangle((150, 210, 370, 400), outline="#5b3a29", width=8)
    pen.line((130, 215, 260, 100, 390, 215), fill="#a72724", width=10)
    pen.rectangle((235, 300, 290, 400), fill="#33547e")
    pen.line((0, 402, 640, 402), fill="#1c6142", width=10)
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


# Story -> file name, title, how it is made.
PAPERS: dict[str, tuple[tuple[str, str, Callable[[], bytes]], ...]] = {
    "ray": (("sleep-diary.txt", "Sleep diary, first week", SCORES.encode),),
    "cleo": (("scan-0007.pdf", "Referral letter", _scan),),
    "mia": (("drawing.png", "Drawing of a house, first session", _drawing),),
}


def hang(key: str, client: Client, by: User) -> None:
    """Hang the documents of the story ``key`` on its client's record."""
    for name, title, made in PAPERS.get(key, ()):
        records.add_document(client, made(), by=by, name=name, title=title)
