"""Doors when the trail is ill, when a request lies, and when nobody granted anything."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from audit import clock, doors
from audit.doors import public, sign_of
from audit.middleware import address_of
from audit.models import Act
from audit.trail import TrailUnavailable
from clients import access as client_access
from clients import actions as client_actions
from clients.models import Client
from practice.models import User
from records.access import readable_notes
from records.models import Note
from tests.audit.toys import ask, lines, lines_of, names, peek, rename
from tests.cast import acting
from tests.committed import House, as_owner
from vault import gate
from vault.gate import DoorClosed

# --- the trail is ill ---


def test_attack_57_without_the_trail_nothing_opens_and_nothing_changes(house: House, own_db: str) -> None:
    with as_owner(own_db) as cursor:
        cursor.execute("REVOKE INSERT ON audit_event FROM subrosa_web")
    for door, method, ident in ((peek, "get", house.signed.pk), (rename, "post", house.cleo.pk)):
        with pytest.raises(TrailUnavailable):
            ask(door, house.ana, method, {"name": "Nobody"}, pk=ident)
    with pytest.raises(TrailUnavailable):
        ask(names, house.ana)
    with pytest.raises(TrailUnavailable):
        ask(peek, house.ben, pk=house.signed.pk)
    with as_owner(own_db) as cursor:
        cursor.execute("GRANT INSERT ON audit_event TO subrosa_web")
    with acting(house.ana):
        assert Client.objects.get(pk=house.cleo.pk).given_name == "Cleopatra"


def test_attack_57_the_page_says_503_and_shows_nothing(house: House, own_db: str, browser_of: Any) -> None:
    browser = browser_of(house.ana)
    assert browser.get("/").status_code == 200
    with as_owner(own_db) as cursor:
        cursor.execute("ALTER TABLE audit_event RENAME TO gone")
    response = browser.get("/")
    assert response.status_code == 503
    assert b"Nothing" not in response.content
    assert response["Cache-Control"] == "no-store"
    assert "Ana Reyes" not in response.content.decode()


# --- labels come from the server ---


def test_attack_58_actor_label_and_address_in_the_request_are_ignored(ana: User, ben: User, signed: Note) -> None:
    forged = {
        "actor": str(ben.pk),
        "actor_id": str(ben.pk),
        "role": "admin",
        "act": "login",
        "part": "x",
        "record_action": "nothing",
        "by": "ben",
    }
    headers = {"X-Forwarded-For": "6.6.6.6", "X-Real-IP": "6.6.6.6", "X-Actor": str(ben.pk), "Forwarded": "for=6.6.6.6"}
    ask(peek, ana, data=forged, headers=headers, pk=signed.pk)
    (line,) = lines_of(ana)
    assert (line.act, line.actor_id, line.role, line.part, line.address) == ("read", ana.pk, "counselor", "peek", "127.0.0.1")


@pytest.mark.parametrize(
    ("hops", "seen", "address"),
    [
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (1, "", "10.0.0.9"),
        (2, "6.6.6.6, 1.2.3.4, 10.1.1.1", "1.2.3.4"),
        (2, "6.6.6.6", "10.0.0.9"),
        (1, "6.6.6.6, <script>", None),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_attack_58_only_the_hop_of_our_own_proxy_is_believed(hops: int, seen: str, address: str | None) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": seen}, REMOTE_ADDR="10.0.0.9")
    with override_settings(TRUSTED_PROXY_HOPS=hops):
        assert address_of(request) == address


# --- roles and flags that grant nothing ---


def test_attack_14_a_model_permission_changes_nothing(house: House, own_db: str) -> None:
    with as_owner(own_db) as cursor:
        for permission in Permission.objects.all():
            cursor.execute(
                "INSERT INTO practice_user_user_permissions (user_id, permission_id) VALUES (%s, %s)", [str(house.ben.pk), permission.pk]
            )
    with pytest.raises(Http404):
        ask(peek, house.ben, pk=house.signed.pk)
    assert not ask(names, house.ben).content.startswith(b"Cleo")  # type: ignore[attr-defined]  # plain response
    assert not house.ben.has_perm("clients.counsel", house.cleo)


def test_attack_22_a_superuser_without_a_grant_sees_nothing(house: House) -> None:
    with pytest.raises(Http404):
        ask(peek, house.root, pk=house.signed.pk)
    assert ask(names, house.root).content == b""  # type: ignore[attr-defined]  # plain response
    with acting(house.root):
        assert not Note.objects.exists()
        assert not Client.objects.exists()


# --- public pages and jobs ---


def test_attack_26_a_public_page_cannot_open_a_clients_text(ana: User, cleo: Client) -> None:
    @public("a test")
    def leak(request: HttpRequest) -> HttpResponse:
        return HttpResponse(cleo_again.given_name)

    with acting(ana):
        cleo_again = Client.objects.get(pk=cleo.pk)
    with pytest.raises(DoorClosed):
        ask(leak, ana)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_a_public_page_takes_get_and_post_alone(ana: User, method: str) -> None:
    @public("a test")
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ran")

    assert ask(page, ana, method).status_code == 405


def test_attack_31_a_job_sees_what_its_person_may_at_that_moment(house: House) -> None:
    """A job is given an id and asks the same rule again when it runs."""
    cleo, ana = house.cleo, house.ana
    with doors.system("job", on_behalf_of=ana):
        assert client_access.readable_clients(ana).filter(pk=cleo.pk).exists()
    with acting(ana):
        client_actions.transfer(cleo, to=house.ben, by=ana, reason="leaver")
    with doors.system("job", on_behalf_of=ana):
        assert not client_access.readable_clients(ana).filter(pk=cleo.pk).exists()
        assert not Client.objects.filter(pk=cleo.pk).exists()


def test_a_job_that_opens_a_client_leaves_a_line_under_its_name(ana: User, cleo: Client) -> None:
    with doors.system("nightly", on_behalf_of=ana):
        assert Client.objects.get(pk=cleo.pk).given_name
    with acting(ana):
        (line,) = lines(role="system:nightly")
    assert (line.act, line.client_id, line.actor_id) == (Act.SYSTEM, cleo.pk, ana.pk)


def test_a_door_has_a_sign_with_the_rules_sentence() -> None:
    sign = sign_of(peek)
    assert sign
    assert (sign.kind, sign.rule) == ("reads", readable_notes)
    assert sign.why.startswith("The client's care team")


# --- between requests ---


def test_the_actor_does_not_outlive_the_transaction(house: House) -> None:
    ask(peek, house.ana, pk=house.signed.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('subrosa.actor', true), (SELECT count(*) FROM clients_client)")
        actor, clients = cursor.fetchone()
    assert not actor
    assert clients == 0
    assert gate.glance() is None


def test_an_inner_door_gives_the_actor_back(ana: User, ben: User, cleo: Client, bens_client: Client) -> None:
    with acting(ana):
        with acting(ben):
            assert [*Client.objects.values_list("pk", flat=True)] == [bens_client.pk]
        assert [*Client.objects.values_list("pk", flat=True)] == [cleo.pk]


def test_the_clock_of_a_line_is_the_servers(ana: User, signed: Note) -> None:
    before = clock.now()
    with patch.dict("os.environ", TZ="Pacific/Kiritimati"):
        ask(peek, ana, data={"at": "2001-01-01", "now": "0"}, headers={"Date": "Mon, 01 Jan 2001 00:00:00 GMT"}, pk=signed.pk)
    (line,) = lines_of(ana)
    assert before <= line.at <= clock.now()
