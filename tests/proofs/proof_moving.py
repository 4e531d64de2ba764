"""The demo practice moves house: a bundle of all of it, made by the worker, is brought into an empty house, counselor by counselor,
and every record is exported again. What differs is counted; ids and codes alone may.

Control: the same comparison with one word of one note changed, and with one document taken out, must say so.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections import Counter
from functools import cache
from typing import Any

from django.core.management import call_command
from django.test import override_settings

from clients.access import counseled_clients
from moving import actions, packing
from moving.actions import making
from moving.models import MoveIn, MoveInFault, MoveOut
from moving.record import record_of
from practice import pdf
from practice.models import Practice, User
from practice.roles import Role
from tests.cast import acting, person
from tests.committed import as_worker, own_database
from tests.moving.roundtrip import differences

Record = dict[str, Any]


def moved_out() -> bytes:
    """The bundle of the demo practice, asked for by one admin and approved by another."""
    with override_settings(DEMO=True):
        call_command("demo", jobs=1, stdout=io.StringIO())
    ada = next(user for user in User.objects.staff() if user.holds(Role.ADMIN))
    nora = person("Nora Vance", Role.ADMIN)
    with acting(ada):
        row = actions.ask(actions.Wish("We move house."), by=ada)
    with acting(nora):
        actions.decide(MoveOut.objects.get(pk=row.pk), yes=True, by=nora)
    with as_worker(), pdf.in_this_process():
        while making.make_next():
            pass
    with acting(ada):
        return b"".join(actions.take(MoveOut.objects.get(pk=row.pk), by=ada))


@cache
def bundle_of_the_demo(blocker: Any, worker_id: str) -> bytes:
    """It is made once, in a database of its own, for every proof that looks at it."""
    with own_database(blocker, worker_id):
        return moved_out()


def moved_in(bundle: bytes, counselors: dict[str, Any]) -> dict[str, Record]:
    """The records as the empty house exports them, by code."""
    found = {}
    for who in counselors.values():
        by = person(who["name"], Role.COUNSELOR, credentials=who["credentials"])
        with acting(by):
            row = actions.begin("bundle", "subrosa", "bundle.zip", bundle, by=by)
        while not row.is_over:
            with acting(by):
                row = MoveIn.objects.get(pk=row.pk)
                actions.go_on(row, by=by)
        with acting(by):
            assert [each.words for each in MoveInFault.objects.filter(move=row)] == []
            for client in counseled_clients(by):
                values, _ = record_of(client, by)
                found[client.code] = json.loads(packing.written({key: each for key, each in values.items() if key != "apart"}))
    return found


def test_the_demo_practice_moves_house_and_nothing_is_lost(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> None:
    began = time.monotonic()
    bundle = bundle_of_the_demo(django_db_blocker, worker_id)
    made = time.monotonic() - began
    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        said = json.loads(files.read("practice.json"))
        records = [json.loads(files.read(name)) for name in files.namelist() if name.endswith("/record.json")]
    first = {record["client"]["code"]: record for record in records}
    with own_database(django_db_blocker, worker_id):
        assert not User.objects.exists()
        Practice.objects.update(name=said["name"])
        second = moved_in(bundle, said["counselors"])
    found = [f"{code}: {each}" for code, record in first.items() for each in differences(record, second.get(code, record | {"notes": []}))]
    counted = Counter({key: sum(len(record[key]) for record in records) for key in ("sessions", "notes", "documents", "consents")})
    print(f"\n{len(records)} records, {dict(counted)}, {len(bundle) / 1e6:.1f} MB, left out {len(said['left_out'])}")
    print(f"made in {made:.0f} s, brought in and made again in {time.monotonic() - began - made:.0f} s; differences: {len(found)}")
    print("".join(f"  {each[:300]}\n" for each in found[:20]))
    some = next(record for record in records if record["notes"] and record["documents"])
    word, gone = json.loads(json.dumps(some)), some | {"documents": some["documents"][1:]}
    word["notes"][0]["content"] |= {"text": "another word"}
    print(f"control: one word changed: {len(differences(some, word))}; one document taken out: {len(differences(some, gone))}")
    assert first.keys() == second.keys()
    assert found == []
    assert differences(some, word)
    assert differences(some, gone)
