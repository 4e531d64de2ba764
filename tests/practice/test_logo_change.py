"""The practice's logo: a picture, drawn again; nothing else gets in, and nothing hidden stays."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from practice import profile
from practice.models import Logo, User
from practice.pictures import LARGEST, NotAPicture, redraw

from .conftest import lines, log_in

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HIDDEN = b"taken at 45.5231 N by Cleopatra"


@pytest.fixture(autouse=True)
def remembered() -> Iterator[None]:
    profile.forget()
    yield
    profile.forget()


@pytest.fixture
def admin(browser: Browser, ada: User) -> Browser:
    log_in(browser, ada)
    return browser


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **extra: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#832f5a").save(out, kind, **extra)
    return out.getvalue()


def with_secrets(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = HIDDEN.decode()  # ImageDescription
    if kind == "PNG":
        told = PngInfo()
        told.add_text("Comment", HIDDEN.decode())
        return picture("PNG", pnginfo=told, exif=exif)
    return picture(kind, exif=exif)


def upload(browser: Browser, raw: bytes, name: str = "logo.png", kind: str = "image/png") -> Any:
    return browser.post("/practice/logo/", {"logo": SimpleUploadedFile(name, raw, kind)})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_goes_up_drawn_again(admin: Browser, ada: User, kind: str) -> None:
    raw = with_secrets(kind)
    assert HIDDEN in raw
    assert upload(admin, raw)["Location"] == "/practice/"
    image = bytes(Logo.objects.get().image)
    assert HIDDEN not in image
    with Image.open(BytesIO(image)) as drawn:
        assert drawn.format == "WEBP"
        assert not drawn.getexif()
        assert drawn.width <= LARGEST[0]
        assert drawn.height <= LARGEST[1]
        assert drawn.getpixel((5, 5))[:2] != (0, 0)
    assert lines("change", part="profile_logo", actor_id=ada.pk)


def test_attack_69_it_is_served_as_what_it_is(admin: Browser) -> None:
    upload(admin, picture() + SVG, "logo.svg", "image/svg+xml")  # a polyglot: the picture is drawn, the rest falls off
    page = admin.get("/practice/").text
    path = page.split('class="logo" src="')[1].split('"')[0]
    answer = Browser().get(path)
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"<svg" not in answer.content
    assert 'alt=""' in page.split('class="logo"')[1].split(">")[0]
    assert 'width="' in page.split('class="logo"')[1].split(">")[0]


@pytest.mark.parametrize(
    "raw", [SVG, b"<html><script>alert(1)</script>", b"%PDF-1.7", b"GIF89a\x01\x00\x01\x00", b"\x89PNG\r\n\x1a\n", b"\x00"]
)
def test_attack_69_what_is_no_picture_is_refused(admin: Browser, raw: bytes) -> None:
    answer = upload(admin, raw)
    assert answer.status_code == 422
    assert "no PNG, JPEG or WebP" in answer.text
    assert not Logo.objects.exists()


def bomb() -> bytes:
    """A PNG of a few bytes that would unpack to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 4096)) + chunk(b"IEND", b"")


def test_attack_69_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(NotAPicture):
        redraw(bomb())


@pytest.mark.parametrize("size", [(5000, 5000), (20000, 1000)])
def test_a_picture_too_large_to_bear_is_refused(size: tuple[int, int]) -> None:
    out = BytesIO()
    Image.new("1", size).save(out, "PNG")
    with pytest.raises(NotAPicture):
        redraw(out.getvalue())


@pytest.mark.parametrize("cut", [9, 40, 200, 400])
def test_a_picture_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(NotAPicture):
        redraw(picture("JPEG")[:cut])


def test_a_file_too_large_is_refused(admin: Browser) -> None:
    answer = upload(admin, picture() + b"\0" * 200 * 1024)
    assert answer.status_code == 422
    assert "larger than 200 KB" in answer.text


def test_no_file_is_refused_in_words(admin: Browser) -> None:
    assert "Choose a file" in admin.post("/practice/logo/").text


def test_it_comes_down_again(admin: Browser) -> None:
    upload(admin, picture())
    mark = profile.profile().sign
    assert mark
    admin.post("/practice/logo/", {"remove": "1"})
    assert 'class="logo"' not in admin.get("/").text
    assert Browser().get(f"/practice/logo/{mark.mark}/").status_code == 404
    assert lines("change", part="profile_logo_removed")


def test_only_admins(ana: User) -> None:
    browser = Browser()
    log_in(browser, ana)
    assert upload(browser, picture()).status_code == 404
    assert not Logo.objects.exists()
