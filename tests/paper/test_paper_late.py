"""The job that tells of paper that should be back, with the worker's own rights (PA-3)."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from clients import actions as clients
from paper import actions, tasks
from practice.models import Notice, User
from practice.roles import Role
from tests.cast import acting, person
from tests.committed import as_worker, own_database


def _mails(ada: User) -> list[str]:
    with acting(ada):
        return sorted(str(mail.to) for mail in Notice.objects.filter(kind="paper"))


def test_pa_3_who_has_it_is_told_when_it_was_due_and_the_officer_a_day_later_once(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> None:
    with own_database(django_db_blocker, worker_id):
        ada, dee, ben = person("Ada Novak", Role.ADMIN), person("Dee Park", Role.DESK), person("Ben Okafor", Role.COUNSELOR)
        with acting(ada):
            lock = actions.add_lock("L1", by=ada)
            actions.give_key(lock, dee, by=ada)
            cabinet = actions.add_cabinet("B", "Room 2", lock, by=ada)
        with acting(ben):
            client = clients.take_in(by=ben, counselor=ben, given_name="Bruno", family_name="Ferreira")
        due = clock.now() + datetime.timedelta(hours=2)
        with acting(dee):
            actions.take_out(actions.add_file(client, cabinet, by=dee), actions.Trip("A session", "", due), by=dee)
        told = []
        for hours in (-1, 1, 1, 24, 24):
            with as_worker(), clock.at(due + datetime.timedelta(hours=hours)):
                tasks.remind()
            told.append(_mails(ada))
    assert told == [[], ["dee@sub.test"], ["dee@sub.test"], ["ada@sub.test", "dee@sub.test"], ["ada@sub.test", "dee@sub.test"]]
