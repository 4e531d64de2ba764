"""A draft shown to one's supervisor: the copy that was shared, to that one person, until it is signed, taken back or over (ADR 12)."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from audit import clock
from audit.models import Act
from clients import actions as clients
from clients.models import Client
from practice.actions import supervision
from practice.models import Supervision, User
from practice.refusals import Refused
from practice.roles import Role
from records import access, actions
from records.models import DraftComment, DraftShare, Note
from tests.cast import PRIVATE, SECRET, SignIn, acting, person, write_note

from .hands import count, fresh, lines, page, turned_away, typed, words

COMMENT = "Please say who held the copper kettle."
LATER = "What I wrote afterwards about the tin soldier."


def share(note: Note, by: User) -> DraftShare:
    """``note`` as it is now, shared by its author through the action."""
    with acting(by):
        note = Note.objects.get(pk=note.pk)
        return actions.share_draft(note, by=by, version=note.version)


def change(note: Note, by: User, text: str) -> None:
    with acting(by):
        note = Note.objects.get(pk=note.pk)
        actions.save_note(note, {"presenting": text}, by=by, version=note.version, key=uuid.uuid4())


def sign(note: Note, by: User) -> None:
    with acting(by):
        note = Note.objects.get(pk=note.pk)
        actions.sign_note(note, by=by, shown=actions.shown_hash(note).hex())


def state(note: Note, by: User) -> str:
    with acting(by):
        return str(access.stated(Note.objects.filter(pk=note.pk)).get().cosign_state)  # type: ignore[attr-defined]  # annotated


def test_su_6_from_asking_for_a_look_to_the_answer_and_back(ana: User, sofia: User, ada: User, draft: Note, browser_of: SignIn) -> None:
    with acting(ada):
        actions.set_cosign_rule(ana, ["progress"], by=ada)
    author, supervisor = browser_of(ana), browser_of(sofia)
    assert "Ask for a look" in words(author.get(page("note_edit", draft.pk)))
    asking = words(author.get(page("draft_share", draft.pk)))
    assert "Sofia Lindqvist</bdi>, <bdi>LPC-S" in asking
    assert author.post(page("draft_share", draft.pk), {"version": draft.version}).status_code == 302
    home = supervisor.get("/")
    assert "Drafts to look at" in words(home)
    assert SECRET not in words(home)
    shown = home.context["queues"]["looks"][0]["thing"]
    seen = words(supervisor.get(page("draft_look", shown.pk)))
    assert SECRET in seen
    assert "since you last looked" not in seen
    assert lines(sofia, Act.READ, "draft_look") == 1
    sent = {"comment": COMMENT, "ident": str(uuid.uuid4())}
    assert [supervisor.post(page("draft_edits", shown.pk), sent).status_code for _ in range(2)] == [302, 302]
    assert count(DraftComment, ana) == 1
    assert "looks" not in supervisor.get("/").context["queues"]
    home = author.get("/")
    assert list(home.context["queues"]) == ["returned-drafts"]
    assert COMMENT not in words(home)
    assert COMMENT in words(author.get(page("note_edit", draft.pk)))
    author.post(page("note_edit", draft.pk), typed(draft.version, presenting="Ana held it."))
    author.post(page("draft_share", draft.pk), {"version": draft.version + 1})
    assert "returned-drafts" not in author.get("/").context["queues"]
    again = supervisor.get("/").context["queues"]["looks"][0]["thing"]
    changed = supervisor.get(page("draft_look", again.pk))
    assert changed.context["changed"] == 1
    for wanted in ("One part changed since you last looked", "Ana held it.", SECRET, COMMENT):
        assert wanted in words(changed)
    assert "Nothing changed since you last looked" in words(supervisor.get(page("draft_look", again.pk)))
    assert supervisor.post(page("draft_edits", again.pk), {"then": "pass"}).status_code == 302
    assert "Looked at" in words(author.get(page("note_edit", draft.pk)))
    sign(draft, ana)
    assert state(draft, sofia) == "waiting"  # what was asked of the draft is not asked of the signed note
    assert COMMENT in words(supervisor.get(page("note_cosign", draft.pk)))


def test_what_is_written_afterwards_stays_the_authors(ana: User, sofia: User, draft: Note, browser_of: SignIn) -> None:
    shown = share(draft, ana)
    change(draft, ana, LATER)
    seen = words(browser_of(sofia).get(page("draft_look", shown.pk)))
    assert SECRET in seen
    assert LATER not in seen
    for name in ("note_detail", "note_edit", "note_save", "note_sign", "draft_share", "note_print", "note_pdf"):
        data = None if name in ("note_detail", "note_print", "note_pdf") else {"version": 2, "presenting": "edited"}
        turned_away(browser_of(sofia), sofia, name, draft.pk, data)
    assert count(Note, sofia, pk=draft.pk) == 0
    assert "Changed since" in words(browser_of(ana).get(page("note_edit", draft.pk)))


def test_attack_38_su_5_nobody_else_is_shown_it(
    request: pytest.FixtureRequest, ana: User, sofia: User, draft: Note, browser_of: SignIn
) -> None:
    other = person("Olga Second", Role.COUNSELOR, Role.SUPERVISOR)
    shown = share(draft, ana)
    for who in [other, *map(request.getfixturevalue, ["ana", "ben", "dee", "ada", "lena", "portal_cleo"])]:
        turned_away(browser_of(who), who, "draft_look", shown.pk)
        turned_away(browser_of(who), who, "draft_edits", shown.pk, {"comment": "x", "ident": str(uuid.uuid4())})
        assert who == ana or count(DraftShare, who) == 0
    for who in map(request.getfixturevalue, ["ben", "sofia", "dee", "ada"]):
        turned_away(browser_of(who), who, "draft_share", draft.pk, {"version": draft.version, "supervisor": str(who.pk)})


@pytest.mark.parametrize("ended", ["signed", "taken back", "supervision", "denied", "transferred"])
def test_su_5_it_ends(ana: User, ben: User, ada: User, sofia: User, cleo: Client, draft: Note, ended: str, browser_of: SignIn) -> None:
    shown = share(draft, ana)
    supervisor = browser_of(sofia)
    assert supervisor.get(page("draft_look", shown.pk)).status_code == 200
    if ended == "signed":
        sign(draft, ana)
    elif ended == "taken back":
        assert browser_of(ana).post(page("draft_share", draft.pk), {"then": "back"}).status_code == 302
        assert lines(ana, Act.CHANGE, "take_back_draft") == 1
    elif ended == "supervision":
        with acting(ada):
            supervision.end(Supervision.objects.get(), by=ada)
    else:
        with acting(ana):
            clients.deny(cleo, sofia, by=ana, reason="a cousin") if ended == "denied" else clients.transfer(
                cleo, to=ben, by=ana, reason="x"
            )
    turned_away(supervisor, sofia, "draft_look", shown.pk)
    turned_away(supervisor, sofia, "draft_edits", shown.pk, {"comment": COMMENT, "ident": str(uuid.uuid4())})
    assert "looks" not in supervisor.get("/").context["queues"]


def test_rec_1_a_psychotherapy_note_is_shared_with_nobody(ana: User, sofia: User, cleo: Client, browser_of: SignIn) -> None:
    private = write_note(ana, cleo, kind="psychotherapy", text=PRIVATE)
    assert "Ask for a look" not in words(browser_of(ana).get(page("note_edit", private.pk)))
    turned_away(browser_of(ana), ana, "draft_share", private.pk, {"version": private.version})
    with acting(ana), pytest.raises(Refused) as refused:
        actions.share_draft(private, by=ana, version=private.version)
    assert refused.value.rule == "REC-1"
    forged = {"note": private, "client": cleo, "format": "guided", "note_version": 2, "author": ana, "supervisor": sofia}
    for kind in ("psychotherapy", "progress"):
        with pytest.raises(DatabaseError), acting(ana), transaction.atomic():
            DraftShare(kind=kind, content={"reflections": PRIVATE}, **forged).save(force_insert=True)


def test_nobody_without_a_supervisor_and_no_supervisor_for_themself(
    ana: User, ben: User, sofia: User, bens_client: Client, draft: Note, browser_of: SignIn
) -> None:
    alone = write_note(ben, bens_client)
    assert "Ask for a look" not in words(browser_of(ben).get(page("note_edit", alone.pk)))
    assert "nobody to show the draft to" in words(browser_of(ben).get(page("draft_share", alone.pk)))
    answer = browser_of(ben).post(page("draft_share", alone.pk), {"version": alone.version})
    assert answer.status_code == 422
    assert "SU-5" in words(answer)
    forged = {"note": draft, "client": draft.client, "session": draft.session, "kind": "progress", "format": "guided", "note_version": 2}
    for supervisor in (ana, ben):  # oneself, and a colleague who does not supervise the client
        with pytest.raises(DatabaseError), acting(ana), transaction.atomic():
            DraftShare(content={}, author=ana, supervisor=supervisor, **forged).save(force_insert=True)


def test_what_is_shared_is_what_was_shown(ana: User, sofia: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    author = browser_of(ana)
    change(draft, ana, LATER)
    for version in (draft.version, "", "x", "\0", 2**40):
        answer = author.post(page("draft_share", draft.pk), {"version": version})
        assert answer.status_code == 422
        assert "SE-6" in words(answer)
    assert count(DraftShare, ana) == 0
    assert [author.post(page("draft_share", draft.pk), {"version": draft.version + 1}).status_code for _ in range(2)] == [302, 302]
    assert count(DraftShare, ana) == 1
    with acting(ana):
        empty = actions.begin_note(cleo, by=ana, kind="contact")
    assert author.post(page("draft_share", empty.pk), {"version": empty.version}).status_code == 422


def test_a_comment_that_is_missing_or_too_long_is_said_beside_it(ana: User, sofia: User, draft: Note, browser_of: SignIn) -> None:
    shown = share(draft, ana)
    for comment in ("", "x\0y", "x" * 100_001):
        answer = browser_of(sofia).post(page("draft_edits", shown.pk), {"comment": comment, "ident": str(uuid.uuid4())})
        assert answer.status_code == 422
    assert count(DraftComment, sofia) == 0


def test_a_stale_page_says_that_it_was_shared_again(ana: User, sofia: User, draft: Note, browser_of: SignIn) -> None:
    old = share(draft, ana)
    change(draft, ana, LATER)
    with clock.at(clock.now() + datetime.timedelta(seconds=1)):
        new = share(draft, ana)
    assert page("draft_look", new.pk) in words(browser_of(sofia).get(page("draft_look", old.pk)))


def test_attack_43_a_share_changes_only_as_its_two_may_and_a_comment_never(ana: User, sofia: User, draft: Note) -> None:
    shown = share(draft, ana)
    with acting(sofia):
        actions.comment_draft(fresh(shown, sofia), COMMENT, by=sofia)
    wrong = [
        (ana, "UPDATE records_draftshare SET content = ''"), (sofia, "UPDATE records_draftshare SET content = ''"),
        (sofia, "UPDATE records_draftshare SET until = now()"), (ana, "UPDATE records_draftshare SET answered_at = NULL"),
        (ana, "DELETE FROM records_draftshare"), (sofia, "UPDATE records_draftcomment SET comment = ''"),
        (ana, "DELETE FROM records_draftcomment"),
    ]  # fmt: skip
    for who, statement in wrong:
        with pytest.raises(DatabaseError), acting(who), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_comment_is_between_the_two(ana: User, ben: User, sofia: User, draft: Note, cleo: Client) -> None:
    with acting(sofia):
        actions.comment_draft(fresh(share(draft, ana), sofia), COMMENT, by=sofia)
    with acting(ana):
        clients.assign(cleo, ben, by=ana)
    assert [count(DraftComment, who) for who in (ana, sofia, ben)] == [1, 1, 0]
