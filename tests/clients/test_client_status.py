"""Enquiry, intake, active, discharged, archived."""

from __future__ import annotations

import pytest

from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines

pytestmark = pytest.mark.django_db


def test_counselor_and_desk_change_it(ana: User, dee: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    for user, status in ((ana, "active"), (dee, "discharged"), (ana, "archived"), (ana, "enquiry")):
        assert ask(user, "client_status", {"status": status}, pk=cleo.pk).status_code == 302
        with acting(ana):
            assert Client.objects.get(pk=cleo.pk).status == status
        assert lines(client_id=cleo.pk, part=f"status_{status}", actor_id=user.pk)


@pytest.mark.parametrize("status", ["", "deleted", "ACTIVE", "active\x00", "x" * 10_000])
def test_no_other_status_is_taken(status: str, ana: User, cleo: Client, ask: Ask) -> None:
    assert ask(ana, "client_status", {"status": status}, pk=cleo.pk).status_code == 422
    with acting(ana):
        assert Client.objects.get(pk=cleo.pk).status == "intake"
