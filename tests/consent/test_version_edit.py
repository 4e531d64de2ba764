"""Writing a form: the checklist beside it, two editors, a look at it, approval, putting it in force, and what changed."""

from __future__ import annotations

from typing import Any

import pytest

from clients.models import Client
from consent.changes import changes, what_changed
from consent.models import Version
from practice.models import User
from tests.cast import acting

from .conftest import Ask, text_of
from .papers import CONSENT, asked, form_in_force, signed_by
from .test_shipped import bring_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks typed their password just now."""
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: True)


@pytest.fixture
def draft(ada: User, ask: Ask) -> Version:
    """The second version of a consent, as yet the same as the first."""
    version = form_in_force()
    ask(ada, "version_new", {"language": "en"}, pk=version.form_id)
    return Version.objects.get(state="draft")


def typed(draft: Version, text: str = CONSENT, **more: Any) -> dict[str, Any]:
    return {"revision": draft.revision, "title": "Consent to counseling", "text": text} | more


def test_a_draft_is_saved_with_its_checklist_beside_it(ada: User, draft: Version, ask: Ask) -> None:
    assert ask(ada, "version_edit", typed(draft, CONSENT.replace(" IC-7", "")), pk=draft.pk).status_code == 302
    body = text_of(ask(ada, "version_edit", pk=draft.pk))
    assert "11 of 12" in body
    assert 'Missing: </span><div class="stack tight"><span>Confidentiality and its limits' in body


def test_a_look_at_it_saves_nothing_and_needs_no_javascript(ada: User, draft: Version, ask: Ask) -> None:
    page = ask(ada, "version_edit", typed(draft, CONSENT + "\n## New {#new}\n<b>bold</b> [[counselor]]", then="preview"), pk=draft.pk)
    assert page.status_code == 200
    body = text_of(page)
    assert "&lt;b&gt;bold&lt;/b&gt; Robin Sample, LPC" in body  # attack 74: markup stays the letters it is
    assert "&lt;b&gt;bold" in body
    draft.refresh_from_db()
    assert draft.text == CONSENT


def test_two_editors_see_both_texts_and_nothing_is_overwritten(ada: User, draft: Version, ask: Ask) -> None:
    ask(ada, "version_edit", typed(draft, CONSENT + "\nThe first editor's line."), pk=draft.pk)
    late = ask(ada, "version_edit", typed(draft, CONSENT + "\nThe second editor's line."), pk=draft.pk)
    assert late.status_code == 409
    body = text_of(late)
    assert "The first editor&#x27;s line." in body
    assert "The second editor&#x27;s line." in body
    by_itself = ask(ada, "version_save", typed(draft, "Something else."), pk=draft.pk)
    assert by_itself.status_code == 409
    draft.refresh_from_db()
    assert "first editor" in draft.text
    saved = ask(ada, "version_save", typed(draft, "Something else."), pk=draft.pk)
    assert saved.json()["fields"] == {"revision": str(draft.revision + 1)}


@pytest.mark.parametrize("text", ["a\x00b", "x" * 100_001])
def test_what_cannot_be_kept_is_said_and_stays_in_the_field(ada: User, draft: Version, ask: Ask, text: str) -> None:
    assert ask(ada, "version_edit", typed(draft, text), pk=draft.pk).status_code == 422
    assert ask(ada, "version_edit", typed(draft, text, revision="x"), pk=draft.pk).status_code == 422
    assert ask(ada, "version_save", typed(draft, text), pk=draft.pk).status_code == 422


def test_a_text_that_cannot_be_read_says_where(ada: User, draft: Version, ask: Ask) -> None:
    body = text_of(ask(ada, "version_edit", typed(draft, "## A {#a}\nx\n## B {#a}\ny", then="preview"), pk=draft.pk))
    assert "The anchor #a is there twice" in body


def test_words_of_ours_can_be_added_for_what_is_missing(ada: User, ask: Ask) -> None:
    bring_in()
    draft = Version.objects.get(form__shipped_as="telehealth")
    page = ask(ada, "version_edit", typed(draft, "## Only this {#x}\nOnly.", then="add:IC-36.failure"), pk=draft.pk)
    assert "## When the connection fails {#failure IC-36.failure}" in text_of(page)
    assert ask(ada, "version_edit", typed(draft, "Words.", then="add:IC-99"), pk=draft.pk).status_code == 200


def approval(draft: Version, **more: Any) -> dict[str, Any]:
    return {"revision": draft.revision, "reviewed": "on", "material": "yes", "what_changed": "The fee."} | more


@pytest.mark.usefixtures("confirmed")
def test_approval_needs_the_statement_the_judgement_and_all_of_the_checklist(ada: User, draft: Version, ask: Ask) -> None:
    for lacking in ("reviewed", "material", "what_changed"):
        said = {key: value for key, value in approval(draft).items() if key != lacking}
        assert ask(ada, "version_approve", said, pk=draft.pk).status_code == 422
    ask(ada, "version_edit", typed(draft, CONSENT.replace(" IC-7", "")), pk=draft.pk)
    draft.refresh_from_db()
    refused = ask(ada, "version_approve", approval(draft), pk=draft.pk)
    assert refused.status_code == 422
    assert "IC-20" in text_of(refused)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert draft.what_changed == ""  # what was judged goes with the refusal


@pytest.mark.usefixtures("confirmed")
def test_approval_is_of_the_revision_that_was_read(ada: User, draft: Version, ask: Ask) -> None:
    read = approval(draft)
    ask(ada, "version_edit", typed(draft, CONSENT + "\nA late line."), pk=draft.pk)
    assert ask(ada, "version_approve", read, pk=draft.pk).status_code == 422
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.usefixtures("confirmed")
def test_gen_9_from_draft_to_force_and_never_back(ada: User, ana: User, cleo: Client, portal_cleo: User, draft: Version, ask: Ask) -> None:
    former = Version.objects.get(state="in_force")
    signed_by(portal_cleo, asked(cleo, ana, former))
    ask(ada, "version_edit", typed(draft, CONSENT.replace("There are limits", "There are three limits")), pk=draft.pk)
    draft.refresh_from_db()
    assert "<ins>" in text_of(ask(ana, "version_compare", pk=draft.pk))
    assert ask(ada, "version_approve", approval(draft), pk=draft.pk).status_code == 302
    body = text_of(ask(ada, "version_publish", pk=draft.pk))
    assert "1 client." in body
    assert "They are asked anew (IC-37)" in body
    ask(ada, "version_publish", {}, pk=draft.pk)
    draft.refresh_from_db()
    former.refresh_from_db()
    assert (draft.state, draft.material, former.state) == ("in_force", True, "superseded")
    assert ask(ada, "version_edit", typed(draft, "Anything goes."), pk=draft.pk).status_code == 302
    draft.refresh_from_db()
    assert "three limits" in draft.text


def test_approving_and_putting_in_force_ask_who_one_is_once_more(ada: User, draft: Version, ask: Ask) -> None:
    for name in ("version_approve", "version_publish"):
        page = ask(ada, name, approval(draft), pk=draft.pk)
        assert page["Location"].startswith("/accounts/reauthenticate/")
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_ic_37_what_changed_since_one_signed_is_told_clause_by_clause(cleo: Client, ana: User, portal_cleo: User) -> None:
    first = asked(cleo, ana, form_in_force())
    second = asked(cleo, ana, form_in_force(text=CONSENT.replace("by law", "by custom") + "\n## More {#more}\nA new part."))
    second.replaces = first
    with acting(ana):
        told = what_changed(second)
        assert [(each.what, each.anchor) for each in told] == [("changed", "limits"), ("new", "more")]
        marked = [(piece.text, piece.how) for line in told[0].lines for piece in line]
        assert ("law.", "gone") in marked
        assert ("custom.", "new") in marked
        assert len(told[0].lines) == 1  # a changed last word does not break its paragraph
        assert what_changed(first) == []


def test_lists_options_and_what_is_gone_are_told_in_plain_words() -> None:
    before = "## A {#a check}\nText\n- [x] Yes\n- [ ] No\n## B {#b}\nGone **soon**"
    after = "## A more {#a check}\nText\n- [x] Yes\n- [ ] Perhaps\n\n## C {#c}\n1. one\n2. two"
    told = {each.anchor: each for each in changes(before, after)}
    assert (told["a"].was_called, told["b"].what, told["c"].what) == ("A", "gone", "new")
    assert [piece.text for line in told["b"].lines for piece in line] == ["Gone soon"]
    assert [piece.text for line in told["c"].lines for piece in line] == ["1. one", "2. two"]
