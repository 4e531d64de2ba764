"""A counselor is away: who covers answers where they may already, and nobody's access grows by it (SE-10, SE-2)."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from clients import actions as clients
from clients.models import Client
from messaging import actions
from messaging.models import Away, Message
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

from .conftest import HERS, sent, thread_of, write

pytestmark = pytest.mark.django_db


def today(days: int = 0) -> datetime.date:
    return clock.today() + datetime.timedelta(days=days)


def test_se_10_who_covers_without_a_grant_learns_only_that_something_waits_until_an_admin_gives_access(
    ana: User, ben: User, ada: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    answer = ask(ana, "away_list", {"first": str(today()), "last": str(today(5)), "cover": str(ben.pk)})
    assert answer.status_code == 302
    thread = thread_of(portal_cleo, cleo)
    assert "Ana Reyes</bdi> is away until" in text_of(ask(portal_cleo, "own_thread", pk=thread.pk))
    assert "the practice arranges who answers" in text_of(ask(portal_cleo, "own_thread", pk=thread.pk))
    assert "You cover for a colleague" not in text_of(ask(ben, "home"))
    write(thread, portal_cleo)
    home = text_of(ask(ben, "home"))
    assert "Something waits for" in home
    for words in (cleo.code, "Marchetti", HERS, str(thread.pk)):
        assert words not in home
    assert ask(ben, "thread_detail", pk=thread.pk).status_code == 404
    with acting(ben):
        assert not Message.objects.exists()
    with acting(ana):
        away = Away.objects.get()
    assert "Messages nobody here may open" in text_of(ask(ada, "home"))
    shown = text_of(ask(ada, "away_uncovered", pk=away.pk))
    assert cleo.code in shown
    assert "Marchetti" not in shown
    with acting(ada):
        clients.assign(cleo, ben, by=ada)
    assert "You cover for a colleague" not in text_of(ask(ben, "home"))
    assert str(thread.pk) in text_of(ask(ben, "home"))
    assert "Ben Okafor</bdi> answers meanwhile" in text_of(ask(portal_cleo, "own_thread", pk=thread.pk))
    assert ask(ben, "thread_send", sent("I stand in for Ana."), pk=thread.pk).status_code == 302
    assert ask(ada, "away_uncovered", pk=away.pk).status_code == 404
    assert ask(ana, "away_end", {}, pk=away.pk).status_code == 302
    assert "is away until" not in text_of(ask(portal_cleo, "own_thread", pk=thread.pk))


def test_se_2_whoever_opened_a_record_in_an_emergency_reads_and_answers_while_it_is_open(
    ana: User, ben: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    from practice.models import Practice

    thread = thread_of(portal_cleo, cleo)
    write(thread, portal_cleo)
    with acting(ben):
        clients.open_in_emergency(
            Practice.objects.get(), sought=cleo.code, by=ben, reason="She called, at the end of her strength.", minutes=60
        )
    assert HERS in text_of(ask(ben, "thread_detail", pk=thread.pk))
    assert ask(ben, "thread_send", sent("I am here."), pk=thread.pk).status_code == 302
    with clock.at(clock.now() + datetime.timedelta(minutes=61)), acting(ben):
        from messaging import access

        assert not access.threads(ben).exists()


def test_days_that_make_no_sense_and_another_persons_days_are_refused(ana: User, ben: User, dee: User) -> None:
    with acting(ana):
        for first, last, cover in ((-1, 3, ben), (3, 2, ben), (0, 400, ben), (0, 3, dee), (0, 3, ana)):
            with pytest.raises(Refused):
                actions.be_away(today(first), today(last), cover, by=ana)
        actions.be_away(today(2), today(4), ben, by=ana)
        with pytest.raises(Refused):
            actions.be_away(today(4), today(5), ben, by=ana)
    with acting(ben), pytest.raises(DatabaseError), transaction.atomic():
        Away(person=ana, cover=ben, begins_at=clock.now(), ends_at=clock.now() + datetime.timedelta(1)).save(force_insert=True)
