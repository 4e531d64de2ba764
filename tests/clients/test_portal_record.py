"""One record in the portal: what the client sees, and how much less a representative does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clients import actions
from clients.models import Client, ClientPermission, ContactPoint
from practice.models import User
from records.models import Note
from tests.cast import SECRET, SignIn, acting

from .conftest import Ask, text_of

pytestmark = pytest.mark.django_db


def test_the_client_sees_name_team_and_addresses_and_no_note(portal_cleo: User, cleo: Client, signed: Note, ask: Ask) -> None:
    body = text_of(ask(portal_cleo, "portal_record", pk=cleo.pk))
    for words in ("Cleo Marchetti", cleo.code, "Ana Reyes", "LPC-A", "Sofia Lindqvist", "503 555 0142", "We do not use it"):
        assert words in body
    assert SECRET not in body


def test_rg_12_a_representative_sees_name_code_and_team_only(gus: User, ana: User, mia: Client, ask: Ask) -> None:
    with acting(ana):
        actions.add_contact_point(mia, by=ana, kind="phone", address="503 555 0166", may_contact=True)
        actions.change_person(mia, by=ana, pronouns="she/they", emergency={"name": "Beatriz", "relation": "mother", "phone": "555 0103"})
    body = text_of(ask(gus, "portal_record", pk=mia.pk))
    for words in ("Mia Aldana", mia.code, "Ana Reyes"):
        assert words in body
    assert not any(words in body for words in ("503 555 0166", "she/they", "Beatriz", "15 Aug"))


def test_attack_06_a_client_cannot_reach_another_record_by_any_id(portal_cleo: User, cleo: Client, mia: Client, browser_of: SignIn) -> None:
    browser = browser_of(portal_cleo)
    assert browser.get(reverse("portal_record", kwargs={"pk": mia.pk})).status_code == 404
    ours = browser.get(reverse("portal_record", kwargs={"pk": cleo.pk}), {"pk": str(mia.pk), "client": str(mia.pk)})
    assert b"Aldana" not in ours.content
    for method in ("post", "put", "patch", "delete"):
        assert getattr(browser, method)(reverse("portal_record", kwargs={"pk": cleo.pk}), {"pk": str(mia.pk)}).status_code == 405


def test_the_database_shows_a_portal_account_its_records_team_and_nothing_more(
    portal_cleo: User, gus: User, cleo: Client, mia: Client, bens_client: Client, ana: User
) -> None:
    with acting(portal_cleo):
        assert {grant.content_object_id for grant in ClientPermission.objects.all()} == {cleo.pk}
        assert {client.pk for client in Client.objects.all()} == {cleo.pk}
        assert {point.client_id for point in ContactPoint.objects.all()} == {cleo.pk}
    with acting(gus):
        users = {grant.user_id for grant in ClientPermission.objects.all()}
    assert portal_cleo.pk not in users
