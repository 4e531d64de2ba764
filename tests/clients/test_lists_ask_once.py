"""The second lock of lists: whoever has few clients is asked once which they are, whoever has more by the row, and both see the same."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection

from clients import actions
from clients.models import Client
from practice.models import User
from tests.cast import acting

FEW = 100
ASKED = "'counsel', 'supervise', 'cover'"


def ask(person: User, statement: str, *values: Any) -> list[Any]:
    """What ``person`` gets for a statement that no door and no queryset has touched."""
    with acting(person), connection.cursor() as cursor:
        cursor.execute(statement, [*values])
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def seen(person: User) -> set[uuid.UUID]:
    """The clients of whom the database shows ``person`` anything."""
    return set(ask(person, "SELECT id FROM clients_client"))


def few(person: User) -> set[str] | None:
    (found,) = ask(person, f"SELECT subrosa_few({ASKED})::text[]")
    return None if found is None else set(found)


def crowd(ana: User, cleo: Client, count: int) -> None:
    """``count`` more clients of Ana, each a copy of Cleo whose sealed values nobody opens: first the grant, then the row."""
    idents = [uuid.uuid4() for _ in range(count)]
    grant = "SELECT user_id, permission_id, since, granted_by_id, reason FROM clients_clientpermission WHERE content_object_id = %s"
    ask(
        ana,
        "INSERT INTO clients_clientpermission (id, content_object_id, user_id, permission_id, since, granted_by_id, reason) "
        f"SELECT gen_random_uuid(), c, g.* FROM unnest(%s::uuid[]) c, ({grant} AND user_id = %s) g",
        idents, cleo.pk, ana.pk,
    )  # fmt: skip
    columns = ", ".join(field.column for field in Client._meta.concrete_fields if field.column not in ("id", "code"))
    copied = f"SELECT c, 'crowd-' || left(c::text, 20), {columns} FROM clients_client, unnest(%s::uuid[]) c WHERE id = %s"
    ask(ana, f"INSERT INTO clients_client (id, code, {columns}) {copied}", idents, cleo.pk)


def test_few_clients_and_many_are_seen_alike(ana: User, ben: User, cleo: Client, bens_client: Client) -> None:
    assert (few(ana), seen(ana)) == ({str(cleo.pk)}, {cleo.pk})
    crowd(ana, cleo, FEW - 1)
    assert len(few(ana) or ()) == len(seen(ana)) == FEW
    crowd_before = seen(ana)
    with acting(ana):
        mine = actions.take_in(by=ana, counselor=ana, given_name="Quill", family_name="Harrow")
    assert few(ana) is None
    assert seen(ana) == crowd_before | {mine.pk}
    assert (few(ben), seen(ben)) == ({str(bens_client.pk)}, {bens_client.pk})


def test_a_denial_takes_a_client_out_of_the_few(ana: User, ada: User, cleo: Client, mia: Client) -> None:
    assert few(ana) == {str(cleo.pk), str(mia.pk)}
    with acting(ada):
        actions.deny(mia, ana, by=ada, reason="Related by marriage.")
    assert few(ana) == {str(cleo.pk)}
    assert seen(ana) == {cleo.pk}


def test_who_has_no_client_sees_none_and_the_desk_sees_all(dee: User, ben: User, cleo: Client) -> None:
    assert (few(ben), seen(ben)) == (set(), set())
    assert (few(dee), seen(dee)) == (set(), {cleo.pk})
