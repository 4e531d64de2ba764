"""Removing an address that is no longer theirs."""

from __future__ import annotations

import pytest

from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


def test_it_asks_then_removes_and_is_found_no_more(dee: User, ana: User, ben: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    with acting(ana):
        phone = cleo.contact_points.get(kind="phone").pk
    assert "503 555 0142" in text_of(ask(dee, "contact_point_remove", pk=cleo.pk, point=phone))
    assert ask(ben, "contact_point_remove", {}, pk=cleo.pk, point=phone).status_code == 404
    assert ask(dee, "contact_point_remove", {}, pk=cleo.pk, point=phone).status_code == 302
    with acting(ana):
        assert not cleo.contact_points.filter(pk=phone).exists()
    assert lines(part="remove_contact_point", client_id=cleo.pk, actor_id=dee.pk)
    assert cleo.code not in text_of(ask(ana, "client_search", {"words": "5035550142"}))
    assert ask(dee, "contact_point_remove", {}, pk=cleo.pk, point=phone).status_code == 404
