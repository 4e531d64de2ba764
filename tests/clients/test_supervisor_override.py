"""The supervisor of a client: by default the counselor's, another by choice, and at once when the supervision changes."""

from __future__ import annotations

import pytest

from clients.models import Client
from practice.actions import supervision
from practice.models import Supervision, User
from practice.refusals import Refused
from practice.roles import Role
from tests.cast import acting, person

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(db: None) -> User:
    return person("Sam Second", Role.SUPERVISOR)


def opens(ask: Ask, user: User, client: Client) -> bool:
    return ask(user, "client_detail", pk=client.pk).status_code == 200


def test_for_this_client_only(ana: User, sofia: User, sam: User, cleo: Client, mia: Client, ask: Ask, lines: Lines) -> None:
    assert "Sam Second" in text_of(ask(ana, "supervisor_override", pk=cleo.pk))
    assert ask(ana, "supervisor_override", {"person": str(sam.pk)}, pk=cleo.pk).status_code == 302
    assert (opens(ask, sam, cleo), opens(ask, sofia, cleo)) == (True, False)
    assert (opens(ask, sam, mia), opens(ask, sofia, mia)) == (False, True)
    assert lines(part="override_supervisor", what_id=sam.pk, client_id=cleo.pk)


def test_only_supervisors_who_work_here_are_offered(ana: User, ben: User, sofia: User, cleo: Client, ask: Ask) -> None:
    for nobody in (str(ben.pk), str(ana.pk), str(sofia.pk), "x", ""):
        assert ask(ana, "supervisor_override", {"person": nobody}, pk=cleo.pk).status_code == 422


def test_attack_17_a_former_supervisor_loses_the_clients_at_once_and_the_new_one_has_them(
    ada: User, ana: User, sofia: User, sam: User, cleo: Client, mia: Client, ask: Ask, lines: Lines
) -> None:
    assert opens(ask, sofia, cleo)
    with acting(ada):
        supervision.begin(ana, sam, by=ada)
    for client in (cleo, mia):
        assert (opens(ask, sofia, client), opens(ask, sam, client)) == (False, True)
        assert {line.part for line in lines(client_id=client.pk, actor_id=ada.pk)} == {"end_supervise", "assign_supervise"}
    assert "Marchetti" not in text_of(ask(sofia, "client_list"))
    with acting(ada):
        supervision.end(Supervision.objects.get(supervisee=ana, until=None), by=ada)
    assert not opens(ask, sam, cleo)


def test_attack_17_a_choice_by_hand_survives_a_change_of_supervision(
    ada: User, ana: User, sofia: User, sam: User, cleo: Client, ask: Ask
) -> None:
    third = person("Tess Third", Role.SUPERVISOR)
    ask(ana, "supervisor_override", {"person": str(sam.pk)}, pk=cleo.pk)
    with acting(ada):
        supervision.begin(ana, third, by=ada)
    assert (opens(ask, sam, cleo), opens(ask, third, cleo)) == (True, False)


def test_attack_17_supervision_in_a_circle_is_refused_and_grants_nothing(ada: User, ana: User, sofia: User, cleo: Client, ask: Ask) -> None:
    User.objects.filter(pk=ana.pk).update(roles=["counselor", "supervisor"])
    boss = User.objects.get(pk=ana.pk)
    with acting(ada), pytest.raises(Refused):
        supervision.begin(sofia, boss, by=ada)
    taken = ask(sofia, "client_new", {"kind": "adult", "given_name": "Sofias", "family_name": "Own"})
    assert ask(ana, "client_detail", pk=taken["Location"].split("/")[2]).status_code == 404


def test_attack_17_an_admin_on_the_deny_list_still_ends_a_supervision_for_that_client(
    ada: User, nora: User, ana: User, sofia: User, cleo: Client, ask: Ask
) -> None:
    from clients import actions

    with acting(ana):
        actions.deny(cleo, ada, by=ana, reason="Her aunt.")
    with acting(ada):
        supervision.end(Supervision.objects.get(supervisee=ana, until=None), by=ada)
    assert not opens(ask, sofia, cleo)
