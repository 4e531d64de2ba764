"""What a file must be to be kept, and what is taken out of it: every hostile file here was made to get something past."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from practice import files, sieve
from practice.refusals import Refused
from tests.records.uploads import PLANTED, TEXT, paper, picture, unpacked

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("planted.txt", PLANTED)
    return out.getvalue()


@pytest.fixture(autouse=True)
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests run the sieve where they stand, which is quicker; those named after it start the process."""
    if "sieve" not in request.node.name:
        monkeypatch.setattr(files.subprocess, "run", _in_place)


def _in_place(command: list[str], *, input: bytes, **options: object) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.CompletedProcess(command, 0, sieve.sifted(input, command[-1]))
    except sieve.No as no:
        return subprocess.CompletedProcess(command, no.args[0], b"")


def says(name: str, raw: bytes) -> str:
    """Why the file is not kept, and what to do."""
    with pytest.raises(Refused) as refused:
        files.cleaned(name, raw)
    assert refused.value.todo
    assert PLANTED not in f"{refused.value} {refused.value.todo}"
    return refused.value.words


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", "a.docx", "a.zip", "a.exe", "a.pdf.html", "a", ".pdf", "a.svgz", "a.gif", "a.txt\0.html"]
)
def test_attack_69_other_sorts_are_refused_by_name_whatever_is_in_them(name: str) -> None:
    assert says(name, b"%PDF-1.7 or not") == "We keep PDFs, pictures (JPEG, PNG, WebP) and plain text, and no other kind of file."


@pytest.mark.parametrize("disguised", [SVG, HTML, b"\n \n" + SVG, b"<?xml version='1.0'?>", b"{\\rtf1 x}", b"%!PS", b"<!-- --><html>"])
def test_attack_69_and_asvs_1_3_4_markup_is_refused_under_any_name(disguised: bytes) -> None:
    assert "not what is in it" in says("notes.txt", disguised)
    assert "not what is in it" in says("scan.png", disguised)
    assert "not what is in it" in says("letter.pdf", disguised)


def test_attack_69_a_name_that_does_not_fit_the_bytes_is_refused() -> None:
    assert "called .png" in says("a.png", picture("JPEG"))
    assert "called .pdf" in says("a.pdf", _zip())
    assert "called .pdf" in says("a.pdf", b"\n" + paper())  # its header stands at the first byte, or it is something else as well
    assert "plain text" in says("a.txt", b"MZ\0\1\2")
    assert "UTF-8" in says("a.txt", b"caf\xe9")
    assert "empty" in says("a.txt", b"")


@pytest.mark.parametrize("sort", ["JPEG", "PNG", "WEBP"])
def test_attack_69_a_picture_is_drawn_again_without_its_place_camera_or_second_file(sort: str) -> None:
    raw = picture(sort) + b"<script>alert(1)</script>" + _zip()
    assert PLANTED.encode() in raw
    kept = files.cleaned(f"IMG.{sort.lower()}", raw).content
    for word in (PLANTED.encode(), b"Planted", b"planted", b"script", b"PK\x03\x04", b"Exif", b"ICC"):
        assert word not in kept
    with Image.open(io.BytesIO(kept)) as drawn:
        assert (drawn.size, drawn.format, dict(drawn.getexif())) == ((40, 60), sort, {})  # upright as well


def test_attack_69_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert len(out.getvalue()) < 50_000
    assert "40 million points" in says("bomb.png", out.getvalue())


def test_attack_69_of_a_pdf_only_its_pages_stay() -> None:
    raw = paper() + b"\n" + _zip() + HTML
    assert PLANTED.encode() in unpacked(paper())
    kept = files.cleaned("letter.pdf", raw).content
    plain = unpacked(kept)
    for word in (PLANTED, "tracker", "JavaScript", "/JS", "/AA", "/OpenAction", "/Annot", "/EmbeddedFile", "/Metadata", "/Author", "Exif"):
        assert word.encode() not in plain, word
    assert b"PK\x03\x04" not in kept
    assert b"DOCTYPE" not in kept
    assert kept.startswith(b"%PDF-")
    assert kept.rstrip().endswith(b"%%EOF")
    with pikepdf.open(io.BytesIO(kept)) as document:
        (page,) = document.pages
        assert b"what stays" in page.Contents.read_bytes() or b"/Im0 Do" in page.Contents.read_bytes()
        assert page.Resources.XObject.Im0.read_raw_bytes().startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (paper(password="secret"), "locked with a password"),
        (paper(password=""), "locked with a password"),
        (paper(pages=301), "more than 300 pages"),
        (b"%PDF-1.7\n" + b"x" * 500, "cannot be read as PDF"),
    ],
    ids=["password", "owner", "pages", "damaged"],
)
def test_a_pdf_that_cannot_be_cleaned_is_refused_with_what_to_do(raw: bytes, why: str) -> None:
    assert why in says("a.pdf", raw)


