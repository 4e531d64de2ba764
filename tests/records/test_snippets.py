"""Snippets and the rules of notes: whose they are, what the editor makes of them, and who lays rules down."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from audit.models import Act
from clients.models import Client
from practice.models import User
from records import actions
from records.models import CosignRule, Note, NoteRules, Snippet
from tests.cast import SignIn, acting

from .hands import count, lines, page, turned_away, words

TEXT = "{client} came on {date}. Agreed: ___. Next: {next}."


def keep(by: User, shared: bool = False) -> Snippet:
    """A snippet of ``by``."""
    with acting(by):
        return actions.keep_snippet(by=by, name="Opening", text=TEXT, shared=shared)


def test_placeholders_are_filled_for_the_note(ana: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    keep(ana)
    (snippet,) = browser_of(ana).get(page("note_edit", draft.pk)).context["snippets"]
    assert snippet["text"].startswith("Cleo came on ")
    assert "Agreed: ___. Next: ___." in snippet["text"]


def test_in_an_open_room_the_code_stands_for_the_client(ana: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    keep(ana)
    browser = browser_of(ana)
    browser.post(page("room_open"), {"on": "1"})
    (snippet,) = browser.get(page("note_edit", draft.pk)).context["snippets"]
    assert snippet["text"].startswith(cleo.code)


def test_a_snippet_is_kept_changed_and_removed_by_its_owner(ana: User, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    form = {"ident": str(uuid.uuid4()), "name": "Opening", "text": TEXT}
    assert [browser.post(page("snippet_new"), form).status_code for _ in range(2)] == [302, 302]
    with acting(ana):
        snippet = Snippet.objects.get()
    assert TEXT in words(browser.get(page("snippet_list")))
    browser.post(page("snippet_edit", snippet.pk), {"name": "Closing", "text": "Until then.", "shared": "on"})
    with acting(ana):
        assert (Snippet.objects.get().name, Snippet.objects.get().shared) == ("Closing", True)
    browser.post(page("snippet_edit", snippet.pk), {"then": "remove"})
    assert count(Snippet, ana) == 0
    assert [lines(ana, Act.CHANGE, f"{verb}_snippet") for verb in ("keep", "change", "remove")] == [1, 1, 1]


def test_wrong_words_are_kept_and_said(ana: User, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(page("snippet_new"), {"ident": "x", "name": "n" * 81, "text": "typed words"})
    assert answer.status_code == 422
    assert "typed words" in words(answer)
    assert count(Snippet, ana) == 0


def test_a_private_snippet_is_its_owners_and_a_shared_one_everybodys(ana: User, ben: User, ada: User, browser_of: SignIn) -> None:
    private, shared = keep(ana), keep(ana, shared=True)
    assert [row["row"].pk for row in browser_of(ben).get(page("snippet_list")).context["rows"]] == [shared.pk]
    for snippet in (private, shared):
        turned_away(browser_of(ben), ben, "snippet_edit", snippet.pk)
        turned_away(browser_of(ben), ben, "snippet_edit", snippet.pk, {"then": "remove"})
    turned_away(browser_of(ada), ada, "snippet_list", None)
    with acting(ben), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM records_snippet")
        assert cursor.fetchall() == [(shared.pk,)]
        cursor.execute("UPDATE records_snippet SET shared = false")
        assert cursor.rowcount == 0


def test_an_admin_lays_down_the_rules(ana: User, ada: User, sofia: User, browser_of: SignIn) -> None:
    browser = browser_of(ada)
    found = {"formats": ["soap", "free"], "default_format": "soap", "cosign_kinds": ["intake"], "cosign_days": "5"}
    assert browser.post(page("format_settings"), found).status_code == 302
    with acting(ada):
        row = NoteRules.objects.get()
    assert (row.formats, row.default_format, row.cosign_kinds, row.cosign_days) == (["soap", "free"], "soap", ["intake"], 5)
    assert page("cosign_rule", ana.pk) in words(browser.get(page("format_settings")))
    browser.post(page("cosign_rule", ana.pk), {"kinds": ["progress"]})
    with acting(ada):
        assert CosignRule.objects.get(supervisee=ana).kinds == ["progress"]
    assert (lines(ada, Act.CHANGE, "note_rules"), lines(ada, Act.CHANGE, "cosign_rule")) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"formats": ["soap"], "default_format": "dap", "cosign_days": "7"},
        {"formats": [], "default_format": "soap", "cosign_days": "7"},
        {"formats": ["soap"], "default_format": "soap", "cosign_days": "0"},
        {"formats": ["soap"], "default_format": "soap", "cosign_days": "7", "cosign_kinds": ["psychotherapy"]},
    ],
)
def test_rec_1_rules_that_cannot_be_are_refused(ada: User, wrong: dict[str, object], browser_of: SignIn) -> None:
    assert browser_of(ada).post(page("format_settings"), wrong).status_code == 422
    assert count(NoteRules, ada) == 0


def test_nobody_else_lays_down_rules(request: pytest.FixtureRequest, ana: User, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ana", "ben", "sofia", "dee", "portal_cleo"]):
        turned_away(browser_of(person), person, "format_settings", None, {"formats": ["soap"]})
        turned_away(browser_of(person), person, "cosign_rule", ana.pk, {"kinds": []})
