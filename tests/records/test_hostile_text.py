"""Words that were meant to break a page, and words of people who write otherwise: kept to the letter, shown as text."""

from __future__ import annotations

import html
import itertools
import json
from html.parser import HTMLParser
from typing import Any

from django.test import Client as Browser

from clients.models import Client
from practice.models import User
from records.models import Note
from tests.cast import SECRET, SignIn, write_note

from .hands import content, page, typed, words

SCRIPTS = [
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "{{ 7|add:7 }}{% debug %}",
    "<!--<img src='--><img src=x onerror=alert(1)>",
    "<a hx-get='/' hx-trigger='load'>x</a>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
WORDS = [
    "Ζωή, naïve, Łódź, 山田太郎, नमस्ते",
    "👩‍👩‍👧‍👦 🏳️‍🌈 \U0001f9d1🏽‍🦽",
    "\u202eright to left\u202c and \u2067isolated\u2069",
    "مرحبا بالعالم",
    "Z" + "\u0337\u0316\u031f\u0333" * 200,
    "\ufeffbom \u200b zero \u00ad soft \u2028 line",
    "tab\tand\r\nlines\rof\nall kinds",
    "%s %(x)s {0} \\x00 \\u0000 '; DROP TABLE records_note; --",
    "\u0001\u0002\u001b[31m",
]


class Runs(HTMLParser):
    """Collects what would run something, or draw something that is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        links = [value or "" for name, value in attrs if name in ("href", "src", "action", "xlink:href")]
        if (tag == "script" and "src" not in names) or tag in ("img", "math", "iframe", "object", "base"):
            self.found.append(tag)
        self.found += [name for name in names if name.startswith("on")] + [
            link for link in links if link.startswith(("javascript:", "data:"))
        ]
        if tag == "a" and "hx-get" in names:
            self.found.append("hx-get")


def runs(text: str) -> list[str]:
    """What in ``text`` would run."""
    parser = Runs()
    parser.feed(text)
    return parser.found


def test_attack_67_a_script_in_a_note_is_shown_as_text(ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    for text in (*SCRIPTS[1:5], " ".join(SCRIPTS), SCRIPTS[-1]):
        draft = write_note(ana, cleo, text=text)
        pages = [browser.get(page(name, draft.pk)) for name in ("note_edit", "note_sign", "note_detail")]
        pages += [browser.post(page(name, draft.pk), typed(1, presenting=f"{text}!")) for name in ("note_save", "note_edit")]  # conflicts
        for seen in map(words, pages):
            assert html.escape(text) in seen
            assert runs(seen) == []
        assert content(draft, ana)["presenting"] == text


def test_attack_68_nothing_that_is_sent_comes_back_as_markup(ana: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    for text in (" ".join(SCRIPTS[:5]), " ".join(SCRIPTS[5:]), SCRIPTS[4]):  # the last one breaks out of an attribute
        for name, pk in (("session_list", cleo.pk), ("note_new", cleo.pk), ("note_edit", draft.pk)):
            assert runs(words(browser.get(page(name, pk), {"before": text, "session": text, "q": text}))) == []
        sent = {"ident": text, "kind": text, "session": text, "version": text, "key": text, "presenting": "x", "date": text, "place": text}
        for name, pk in (("note_new", cleo.pk), ("session_new", cleo.pk), ("note_edit", draft.pk), ("note_save", draft.pk)):
            answer = browser.post(page(name, pk), sent)
            assert answer.status_code == 422
            assert answer["Content-Type"] == "application/json" or runs(words(answer)) == []


def test_words_are_kept_to_the_letter(ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    for text in (WORDS[2], WORDS[6], "".join(WORDS)):
        draft = write_note(ana, cleo, text="before")
        assert browser.post(page("note_edit", draft.pk), typed(draft.version, presenting=text)).status_code == 302
        assert content(draft, ana)["presenting"] == text.replace("\r\n", "\n").replace("\r", "\n")
        shown = browser.get(page("note_sign", draft.pk))
        assert 'class="note-text" dir="auto"' in words(shown)
        signed = browser.post(page("note_sign", draft.pk), {"shown": shown.context["shown"]}, follow=True)
        assert "to the letter, what was signed" in words(signed)


BODIES = [
    b"presenting=%ED%A0%80&version=2&key=x",  # half of a surrogate pair
    b"presenting=%FF%FE%00&version=2",
    b"presenting=" + b"a" * 1_000_000 + b"&version=2",
    b"presenting[]=a&presenting=b&presenting=c&version=2&version=3",
    b"&&&===%%%",
    b"",
    json.dumps({"presenting": ["x"], "version": {"x": 1}}).encode(),
]
TYPES = ["application/x-www-form-urlencoded", "application/json", "text/plain", "multipart/form-data"]


def test_a_body_of_any_shape_is_never_a_fault(ana: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    places = [page(name, draft.pk) for name in ("note_edit", "note_save", "note_sign")]
    places += [page(name, cleo.pk) for name in ("note_new", "session_new")]
    of_a_form = itertools.product(BODIES, TYPES[:1], places)
    for body, kind, place in [*of_a_form, *itertools.product(BODIES, TYPES[1:], places[1:2])]:
        assert browser.post(place, body, content_type=kind).status_code in (200, 400, 422)
    assert content(draft, ana)["presenting"] == SECRET


def test_nul_is_said(ana: User, draft: Note, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(page("note_edit", draft.pk), typed(draft.version, presenting="before\x00after"))
    assert answer.status_code == 422
    assert "Null characters are not allowed" in words(answer)
    assert "before" in words(answer)


def test_a_megabyte_in_one_part_is_said_and_kept(ana: User, draft: Note, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(page("note_edit", draft.pk), typed(draft.version, presenting="ü" * 300_000))
    assert answer.status_code == 422
    assert "ü" * 300_000 in words(answer)


NO_ADDRESSES = ["1", "not-a-uuid", "../../etc/passwd", "%00", "00000000-0000-0000-0000-00000000000g", "\u0660" * 32]


def test_an_address_that_is_none_is_not_found(ana: User, browser_of: SignIn) -> None:
    for ident in NO_ADDRESSES:
        browser: Browser = browser_of(ana)
        places: list[Any] = [f"/notes/{ident}/", f"/notes/{ident}/edit/", f"/sessions/{ident}/", f"/clients/{ident}/sessions/"]
        assert {browser.get(place).status_code for place in places} <= {404}