def test_a_pdf_and_a_picture_pass_through_the_sieve() -> None:
    assert files.cleaned("a.pdf", paper()).content.startswith(b"%PDF-")
    assert files.cleaned("a.jpg", picture()).content.startswith(b"\xff\xd8\xff")
    assert "locked" in says("a.pdf", paper(password="secret"))


def test_a_text_is_kept_to_the_letter_but_for_its_byte_order_mark() -> None:
    kept = files.cleaned("a.TXT", b"\xef\xbb\xbf" + TEXT + "שלום\t\r\n".encode())
    assert kept.content == TEXT + "שלום\t\r\n".encode()


def test_what_is_too_large_is_refused_before_anybody_reads_it(settings: object) -> None:
    settings.DOCUMENT_BYTES = 1024 * 1024  # type: ignore[attr-defined]  # pytest-django's settings
    assert says("a.pdf", b"%PDF-1.7" + b"x" * 1024 * 1024) == "This file is larger than 1 MB."


def test_attack_42_and_93_the_sieve_is_given_no_key_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[tuple[object, object]] = []
    real = subprocess.run

    def watched(command: list[str], **options: object) -> object:
        seen.append((command, options["env"]))
        return real(command, **options)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(subprocess, "run", watched)
    says("a.png", b"\x89PNG\r\n\x1a\n" + PLANTED.encode())
    assert seen == [([sys.executable, "-I", str(files.SIEVE), "png"], {})]
    assert PLANTED not in "".join(capfd.readouterr()) + caplog.text


def test_a_sieve_that_takes_too_long_or_breaks_keeps_the_file_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "sieve.py"
    broken.write_text("import sys\nsys.exit(1)\n")
    with monkeypatch.context() as patched:
        patched.setattr(files, "SIEVE", broken)
        assert "cannot be read" in says("a.png", picture("PNG"))
    monkeypatch.setattr(files, "SECONDS", 0.01)
    assert "cannot be read" in says("a.png", picture("PNG"))


def test_the_sieve_can_write_no_file(tmp_path: Path) -> None:
    steps = f"confine = runpy.run_path({str(files.SIEVE)!r})['confine']; confine(); open({str(tmp_path / 'x')!r}, 'wb', 0).write(b'x')"
    done = subprocess.run([sys.executable, "-c", f"import runpy; {steps}"], capture_output=True, text=True, check=False)
    assert "File too large" in done.stderr
    assert (tmp_path / "x").read_bytes() == b""


# --- a scanner of the practice's own ------------------------------------------------------------------------------------


def finds(raw: bytes) -> str:
    """A scanner that finds something in everything."""
    return "Eicar" if raw else ""


def finds_nothing(raw: bytes) -> str:
    """A scanner that finds nothing."""
    return ""


def is_away(raw: bytes) -> str:
    """A scanner that does not answer."""
    raise ConnectionError(PLANTED)


@pytest.mark.parametrize(
    ("scanner", "words"), [("finds", "found something"), ("is_away", "could not be asked"), ("is_not_there", "could not be asked")]
)
def test_a_scanner_that_finds_something_or_cannot_be_asked_keeps_the_file_out(settings: object, scanner: str, words: str) -> None:
    settings.DOCUMENT_SCANNER = f"{__name__}.{scanner}"  # type: ignore[attr-defined]  # pytest-django's settings
    assert words in says("a.txt", TEXT)


def test_a_scanner_that_finds_nothing_lets_it_pass(settings: object) -> None:
    settings.DOCUMENT_SCANNER = f"{__name__}.finds_nothing"  # type: ignore[attr-defined]  # pytest-django's settings
    assert files.cleaned("a.txt", TEXT).content == TEXT


def test_a_pdf_that_was_cleaned_stays_the_same_to_the_byte_when_it_is_cleaned_again() -> None:
    """So that a record which is brought in elsewhere holds the very files that left; and nothing in them tells when that was."""
    page = io.BytesIO()
    Image.new("L", (85, 110), 250).save(page, "PDF")
    for raw in (page.getvalue(), paper()):
        once = files.cleaned("a.pdf", raw).content
        assert files.cleaned("a.pdf", once).content == once
