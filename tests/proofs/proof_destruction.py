"""T02, narrow, of one record that was destroyed: its rows are not there, no key of the database opens what was copied before, and nobody
else's record lost a value. Control: a copy of the keys from before, as a backup holds them until its day, opens everything again.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from audit import clock, doors
from retention import actions, blocks
from retention.models import Batch, Hold, Standing
from tests.cast import acting, browser_of
from tests.committed import as_owner, as_role, own_database
from tests.matrix.things import World, build
from tests.retention.past import counted, night
from vault import blob, opening
from vault.fields import Sealed
from vault.models import DataKey

from .proof_ciphertext import Value, values

AGED = """ALTER TABLE records_session DISABLE TRIGGER USER; ALTER TABLE records_note DISABLE TRIGGER USER;
    UPDATE records_session SET starts_at = starts_at - interval '15 years', ends_at = ends_at - interval '15 years';
    UPDATE records_note SET created_at = created_at - interval '15 years';
    ALTER TABLE records_session ENABLE TRIGGER USER; ALTER TABLE records_note ENABLE TRIGGER USER;
    UPDATE clients_client SET status = 'archived', since = since - interval '15 years', recent_at = recent_at - interval '15 years'
    WHERE id = %s"""
COLUMNS = """SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t
    USING (table_schema, table_name) WHERE c.table_schema = 'public' AND c.data_type = 'uuid' AND t.table_type = 'BASE TABLE'
    AND c.table_name NOT LIKE 'audit_event%%'"""


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[World]:
    """Cleo has something in most tables there are; her record is fifteen years old."""
    with own_database(django_db_blocker, worker_id) as name, patch("practice.factors.is_fresh", return_value=True):
        made = build(browser_of.__wrapped__())  # type: ignore[attr-defined]  # a fixture's own function
        with as_owner(name) as owner:
            for statement in AGED.split(";"):
                owner.execute(statement, [str(made.house.cleo.pk)] if "%s" in statement else None)
        yield made


def named(ident: str) -> dict[tuple[str, str], int]:
    """Every column that holds the client's id, the trail apart, and in how many rows."""
    found = {}
    with as_owner(connection.settings_dict["NAME"]) as owner:
        owner.execute(COLUMNS.replace("%%", "%"))
        for table, column in owner.fetchall():
            owner.execute(f'SELECT count(*) FROM {table} WHERE "{column}" = %s', [ident])
            if many := owner.fetchone()[0]:
                found[table, column] = many
    return found


def opens(copied: list[Value]) -> int:
    """How many of the values copied before open with the keys that are in the database now."""
    found = 0
    with as_role("DATABASE_URL_OWNER"), doors.system("proof"):
        for row, each, value in copied:
            with suppress(blob.SealBroken):
                each.look(row, Sealed(value))
                found += 1
    return found


def let_go(world: World) -> None:
    """Ada proposes, Ana approves, 31 days ago. What stands against it is taken for settled: tests/retention asks about that."""
    house, cleo = world.house, world.house.cleo
    counted()
    with acting(house.ada):
        for hold in Hold.objects.filter(released_at=None):
            actions.release(hold, "Over.", by=house.ada)
        row = Standing.objects.select_related("client").get(client=cleo)
    with clock.at(clock.now() - datetime.timedelta(days=31)):
        with acting(house.ada):
            actions.propose(actions.Proposal([row], {cleo.pk: cleo.code}, "crypto", house.ana), by=house.ada)
        with acting(house.ana):
            batch = Batch.objects.filter(items__client=cleo).get()
            actions.approve(batch, {cleo.pk: cleo.code}, by=house.ana)


def test_t02_of_a_destroyed_record_nothing_is_found_and_no_key_opens(world: World) -> None:
    cleo, kept = world.house.cleo, {}
    with patch.object(blocks, "against", lambda client: []), patch.object(blocks, "of", lambda codes: dict.fromkeys(codes, ())):
        let_go(world)
        with as_role("DATABASE_URL_OWNER"):
            copied = [each for each in values() if each[0].keyhole().owner == cleo.pk]
            every = opening.every_value(lambda found: None)
            kept = {row.pk: (bytes(row.wrapped), row.master) for row in DataKey.objects.filter(owner=cleo.pk)}
        before, opened = named(str(cleo.pk)), opens(copied)
        assert night() == 1
    after, left = named(str(cleo.pk)), opens(copied)
    with as_role("DATABASE_URL_OWNER"):
        rest = opening.every_value(lambda found: None)
        for ident, (wrapped, master) in kept.items():  # the control: the keys of a backup
            DataKey.objects.filter(pk=ident).update(wrapped=wrapped, master=master, shredded_at=None)
    again = opens(copied)
    print(f"\n{sum(before.values())} rows in {len(before)} columns named her, {sum(after.values())} in {len(after)} do")
    print(f"values copied: {len(copied)}; opened then {opened}, now {left}, with the keys of a backup {again}")
    print(f"values of others: {every.open - opened} opened, {rest.open} do (but for her account and mail); damaged {len(rest.shut)}")
    assert {table for table, _ in after} == {"vault_datakey", "clients_client", "retention_item", "retention_certificate"}
    assert (opened, left, again) == (len(copied), 0, len(copied))
    assert len(copied) > 100
    assert rest.shut == []
