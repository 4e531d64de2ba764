"""Formats: the practice's choice, changing one without losing a word, goals that notes name, and the end of the work."""

from __future__ import annotations

import uuid
from itertools import permutations

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from clients.models import Client
from practice.models import Practice, User
from practice.refusals import Refused
from records import actions, kinds
from records.models import Format, Goal, GoalLink, Kind, Note, Session
from tests.cast import PRIVATE, SECRET, SignIn, acting, write_note

from .hands import content, count, fresh, page, turned_away, typed, words

FORMATS = [each.value for each in Format]


def soap(by: User, client: Client, **parts: str) -> Note:
    """A draft in SOAP."""
    with acting(by):
        note = actions.begin_note(client, by=by, kind="progress", form="soap")
        return actions.save_note(note, parts, by=by, version=note.version, key=uuid.uuid4()) if parts else note


@pytest.mark.parametrize(("old", "new"), list(permutations(FORMATS, 2)))
def test_no_word_is_lost_between_any_two_formats(old: str, new: str) -> None:
    before = {part.key: f"words of {part.key}" for part in kinds.FORMATS[old]} | {"kept": "words kept"}
    after = kinds.moved(before, old, new)
    assert all(text in "\n".join(after.values()) for text in before.values())
    assert set(after) <= {part.key for part in kinds.FORMATS[new]} | {"kept"}


