"""The outbox: written with its cause, claimed before it is sent, never twice in silence."""

from __future__ import annotations

import datetime
import socket
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock, patch

import pytest
from celery import Celery
from django.core import mail
from django.test import Client as Browser
from kombu.exceptions import OperationalError
from redis import ResponseError

from audit import clock, doors
from practice import tasks
from practice.actions import outbox
from practice.models import Notice, User

from .conftest import log_in

URL = "/outbox/"


def put(**fields: object) -> Notice:
    with doors.system("test"):
        notice = outbox.queue("account", "nora@sub.test", "A link\r\nBcc: evil@evil.test", "The sentence of the mail")
    if fields:
        Notice.objects.filter(pk=notice.pk).update(**fields)
    return notice


def state(notice: Notice) -> str:
    return Notice.objects.get(pk=notice.pk).state


def test_what_is_due_is_sent_once(db: None) -> None:
    notice = put()
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    assert state(notice) == "sent"
    assert [(letter.to, letter.body) for letter in mail.outbox] == [(["nora@sub.test"], "The sentence of the mail")]


def test_attack_78_a_subject_is_one_line(db: None) -> None:
    put()
    outbox.send_due()
    assert mail.outbox[0].subject == "A link Bcc: evil@evil.test"
    assert mail.outbox[0].bcc == []


def test_a_crash_while_sending_leaves_it_claimed_and_then_uncertain(db: None) -> None:
    notice = put()
    with patch("practice.carriers.EmailMessage.send", side_effect=RuntimeError), pytest.raises(RuntimeError):
        outbox.send_due()
    assert state(notice) == "claimed"
    assert outbox.send_due() == 0
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        tasks.send_due()
    assert state(notice) == "uncertain"
    assert not mail.outbox


def test_without_a_mail_server_nothing_is_claimed(db: None) -> None:
    notice = put()
    with patch("django.core.mail.backends.locmem.EmailBackend.open", side_effect=ConnectionRefusedError), pytest.raises(OSError):
        outbox.send_due()
    assert state(notice) == "due"


def test_it_is_not_sent_before_its_time(db: None) -> None:
    put(due_at=clock.now() + datetime.timedelta(hours=1))
    assert outbox.send_due() == 0


def test_address_and_words_are_sealed(db: None) -> None:
    from django.db import connection

    put()
    with connection.cursor() as cursor:
        cursor.execute('SELECT "to", subject, body FROM practice_notice')
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert b"nora" not in stored
    assert b"sentence" not in stored


@pytest.fixture
def unrung(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody rang in vain before this test, and it leaves nobody quiet."""
    monkeypatch.setattr(outbox, "_quiet_until", 0.0)


def _rings(broker: str) -> Celery:
    """A bell as the web process has it, with another Redis."""
    found = Celery("alone", broker=broker, set_as_current=False)
    found.conf.broker_transport_options = import_module("config.celery").app.conf.broker_transport_options
    return found


def test_redis_away_does_not_hurt_the_cause_and_is_not_asked_again_at_once(tmp_path: Path, unrung: None) -> None:
    alone = _rings(f"redis+socket://{tmp_path}/nowhere.sock")
    with patch("practice.actions.outbox.import_module", return_value=SimpleNamespace(app=alone)) as asked:
        outbox.wake()
        outbox.wake()
    assert asked.call_count == 1
    with pytest.raises(OperationalError):
        alone.send_task("practice.tasks.send_due", retry=False)


def test_a_redis_that_takes_words_and_answers_none_does_not_hold_the_cause(tmp_path: Path, unrung: None) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen()
        alone = _rings(f"redis+socket://{tmp_path}/silent.sock")
        with patch("practice.actions.outbox.import_module", return_value=SimpleNamespace(app=alone)):
            outbox.wake()  # without a limit it would stand here for ever
    assert outbox._quiet_until > 0


def test_a_full_redis_does_not_hurt_the_cause(unrung: None) -> None:
    full = SimpleNamespace(send_task=Mock(side_effect=ResponseError("OOM command not allowed")))
    with patch("practice.actions.outbox.import_module", return_value=SimpleNamespace(app=full)):
        outbox.wake()
    assert full.send_task.called


def test_admins_decide_on_the_uncertain(browser: Browser, ada: User) -> None:
    log_in(browser, ada)
    claimed = {"state": "uncertain", "claimed_at": clock.now()}
    there, gone = put(**claimed), put(**claimed)
    page = browser.get(URL)
    assert page.text.count("It arrived") == 2
    assert "nora" not in page.text
    assert "sentence" not in page.text
    browser.post(f"/outbox/{there.pk}/", {"decision": "arrived"})
    browser.post(f"/outbox/{gone.pk}/", {"decision": "again"})
    assert (state(there), state(gone)) == ("sent", "due")


def test_what_is_sent_is_not_sent_again_by_a_request(browser: Browser, ada: User) -> None:
    log_in(browser, ada)
    notice = put(state="sent", claimed_at=clock.now(), sent_at=clock.now())
    browser.post(f"/outbox/{notice.pk}/", {"decision": "again"})
    assert state(notice) == "sent"


def test_others_see_nothing(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    notice = put(state="uncertain", claimed_at=clock.now())
    assert "It arrived" not in browser.get(URL).text
    assert browser.post(f"/outbox/{notice.pk}/", {"decision": "arrived"}).status_code == 404
    assert state(notice) == "uncertain"
