"""Doors: what they hand over, what they write, and what happens when anything goes wrong in between."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from audit import doors
from audit.doors import changes, exports, lists, reads
from clients import access as client_access
from clients import actions as client_actions
from clients.models import Client
from practice import access as practice_access
from practice.models import User
from records.access import readable_notes
from records.models import Note
from tests.audit.toys import ask, codes, glance, lines_of, names, peek, rename, scribble, stumble
from tests.cast import SECRET, acting
from tests.committed import House, as_owner
from vault import gate

# --- reading ---


def test_attack_55_a_reading_leaves_a_line_with_everything_but_the_text(ana: User, signed: Note) -> None:
    assert SECRET in ask(peek, ana, pk=signed.pk).content.decode()  # type: ignore[attr-defined]  # plain response
    (line,) = lines_of(ana, act="read")
    assert (line.what, line.what_id, line.client_id, line.part) == ("records.note", signed.pk, signed.client_id, "peek")
    assert (line.role, line.session, line.address) == ("counselor", "f" * 12, "127.0.0.1")
    assert line.request_id


def test_a_stranger_gets_404_and_leaves_a_refused_line(ben: User, signed: Note) -> None:
    with pytest.raises(Http404):
        ask(peek, ben, pk=signed.pk)
    (line,) = lines_of(ben)
    assert (line.act, line.what, line.what_id, line.part) == ("refused", "records.note", signed.pk, "peek")


def test_attack_56_missing_and_denied_leave_the_same_kind_of_line(ben: User, signed: Note) -> None:
    for ident in (signed.pk, uuid.uuid4()):
        with pytest.raises(Http404) as caught:
            ask(peek, ben, pk=ident)
        assert str(caught.value) == ""
    one, other = lines_of(ben)
    assert (one.act, one.what, one.part) == (other.act, other.what, other.part)
    assert {one.client_id, other.client_id} == {signed.client_id, None}  # told to the trail alone


def test_attack_32_denied_and_missing_cost_the_same_queries(ben: User, signed: Note) -> None:
    from django.test.utils import CaptureQueriesContext

    counts = []
    for ident in (signed.pk, uuid.uuid4()):
        with CaptureQueriesContext(connection) as queries, pytest.raises(Http404):
            ask(peek, ben, pk=ident)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_refused_line_names_the_client_who_was_asked_for(ben: User, cleo: Client) -> None:
    with pytest.raises(Http404):
        ask(reads(client_access.readable_clients)(glance), ben, pk=cleo.pk)
    (line,) = lines_of(ben)
    assert (line.act, line.client_id) == ("refused", cleo.pk)


def test_a_refused_key_that_is_a_number_is_a_404_as_well(ben: User) -> None:
    with pytest.raises(Http404):
        ask(reads(practice_access.own_passkeys)(glance), ben, pk=123456)
    (line,) = lines_of(ben)
    assert (line.act, line.what, line.what_id) == ("refused", "mfa.authenticator", None)


def test_the_read_line_stays_when_the_view_falls_over(house: House) -> None:
    with pytest.raises(RuntimeError):
        ask(stumble, house.ana, pk=house.signed.pk)
    assert [(line.act, line.what_id) for line in lines_of(house.ana, part="stumble")] == [("read", house.signed.pk)]


def test_the_read_line_is_committed_before_the_view_runs(house: House, own_db: str) -> None:
    def look(request: HttpRequest, note: Note) -> HttpResponse:
        with as_owner(own_db) as cursor:
            cursor.execute("SELECT count(*) FROM audit_event WHERE part = 'look' AND act = 'read'")
            return HttpResponse(str(cursor.fetchone()[0]))

    assert ask(reads(readable_notes)(look), house.ana, pk=house.signed.pk).content == b"1"  # type: ignore[attr-defined]  # plain response


def test_a_reading_door_cannot_write(ana: User, signed: Note) -> None:
    with pytest.raises(DatabaseError, match="read-only"):
        ask(scribble, ana, pk=signed.pk)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_a_reading_door_takes_no_other_method(ana: User, signed: Note, method: str) -> None:
    response = ask(peek, ana, method, pk=signed.pk)
    assert response.status_code == 405
    assert SECRET.encode() not in response.content  # type: ignore[attr-defined]  # plain response


def test_attack_02_a_foreign_child_is_refused_with_a_line(ana: User, signed: Note) -> None:
    @reads(client_access.readable_clients)
    def child(request: HttpRequest, client: Client, note: uuid.UUID) -> HttpResponse:
        if not client.notes.filter(pk=note).exists():
            raise Http404
        return HttpResponse("here")

    assert ask(child, ana, pk=signed.client_id, note=signed.pk).status_code == 200
    with pytest.raises(Http404):
        ask(child, ana, pk=signed.client_id, note=uuid.uuid4())
    assert [line.act for line in lines_of(ana, part="child")] == ["read", "read", "refused"]


def test_attack_03_parameters_choose_neither_object_nor_permission(ben: User, bens_client: Client, signed: Note) -> None:
    with pytest.raises(Http404):
        ask(peek, ben, data={"pk": str(bens_client.pk), "permission": "counsel", "client": str(bens_client.pk)}, pk=signed.pk)


# --- changing ---


def test_a_change_and_its_line_are_one(ana: User, cleo: Client) -> None:
    ask(rename, ana, "post", {"name": "Cleomena"}, pk=cleo.pk)
    with acting(ana):
        assert Client.objects.get(pk=cleo.pk).given_name == "Cleomena"
    assert [(line.act, line.part) for line in lines_of(ana)] == [("change", "change_person")]


@pytest.mark.parametrize(("then", "raised"), [("fall", RuntimeError), ("404", Http404)])
def test_a_change_that_falls_over_leaves_nothing_but_a_refused_line(house: House, then: str, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        ask(rename, house.ana, "post", {"name": "Nobody", "then": then}, pk=house.cleo.pk)
    with acting(house.ana):
        assert Client.objects.get(pk=house.cleo.pk).given_name == "Cleopatra"
    assert [line.act for line in lines_of(house.ana, part="rename")] == ["refused"]
    assert not lines_of(house.ana, act="change", part="change_person")


def test_showing_the_form_of_a_change_is_a_reading_and_cannot_write(ana: User, cleo: Client) -> None:
    @changes(client_access.counseled_clients)
    def form(request: HttpRequest, client: Client) -> HttpResponse:
        Client.objects.filter(pk=client.pk).update(status="archived")
        return HttpResponse()

    with pytest.raises(DatabaseError, match="read-only"):
        ask(form, ana, pk=cleo.pk)
    assert [line.act for line in lines_of(ana, part="form")] == ["read"]


def test_two_changes_of_one_object_wait_for_each_other(house: House) -> None:
    """The row is locked while the view runs: the second request sees what the first one wrote."""
    entered, go = threading.Event(), threading.Event()
    order: list[str] = []

    @changes(client_access.counseled_clients)
    def slow(request: HttpRequest, client: Client) -> HttpResponse:
        order.append(f"{request.POST['name']} sees {client.status}")
        entered.set()
        if request.POST["name"] == "first":
            go.wait(5)
            client_actions.change_status(client, "active", by=request.user)  # type: ignore[arg-type]  # signed in
        return HttpResponse()

    def post(name: str) -> None:
        try:
            ask(slow, house.ana, "post", {"name": name}, pk=house.cleo.pk)
        finally:
            connection.close()

    first, second = (threading.Thread(target=post, args=[name]) for name in ("first", "second"))
    first.start()
    assert entered.wait(5)
    second.start()
    go.set()
    first.join(5)
    second.join(5)
    assert order == ["first sees intake", "second sees active"]


# --- lists ---


def test_a_list_tells_exactly_the_clients_it_opened(ana: User, cleo: Client, mia: Client, bens_client: Client) -> None:
    ask(names, ana)
    assert {line.client_id for line in lines_of(ana, act="list")} == {cleo.pk, mia.pk}


def test_a_list_that_opens_nothing_leaves_one_line(ana: User, cleo: Client, mia: Client) -> None:
    ask(codes, ana)
    assert [(line.act, line.client_id, line.what) for line in lines_of(ana)] == [("list", None, "clients.client")]


def test_clients_shown_by_code_can_be_told(ana: User, cleo: Client, mia: Client) -> None:
    @lists(client_access.readable_clients)
    def told(request: HttpRequest, clients: Any) -> HttpResponse:
        doors.shown(clients)
        return HttpResponse()

    ask(told, ana)
    assert {line.client_id for line in lines_of(ana, act="list")} == {cleo.pk, mia.pk}


def test_a_list_cannot_write_even_by_post(ana: User, cleo: Client) -> None:
    @lists(client_access.readable_clients)
    def search(request: HttpRequest, clients: Any) -> HttpResponse:
        clients.update(status="archived")
        return HttpResponse()

    with pytest.raises(DatabaseError, match="read-only"):
        ask(search, ana, "post")


def test_an_export_is_told_as_one(ana: User, signed: Note) -> None:
    ask(exports(readable_notes)(peek.__wrapped__), ana, pk=signed.pk)  # type: ignore[attr-defined]  # made by wraps
    assert [line.act for line in lines_of(ana)] == ["export"]


def test_each_row_that_leaves_has_a_line_of_its_own(ana: User, cleo: Client, signed: Note, draft: Note) -> None:
    @exports(client_access.readable_clients, posted=True)
    def several(request: HttpRequest, client: Client) -> HttpResponse:
        doors.leaves([signed, draft])
        return HttpResponse()

    assert ask(several, ana, pk=cleo.pk).status_code == 405
    assert lines_of(ana) == []
    ask(several, ana, "post", pk=cleo.pk)
    told = [(line.act, line.what, line.what_id, line.client_id, line.part) for line in lines_of(ana)]
    assert told == [
        ("export", "clients.client", cleo.pk, cleo.pk, "several"),
        ("export", "records.note", signed.pk, cleo.pk, "several"),
        ("export", "records.note", draft.pk, cleo.pk, "several"),
    ]


def test_what_leaves_is_not_told_where_nothing_left(ana: User, cleo: Client, signed: Note) -> None:
    @exports(client_access.readable_clients)
    def fallen(request: HttpRequest, client: Client) -> HttpResponse:
        doors.leaves([signed])
        raise RuntimeError("fell over before it was made")

    with pytest.raises(RuntimeError):
        ask(fallen, ana, pk=cleo.pk)
    assert [line.what for line in lines_of(ana)] == ["clients.client"]


def test_what_is_streamed_opens_behind_the_same_door_and_is_told(ana: User, cleo: Client, mia: Client) -> None:
    def pieces(client: Client) -> Iterator[str]:
        for ident in (cleo.pk, mia.pk):
            yield client_access.readable_clients(ana).get(pk=ident).given_name

    @exports(client_access.readable_clients)
    def streamed(request: HttpRequest, client: Client) -> StreamingHttpResponse:
        return StreamingHttpResponse(doors.continued(pieces(client)))

    response = ask(streamed, ana, pk=cleo.pk)
    assert [line.client_id for line in lines_of(ana)] == [cleo.pk]
    assert [bytes(piece) for piece in response] == [b"Cleopatra", b"Mia"]  # type: ignore[attr-defined]  # streams
    assert {line.client_id for line in lines_of(ana)} == {cleo.pk, mia.pk}
    assert gate.glance() is None