def test_a_draft_changes_its_format_and_shows_where_words_go(ana: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    shown = browser.get(page("note_format", draft.pk))
    mapping = {choice["value"]: choice["moves"] for choice in shown.context["choices"]}
    assert mapping["soap"] == [("What brought them today", "Subjective")]
    assert mapping["girp"] == [("What brought them today", "Kept from the other format")]
    assert browser.post(page("note_format", draft.pk), {"version": draft.version, "format": "soap"}).status_code == 302
    assert content(draft, ana) == {"subjective": SECRET}
    now = fresh(draft, ana)
    assert browser.post(page("note_format", draft.pk), {"version": now.version, "format": "girp"}).status_code == 302
    editor = words(browser.get(page("note_edit", draft.pk)))
    assert "Kept from the other format" in editor
    assert SECRET in editor


def test_a_format_is_not_changed_over_a_newer_text(ana: User, draft: Note, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(page("note_format", draft.pk), {"version": draft.version - 1, "format": "soap"})
    assert answer.status_code == 422
    assert "Nothing was moved" in words(answer)
    for wrong in ({"version": draft.version, "format": "haiku"}, {"version": "x", "format": "soap"}, {}):
        assert browser_of(ana).post(page("note_format", draft.pk), wrong).status_code == 422
    assert fresh(draft, ana).format == "guided"


def test_attack_05_nobody_else_changes_the_format(request: pytest.FixtureRequest, draft: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "sofia", "dee", "ada", "lena", "portal_cleo"]):
        turned_away(browser_of(person), person, "note_format", draft.pk)
        turned_away(browser_of(person), person, "note_format", draft.pk, {"version": draft.version, "format": "soap"})


def test_rec_1_only_a_progress_note_has_a_choice(ana: User, cleo: Client) -> None:
    note = write_note(ana, cleo, kind="psychotherapy", text=PRIVATE)
    with acting(ana), pytest.raises(Refused):
        actions.change_format(note, "soap", by=ana, version=note.version)
    with acting(ana), pytest.raises(DatabaseError, match="note_format"), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(format="soap")


def test_words_from_a_page_of_the_former_format_are_kept(ana: User, draft: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    open_page = typed(draft.version, presenting="typed in the other tab", interventions="")
    browser.post(page("note_format", draft.pk), {"version": draft.version, "format": "dap"})
    answer = browser.post(page("note_save", draft.pk), open_page)
    assert answer.status_code == 409
    assert "typed in the other tab" in words(answer)
    assert content(draft, ana) == {"data": SECRET}
    on_top = typed(fresh(draft, ana).version, presenting="typed in the other tab")
    assert browser.post(page("note_save", draft.pk), on_top).status_code == 200
    assert content(draft, ana)["kept"] == "typed in the other tab"
    assert content(draft, ana)["data"] == SECRET


def test_a_signed_note_keeps_its_format_and_its_signature(ana: User, cleo: Client, browser_of: SignIn) -> None:
    note = soap(ana, cleo, subjective=SECRET, assessment="Steadier.")
    with acting(ana):
        actions.sign_note(note, by=ana, shown=actions.shown_hash(note).hex())
    seen = words(browser_of(ana).get(page("note_detail", note.pk)))
    assert "Subjective" in seen
    assert "to the letter, what was signed" in seen
    turned_away(browser_of(ana), ana, "note_format", note.pk, {"version": note.version, "format": "dap"})


def test_the_practice_narrows_the_formats(ana: User, ada: User, cleo: Client, session: Session, browser_of: SignIn) -> None:
    with acting(ada):
        rules = {"formats": ["soap", "dap"], "default_format": "dap", "cosign_kinds": [], "cosign_days": 7}
        actions.set_rules(Practice.objects.get(), by=ada, **rules)
    browser = browser_of(ana)
    form = browser.get(page("note_new", cleo.pk)).context["form"]
    assert [value for value, _ in form.fields["format"].choices] == ["soap", "dap"]
    sent = {"ident": str(uuid.uuid4()), "kind": "progress", "session": session.pk}
    assert browser.post(page("note_new", cleo.pk), sent | {"format": "girp"}).status_code == 422
    browser.post(page("note_new", cleo.pk), sent)
    with acting(ana):
        assert Note.objects.get().format == "dap"


# --- goals --------------------------------------------------------------------------------------------------------------


def plan(by: User, client: Client, goals: str, sign: bool = True) -> Note:
    """A treatment plan with ``goals``, one to a line."""
    with acting(by):
        note = actions.begin_note(client, by=by, kind="plan")
        actions.save_note(note, {"goals": goals}, by=by, version=note.version, key=uuid.uuid4())
        if sign:
            actions.sign_note(note, by=by, shown=actions.shown_hash(note).hex())
    return note


def test_lines_of_a_signed_plan_are_goals_that_notes_name(ana: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    plan(ana, cleo, "- Sleep through the night\n\n2. Talk to the brother\n")
    with acting(ana):
        goals = list(Goal.objects.all())
        assert [goal.text for goal in goals] == ["Sleep through the night", "Talk to the brother"]
    browser = browser_of(ana)
    assert "Talk to the brother" in words(browser.get(page("note_edit", draft.pk)))
    chosen = {"goals_shown": "True", "goals": [str(goals[1].pk)]}
    assert browser.post(page("note_save", draft.pk), typed(draft.version, presenting=SECRET) | chosen).status_code == 200
    assert count(GoalLink, ana, note=draft, goal=goals[1]) == 1
    assert content(draft, ana)["worked_on"] == "Talk to the brother"
    shown = browser.get(page("note_sign", draft.pk))
    browser.post(page("note_sign", draft.pk), {"shown": shown.context["shown"]})
    seen = words(browser.get(page("note_detail", draft.pk)))
    assert "Goals worked on" in seen
    assert "Talk to the brother" in seen
    assert "Sleep through" not in seen


def test_an_unsigned_plan_has_no_goals_yet_and_the_latest_counts(ana: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    plan(ana, cleo, "An older goal")
    plan(ana, cleo, "The goal of now")
    plan(ana, cleo, "Only a thought", sign=False)
    seen = words(browser_of(ana).get(page("note_edit", draft.pk)))
    assert "The goal of now" in seen
    assert "An older goal" not in seen
    assert "Only a thought" not in seen


def test_attack_02_a_goal_of_another_client_is_no_choice(
    ana: User, ben: User, bens_client: Client, cleo: Client, draft: Note, browser_of: SignIn
) -> None:
    plan(ben, bens_client, "Ben's own goal")
    plan(ana, cleo, "Ours")
    with acting(ben):
        theirs = Goal.objects.get(client=bens_client)
    sent = typed(draft.version, presenting="x") | {"goals_shown": "True", "goals": [str(theirs.pk)]}
    assert browser_of(ana).post(page("note_save", draft.pk), sent).status_code == 422
    with pytest.raises(DatabaseError), acting(ana), transaction.atomic():
        GoalLink.objects.create(note=draft, goal=theirs)


def test_attack_34_goals_and_their_links_are_final_with_their_notes(ana: User, cleo: Client, signed: Note) -> None:
    made = plan(ana, cleo, "Sleep through the night")
    with acting(ana):
        goal = Goal.objects.get()
    for late in (
        lambda: GoalLink.objects.create(note=signed, goal=goal),
        lambda: Goal(client=cleo, plan=made, position=7, text="x").save(),
    ):
        with pytest.raises(DatabaseError), acting(ana), transaction.atomic():
            late()
    with pytest.raises(DatabaseError), acting(ana), transaction.atomic():
        Goal.objects.update(position=9)
    with pytest.raises(DatabaseError), acting(ana), transaction.atomic():
        Goal.objects.all().delete()


# --- the end ------------------------------------------------------------------------------------------------------------


def test_a_signed_termination_offers_discharge(ana: User, sofia: User, cleo: Client, browser_of: SignIn) -> None:
    note = _ended(ana, cleo)
    assert "Discharge this client?" in words(browser_of(ana).get(page("note_detail", note.pk)))
    assert "Discharge this client?" not in words(browser_of(sofia).get(page("note_detail", note.pk)))
    today = clock.today().isoformat()
    browser_of(ana).post(page("client_discharge", cleo.pk), {"on": today, "ending": "reached"})
    assert fresh(cleo, ana).status == Client.Status.DISCHARGED
    assert "Discharge this client?" not in words(browser_of(ana).get(page("note_detail", note.pk)))


def _ended(by: User, client: Client) -> Note:
    with acting(by):
        note = actions.begin_note(client, by=by, kind=Kind.TERMINATION)
        actions.save_note(note, {"summary": "We met for a year."}, by=by, version=note.version, key=uuid.uuid4())
        actions.sign_note(note, by=by, shown=actions.shown_hash(note).hex())
    return note
