"""The job that tells of training and agreements that end, with the worker's own rights (SE-15, SE-18)."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from practice.models import Notice
from practice.roles import Role
from safeguards import actions, tasks
from tests.cast import acting, person
from tests.committed import as_worker, own_database

DAY = datetime.timedelta(days=1)


def test_se_18_and_se_15_admins_and_the_person_are_told_once_by_the_worker(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> None:
    with own_database(django_db_blocker, worker_id):
        ada, ben = person("Ada Novak", Role.ADMIN), person("Ben Okafor", Role.COUNSELOR)
        today = clock.today()
        with acting(ada):
            vendor = actions.add_vendor(actions.Offer("Amber Relay", "They carry our mail.", True, ["mail"]), by=ada)
            actions.add_agreement(vendor, actions.Terms(today, today + 90 * DAY, 5), by=ada)
        told = []
        for days in (0, 31, 31, 340, 340):
            with as_worker(), clock.at(clock.now() + days * DAY):
                tasks.remind()
            with acting(ben):
                told.append(sorted(str(mail.to) for mail in Notice.objects.filter(kind="safeguard")))
        assert told == [[], ["ada@sub.test"], ["ada@sub.test"], *[["ada@sub.test", "ada@sub.test", "ben@sub.test"]] * 2]
        with acting(ada):
            assert "Amber" not in "".join(str(mail.body) for mail in Notice.objects.filter(kind="safeguard"))
