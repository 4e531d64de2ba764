"""Doors: what they hand over, what they write, and what happens when anything goes wrong in between."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory, override_settings

from audit import clock, doors
from audit.doors import changes, exports, lists, public, reads, sign_of
from audit.middleware import Trailed, address_of
from audit.models import Act, Event
from audit.trail import TrailUnavailable
from clients import access as client_access
from clients import actions as client_actions
from clients.models import Client
from practice import access as practice_access
from practice.models import User
from records.access import readable_notes
from records.models import Note
from tests.cast import SECRET, acting
from tests.committed import House, as_owner
from vault import gate
from vault.gate import DoorClosed

View = Callable[..., HttpResponseBase]


class _Session:
    fingerprint = "f" * 40


def ask(
    door: View, user: User, method: str = "get", data: dict[str, str] | None = None, headers: Any = None, **keys: Any
) -> HttpResponseBase:
    """Call ``door`` as a request of ``user`` would reach it, through the middleware that names the actor."""
    request = getattr(RequestFactory(), method)("/somewhere/", data or {}, headers=headers)
    request.user, request.session = User.objects.get(pk=user.pk), _Session()
    return Trailed(lambda asked: door(asked, **keys))(request)


def lines(**wanted: Any) -> list[Event]:
    """The lines of the trail, seen as the owner of nothing but one's own acts: asked by the one who left them."""
    return list(Event.objects.filter(**wanted).order_by("at", "id"))


def lines_of(user: User, **wanted: Any) -> list[Event]:
    with acting(user):
        found = lines(actor_id=user.pk, **wanted)
    return [line for line in found if not line.role.startswith("system:")]


@reads(readable_notes)
def peek(request: HttpRequest, note: Note) -> HttpResponse:
    return HttpResponse(str(note.content))


@reads(readable_notes)
def glance(request: HttpRequest, note: Note) -> HttpResponse:
    return HttpResponse("nothing opened")


@reads(readable_notes)
def stumble(request: HttpRequest, note: Note) -> HttpResponse:
    assert note.content
    raise RuntimeError("fell over after opening")


@reads(readable_notes)
def scribble(request: HttpRequest, note: Note) -> HttpResponse:
    Client.objects.filter(pk=note.client_id).update(status="archived")
    return HttpResponse()


@changes(client_access.counseled_clients)
def rename(request: HttpRequest, client: Client) -> HttpResponse:
    client_actions.change_person(client, by=request.user, given_name=request.POST["name"])  # type: ignore[arg-type]  # signed in
    if request.POST.get("then") == "fall":
        raise RuntimeError("fell over after changing")
    if request.POST.get("then") == "404":
        raise Http404
    return HttpResponse("renamed")


@lists(client_access.readable_clients)
def names(request: HttpRequest, clients: Any) -> HttpResponse:
    return HttpResponse(" ".join(client.given_name for client in clients))


@lists(client_access.readable_clients)
def codes(request: HttpRequest, clients: Any) -> HttpResponse:
    return HttpResponse(" ".join(client.code for client in clients))


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

    assert ask(reads(readable_notes)(look), house.ana, pk=house.signed.pk).content == b"1"  # type: ignore[attr-defined]


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
