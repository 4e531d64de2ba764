"""Doors when a page says no after something was written, and when access ends while a request waits for the row."""

from __future__ import annotations

import datetime
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse

from audit import clock
from audit.doors import changes
from clients import access as client_access
from clients import actions as client_actions
from clients.models import Client, ClientPermission
from practice.models import User
from records import actions as records
from records.models import Session
from tests.audit.toys import ask, lines_of
from tests.cast import acting
from tests.committed import House

HALF = {"name": "Halfway"}


@changes(client_access.counseled_clients)
def half(request: HttpRequest, client: Client) -> HttpResponse:
    client_actions.change_person(client, by=request.user, given_name=request.POST["name"])  # type: ignore[arg-type]  # signed in
    return HttpResponse(f"{client.given_name}?", status=int(request.POST["status"]))


@pytest.mark.parametrize("status", ["409", "422"])
def test_what_a_page_refuses_is_undone_whole(status: str, ana: User, cleo: Client) -> None:
    """Also what was written before the rule said no; the attempt and what the page shows are told, the change is not."""
    assert ask(half, ana, "post", HALF | {"status": status}, pk=cleo.pk).status_code == int(status)
    with acting(ana):
        assert Client.objects.get(pk=cleo.pk).given_name == "Cleopatra"
    assert [(line.act, line.client_id, line.part) for line in lines_of(ana)] == [("refused", cleo.pk, "half"), ("read", cleo.pk, "half")]


@changes(client_access.counseled_clients)
def form(request: HttpRequest, client: Client) -> HttpResponse:
    return HttpResponse("a form in which nothing of anybody stands", status=int(request.POST.get("status", "200")))


@pytest.mark.parametrize("status", ["200", "409"])
def test_a_form_that_is_looked_at_leaves_a_line_though_it_says_no_and_changes_nothing(status: str, ana: User, cleo: Client) -> None:
    assert ask(form, ana, "post", {"status": status}, pk=cleo.pk).status_code == int(status)
    assert [(line.act, line.part, line.what_id) for line in lines_of(ana)] == [("read", "form", cleo.pk)]


def test_what_a_page_accepts_stays(ana: User, cleo: Client) -> None:
    ask(half, ana, "post", HALF | {"status": "200"}, pk=cleo.pk)
    with acting(ana):
        assert Client.objects.get(pk=cleo.pk).given_name == "Halfway"
    assert [line.act for line in lines_of(ana)] == ["change"]


def test_a_note_that_cannot_begin_leaves_the_session_as_it_was(
    ana: User, ben: User, cleo: Client, bens_client: Client, session: Session, browser_of: Any
) -> None:
    with acting(ben):
        taken = records.begin_note(bens_client, by=ben, kind="progress")
    sent = {"ident": taken.pk, "kind": "progress", "session": session.pk, "attended": "on"}
    assert browser_of(ana).post(f"/clients/{cleo.pk}/notes/new/", sent).status_code == 422
    with acting(ana):
        assert Session.objects.get(pk=session.pk).outcome == "planned"


def test_a_session_whose_note_cannot_begin_is_not_planned(ana: User, ben: User, cleo: Client, bens_client: Client, browser_of: Any) -> None:
    ident = uuid.uuid4()
    with acting(ben):
        records.begin_note(bens_client, by=ben, kind="progress", ident=uuid.uuid5(ident, "progress"))
    day = (clock.now() - datetime.timedelta(days=2)).date()
    when = {"date": day.isoformat(), "start": "10:00", "minutes": 50, "modality": "video", "outcome": "attended"}
    assert browser_of(ana).post(f"/clients/{cleo.pk}/sessions/new/", when | {"ident": ident, "then": "note"}).status_code == 422
    with acting(ana):
        assert not Session.objects.filter(pk=ident).exists()


def test_attack_16_access_that_ends_while_a_request_waits_is_gone(house: House) -> None:
    """The row is held by the admin who ends the grant; the counselor's change waits for it and then finds nothing."""
    answers: list[int] = []

    def rename() -> None:
        try:
            ask(half, house.ana, "post", HALF | {"status": "200"}, pk=house.cleo.pk)
            answers.append(200)
        except Exception:
            answers.append(404)
        finally:
            connection.close()

    waiting = threading.Thread(target=rename)
    with acting(house.ada):
        Client.objects.select_for_update().only("code").get(pk=house.cleo.pk)
        waiting.start()
        _until_somebody_waits()
        ClientPermission.objects.filter(content_object=house.cleo.pk, user=house.ana).update(until=clock.now())
    waiting.join(10)
    assert answers == [404]
    with acting(house.dee):
        assert Client.objects.get(pk=house.cleo.pk).given_name == "Cleopatra"
    assert lines_of(house.ana, act="refused", part="half")


def _until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT pg_sleep(0.02), count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[1]:
                return
    raise AssertionError("Nobody waits for the row.")
