"""Another counselor beside those there are."""

from __future__ import annotations

import pytest

from clients import actions
from clients.models import Client
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["ana", "ada"])
def test_counselor_and_admin_assign_and_the_trail_says_whom(
    who: str, request: pytest.FixtureRequest, ben: User, cleo: Client, ask: Ask, lines: Lines
) -> None:
    user = request.getfixturevalue(who)
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 404
    assert ask(user, "client_assign", {"person": str(ben.pk)}, pk=cleo.pk).status_code == 302
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 200
    (line,) = lines(part="assign_counsel", client_id=cleo.pk, what_id=ben.pk)
    assert line.actor_id == user.pk


def test_only_counselors_who_work_here_and_are_not_on_it_are_offered(
    ada: User, ana: User, ben: User, otto: User, dee: User, cleo: Client, ask: Ask
) -> None:
    body = text_of(ask(ada, "client_assign", pk=cleo.pk))
    assert "Ben Okafor" in body
    assert not any(name in body for name in ("Otto Leaver", "Dee Park", ">Ana Reyes"))
    for nobody in (str(otto.pk), str(dee.pk), str(ana.pk), "", "x", "\x00"):
        assert ask(ada, "client_assign", {"person": nobody}, pk=cleo.pk).status_code == 422


def test_attack_11_somebody_on_the_deny_list_is_not_offered_and_not_taken(ana: User, ben: User, cleo: Client, ask: Ask) -> None:
    with acting(ana):
        actions.deny(cleo, ben, by=ana, reason="Her brother.")
    assert "Ben Okafor" not in text_of(ask(ana, "client_assign", pk=cleo.pk))
    assert ask(ana, "client_assign", {"person": str(ben.pk)}, pk=cleo.pk).status_code == 422
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 404


def test_se_10_nobody_gives_themself_access(cleo: Client, ask: Ask) -> None:
    both = person("Vera Both", Role.ADMIN, Role.COUNSELOR)
    assert ask(both, "client_assign", {"person": str(both.pk)}, pk=cleo.pk).status_code == 422
    assert ask(both, "client_detail", pk=cleo.pk).status_code == 404


def test_se_10_the_action_refuses_it_too(cleo: Client) -> None:
    from practice.refusals import Refused

    both = person("Vera Both", Role.ADMIN, Role.COUNSELOR, Role.SUPERVISOR)
    with acting(both):
        for act in (actions.assign, actions.override_supervisor):
            with pytest.raises(Refused) as refusal:
                act(cleo, both, by=both)
            assert refusal.value.rule == "SE-10"
