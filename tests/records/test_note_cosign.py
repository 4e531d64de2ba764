"""Co-signature: asked of the supervisor of that date, given once, sent back with a comment, never changed."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser

from audit import clock
from audit.models import Act
from clients import actions as clients
from clients.models import Client
from practice.actions import supervision
from practice.models import Practice, Supervision, User
from practice.refusals import Refused
from practice.roles import Role
from records import access, actions
from records.models import CoSignature, CosignRequest, EditRequest, Note
from records.paper import chart_paper
from tests.cast import PRIVATE, SECRET, SignIn, acting, person, write_note

from .hands import count, fresh, lines, page, turned_away, words
from .papers import whole_words_of

COMMENT = "Please say what was agreed about the amber bicycle."


@pytest.fixture
def asked(ana: User, ada: User, sofia: User, cleo: Client) -> Note:
    """A note of Ana that waits for Sofia."""
    with acting(ada):
        actions.set_cosign_rule(ana, ["progress", "plan"], by=ada)
    return write_note(ana, cleo, signed=True)


def cosign(browser: Browser, note: Note) -> Any:
    shown = browser.get(page("note_cosign", note.pk)).context["shown"]
    return browser.post(page("note_cosign", note.pk), {"shown": shown})


def state(note: Note, by: User) -> str:
    with acting(by):
        return str(access.stated(Note.objects.filter(pk=note.pk)).get().cosign_state)  # type: ignore[attr-defined]  # annotated


def test_three_actions_from_home_to_a_co_signature(sofia: User, asked: Note, browser_of: SignIn) -> None:
    browser = browser_of(sofia)
    home = words(browser.get("/"))
    assert "Awaiting your co-signature" in home
    assert page("note_cosign", asked.pk) in home
    assert SECRET not in home
    assert SECRET in words(browser.get(page("note_cosign", asked.pk)))
    assert cosign(browser, asked)["Location"] == page("cosign_queue")
    assert "Nothing waits for your co-signature" in words(browser.get(page("cosign_queue")))
    seen = words(browser.get(page("note_detail", asked.pk)))
    assert "Co-signed by <bdi>Sofia Lindqvist</bdi>" in seen
    assert lines(sofia, Act.CHANGE, "cosign") == 1


def test_su_6_due_after_seven_days_and_asked_by_kind_or_person(ana: User, asked: Note, cleo: Client) -> None:
    with acting(ana):
        row = CosignRequest.objects.get(note=asked)
    assert row.due_at - fresh(asked, ana).signed_at == datetime.timedelta(days=7)
    assert state(asked, ana) == "waiting"
    assert state(write_note(ana, cleo, kind="crisis", signed=True), ana) == ""


def test_su_6_a_kind_of_everybody_supervised(ana: User, ben: User, ada: User, sofia: User, cleo: Client, bens_client: Client) -> None:

    with acting(ada):
        found = {"formats": ["guided"], "default_format": "guided", "cosign_kinds": ["progress", "psychotherapy"], "cosign_days": 3}
        actions.set_rules(Practice.objects.get(), by=ada, **found)
    assert state(write_note(ana, cleo, signed=True), ana) == "waiting"
    assert state(write_note(ana, cleo, kind="psychotherapy", signed=True, text=PRIVATE), ana) == ""
    assert state(write_note(ben, bens_client, signed=True), ben) == ""  # nobody supervises Ben


def test_attack_38_nobody_but_the_supervisor_of_that_date(
    request: pytest.FixtureRequest, ana: User, sofia: User, asked: Note, browser_of: SignIn
) -> None:
    for who in map(request.getfixturevalue, ["ana", "ben", "dee", "ada", "lena", "portal_cleo"]):
        for name in ("note_cosign", "edits_request"):
            turned_away(browser_of(who), who, name, asked.pk)
            turned_away(browser_of(who), who, name, asked.pk, {"shown": "0" * 64, "supervisor": str(sofia.pk), "comment": "x"})
    assert count(CoSignature, ana) == 0


def test_attack_38_another_supervisor_of_the_client_is_not_the_one_of_that_date(
    ana: User, sofia: User, asked: Note, browser_of: SignIn
) -> None:
    other = person("Olga Second", Role.COUNSELOR, Role.SUPERVISOR)
    with acting(ana):
        clients.assign(fresh(asked, ana).client, person("Paul Third", Role.COUNSELOR), by=ana)
    assert "Nothing waits" in words(browser_of(other).get(page("cosign_queue")))
    turned_away(browser_of(other), other, "note_cosign", asked.pk)


def test_attack_38_nobody_co_signs_their_own(ana: User, sofia: User, asked: Note) -> None:
    for act in (lambda: actions.cosign(asked, by=ana, shown=""), lambda: actions.request_edits(asked, "x", by=ana)):
        with acting(ana), pytest.raises(Refused) as refused:
            act()
        assert refused.value.rule == "SU-6"
    with pytest.raises(DatabaseError), acting(ana), transaction.atomic():
        CoSignature.objects.create(note=asked, supervisor=ana, signed_hash=b"x")
    with pytest.raises(DatabaseError), acting(ana), transaction.atomic():  # nor in the supervisor's name
        CoSignature.objects.create(note=asked, supervisor=sofia, signed_hash=b"x")
    with pytest.raises(DatabaseError, match="nobody_cosigns_their_own"), acting(ana), transaction.atomic():
        CosignRequest.objects.create(note=write_note(ana, asked.client, signed=True), author=ana, supervisor=ana, due_at=clock.now())


def test_su_5_when_supervision_ends_it_falls_to_who_supervises_now(
    ana: User, ada: User, sofia: User, asked: Note, browser_of: SignIn
) -> None:
    other = person("Olga Second", Role.COUNSELOR, Role.SUPERVISOR)
    with acting(ada):
        supervision.end(Supervision.objects.get(), by=ada)
        supervision.begin(ana, other, by=ada)
    turned_away(browser_of(sofia), sofia, "note_cosign", asked.pk)
    assert cosign(browser_of(other), asked).status_code == 302
    with acting(ana):
        assert CoSignature.objects.get().supervisor_id == other.pk


def test_su_6_what_came_after_the_page_is_not_co_signed(ana: User, sofia: User, asked: Note, browser_of: SignIn) -> None:
    browser = browser_of(sofia)
    shown = browser.get(page("note_cosign", asked.pk)).context["shown"]
    with acting(ana):
        actions.add_addendum(asked, "He called back on Friday.", by=ana)
    answer = browser.post(page("note_cosign", asked.pk), {"shown": shown})
    assert answer.status_code == 422
    assert "SE-6" in words(answer)
    assert "He called back on Friday." in words(answer)
    for made_up in ("", "x", "\0", "0" * 64):
        assert browser.post(page("note_cosign", asked.pk), {"shown": made_up}).status_code == 422
    assert count(CoSignature, ana) == 0
    assert browser.post(page("note_cosign", asked.pk), {"shown": answer.context["shown"]}).status_code == 302


def test_su_6_edits_go_to_the_author_and_come_back_as_an_addendum(ana: User, sofia: User, asked: Note, browser_of: SignIn) -> None:
    supervisor, author = browser_of(sofia), browser_of(ana)
    ident = str(uuid.uuid4())
    sent = [supervisor.post(page("edits_request", asked.pk), {"comment": COMMENT, "ident": ident}) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [302, 302]
    assert count(EditRequest, ana) == 1
    assert state(asked, sofia) == "edits"
    assert "Nothing waits for your co-signature" in words(supervisor.get(page("cosign_queue")))
    home = words(author.get("/"))
    assert "Edits requested" in home
    assert COMMENT not in home
    form = author.get(page("addendum_new", asked.pk))
    assert COMMENT in words(form)
    author.post(page("addendum_new", asked.pk), {"text": "The bicycle waits until May.", "ident": str(uuid.uuid4())})
    assert "Nothing waits for you" in words(author.get("/"))
    again = supervisor.get(page("note_cosign", asked.pk))
    assert "New since you last looked" in words(again)
    assert again.context["new"] == 1
    assert cosign(supervisor, asked).status_code == 302


def test_su_9_a_comment_is_between_the_two(ana: User, ben: User, sofia: User, asked: Note, browser_of: SignIn) -> None:
    with acting(sofia):
        actions.request_edits(asked, COMMENT, by=sofia)
    with acting(ana):
        clients.assign(fresh(asked, ana).client, ben, by=ana)
    assert COMMENT in words(browser_of(ana).get(page("note_detail", asked.pk)))
    seen = words(browser_of(ben).get(page("note_detail", asked.pk)))
    assert SECRET in seen
    assert COMMENT not in seen
    assert count(EditRequest, ben) == 0


def test_a_comment_that_is_missing_or_too_long_is_said_beside_it(sofia: User, asked: Note, browser_of: SignIn) -> None:
    for comment in ("", "x\0y", "x" * 100_001):
        answer = browser_of(sofia).post(page("edits_request", asked.pk), {"comment": comment, "ident": str(uuid.uuid4())})
        assert answer.status_code == 422
        assert count(EditRequest, sofia) == 0


def test_su_6_the_supervisor_never_edits(ana: User, sofia: User, asked: Note, browser_of: SignIn) -> None:
    for name in ("note_edit", "note_save", "note_sign", "addendum_new", "note_format"):
        turned_away(browser_of(sofia), sofia, name, asked.pk, {"version": 2, "presenting": "edited", "text": "x"})
    with pytest.raises(DatabaseError), acting(sofia), transaction.atomic():
        Note.objects.filter(pk=asked.pk).update(late_entry=True)


@pytest.mark.parametrize("table", ["records_cosignrequest", "records_cosignature", "records_editrequest"])
def test_attack_43_rows_of_a_co_signature_are_final(ana: User, sofia: User, asked: Note, table: str, browser_of: SignIn) -> None:
    with acting(sofia):
        actions.request_edits(asked, COMMENT, by=sofia)
    cosign(browser_of(sofia), asked)
    for statement in (f"UPDATE {table} SET note_id = note_id", f"DELETE FROM {table}"):
        for who in (ana, sofia):
            with pytest.raises(DatabaseError), acting(who), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_papers_say_who_is_asked_then_who_co_signed_when_and_their_credentials(
    ana: User, sofia: User, asked: Note, browser_of: SignIn
) -> None:
    User.objects.filter(pk=sofia.pk).update(credentials="LPC-S")
    with acting(sofia):
        actions.request_edits(asked, COMMENT, by=sofia)
    author = browser_of(ana)
    pending = words(author.get(page("note_print", asked.pk)))
    assert "Not co-signed yet: asked of Sofia Lindqvist, LPC-S, due" in pending
    assert COMMENT not in pending  # what the two say to each other is no record (SU-9)
    cosign(browser_of(sofia), asked)
    printed = words(author.get(page("note_print", asked.pk)))
    made = whole_words_of(author.get(page("note_pdf", asked.pk)).content)
    for paper in (printed, made):
        assert "Co-signed by" in paper
        assert "Sofia Lindqvist, LPC-S" in paper
        assert "Not co-signed yet" not in paper


def test_a_chart_says_of_each_note_whether_it_is_co_signed(ana: User, sofia: User, asked: Note) -> None:
    cosigned = write_note(ana, asked.client, signed=True)
    with acting(sofia):
        actions.cosign(cosigned, by=sofia, shown=actions.cosign_hash(cosigned, []).hex())
    with acting(ana):
        day = clock.today()
        notes = access.charted_notes(ana).filter(client=asked.client)
        about = {"since": day, "until": day, "sessions": None, "by": ana, "practice": Practice.objects.get()}
        paper = chart_paper(asked.client, also=[], notes=notes, **about)
    assert [bool(note["cosignature"]) for note in paper["notes"]] == [False, True]
    assert "Not co-signed yet" in paper["notes"][0]["states"][0]
    assert paper["notes"][1]["cosignature"]["holds"]


def test_twice_pressed_is_one_co_signature(sofia: User, asked: Note, browser_of: SignIn) -> None:
    browser = browser_of(sofia)
    shown = browser.get(page("note_cosign", asked.pk)).context["shown"]
    assert [browser.post(page("note_cosign", asked.pk), {"shown": shown}).status_code for _ in range(2)] == [302, 404]
    assert count(CoSignature, sofia) == 1


def test_next_in_the_queue_by_link_and_key(ana: User, sofia: User, asked: Note, cleo: Client, browser_of: SignIn) -> None:
    later = _plan(ana, cleo)
    answer = browser_of(sofia).get(page("note_cosign", asked.pk))
    assert answer.context["next"] == later.pk
    assert f'rel="next" href="{page("note_cosign", later.pk)}"' in words(answer)
    assert browser_of(sofia).get(page("note_cosign", later.pk)).context["next"] == asked.pk


def _plan(by: User, client: Client) -> Note:
    with acting(by):
        note = actions.begin_note(client, by=by, kind="plan")
        actions.save_note(note, {"goals": "Sleep through the night"}, by=by, version=note.version, key=uuid.uuid4())
        actions.sign_note(note, by=by, shown=actions.shown_hash(note).hex())
    return note


def test_the_queue_says_who_was_shown_and_opens_no_text(sofia: User, ben: User, asked: Note, browser_of: SignIn) -> None:
    seen = words(browser_of(sofia).get(page("cosign_queue")))
    assert "Cleo Marchetti" in seen
    assert SECRET not in seen
    turned_away(browser_of(ben), ben, "cosign_queue", None)


def test_a_changed_addendum_breaks_the_co_signature(sofia: User, asked: Note) -> None:
    with acting(sofia):
        signature = actions.cosign(asked, by=sofia, shown=actions.cosign_hash(asked, []).hex())
        assert actions.cosignature_holds(signature, [])
        signature.signed_hash = b"\0" * 32
        assert not actions.cosignature_holds(signature, [])


def test_se_6_a_text_that_is_not_what_was_signed_is_not_co_signed(
    sofia: User, asked: Note, browser_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(sofia)
    shown = browser.get(page("note_cosign", asked.pk)).context["shown"]
    monkeypatch.setattr(actions.fingerprints, "shown_hash", lambda note: b"\0" * 32)
    assert browser.post(page("note_cosign", asked.pk), {"shown": shown}).status_code == 422
    assert count(CoSignature, sofia) == 0
