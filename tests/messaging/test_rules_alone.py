"""The rules of this room without the policies behind them: whose thread, whose draft, whose absence, and who looks after whom."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from clients import actions as clients
from clients.models import Client
from messaging import access, actions
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person
from tests.clients.conftest import Ask
from tests.unhidden import asked, unhidden

from .conftest import thread_of, write
from .test_away import today

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]


def test_a_colleague_who_only_supervises_may_cover_and_nobody_for_themself(ana: User, ben: User, dee: User, ada: User, otto: User) -> None:
    maud = person("Maud Sole", Role.SUPERVISOR)
    assert asked(access.covering_colleagues, ana) == {ben.pk, maud.pk}
    assert asked(access.covering_colleagues, dee) == set()


def test_which_messages_are_filed_is_not_told_to_whoever_is_denied_the_client(
    ana: User, ben: User, cleo: Client, portal_cleo: User
) -> None:
    message = write(thread_of(portal_cleo, cleo), portal_cleo)
    with acting(ana):
        clients.assign(cleo, ben, by=ana)
        actions.mark_filed([message], uuid.uuid4(), by=ana)
    assert len(asked(access.filed, ben)) == 1
    with acting(ana):
        clients.deny(cleo, ben, by=ana, reason="A cousin.")
    assert (len(asked(access.filed, ben)), len(asked(access.filed, ana))) == (0, 1)


def test_an_admin_reviews_what_others_sent_in_danger_and_never_their_own(ada: User, nora: User, cleo: Client) -> None:
    sent = {}
    for user in (ada, nora):
        with acting(user):
            sent[user] = actions.send_in_danger(cleo, "voice", "503 555 0142", "Call the house.", reason="A neighbor rang.", by=user).pk
    assert asked(access.overrides_to_review, ada) == {sent[nora]}
    assert asked(access.overrides_to_review, nora) == {sent[ada]}


def test_a_guardian_writes_as_a_guardian_where_the_child_is_in_the_portal_as_well(gus: User, mia: Client, mia_herself: User) -> None:
    found = {}
    for user in (gus, mia_herself):
        with acting(user):
            found[user] = access.own_capacity(user, mia)
    assert found == {gus: "portal_represent", mia_herself: "portal_self"}


def test_what_is_begun_in_one_thread_does_not_stand_in_another(portal_cleo: User, cleo: Client) -> None:
    care, office = (thread_of(portal_cleo, cleo, kind) for kind in ("care", "office"))
    with acting(portal_cleo):
        for thread in (care, office):
            actions.save_draft(thread, "About the amber step.", by=portal_cleo, version=0)
        found = [access.own_draft(portal_cleo, thread) for thread in (care, office)]
    assert [row and row.thread_id for row in found] == [care.pk, office.pk]


def test_when_a_thread_was_read_is_said_of_that_thread(ana: User, portal_cleo: User, cleo: Client, ask: Ask) -> None:
    read, unread = (thread_of(portal_cleo, cleo, kind) for kind in ("care", "office"))
    for thread in (read, unread):
        write(thread, ana)
    ask(portal_cleo, "own_thread", pk=read.pk)
    with acting(ana):
        assert (access.read_at(read) is not None, access.read_at(unread)) == (True, None)


def test_an_admin_learns_of_each_absence_alone_who_waits(
    ana: User, ben: User, ada: User, cleo: Client, bens_client: Client, portal_cleo: User
) -> None:
    bruno = person("Bruno Ferreira", Role.CLIENT)
    with acting(ben):
        clients.give_portal(bens_client, bruno, by=ben)
    lena = person("Lena Former", Role.COUNSELOR)
    waiting: dict[Any, Any] = {}
    for away, user, client in ((ana, portal_cleo, cleo), (ben, bruno, bens_client)):
        write(thread_of(user, client), user)
        with acting(away):
            waiting[actions.be_away(today(), today(5), lena, by=away)] = client.pk
    for row, client_id in waiting.items():
        assert asked(access.uncovered_clients, ada, row) == {client_id}


def test_nobody_begins_a_thread_with_somebody_whose_record_is_put_away(ana: User, dee: User, cleo: Client, mia: Client) -> None:
    assert asked(access.writing_clients, ana) == {cleo.pk, mia.pk}
    Client.objects.filter(pk=cleo.pk).update(status=Client.Status.ARCHIVED)
    assert asked(access.writing_clients, ana) == asked(access.writing_clients, dee) == {mia.pk}


def test_nobody_answers_in_a_thread_of_a_record_that_is_put_away(
    ana: User, portal_cleo: User, cleo: Client, gus: User, mia: Client
) -> None:
    closed, open_one = (thread_of(user, client).pk for user, client in ((portal_cleo, cleo), (gus, mia)))
    assert asked(access.answerable_threads, ana) == {closed, open_one}
    Client.objects.filter(pk=cleo.pk).update(status=Client.Status.ARCHIVED)
    assert asked(access.answered_threads, ana) == {closed, open_one}
    assert asked(access.answerable_threads, ana) == {open_one}


def test_only_an_admin_learns_that_a_colleague_covers_without_access(
    ana: User, ben: User, ada: User, cleo: Client, portal_cleo: User
) -> None:
    write(thread_of(portal_cleo, cleo), portal_cleo)
    with acting(ana):
        away = actions.be_away(today(), today(5), ben, by=ana).pk
    assert asked(access.covers_without_access, ada) == asked(access.covers, ben) == {away}
    assert asked(access.covers_without_access, ben) == set()


def test_what_was_sent_in_danger_is_reviewed_once(ada: User, nora: User, cleo: Client) -> None:
    with acting(nora):
        first, second = (
            actions.send_in_danger(cleo, "voice", "503 555 0142", "Call the house.", reason="A neighbor rang.", by=nora) for _ in range(2)
        )
    with acting(ada):
        actions.review_override(access.overrides_to_review(ada).get(pk=first.pk), "It was right.", by=ada)
    assert asked(access.overrides_to_review, ada) == {second.pk}
