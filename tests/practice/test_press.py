"""The press by itself: what was written comes out as it was written, and nothing comes in or goes out beside it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from practice import pdf
from practice.press import TEMPLATES
from practice.refusals import Refused
from tests.records.papers import a_note, opened, payloads, squeezed, structure, whole_words_of, words_of


class Trap(HTTPServer):
    """Counts whoever comes."""

    hits = 0


class _Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Trap)
        self.server.hits += 1
        self.send_error(404)

    do_CONNECT = do_HEAD = do_POST = do_GET

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture
def trap() -> Iterator[Trap]:
    server = Trap(("127.0.0.1", 0), _Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_t29_and_attack_70_every_payload_comes_out_as_written(trap: Trap) -> None:
    written = payloads(trap.server_port)
    assert len({*written}) >= 150
    made = pdf.press("note", a_note("\n\n".join(written)))
    text = squeezed(words_of(made))
    assert [payload for payload in written if squeezed(payload) not in text] == []
    assert "root:" not in text
    assert trap.hits == 0
    with opened(made) as found:
        assert structure(found).count("/H2") == 1  # the one of the part: no payload became a heading
        assert all("/Annots" not in page for page in found.pages)  # nor a link


def test_t29_payloads_in_every_other_place_of_a_paper(trap: Trap) -> None:
    """Names, codes, the practice's name: whatever stands outside the text."""
    for hostile in ('#read("/etc/passwd")*x*', "<b>$x$</b>", '\\"#panic()', "a\u202eb"):
        facts = [("Client", hostile), (hostile, "value")]
        paper = a_note(
            "text", facts=facts, states=[hostile], practice=hostile, code=hostile, heading=hostile, made=hostile, confidential=hostile
        )
        text = squeezed(whole_words_of(pdf.press("note", paper)))
        assert text.count(squeezed(hostile)) >= 8 or "\u202e" in hostile
        assert "root:" not in text
    assert trap.hits == 0


def _press_of(template: str, tmp_path: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """A press whose own templates are hostile: a copy of ours with ``template`` in place of a note's."""
    press, templates = tmp_path / "practice" / "press.py", tmp_path / "templates" / "typst"
    for folder in (press.parent, templates):
        folder.mkdir(parents=True, exist_ok=True)
    press.write_text(pdf.PRESS.read_text())
    (templates / "note.typ").write_text(template)
    command = [sys.executable, "-I", str(press), "note.typ"]
    return subprocess.run(command, input=json.dumps(a_note("x")).encode(), capture_output=True, env=environment, check=False)


def test_attack_70_not_even_a_template_reads_elsewhere_or_fetches(trap: Trap, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "secret.txt").write_text("planted")
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"), f"http://127.0.0.1:{trap.server_port}")
    for wrong in (
        '#read("/etc/passwd")', '#read("../secret.txt")', '#read("/../secret.txt")', '#image("http://127.0.0.1:1/x.png")',
        '#import "@preview/cetz:0.2.0": *', '#import "@local/x:0.1.0": *',
    ):  # fmt: skip
        done = _press_of(wrong, tmp_path, {**pdf.ENVIRONMENT, **proxies})
        assert (done.returncode, done.stdout) == (1, b""), wrong
    assert _press_of("fine", tmp_path, pdf.ENVIRONMENT).stdout.startswith(b"%PDF")
    assert trap.hits == 0


def test_our_templates_name_nothing_outside_their_folder() -> None:
    for path in TEMPLATES.glob("*.typ"):
        text = path.read_text()
        assert not any(word in text for word in ("@preview", "@local", "read(", "image(", "plugin(", "eval(", "http", 'include "')), path


def test_attack_93_the_press_is_given_no_key_and_no_word_on_its_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[object, object]] = []
    real = subprocess.run

    def watched(command: list[str], **options: object) -> object:
        seen.append((command, options["env"]))
        return real(command, **options)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(subprocess, "run", watched)
    pdf.press("note", a_note("the blue heron sentence"))
    ((command, environment),) = seen
    assert command == [sys.executable, "-I", str(pdf.PRESS), "note.typ"]
    assert environment == {"RAYON_NUM_THREADS": "2"}


def test_attack_42_what_the_press_stumbles_over_is_quoted_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    stumbling = tmp_path / "press.py"
    stumbling.write_text("import sys\ntext = sys.stdin.read()\nprint(text)\nprint(text, file=sys.stderr)\nsys.exit(1)\n")
    monkeypatch.setattr(pdf, "PRESS", stumbling)
    with pytest.raises(Refused) as refused:
        pdf.press("note", a_note("the blue heron sentence"))
    said = f"{refused.value} {refused.value.words} {refused.value.__cause__} {caplog.text} {''.join(capfd.readouterr())}"
    assert "heron" not in said
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("before \0 after \x1b[31m", "before\ufffdafter\ufffd[31m"),
        ("lone \ud800 surrogate", "lone\ufffdsurrogate"),
        ("שלום עולם", "שלום"),
        ("مرحبا بالعالم", "مرحبا"),
        ("a\u202etxt.exe\u2066b", "a"),
        ("W" * 3000, "W" * 3000),
        ("http://example.test/" + "a/" * 400, "http://example.test/a/"),
        ("z\u0337\u0322\u0349" * 40, "z"),
        ("\u2028\u2029\x85", ""),
        ("line\r\nline\rline", "linelineline"),
        ("\n\n \n\n", ""),
        ("", ""),
    ],
    ids=["nul", "surrogate", "hebrew", "arabic", "override", "word", "address", "zalgo", "separators", "returns", "blank", "empty"],
)
def test_strange_letters_neither_break_it_nor_get_lost(text: str, shown: str) -> None:
    made = pdf.press("note", a_note(text, "after all"))
    assert squeezed(shown) in squeezed(words_of(made))
    assert "after all" in words_of(made)
    with opened(made) as found, found.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_letters_that_no_font_has_are_said_to_be_boxes() -> None:
    """U+10FFFD is for private use: no font has it. The paper stays tagged."""
    made = pdf.press("note", a_note("before \U0010fffd after"))
    assert squeezed("Some characters are shown as boxes") in squeezed(words_of(made))
    with opened(made) as found:
        assert {"/H1", "/P"} <= {*structure(found)}
    assert "shown as boxes" not in words_of(pdf.press("note", a_note("plain")))


@pytest.mark.parametrize("text", ["你好世界 こんにちは 안녕", "😀 👩‍👩‍👧 🏳️‍🌈"], ids=["cjk", "emoji"])
def test_scripts_of_other_fonts_never_break_it(text: str) -> None:
    """Whether they are drawn depends on the fonts of the machine; that they are not is said."""
    made = pdf.press("note", a_note(text, "after all"))
    assert "after all" in words_of(made)


def test_no_word_runs_off_the_page() -> None:
    for word in ("W" * 5000, "漢" * 500, "a\u0301" * 500):
        pieces = pdf.fit(word).split("\u200b")
        assert "".join(pieces) == word
        assert max(map(len, pieces)) <= 42
        assert not any(piece.startswith("\u0301") for piece in pieces)
    assert pdf.fit("an ordinary sentence of several words") == "an ordinary sentence of several words"


def test_each_paragraph_runs_its_own_way() -> None:
    assert [one["rtl"] for one in pdf.paragraphs("Left.\n\n\u05e9\u05dc\n\n(123) \u0645\u0631\n\n123")] == [False, True, True, False]


def test_a_press_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    with pytest.raises(Refused, match="could not be made"):
        pdf.press("note", a_note("word " * 20_000))
