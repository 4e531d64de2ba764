"""Contacts: what the front desk sees of a client, and nothing clinical."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from audit import clock
from clients import actions
from clients.models import Client
from practice.models import User
from records.models import Note
from tests.cast import SECRET, acting

from .conftest import Ask, text_of

pytestmark = pytest.mark.django_db

CLINICAL = ("client_detail", "session_list", "session_new", "client_team", "client_access")


def test_each_address_says_in_words_what_it_may_be_used_for(ana: User, cleo: Client, ask: Ask) -> None:
    phone, mail = sorted(text_of(ask(ana, "client_contacts", pk=cleo.pk)).split("<tr>")[2:], key=lambda row: "@" in row)
    assert "503 555 0142" in phone
    assert "Permitted" in phone
    assert "Safe" in phone
    assert "cleo.marchetti@mail.test" in mail
    assert "Do not use" in mail
    assert "No message" in mail


def test_the_desk_opens_no_clinical_tab_and_is_offered_none(dee: User, cleo: Client, signed: Note, ask: Ask) -> None:
    body = text_of(ask(dee, "client_contacts", pk=cleo.pk))
    assert "503 555 0142" in body
    assert SECRET not in body
    for name in CLINICAL:
        url = reverse(name, kwargs={"pk": cleo.pk})
        assert f'"{url}"' not in body
        assert ask(dee, name, pk=cleo.pk).status_code == 404


def test_representatives_of_now_and_of_before(ana: User, mia: Client, ask: Ask) -> None:
    day = datetime.timedelta(days=1)
    with acting(ana):
        for name, since, until in (("Gus Aldana", -9, None), ("Rosa Aldana", -9, -1), ("Lou Later", 3, 9)):
            begin, end = clock.now() + since * day, until and clock.now() + until * day
            actions.add_representative(mia, by=ana, relation="parent", name=name, authority="custody", since=begin, until=end)
    now, _, before = text_of(ask(ana, "client_contacts", pk=mia.pk)).partition("Authority that ended")
    assert "Gus Aldana" in now
    assert "Lou Later" in now
    assert "begins" in now
    assert "Rosa Aldana" in before


def test_a_former_counselor_cannot_open_them(former: User, cleo: Client, ask: Ask) -> None:
    assert ask(former, "client_contacts", pk=cleo.pk).status_code == 404
