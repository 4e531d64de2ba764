"""Who is shown which draft, and what waits for whom: the rules alone, in a database that hides nothing (SU-5, ADR 12)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from audit import clock
from audit.models import Act
from clients.models import Codename, Denial
from practice.models import Supervision, User
from practice.roles import Role
from records import access, actions
from records.models import DraftShare, Note
from tests.cast import acting, person, write_note
from tests.committed import House

from .found import end, found, grant, looking, put_away, told
from .test_draft_share import COMMENT, change, share

SECOND = datetime.timedelta(seconds=1)


def shared(note: Note, by: User, after: int = 0) -> DraftShare:
    """``note`` as shared by its author so many seconds from now."""
    with clock.at(clock.now() + after * SECOND):
        return share(note, by)


def commented(row: DraftShare, by: User, after: int) -> None:
    with acting(by), clock.at(clock.now() + after * SECOND):
        actions.comment_draft(DraftShare.objects.get(pk=row.pk), COMMENT, by=by)


def test_su_5_a_draft_is_shown_while_its_author_works_with_that_client(unlocked: House) -> None:
    ana, sofia = unlocked.ana, unlocked.sofia
    shown = shared(write_note(ana, unlocked.cleo), ana)
    shared(write_note(ana, unlocked.mia), ana)
    end(unlocked.mia, ana)
    grant(unlocked.mia, ana, Codename.SUPERVISE)  # of somebody else, who counsels her now
    grant(unlocked.mia, unlocked.ben, Codename.COUNSEL, "assigned")
    assert found(access.shared_drafts, sofia) == {shown.pk}


def test_su_5_a_draft_is_shown_while_the_supervisor_supervises_that_clients_care(unlocked: House) -> None:
    ana, sofia = unlocked.ana, unlocked.sofia
    shown, _over = (shared(write_note(ana, each), ana) for each in (unlocked.cleo, unlocked.mia))
    end(unlocked.mia, sofia)
    grant(unlocked.mia, sofia, Codename.COUNSEL, "assigned")
    assert found(access.shared_drafts, sofia) == {shown.pk}


def test_su_5_a_draft_is_shown_to_the_one_who_was_asked_until_it_is_taken_back(unlocked: House) -> None:
    ana, sofia, nell = unlocked.ana, unlocked.sofia, person("Nell Chosen", Role.COUNSELOR, Role.SUPERVISOR)
    shown, taken, denied = (shared(write_note(ana, each), ana) for each in (unlocked.cleo, unlocked.cleo, unlocked.mia))
    grant(unlocked.cleo, nell, Codename.SUPERVISE, "override")
    with acting(ana):
        actions.take_back(Note.objects.get(pk=taken.note_id), by=ana)
    assert found(access.shared_drafts, sofia) == {shown.pk, denied.pk}
    assert found(access.shared_drafts, nell) == set()
    with acting(ana):
        Denial(client=unlocked.mia, user=sofia, reason="A brother of hers.", denied_by=ana).save(force_insert=True)
    assert found(access.shared_drafts, sofia) == {shown.pk}


NO_SUPERVISION: dict[str, Callable[[House], dict[str, Any]]] = {
    "over": lambda house: {"until": clock.now()},
    "to come": lambda house: {"since": clock.now() + datetime.timedelta(days=1)},
    "of another": lambda house: {"supervisee": house.ben},
}


@pytest.mark.parametrize("how", NO_SUPERVISION)
def test_su_5_a_draft_is_shown_while_the_supervisor_supervises_its_author(unlocked: House, how: str) -> None:
    shown = shared(write_note(unlocked.ana, unlocked.cleo), unlocked.ana)
    assert found(access.shared_drafts, unlocked.sofia) == {shown.pk}
    Supervision.objects.filter(supervisor=unlocked.sofia).update(**NO_SUPERVISION[how](unlocked))
    assert found(access.shared_drafts, unlocked.sofia) == set()


def test_what_was_shared_again_waits_once_as_it_was_shared_last(unlocked: House) -> None:
    ana, notes = unlocked.ana, [write_note(unlocked.ana, unlocked.cleo) for _ in range(2)]
    other, _ = (shared(note, ana) for note in notes)
    change(notes[1], ana, "Told again, and longer.")
    again = shared(notes[1], ana, after=1)
    assert found(access.drafts_to_look_at, unlocked.sofia) == {other.pk, again.pk}


def test_what_was_answered_or_is_put_away_is_not_looked_at(unlocked: House) -> None:
    ana, sofia = unlocked.ana, unlocked.sofia
    waits, answered, away = (shared(write_note(ana, each), ana) for each in (unlocked.cleo, unlocked.cleo, unlocked.mia))
    commented(answered, sofia, after=1)
    put_away(unlocked.mia)
    assert found(access.shared_drafts, sofia) == {waits.pk, answered.pk, away.pk}
    assert found(access.drafts_to_look_at, sofia) == {waits.pk}


def test_a_draft_is_with_its_author_from_a_comment_until_it_is_shared_again(unlocked: House) -> None:
    ana, sofia = unlocked.ana, unlocked.sofia
    back, away, again, never = (write_note(ana, each) for each in (unlocked.cleo, unlocked.mia, unlocked.cleo, unlocked.cleo))
    for note in (back, away, again):
        commented(shared(note, ana), sofia, after=1)
    change(again, ana, "Told again, and longer.")
    shared(again, ana, after=2)
    put_away(unlocked.mia)
    assert found(access.returned_drafts, ana) == {back.pk}
    assert found(access.undisputed_drafts, ana) == {again.pk, never.pk, unlocked.draft.pk}


NO_LOOK: dict[str, Callable[[House, DraftShare], dict[str, Any]]] = {
    "another's": lambda house, row: {"actor_id": house.ana.pk},
    "of another draft": lambda house, row: {"what_id": row.pk},
    "in another record": lambda house, row: {"client_id": house.mia.pk},
    "an answer": lambda house, row: {"act": Act.CHANGE},
}


@pytest.mark.parametrize("what", [*NO_LOOK, "the page that asks"])
def test_what_is_no_look_at_the_draft_is_not_when_the_supervisor_last_looked(unlocked: House, what: str) -> None:
    ana, sofia, looked = unlocked.ana, unlocked.sofia, clock.now() + SECOND
    note = write_note(ana, unlocked.cleo)
    first, other = shared(note, ana), shared(write_note(ana, unlocked.cleo), ana)
    change(note, ana, "Told again, and longer.")
    again = shared(note, ana, after=1)
    with clock.at(looked):
        told(sofia, again)
    with looking(sofia) as request, clock.at(looked + SECOND):
        told(sofia, first, **(NO_LOOK[what](unlocked, other) if what in NO_LOOK else {"request_id": request}))
        assert access.looked_at(sofia, first) == (again, looked)


def test_who_has_not_looked_at_any_share_of_a_draft_looked_never(unlocked: House) -> None:
    row = shared(unlocked.draft, unlocked.ana)
    with looking(unlocked.sofia):
        assert access.looked_at(unlocked.sofia, row) == (None, None)
