"""What the database refuses of grants, denials and keys to those whom the actions would refuse, asked in plain SQL."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from clients import actions
from clients.models import Client, ContactPoint
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person

from .conftest import grant_of

GIVE = """INSERT INTO clients_clientpermission (id, content_object_id, user_id, permission_id, since, granted_by_id, reason)
    VALUES (%s, %s, %s, (SELECT id FROM auth_permission WHERE codename = %s), now(), %s, 'assigned')"""
KEY = "INSERT INTO vault_datakey (id, owner, compartment, wrapped, master, created_at) VALUES (%s, %s, %s, '', 'none', now())"


def rows(who: User, statement: str, *values: Any) -> Any:
    """What ``who`` gets, or how many rows they changed."""
    with acting(who), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def refused(who: User, statement: str, *values: Any) -> bool:
    try:
        with transaction.atomic():
            rows(who, statement, *values)
    except DatabaseError:
        return True
    return False


def gives(by: User, client: Client, to: User, code: str) -> bool:
    """Whether the database lets ``by`` give ``to`` a grant on ``client``; taken back at once."""
    try:
        with transaction.atomic():
            rows(by, GIVE, uuid.uuid4(), client.pk, to.pk, code, by.pk)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


@pytest.fixture
def lone(dee: User) -> Client:
    """Taken in by the desk, with no counselor yet."""
    with acting(dee):
        return actions.take_in(by=dee, counselor=None, given_name="Lone", family_name="Winter")


@pytest.mark.parametrize("code", ["counsel", "cover", "supervise"])
@pytest.mark.parametrize("who", ["ben", "dee", "ada", "sofia", "portal_cleo"])
def test_se_10_nobody_gives_themself_a_record(who: str, code: str, lone: Client, cleo: Client, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(who)
    assert not gives(actor, lone, actor, code)
    assert not gives(actor, cleo, actor, code)


def test_those_who_keep_a_team_may_give(ana: User, ben: User, ada: User, lone: Client, cleo: Client) -> None:
    assert gives(ada, lone, ben, "counsel")
    assert gives(ada, cleo, ben, "counsel")
    assert gives(ana, cleo, ben, "cover")


def test_a_supervisor_reads_and_does_not_keep_the_team(sofia: User, ana: User, ben: User, cleo: Client) -> None:
    assert not gives(sofia, cleo, ben, "counsel")
    grant = grant_of(cleo, ana)
    assert rows(sofia, "UPDATE clients_clientpermission SET until = since WHERE id = %s", grant.pk) == 0
    assert rows(sofia, "SELECT 1 FROM clients_clientpermission WHERE id = %s", grant.pk) == [(1,)]


def test_attack_11_whoever_is_denied_neither_keeps_the_team_nor_leaves_the_list(
    ana: User, ben: User, ada: User, nora: User, cleo: Client
) -> None:
    for denied in (ana, ada):
        with acting(denied):
            actions.deny(cleo, denied, by=denied, reason="A relative.")
    assert not gives(ana, cleo, ben, "counsel")
    for denied in (ana, ada):
        assert rows(denied, "DELETE FROM clients_denial WHERE user_id = %s", denied.pk) == 0
        assert rows(denied, "SELECT 1 FROM vault_datakey WHERE owner = %s AND compartment = 'denial'", cleo.pk) == []
    assert rows(ana, "SELECT 1 FROM clients_clientpermission WHERE content_object_id = %s AND user_id <> %s", cleo.pk, ana.pk) == []


def test_an_admin_locks_a_client_and_writes_nothing_in_it(ada: User, cleo: Client) -> None:
    assert rows(ada, "SELECT 1 FROM clients_client WHERE id = %s FOR UPDATE", cleo.pk) == [(1,)]
    assert refused(ada, "UPDATE clients_client SET status = 'archived' WHERE id = %s", cleo.pk)


def test_a_representative_sees_no_address_of_the_client(gus: User, ana: User, mia: Client) -> None:
    with acting(ana):
        actions.add_contact_point(mia, by=ana, kind=ContactPoint.Kind.PHONE, address="503 555 0177", may_contact=True)
        minor = person("Mia Aldana", Role.CLIENT)
        actions.give_portal(mia, minor, by=ana)
    assert rows(gus, "SELECT 1 FROM clients_contactpoint") == []
    assert rows(minor, "SELECT 1 FROM clients_contactpoint") == [(1,)]


@pytest.mark.parametrize("compartment", ["record", "report", "psychotherapy", "denial"])
def test_the_desk_makes_no_key_but_that_of_contact_data(compartment: str, dee: User, cleo: Client, lone: Client) -> None:
    for client in (cleo, lone):
        assert refused(dee, KEY, uuid.uuid4(), client.pk, compartment)
