"""Rotation of the master key: every data key goes to the newest master, whatever happens on the way (T05, T06, attack 91)."""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from audit.models import Event
from tests.committed import as_role, own_database
from vault import keys, rotation
from vault.checks import refuse_a_wrong_ring, ring_opens_the_keys
from vault.models import DataKey
from vault.rotation import Progress

RAW = b"thirty-two bytes of a data key.."
ROWS = 12


class Killed(Exception):
    """Stands for kill -9: nothing after it runs."""


def master(ident: str) -> str:
    return f"{ident}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}"


NEW = master("m9")


@pytest.fixture(scope="module")
def owner(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    with own_database(django_db_blocker, worker_id), as_role("DATABASE_URL_OWNER"):
        yield


@pytest.fixture
def ring(owner: None, settings: Any) -> Iterator[list[str]]:
    """A dozen data keys of clients beside the practice's own, wrapped by the old master; the ring has a new one before it."""
    old = list(settings.MASTER_KEYS)
    with transaction.atomic():
        for _ in range(ROWS):
            add_key()
        settings.MASTER_KEYS = [NEW, *old]
        yield settings.MASTER_KEYS
        transaction.set_rollback(True)


def add_key() -> DataKey:
    row = DataKey(owner=uuid.uuid4(), compartment="record")
    keys.wrap(row, RAW)
    row.save(force_insert=True)
    return row


def silent(_: Progress) -> None:
    """Nobody looks."""


def vault(*arguments: str) -> str:
    out = StringIO()
    call_command("vault", *arguments, stdout=out)
    return out.getvalue()


def test_attack_91_every_key_goes_to_the_newest_master_and_opens_without_the_old(ring: list[str], settings: Any) -> None:
    before = {row.id: keys.unwrap(row) for row in DataKey.objects.all()}
    done = rotation.rotate(silent, size=5)
    assert (done.done, done.shut) == (len(before), [])
    settings.MASTER_KEYS = [NEW]
    assert {row.id: keys.unwrap(row) for row in DataKey.objects.all()} == before
    assert ring_opens_the_keys(databases=["default"]) == []


def test_attack_91_an_interrupted_rotation_goes_on_where_it_was(ring: list[str]) -> None:
    every = DataKey.objects.count()

    def killed(progress: Progress) -> None:
        raise Killed

    with pytest.raises(Killed):
        rotation.rotate(killed, size=5)
    assert rotation.wraps()["m9"] == 5
    assert rotation.verify(silent).shut == []
    assert rotation.rotate(silent, size=5).done == every - 5
    assert rotation.rotate(silent).done == 0


def test_a_key_made_meanwhile_under_the_old_master_is_not_missed(ring: list[str], settings: Any) -> None:
    """By a process that was started before; its id may be one that the round has passed."""
    late = []

    def making(progress: Progress) -> None:
        if not late:
            settings.MASTER_KEYS = ring[1:]
            late.append(add_key())
            DataKey.objects.filter(pk=late[0].pk).delete()
            late[0].id = uuid.UUID(int=1)
            keys.wrap(late[0], RAW)
            late[0].save(force_insert=True)
            settings.MASTER_KEYS = ring

    rotation.rotate(making, size=5)
    assert rotation.left().count() == 0
    assert keys.unwrap(DataKey.objects.get(pk=late[0].pk)) == RAW


def test_a_key_shredded_meanwhile_does_not_come_back(ring: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    wrap = keys.wrap

    def shredding(row: DataKey, raw: bytes) -> None:
        wrap(row, raw)
        DataKey.objects.filter(pk=row.pk).delete()

    monkeypatch.setattr(keys, "wrap", shredding)
    assert rotation.rotate(silent).done == 0
    assert not DataKey.objects.exists()


def test_a_key_that_does_not_open_is_named_and_left_as_it_is(ring: list[str]) -> None:
    broken = DataKey.objects.last()
    assert broken is not None
    DataKey.objects.filter(pk=broken.pk).update(wrapped=b"not a key")
    with pytest.raises(CommandError, match="1 data keys do not open"):
        vault("rotate-master")
    assert rotation.verify(silent).shut == [broken.pk]
    assert list(rotation.left().values_list("id", flat=True)) == [broken.pk]
    assert ring_opens_the_keys(databases=["default"]) == [], "one damaged key stops no practice"
    with pytest.raises(CommandError):
        vault("verify")


def test_rotating_leaves_two_lines_with_counts_and_nobody(ring: list[str]) -> None:
    every = DataKey.objects.count()
    assert "0 left" in vault("rotate-master")
    lines = list(Event.objects.filter(what="vault.datakey").order_by("id").values_list("role", "part", "purpose", "client_id"))
    assert lines == [
        ("system:vault", "rotate_begin", f"{every} left for m9", None),
        ("system:vault", "rotate_end", f"{every} to m9, 0 shut", None),
    ]


def test_status_says_what_is_left_and_which_master_may_go(ring: list[str]) -> None:
    every, old = DataKey.objects.count(), ring[1].partition(":")[0]
    assert f"Left to do: {every}" in vault("status")
    vault("rotate-master")
    said = vault("status")
    assert "Nothing is left to do" in said
    assert f"may be taken out after vault verify: {old}" in said
    assert f"{every} of {every} data keys open" in vault("verify")
    assert not any(entry.partition(":")[2] in said for entry in ring)


def test_t06_a_start_without_a_master_that_is_needed_is_refused_in_plain_words(ring: list[str], settings: Any) -> None:
    rotation.rotate(silent, size=5)
    settings.MASTER_KEYS = ring[1:]
    found = ring_opens_the_keys(databases=["default"])
    assert [str(each.msg) for each in found] == [
        f"{DataKey.objects.count()} data keys are wrapped by the master 'm9', which is not in MASTER_KEYS."
    ]
    assert "Put that master back" in str(found[0].hint)
    with pytest.raises(CommandError, match="'m9', which is not in MASTER_KEYS"):
        vault("rotate-master")


def test_t06_a_half_rotated_ring_needs_both_masters(ring: list[str], settings: Any) -> None:
    with pytest.raises(Killed):
        rotation.rotate(lambda _: (_ for _ in ()).throw(Killed()), size=5)
    assert ring_opens_the_keys(databases=["default"]) == []
    for one in ring:
        settings.MASTER_KEYS = [one]
        assert len(ring_opens_the_keys(databases=["default"])) == 1


def test_t06_another_key_under_the_old_name_is_found_and_nothing_is_rotated(ring: list[str], settings: Any) -> None:
    settings.MASTER_KEYS = [NEW, master(ring[1].partition(":")[0])]
    assert "does not open them" in str(ring_opens_the_keys(databases=["default"])[0].msg)
    with pytest.raises(CommandError, match="Nothing was changed"):
        vault("rotate-master")
    assert rotation.wraps()["m9"] == 0


def test_t06_a_web_process_started_by_itself_is_refused_as_well(db: None, settings: Any) -> None:
    """It sees the practice's keys and no client's: that is enough."""
    refuse_a_wrong_ring()
    settings.MASTER_KEYS = [NEW]
    with pytest.raises(ImproperlyConfigured, match="not in MASTER_KEYS"):
        refuse_a_wrong_ring()
    settings.MASTER_KEYS = [NEW, master("m1")]
    with pytest.raises(ImproperlyConfigured, match="does not open them"):
        refuse_a_wrong_ring()


def test_rotation_waits_for_processes_that_lack_the_new_master(ring: list[str], owner: None) -> None:
    """They could not open what it wraps; the name of their connection tells."""
    other = psycopg2.connect(**{**connection.get_connection_params(), "application_name": "subrosa-web-m1", "cursor_factory": None})
    try:
        with pytest.raises(CommandError, match="subrosa-web-m1"):
            vault("rotate-master")
    finally:
        other.close()


def test_web_and_worker_may_not_change_a_data_key(db: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        DataKey.objects.update(master="m9")


def test_an_update_asks_for_no_column_that_it_is_only_about_to_make(ring: list[str]) -> None:
    """The check runs before the migrations: a start with the database of the version before must get as far as them."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE vault_datakey DROP COLUMN retired_at CASCADE, DROP COLUMN shredded_at CASCADE")
    assert ring_opens_the_keys(databases=["default"]) == []
