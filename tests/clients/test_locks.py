"""The second lock, where this room's pages lean on it."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, ProgrammingError, connection, transaction

from audit import clock
from clients import actions
from clients.models import Client, ClientPermission, ContactPoint, SearchToken
from practice.models import User
from tests.cast import acting
from vault.models import DataKey

from .conftest import grant_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("column", ["user_id", "permission_id", "content_object_id", "id"])
def test_a_grant_is_never_turned_into_another(column: str, ana: User, cleo: Client) -> None:
    grant_of(cleo, ana)
    with acting(ana), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE clients_clientpermission SET {column} = {column}")


def test_the_desk_dates_portal_grants_and_no_others(dee: User, ana: User, cleo: Client, portal_cleo: User) -> None:
    with acting(dee), connection.cursor() as cursor:
        cursor.execute("UPDATE clients_clientpermission SET until = since RETURNING user_id")
        assert [str(row[0]) for row in cursor.fetchall()] == [str(portal_cleo.pk)]


def test_attack_15_a_client_is_never_deleted_so_no_permission_is_orphaned(ana: User, cleo: Client) -> None:
    with acting(ana), pytest.raises(ProgrammingError), transaction.atomic():
        Client.objects.filter(pk=cleo.pk)._raw_delete("default")
    with acting(ana), pytest.raises(ProgrammingError), transaction.atomic():
        ClientPermission.objects.filter(content_object=cleo.pk)._raw_delete("default")


def _orphan(user: User, permission: Permission) -> None:
    ClientPermission.objects.bulk_create([ClientPermission(user=user, content_object_id=uuid.uuid4(), permission=permission)])
    connection.check_constraints()


def test_attack_15_a_permission_without_a_client_does_not_last(ana: User, cleo: Client) -> None:
    permission = grant_of(cleo, ana).permission
    with acting(ana), pytest.raises(IntegrityError), transaction.atomic():
        _orphan(ana, permission)


def test_a_stranger_cannot_insert_a_grant_for_themself(ben: User, ana: User, cleo: Client) -> None:
    permission = grant_of(cleo, ana).permission
    with acting(ben), pytest.raises(ProgrammingError), transaction.atomic():
        ClientPermission.objects.bulk_create([ClientPermission(user=ben, content_object=cleo, permission=permission)])


def test_attack_16_the_database_itself_shows_the_old_counselor_nothing(ana: User, ben: User) -> None:
    """Its clock is that of the transaction, so what happened lies in the days before."""
    day = datetime.timedelta(days=1)
    with acting(ana), clock.at(clock.now() - 3 * day):
        noor = actions.take_in(by=ana, counselor=ana, given_name="Noor", family_name="Haddad")
        actions.add_contact_point(noor, by=ana, kind="phone", address="503 555 0188")
    with acting(ana), clock.at(clock.now() - day):
        actions.transfer(noor, to=ben, by=ana, reason="wish")
    with acting(ana):
        for model in (Client, ContactPoint, SearchToken):
            assert not model.objects.exists()
        assert not DataKey.objects.filter(owner=noor.pk).exists()
    with acting(ben):
        assert Client.objects.get().given_name == "Noor"
