"""Ending one person's access."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clients import actions
from clients.models import Client, Codename
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, grant_of, text_of

pytestmark = pytest.mark.django_db


def test_a_second_counselor_is_ended_and_the_first_stays(ana: User, ben: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    with acting(ana):
        actions.assign(cleo, ben, by=ana)
    grant = grant_of(cleo, ben)
    page = text_of(ask(ana, "grant_end", pk=cleo.pk, grant=grant.pk))
    assert "Ben Okafor" in page
    assert "last counselor" not in page
    assert ask(ana, "grant_end", {"confirm": cleo.code}, pk=cleo.pk, grant=grant.pk).status_code == 302
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 404
    assert ask(ana, "client_detail", pk=cleo.pk).status_code == 200
    assert lines(part="end_counsel", what_id=ben.pk, client_id=cleo.pk, actor_id=ana.pk)


def test_ending_the_last_counselor_warns_and_takes_the_default_supervisor_along(
    ana: User, sofia: User, ada: User, cleo: Client, ask: Ask
) -> None:
    grant = grant_of(cleo, ana)
    assert "last counselor" in text_of(ask(ana, "grant_end", pk=cleo.pk, grant=grant.pk))
    assert ask(ana, "grant_end", {"confirm": cleo.code}, pk=cleo.pk, grant=grant.pk)["Location"] == reverse("client_list")
    for user in (ana, sofia):
        assert ask(user, "client_detail", pk=cleo.pk).status_code == 404
    assert ask(ada, "client_team", pk=cleo.pk).status_code == 200


def test_a_supervisor_of_another_counselor_of_the_client_stays(
    ana: User, sofia: User, ben: User, ada: User, cleo: Client, ask: Ask
) -> None:
    from practice.actions import supervision

    with acting(ada):
        supervision.begin(ben, sofia, by=ada)
    with acting(ana):
        actions.assign(cleo, ben, by=ana)
    ask(ana, "grant_end", {"confirm": cleo.code}, pk=cleo.pk, grant=grant_of(cleo, ana).pk)
    assert ask(sofia, "client_detail", pk=cleo.pk).status_code == 200
    ask(ben, "grant_end", {"confirm": cleo.code}, pk=cleo.pk, grant=grant_of(cleo, ben).pk)
    assert ask(sofia, "client_detail", pk=cleo.pk).status_code == 404


def test_without_the_code_nothing_ends(ana: User, cleo: Client, ask: Ask) -> None:
    grant = grant_of(cleo, ana)
    for typed in ("", "wrong", "\x00"):
        assert ask(ana, "grant_end", {"confirm": typed}, pk=cleo.pk, grant=grant.pk).status_code == 422
    assert ask(ana, "client_detail", pk=cleo.pk).status_code == 200


def test_attack_02_a_grant_is_looked_up_through_its_client(
    ben: User, ana: User, cleo: Client, bens_client: Client, portal_cleo: User, ask: Ask
) -> None:
    for grant in (grant_of(cleo, ana), grant_of(cleo, portal_cleo, Codename.PORTAL_SELF)):
        assert ask(ben, "grant_end", {"confirm": bens_client.code}, pk=bens_client.pk, grant=grant.pk).status_code == 404
    assert ask(ana, "client_detail", pk=cleo.pk).status_code == 200


def test_a_supervisor_ends_nothing(sofia: User, ana: User, cleo: Client, ask: Ask) -> None:
    assert ask(sofia, "grant_end", {"confirm": cleo.code}, pk=cleo.pk, grant=grant_of(cleo, ana).pk).status_code == 404
