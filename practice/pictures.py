"""Pictures that were uploaded, drawn again: only colours of points survive, no metadata, no script, no second file inside."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")  # by content, whatever the file is called; an SVG is a program and is none of these
MOST_POINTS = 4000 * 4000  # before anything is unpacked: a small file may hold a picture of gigabytes
LARGEST = (480, 160)  # twice what the header shows


class NotAPicture(Exception):
    """The bytes are no picture of a kind we draw."""


@dataclass(frozen=True)
class Picture:
    """A picture as WebP."""

    image: bytes
    width: int
    height: int


def redraw(raw: bytes) -> Picture:
    """``raw`` drawn again, small; raises NotAPicture for anything but a sound PNG, JPEG or WebP of a bearable size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow warns of a bomb before it refuses one
            drawn = _drawn(raw)
    except (OSError, ValueError, SyntaxError, EOFError, Warning, Image.DecompressionBombError, MemoryError) as error:
        raise NotAPicture from error
    out = BytesIO()
    drawn.save(out, "WEBP", quality=90)
    return Picture(out.getvalue(), drawn.width, drawn.height)


def _drawn(raw: bytes) -> Image.Image:
    with Image.open(BytesIO(raw), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_POINTS:
            raise NotAPicture
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail(LARGEST)
    fresh = Image.new("RGBA", upright.size)  # a new canvas: what hung on the old one stays behind
    fresh.paste(upright)
    return fresh
