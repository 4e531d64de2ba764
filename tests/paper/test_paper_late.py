"""The job that tells of paper that should be back, with the worker's own rights (PA-3)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from audit.models import Event
from breaches.models import Affected, ClockRow, Incident, Knowledge
from clients import actions as clients
from clients.models import Client
from paper import actions, tasks
from paper.models import Checkout, PaperFile
from practice.models import Notice, User
from practice.roles import Role
from tests.cast import acting, person
from tests.committed import as_worker, own_database


def _mails(ada: User) -> list[str]:
    with acting(ada):
        return sorted(str(mail.to) for mail in Notice.objects.filter(kind="paper"))


def _house() -> tuple[User, User, Client]:
    ada, dee, ben = person("Ada Novak", Role.ADMIN), person("Dee Park", Role.DESK), person("Ben Okafor", Role.COUNSELOR)
    with acting(ada):
        lock = actions.add_lock("L1", by=ada)
        actions.give_key(lock, dee, by=ada)
        cabinet = actions.add_cabinet("B", "Room 2", lock, by=ada)
    with acting(ben):
        client = clients.take_in(by=ben, counselor=ben, given_name="Bruno", family_name="Ferreira")
    with acting(dee):
        actions.add_file(client, cabinet, by=dee)
    return ada, dee, client


def _take_out(dee: User, due: datetime.datetime) -> PaperFile:
    with acting(dee):
        file = PaperFile.objects.get()
        actions.take_out(file, actions.Trip("A session about the teal ladder", "", due), by=dee)
    return file


def test_pa_3_who_has_it_is_told_when_it_was_due_and_the_officer_a_day_later_once(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> None:
    with own_database(django_db_blocker, worker_id):
        ada, dee, _ = _house()
        due = clock.now() + datetime.timedelta(hours=2)
        _take_out(dee, due)
        told = []
        for hours in (-1, 1, 1, 24, 24):
            with as_worker(), clock.at(due + datetime.timedelta(hours=hours)):
                tasks.remind()
            told.append(_mails(ada))
    assert told == [[], ["dee@sub.test"], ["dee@sub.test"], ["ada@sub.test", "dee@sub.test"], ["ada@sub.test", "dee@sub.test"]]


class _Killed(BaseException):
    """As a process that ends in the middle."""


def test_pa_3_after_three_days_the_job_opens_the_incident_once_however_often_it_is_killed_and_run(
    django_db_setup: None, django_db_blocker: Any, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_database(django_db_blocker, worker_id):
        ada, dee, client = _house()
        ago = clock.now() - datetime.timedelta(hours=76)
        with clock.at(ago):
            file = _take_out(dee, ago + datetime.timedelta(hours=3))
        nora = person("Nora Vance", Role.ADMIN)

        def killed(*args: Any, **given: Any) -> None:
            raise _Killed

        with as_worker(), monkeypatch.context() as patch:
            patch.setattr("breaches.actions.escalated._concerning", killed)  # the last step, after mail and incident
            with pytest.raises(_Killed):
                tasks.remind()
        assert _opened(ada) == []
        for _ in range(2):
            with as_worker():
                tasks.remind()
        assert _opened(ada) == [("paper", ["ada@sub.test", "nora@sub.test"])]
        with acting(nora):
            row = Incident.objects.get()
            assert (row.state, row.reported_by_id, row.source_id) == ("reported", ada.pk, Checkout.objects.get().pk)
            assert file.label in row.what
            assert "opened this by itself" in row.what
            assert "teal" not in row.what
            assert Knowledge.objects.get().day == row.discovered_on
            assert Affected.objects.get().client_id == client.pk
            assert ClockRow.objects.filter(incident=row).exists()
            assert PaperFile.objects.get().state == "lost"
            assert set(Event.objects.filter(part="report_incident").values_list("role", flat=True)) == {"system:paper"}


def _opened(ada: User) -> list[tuple[str, list[str]]]:
    with acting(ada):
        mails = sorted(str(mail.to) for mail in Notice.objects.filter(kind="incident"))
        return [(row.source, mails) for row in Incident.objects.all()] or [("none", mails)] * bool(mails)


def test_pa_3_before_three_days_are_over_the_worker_cannot_say_that_paper_is_lost(
    django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> None:
    with own_database(django_db_blocker, worker_id):
        ada, dee, _ = _house()
        ago = clock.now() - datetime.timedelta(hours=70)
        with clock.at(ago):
            _take_out(dee, ago + datetime.timedelta(hours=1))
        with as_worker():
            tasks.remind()
            with acting(ada):
                assert PaperFile.objects.update(state="lost") == 0
                assert Checkout.objects.update(lost_at=clock.now()) == 0
        assert _opened(ada) == []
