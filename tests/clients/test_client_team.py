"""The care team's page: the same for the team and the admin, but for the name."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clients import actions
from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, text_of

pytestmark = pytest.mark.django_db


def test_it_says_who_as_what_since_when_by_whom_and_why(ana: User, cleo: Client, ask: Ask) -> None:
    body = text_of(ask(ana, "client_team", pk=cleo.pk))
    for words in ("Ana Reyes", "Counselor", "Sofia Lindqvist", "Supervisor", "at intake", "supervises the counselor", "Cleo Marchetti"):
        assert words in body


def test_the_admin_keeps_the_team_by_code_and_never_meets_a_name(
    ada: User, ana: User, cleo: Client, portal_cleo: User, former: User, ask: Ask
) -> None:
    """Cleo's own account carries her name as well; it must not come in through the history."""
    with acting(ana):
        actions.deny(cleo, former, by=ana, reason="Knows the family.")
    for name in ("client_team", "client_assign", "supervisor_override", "client_deny", "client_access"):
        body = text_of(ask(ada, name, pk=cleo.pk))
        assert cleo.code in body
        assert not any(word in body for word in ("Marchetti", "Cleo", "she/her", "503 555")), name
        for clinical in ("client_detail", "client_contacts", "session_list"):
            assert f'"{reverse(clinical, kwargs={"pk": cleo.pk})}"' not in body
    assert "Knows the family." in text_of(ask(ada, "client_team", pk=cleo.pk))


def test_every_change_is_in_its_history(ana: User, ada: User, cleo: Client, former: User, ask: Ask) -> None:
    for user in (ana, ada):
        body = text_of(ask(user, "client_team", pk=cleo.pk))
        for words in ("Lena Former: became counselor", "Lena Former: no longer counselor", "Ana Reyes: became counselor", "by Ana Reyes"):
            assert words in body


def test_the_deny_list_is_for_those_who_keep_it(ana: User, sofia: User, cleo: Client, ben: User, ask: Ask) -> None:
    with acting(ana):
        actions.deny(cleo, ben, by=ana, reason="His former wife.")
    assert "His former wife." in text_of(ask(ana, "client_team", pk=cleo.pk))
    assert "His former wife." not in text_of(ask(sofia, "client_team", pk=cleo.pk))


def test_a_team_of_nobody_says_so(ana: User, ada: User, cleo: Client, sofia: User, ask: Ask) -> None:
    from .conftest import grant_of

    with acting(ana):
        actions.end_grant(grant_of(cleo, ana), by=ana)
    assert "Nobody is on the care team" in text_of(ask(ada, "client_team", pk=cleo.pk))
