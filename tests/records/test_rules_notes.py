"""Goals, late notes and who can read a note: the rules alone, in a database that hides nothing (REC-5)."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from clients.models import Client, Codename
from practice.models import Supervision, User
from practice.roles import Role
from records import access, actions
from records.models import Note
from tests.cast import acting, person, write_note
from tests.committed import House

from .found import grant
from .hands import questions

LONG_AGO = datetime.timedelta(days=8)


def plan(by: User, client: Client, goals: str, days_ago: int = 0) -> Note:
    """A signed plan of ``by`` with these goals, a line each."""
    with clock.at(clock.now() - days_ago * datetime.timedelta(days=1)):
        return write_note(by, client, kind="plan", signed=True, text=goals)


def copied(shared: Note, client: Client) -> None:
    """What the couple planned stands in the record of one of them as well: the words, and none of the goals."""
    with acting(shared.author):
        same: dict[str, Any] = {name: getattr(shared, name) for name in ("kind", "author", "signed_by", "signed_hash", "content")}
        copy = Note(client=client, unit=shared.client, copied_from=shared, signed_at=clock.now(), **same)
        copy.save(force_insert=True)


def test_notes_name_the_goals_of_the_clients_own_latest_signed_plan(unlocked: House) -> None:
    ana, cleo = unlocked.ana, unlocked.cleo
    plan(ana, unlocked.mia, "Mia goes back to school")
    plan(ana, cleo, "Sleep through the night", days_ago=2)
    plan(ana, cleo, "Row across the lake\nWrite to her aunt", days_ago=1)
    copied(plan(ana, unlocked.couple, "Build the boat together"), cleo)
    write_note(ana, cleo, kind="plan", text="What she may want next")
    with acting(ana):
        assert [goal.text for goal in access.nameable_goals(ana, cleo)] == ["Row across the lake", "Write to her aunt"]


def late(asked: User) -> dict[Any, int]:
    """Of whom ``asked`` is told how many late notes."""
    with acting(asked):
        return {each.name: each.late for each in access.late_elsewhere(asked)}  # type: ignore[attr-defined]  # annotated


def test_rec_5_late_notes_of_counselors_are_told_to_who_is_a_supervisor_or_an_admin_today(unlocked: House) -> None:
    ana, ben, sofia = unlocked.ana, unlocked.ben, unlocked.sofia
    with clock.at(clock.now() - LONG_AGO):
        for by, client in ((ana, unlocked.mia), (ben, unlocked.bruno)):
            write_note(by, client)
    assert late(unlocked.ada) == {"Ana Reyes": 1, "Ben Okafor": 1}
    assert late(sofia) == {"Ana Reyes": 1}
    ben.roles, sofia.roles = [Role.DESK], [Role.COUNSELOR]  # and what they were given as such goes on
    for each in (ben, sofia):
        User.objects.filter(pk=each.pk).update(roles=each.roles)
    assert late(unlocked.ada) == {"Ana Reyes": 1}
    assert late(sofia) == {}


def test_rec_5_who_supervises_and_counsels_nobody_is_told_as_well_and_nobody_of_their_own(unlocked: House) -> None:
    vera, ada = person("Vera Onlooker", Role.SUPERVISOR), unlocked.ada
    Supervision.objects.filter(supervisee=unlocked.ana).update(until=clock.now())
    Supervision.objects.create(supervisor=vera, supervisee=unlocked.ana)
    grant(unlocked.mia, vera, Codename.SUPERVISE)
    with clock.at(clock.now() - LONG_AGO):
        write_note(unlocked.ana, unlocked.mia)
    assert late(vera) == late(ada) == {"Ana Reyes": 1}
    User.objects.filter(pk=unlocked.ana.pk).update(roles=[Role.ADMIN, Role.COUNSELOR])
    assert late(User.objects.get(pk=unlocked.ana.pk)) == {}


def test_who_can_read_a_note_is_asked_of_its_team_alone(unlocked: House) -> None:
    asked = []
    for name in ("Pia", "Quin"):
        with acting(unlocked.ana), questions() as each:
            assert {reader.name for reader in access.readers_of(unlocked.signed)} == {"Ana Reyes", "Sofia Lindqvist"}
        asked.append(len(each))
        person(f"{name} Elsewhere", Role.COUNSELOR)
    assert asked[0] == asked[1] > 0


def test_what_hangs_on_a_note_is_asked_for_once(unlocked: House) -> None:
    with acting(unlocked.ana):
        actions.add_document(unlocked.cleo, b"A drawing of the boat.", by=unlocked.ana, name="boat.txt", note=unlocked.draft)
        note = access.readable_notes(unlocked.ana).get(pk=unlocked.draft.pk)
        (document,) = note.hung = access.documents_of(note)  # type: ignore[attr-defined]  # as the pages do
        with questions() as asked:
            assert access.documents_of(note) == [document]
        assert asked == []
