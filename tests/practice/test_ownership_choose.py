"""To whom the records belong: chosen once, shown to staff and clients, changed for a reason, and never working back (RET-26)."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser

from audit import clock
from practice import ownership
from practice.access import ownerships
from practice.actions import profile
from practice.models import Ownership, Practice, User
from practice.refusals import Refused
from tests.cast import acting

from .conftest import log_in

pytestmark = pytest.mark.django_db
WHY = "The counselors agreed on it by the ochre mill."


def chosen(model: str, reason: str = "", *, by: User) -> Ownership:
    with acting(by):
        return profile.choose_ownership(Practice.objects.get(), model, reason, by=by)


def test_ret_26_it_is_chosen_once_and_changed_for_a_reason_from_then_on(ada: User) -> None:
    before = clock.now()
    assert ownership.at(before) == "practice"
    chosen("practice", by=ada)
    for model, reason in (("practice", WHY), ("counselor", " "), ("nobody", WHY)):
        with pytest.raises(Refused):
            chosen(model, reason, by=ada)
    with clock.at(before + datetime.timedelta(days=2)):
        chosen("counselor", WHY, by=ada)
    assert ownership.at(before + datetime.timedelta(days=1)) == "practice"
    assert ownership.at(before + datetime.timedelta(days=3)) == "counselor"
    with acting(ada):
        assert ownerships()[0].reason == WHY
        assert WHY not in str(list(Ownership.objects.values()))
        with pytest.raises(DatabaseError), transaction.atomic():
            Ownership.objects.update(model="practice")


def test_staff_read_it_in_the_directory(browser: Browser, ada: User) -> None:
    log_in(browser, ada)
    assert "Not chosen yet" in browser.get("/practice/").content.decode()
    assert browser.post("/practice/ownership/", {"model": "x"}).status_code == 422
    assert browser.post("/practice/ownership/", {"model": "counselor"}).status_code == 302
    assert "a third party" in browser.get("/directory/").content.decode()
    assert "a third party" in browser.get("/practice/").content.decode()
