"""The directory: colleagues of today, in words; nothing of clients, nobody's address."""

from __future__ import annotations

import datetime

from django.test import Client as Browser

from audit import clock
from practice.models import Supervision, User
from practice.roles import Role
from tests.cast import person

from .conftest import address, lines, log_in


def test_everybody_on_the_staff_sees_names_roles_and_supervision(browser: Browser, ana: User, sofia: User, dee: User) -> None:
    log_in(browser, dee)
    text = browser.get("/directory/").text
    rows = {row.split("<bdi>")[1].split("<")[0]: row for row in text.split("<tr>")[2:]}
    assert set(rows) == {"Ana Reyes", "Sofia Lindqvist", "Dee Park"}
    assert "LPC-A" in rows["Ana Reyes"]
    assert "Sofia Lindqvist" in rows["Ana Reyes"]
    assert "Ana Reyes" in rows["Sofia Lindqvist"]
    assert "Counselor, supervisor" in rows["Sofia Lindqvist"]
    assert "Front desk" in rows["Dee Park"]
    assert lines("list", part="staff_directory", actor_id=dee.pk)


def test_who_left_and_supervisions_that_ended_are_not_in_it(browser: Browser, ana: User, sofia: User, otto: User) -> None:
    Supervision.objects.update(until=clock.now() - datetime.timedelta(days=1))
    log_in(browser, ana)
    text = browser.get("/directory/").text
    assert "Otto" not in text
    assert text.count("Sofia Lindqvist") == 1


def test_that_a_colleague_is_a_client_too_is_nobodys_business(browser: Browser, ana: User) -> None:
    both = person("Pat Both", Role.DESK, Role.CLIENT)
    log_in(browser, ana)
    text = browser.get("/directory/").text.split("<tbody>")[1]
    assert "Pat Both" in text
    assert "client" not in text.split("</tbody>")[0].lower()
    assert address(both) not in text


def test_clients_do_not_see_it(portal_cleo: User) -> None:
    theirs = Browser()
    log_in(theirs, portal_cleo)
    assert theirs.get("/directory/").status_code == 404
    assert 'href="/directory/"' not in theirs.get("/portal/").text
    assert lines("refused", actor_id=portal_cleo.pk, part="staff_directory")
