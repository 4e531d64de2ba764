"""``manage.py demo``: what it makes, through the same doors and locks as everybody's work."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from audit import clock, doors
from audit.models import Act, Event
from breaches.models import Incident
from breaches.standing import standing
from clients import access as client_access
from clients.models import Client
from demo import traces
from demo.people import ACCOUNTS, PASSWORD, PRACTICE_NAME, ident
from practice.models import Practice, Supervision, User
from records import access, actions
from records.contents import contents_of
from records.models import Kind, Note, Session

SOME = ["cleo", "whitlock", "juniper", "leopold", "ignatius", "solomon", "farid", "bennet", "harbor"]


def demo(*keys: str) -> str:
    """Run the command for a few stories; returns what it said."""
    said = StringIO()
    with override_settings(DEMO=True):
        call_command("demo", only=list(keys), jobs=1, stdout=said)
    return said.getvalue()


def account(key: str) -> User:
    return User.objects.get(pk=ident("user", key))


def as_(key: str) -> Any:
    """Stand behind a door as that person."""
    return doors.system("look", on_behalf_of=User(pk=ident("user", key)))


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Some of the stories, told once for all tests of this file and then taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo(*SOME)
        yield
        transaction.set_rollback(True)


def counts() -> list[int]:
    with as_("ana"):
        return [model.objects.count() for model in (User, Client, Session, Note, Event)]


def test_outside_demo_mode_it_refuses() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="SUBROSA_DEMO=1"):
        call_command("demo")


def test_every_account_has_its_roles_and_the_published_password(furnished: None) -> None:
    with as_("ada"):
        for key, wanted in ACCOUNTS.items():
            person = User.objects.at_address(wanted.mail).get()
            assert (person.pk, person.name, tuple(person.roles)) == (ident("user", key), wanted.name, wanted.roles)
            assert person.has_left == (key == "tomas")
        assert check_password(PASSWORD, account("ana").password)
        assert len({person.password for person in User.objects.all()}) == 1  # hashed once


def test_the_practice_has_its_name_and_its_supervision(furnished: None) -> None:
    assert Practice.objects.get().name == PRACTICE_NAME
    pairs = set(Supervision.objects.values_list("supervisor", "supervisee"))
    assert {(ident("user", "sofia"), ident("user", "ana")), (ident("user", "sofia"), ident("user", "priya"))} <= pairs


def test_a_second_run_adds_nothing(furnished: None) -> None:
    before = counts()
    assert "is furnished" in demo(*SOME)
    assert counts() == before


def test_notes_open_are_signed_as_shown_and_never_alike(furnished: None) -> None:
    with as_("ana"):
        notes = list(access.readable_notes(account("ana")).filter(copied_from=None))
        assert len(notes) > 20
        for note in notes:
            assert all(text.strip() for text in note.content.values()), note.pk
            assert bytes(note.signed_hash) == actions.shown_hash(note) if note.is_signed else note.signed_hash is None
        bodies = [tuple(note.content.values()) for note in notes]
        assert len(set(bodies)) == len(bodies)


def test_notes_lie_in_the_past_late_ones_are_labelled_and_addenda_follow(furnished: None) -> None:
    with as_("ana"):
        notes = access.readable_notes(account("ana")).filter(client=ident("client", "cleo"))
        assert not notes.filter(created_at__gt=clock.now()).exists()
        assert notes.filter(late_entry=True).count() == 1
        assert [addendum.text for note in notes for addendum in note.addenda.all()] != []
        assert notes.filter(kind=Kind.PSYCHOTHERAPY).count() == 2


def test_rec_1_the_supervisor_reads_the_record_and_no_psychotherapy_note(furnished: None) -> None:
    with as_("sofia"):
        kinds = set(access.readable_notes(account("sofia")).filter(client=ident("client", "cleo")).values_list("kind", flat=True))
    assert Kind.PROGRESS in kinds
    assert Kind.PSYCHOTHERAPY not in kinds


def test_a_couple_and_a_group_have_parts_in_each_ones_own_record(furnished: None) -> None:
    for key, story, members, shared in (
        ("ana", "bennet", ("Amara", "Silas"), 2),
        ("ben", "harbor", ("Tess", "Marek", "Odile", "Hollis", "Noor"), 0),
    ):
        with as_(key):
            assert client_access.agreement_in_force(account(key), Client.objects.get(pk=ident("client", story))) is not None
            for given in members:
                notes = Note.objects.filter(client=ident("client", story, given), signed_at__isnull=False)
                assert notes.filter(copied_from__isnull=False).count() == shared
                assert notes.filter(copied_from=None).count() == max(shared, 1)


def test_a_letter_hangs_on_the_record_and_is_sealed(furnished: None) -> None:
    with as_("ana"):
        (letter,) = access.readable_documents(account("ana")).filter(client=ident("client", "cleo"))
        assert letter.title == "Referral letter"
        assert contents_of(letter).startswith(b"%PDF-")


def test_a_colleague_sees_nothing_of_ana_s_clients(furnished: None) -> None:
    with as_("ben"):
        assert not Client.objects.filter(pk__in=[ident("client", "cleo"), ident("client", "juniper")]).exists()
        assert not Note.objects.filter(client__in=[ident("client", "cleo"), ident("client", "juniper")]).exists()


def test_home_has_something_to_do(furnished: None) -> None:
    with as_("ana"):
        waiting = access.unnoted_sessions(account("ana"))
        assert {session.client_id for session in waiting} == {ident("client", "juniper")}


def test_sofia_s_desk_has_what_a_supervisor_does(furnished: None) -> None:
    with as_("sofia"):
        sofia = account("sofia")
        assert [share.client_id for share in access.drafts_to_look_at(sofia)] == [ident("client", "farid")]
        assert [note.client_id for note in access.sent_back(sofia)] == [ident("client", "solomon")]
        notes = access.readable_notes(sofia).filter(author=ident("user", "priya"), kind=Kind.PROGRESS)
        assert notes.filter(cosignature__isnull=False).count() > 3
        assert not notes.filter(cosign=None).exists()


def test_portal_people_see_their_own(furnished: None) -> None:
    for key, story in (("cleo", "cleo"), ("hanne", "whitlock"), ("luis", "whitlock")):
        with as_(key):
            assert [client.pk for client in client_access.portal_clients(account(key))] == [ident("client", story)]
    with as_("gus"):
        assert not client_access.portal_clients(account("gus")).exists()  # his daughter is not among these stories


def test_each_parent_is_there_with_their_own_authority(furnished: None) -> None:
    with as_("sofia"):
        parents = Client.objects.get(pk=ident("client", "whitlock")).representatives.all()
        assert {(parent.user_id, parent.relation) for parent in parents} == {
            (ident("user", "hanne"), "parent"), (ident("user", "luis"), "parent"),
        }  # fmt: skip


def test_who_left_has_handed_over(furnished: None) -> None:
    with as_("tomas"):
        assert not Note.objects.filter(client=ident("client", "leopold")).exists()
    with as_("sofia"):
        assert Note.objects.filter(client=ident("client", "leopold"), author=ident("user", "tomas")).exists()


def test_the_trail_tells_it_all_at_its_time(furnished: None) -> None:
    with as_("ada"):
        lines = Event.objects.filter(client_id=ident("client", "cleo"))
        assert not lines.filter(at__gt=clock.now()).exists()
        assert {line.role for line in lines.filter(act=Act.CHANGE)} == {"system:demo"}
        assert lines.filter(act=Act.READ, actor_id=ident("user", "sofia"), what="records.note").exists()
        assert Event.objects.filter(act=Act.REFUSED, actor_id=ident("user", "ben"), client_id=ident("client", "juniper")).exists()
        assert Event.objects.filter(act=Act.LOGIN, actor_id=ident("user", "ana")).exists()


@pytest.mark.django_db
def test_an_interrupted_run_heals_at_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(story: Any, *rest: Any) -> None:
        if story.key == "leopold":
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(traces, "leave", die)
        with pytest.raises(KeyboardInterrupt):
            demo("leopold", "ignatius")
    with as_("sofia"):
        assert not Client.objects.exists()
        assert not Note.objects.exists()
    assert "Told 2 of 2" in demo("leopold", "ignatius")
    with as_("sofia"):
        assert Note.objects.filter(client=ident("client", "leopold")).count() == 7


def test_three_incidents_say_that_they_are_invented_and_nobody_is_suspended_by_a_drill(furnished: None) -> None:
    with as_("ada"):
        rows = {row.state: row for row in Incident.objects.all()}
        assert rows.keys() == {"closed", "assessing", "contained"}
        assert all(row.what.startswith("Invented") for row in rows.values())
        assert [state for state, row in rows.items() if row.drill] == ["contained"]
        assert account("ben").is_active
        assert any(each.stage in ("amber", "calm") for each in standing(rows["assessing"]))
    with as_("ana"):
        assert not Incident.objects.exclude(reported_by=account("ana")).exists()
