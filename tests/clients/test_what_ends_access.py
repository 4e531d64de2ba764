"""What ends access besides ending a grant: a role taken away, and a denial on a member of a couple."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from audit.models import Event
from clients import actions as clients
from clients.access import readable_clients
from clients.models import Client
from practice.actions import staff
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from records.access import readable_notes
from records.models import Note, Session
from tests.cast import SignIn, acting


@pytest.fixture
def couple(ana: User, ben: User, cleo: Client) -> Client:
    """Ben counsels a couple to which Cleo belongs; he has nothing to do with Cleo herself."""
    with acting(ben):
        couple = clients.take_in(by=ben, counselor=ben, kind="couple", given_name="Cleo and", family_name="Rui")
    with acting(ana):
        clients.assign(cleo, ben, by=ana)
    with acting(ben):
        clients.join_unit(couple, cleo, by=ben)
    return couple


def _visible(user: User, client: Client) -> tuple[bool, bool]:
    """What the first and the second lock say."""
    with acting(user), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clients_client WHERE id = %s", [client.pk])
        return readable_clients(user).filter(pk=client.pk).exists(), cursor.fetchone()[0] == 1


def test_attack_11_who_is_denied_a_person_is_denied_the_couple_they_belong_to(
    ana: User, ben: User, ada: User, cleo: Client, couple: Client, browser_of: SignIn
) -> None:
    browser = browser_of(ben)
    assert _visible(ben, couple) == (True, True)
    with acting(ada):
        clients.deny(cleo, ben, by=ada, reason="Cleo is his cousin.")
    assert _visible(ben, couple) == (False, False)
    assert browser.get(reverse("client_detail", args=[couple.pk])).status_code == 404
    with acting(ada):
        assert Event.objects.filter(act="refused", client_id=couple.pk, actor_id=ben.pk).exists()


def test_attack_11_the_last_admin_cannot_be_kept_from_a_clients_trail(ana: User, ada: User, cleo: Client) -> None:
    with acting(ana), pytest.raises(Refused, match="Nobody would be left"):
        clients.deny(cleo, ada, by=ana, reason="An attempt to work unseen.")


def test_attack_16_a_counselor_who_becomes_front_desk_opens_no_record_any_more(
    ana: User, ada: User, cleo: Client, session: Session, signed: Note
) -> None:
    with acting(ada):
        staff.set_roles(ana, [Role.DESK], by=ada)
    ana = User.objects.get(pk=ana.pk)
    with acting(ana):
        assert not readable_clients(ana).exists()
        assert not readable_notes(ana).exists()
    with acting(ada):
        assert Event.objects.filter(part="end_counsel", what_id=ana.pk, client_id=cleo.pk).exists()


def test_attack_17_a_supervisor_who_is_none_any_more_loses_the_supervisees_clients(ana: User, sofia: User, ada: User, signed: Note) -> None:
    with acting(ada):
        staff.set_roles(sofia, [Role.COUNSELOR], by=ada)
    with acting(sofia):
        assert not readable_notes(sofia).exists()
    assert not ana.supervised_by.filter(until=None).exists()


def test_a_role_added_ends_nothing(ana: User, ada: User, signed: Note) -> None:
    with acting(ada):
        staff.set_roles(ana, [Role.COUNSELOR, Role.DESK], by=ada)
    with acting(ana):
        assert readable_notes(ana).filter(pk=signed.pk).exists()
