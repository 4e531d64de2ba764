"""New data keys for a client: every value goes under its key's successor, nothing is blanked, nothing final changes (T05, attack 91)."""

from __future__ import annotations

import datetime
import uuid
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction

from audit import clock, doors
from audit.models import Event
from clients.models import Client, ContactPoint
from records import actions as records
from records.models import Addendum, Note, Session
from tests.cast import PRIVATE, SECRET, acting
from tests.committed import House, as_role
from tests.unhidden import furnished as furnished
from tests.unhidden import unlocked as unlocked
from vault import blob, checks, gate, keys, opening, resealing, rotation, waiting
from vault.fields import DESTROYED, Sealed, SealedField, SealedModel
from vault.models import DataKey

FAST = ("--rest", "0", "--grace", "0")
REFUSED = (ProgrammingError, InternalError)


class Killed(Exception):
    """Stands for kill -9: nothing after it runs."""


@pytest.fixture
def house(unlocked: House) -> House:
    """The cast, as the owner of their database; whatever a test does there is undone."""
    return unlocked


def silent(_: Any) -> None:
    """Nobody looks."""


def vault(*arguments: str) -> str:
    out = StringIO()
    call_command("vault", *arguments, stdout=out)
    return out.getvalue()


def rotated(code: str, *more: str) -> str:
    return vault("rotate-client", code, *FAST, *more)


def blobs(row: SealedModel) -> dict[str, bytes]:
    fresh = type(row)._base_manager.get(pk=row.pk)
    return {each.attname: fresh.__dict__[each.attname].blob for each in row.sealed_fields() if fresh.__dict__[each.attname]}


def of_cleo(house: House) -> list[SealedModel]:
    """Every row under a key of Cleo's, of every model that seals anything."""
    mine = {key.bytes for key in DataKey.objects.filter(owner=house.cleo.pk).values_list("pk", flat=True)}
    rows = [row for model in resealing.sealed_models() for row in model._base_manager.all()]
    return [row for row in rows if any(value[1:17] in mine for value in blobs(row).values())]


def spoil(row: Note) -> None:
    """A byte of a draft's text is another one."""
    value = bytearray(blobs(row)["content"])
    value[-1] ^= 1
    Note._base_manager.filter(pk=row.pk).update(content=Sealed(bytes(value)))


def test_attack_91_every_sealed_value_of_the_client_goes_under_a_new_key_and_the_old_ones_are_gone(house: House) -> None:
    before, others = of_cleo(house), blobs(Client.objects.get(pk=house.bruno.pk))
    old = set(DataKey.objects.filter(owner=house.cleo.pk).values_list("pk", flat=True))
    assert {type(row) for row in before} >= {Client, ContactPoint, Session, Note, Addendum}
    was = {(type(row), row.pk): (row.version, blobs(row)) for row in before}
    assert f"{len(before)} rows sealed anew, {len(old)} old data keys dropped, 0 left" in rotated(house.cleo.code)
    new = {key.bytes for key in DataKey.objects.filter(owner=house.cleo.pk).values_list("pk", flat=True)}
    assert len(new) == len(old)
    assert not DataKey.objects.filter(pk__in=old).exists()
    for row in of_cleo(house):
        version, values = was[type(row), row.pk]
        assert row.version == version, "whoever edits a draft meets no conflict"
        assert all(value[1:17] in new and len(value) == len(values[name]) for name, value in blobs(row).items())
    assert len(of_cleo(house)) == len(before)
    assert blobs(Client.objects.get(pk=house.bruno.pk)) == others


def test_what_is_signed_stays_signed_to_the_letter(house: House) -> None:
    rotated(house.cleo.code)
    with acting(house.ana):
        note, addendum = Note.objects.get(pk=house.signed.pk), Addendum.objects.get(pk=house.addendum.pk)
        assert records.signature_holds(note)
        assert records.addendum_holds(addendum)
        assert SECRET in str(note.content)
        assert PRIVATE in str(Note.objects.get(pk=house.psychotherapy.pk).content)
        assert Client.objects.get(pk=house.cleo.pk).given_name == "Cleopatra"


def test_attack_91_every_model_that_seals_is_gone_through_and_every_trigger_on_it_knows_of_it() -> None:
    """A new table, or a new trigger that refuses changes, is found here and not on the day of a rotation."""
    from django.apps import apps  # the models of the house as they are now

    sealing = {model for model in apps.get_models() if any(isinstance(each, SealedField) for each in model._meta.get_fields())}
    assert set(resealing.sealed_models()) == sealing


@pytest.mark.django_db
def test_every_trigger_that_refuses_a_change_lets_values_go_under_another_key() -> None:
    tables = [model._meta.db_table for model in resealing.sealed_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            r"""SELECT DISTINCT p.proname, p.prosrc LIKE '%%subrosa_is_reseal%%' FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND t.tgtype & 16 = 16 AND t.tgrelid::regclass::text = ANY(%s)
            AND pg_get_triggerdef(t.oid) NOT ILIKE '%%current_user <> %%subrosa_owner%%'
            AND pg_get_triggerdef(t.oid) !~ 'WHEN \(\(\(old\.(\w+) IS NULL\) AND \(new\.\1 IS NOT NULL\)\)\) EXECUTE'""",
            # The owner seals anew: it is not asked then. Nor is one that asks for nothing but that an open column is set at last.
            [tables],
        )
        found = dict(cursor.fetchall())
    assert {"subrosa_refuse_change", "consent_request_forward", "subrosa_refuse_when_over"} <= set(found)
    assert [name for name, knows in found.items() if not knows] == []


def test_a_killed_run_goes_on_where_it_was(house: House) -> None:
    every = len(of_cleo(house))

    def killed(progress: resealing.Progress) -> None:
        if progress.done >= 3:
            raise Killed

    resealing.replace(resealing.models.Q(owner=house.cleo.pk))
    with pytest.raises(Killed):
        resealing.reseal(killed, resealing.Pace(1, 0, 0))
    with acting(house.ana):
        assert SECRET in str(Note.objects.get(pk=house.signed.pk).content), "half-way, both keys open"
    new = set(DataKey.objects.filter(owner=house.cleo.pk, retired_at=None))
    assert f"{every - 3} rows sealed anew" in rotated(house.cleo.code)
    assert set(DataKey.objects.filter(owner=house.cleo.pk)) == new, "no third key was made"


def test_a_value_that_does_not_open_is_named_and_stays_as_it_is_with_its_key(house: House) -> None:
    spoil(house.draft)
    value = blobs(house.draft)
    with pytest.raises(CommandError, match="1 rows do not open"):
        rotated(house.cleo.code)
    assert blobs(house.draft) == value
    (kept,) = resealing.retired()
    assert kept.pk == uuid.UUID(bytes=value["content"][1:17])
    with acting(house.ana):
        assert SECRET in str(Note.objects.get(pk=house.signed.pk).content), "the others went on"


def test_a_row_in_somebodys_hands_waits_for_its_turn(house: House) -> None:
    other = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM records_note WHERE id = %s FOR UPDATE", [str(house.draft.pk)])
    found: list[list[str]] = []

    def looking(progress: resealing.Progress) -> None:
        if progress.seen == every - 1 and not other.closed:
            found.append([str(row) for row in resealing.naming(Note)])
            other.close()

    resealing.replace(resealing.models.Q(owner=house.cleo.pk))
    every = resealing.count()
    done = resealing.reseal(looking, resealing.Pace(50, 0, 0))
    assert found == [[str(house.draft)]]
    assert (done.done, done.shut, resealing.count()) == (every, {}, 0)


def test_an_old_key_stays_while_anybody_is_in_a_transaction_from_before(house: House) -> None:
    """They may have taken it already, and write under it only now."""
    other = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None, "application_name": "subrosa-web-late"})
    with other.cursor() as cursor:
        cursor.execute("SELECT 1")
    told: list[tuple[str, int]] = []

    def end(names: list[str]) -> None:
        told.append((names[0], len(told)))
        if len(told) == 3:
            other.close()

    waiting.until_all_are_over(end)
    assert told == [("subrosa-web-late", 0), ("subrosa-web-late", 1), ("subrosa-web-late", 2)]


def test_a_transaction_asks_anew_which_key_is_the_one(furnished: House) -> None:
    """A door that is open while its client's key is replaced must not seal with the old one in its next transaction."""
    hole = keys.Keyhole(uuid.uuid4(), "record")
    with doors.system("test") as door:
        door.found[hole] = uuid.uuid4()
        with doors.acting(door.actor):
            assert hole in door.found, "inside one transaction it stays"
    door.found[hole] = uuid.uuid4()
    with gate.open_by(door), doors.acting(door.actor):
        assert hole not in door.found


class TestFinal:
    """What is final may go from a retired key to its successor and nowhere else, and only the owner may do that."""

    @pytest.fixture
    def between(self, house: House) -> tuple[House, bytes]:
        """Cleo's keys have successors, her values do not yet use them; the second is the signed note under the new key."""
        resealing.replace(resealing.models.Q(owner=house.cleo.pk))
        with gate.open_by(gate.Opening()):
            note = Note._base_manager.get(pk=house.signed.pk)
            sealed = Note._meta.get_field("content").reseal(note, note.__dict__["content"])  # type: ignore[union-attr]  # a sealed field
        return house, sealed.blob

    def _change(self, house: House, setting: str, *values: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE records_note SET {setting} WHERE id = %s", [*values, str(house.signed.pk)])

    def test_the_owner_moves_it_to_the_successor(self, between: tuple[House, bytes]) -> None:
        self._change(between[0], "content = %s", between[1])

    def test_nothing_else_changes_with_it(self, between: tuple[House, bytes]) -> None:
        for setting in ("signed_at = now()", "version = version + 1", "late_entry = NOT late_entry", "signed_hash = signed_hash || 'x'"):
            with pytest.raises(REFUSED, match="final"):
                self._change(between[0], f"content = %s, {setting}", between[1])

    def test_no_other_key_no_other_length_and_no_older_version_passes(self, between: tuple[House, bytes]) -> None:
        house, good = between
        other = DataKey.objects.filter(owner=house.bruno.pk)[0]
        for value in (good[:1] + other.pk.bytes + good[17:], good + b"x", b"\0" + good[1:], b"", None, b"blank"):
            with pytest.raises(REFUSED, match="final"):
                self._change(house, "content = %s", value)

    def test_a_second_time_it_does_not_move(self, between: tuple[House, bytes]) -> None:
        self._change(between[0], "content = %s", between[1])
        with pytest.raises(REFUSED, match="final"):
            self._change(between[0], "content = %s", between[1][:-1] + b"?")


def test_the_web_role_moves_nothing_that_is_final_during_a_rotation_either(furnished: House) -> None:
    with transaction.atomic():
        resealing.replace(resealing.models.Q(owner=furnished.cleo.pk))
    with gate.open_by(gate.Opening()):
        note = Note._base_manager.get(pk=furnished.signed.pk)
        sealed = Note._meta.get_field("content").reseal(note, note.__dict__["content"])  # type: ignore[union-attr]  # a sealed field
    statement = "UPDATE records_note SET content = %s WHERE id = %s"
    with as_role("DATABASE_URL"), pytest.raises(REFUSED, match="final"), acting(furnished.ana), connection.cursor() as cursor:
        cursor.execute(statement, [sealed.blob, str(note.pk)])
    assert resealing.reseal(silent, resealing.Pace(50, 0, 0)).dropped


def test_web_makes_no_key_that_is_retired_or_shredded(db: None) -> None:
    for spoilt in ({"retired_at": clock.now()}, {"shredded_at": clock.now(), "wrapped": b"", "master": ""}):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            DataKey.objects.create(**{"owner": uuid.uuid4(), "compartment": "record", "wrapped": b"x", "master": "m1"} | spoilt)


def test_all_before_a_day_takes_every_clients_keys_and_none_of_the_practice(house: House) -> None:
    practice = set(DataKey.objects.filter(owner=gate.PRACTICE).values_list("pk", flat=True))
    others = DataKey.objects.exclude(owner=gate.PRACTICE).count()
    DataKey.objects.update(created_at=clock.now() - datetime.timedelta(days=2))
    today = clock.today().isoformat()
    assert f"{others} old data keys dropped, 0 left" in vault("rotate-client", "--all-before", today, *FAST)
    assert set(DataKey.objects.filter(owner=gate.PRACTICE).values_list("pk", flat=True)) == practice
    assert "0 rows sealed anew, 0 old" in vault("rotate-client", "--all-before", today, *FAST)
    with pytest.raises(CommandError, match="still to come"):
        vault("rotate-client", "--all-before", "2999-01-01")


def test_each_client_has_a_line_before_anything_of_theirs_is_opened(house: House) -> None:
    rotated(house.cleo.code)
    lines = Event.objects.filter(role="system:vault").order_by("id").values_list("part", "client_id")
    assert list(lines) == [("rotate_client", house.cleo.pk), ("rotate_client_begin", None), ("rotate_client_end", None)]


def test_verify_opens_every_value_and_names_what_does_not_open(house: House) -> None:
    said = vault("verify", "--values")
    found = opening.every_value(silent)
    assert f"{found.values} of {found.values} sealed values and files open" in said
    assert (found.shut, found.shredded, found.below) == ([], 0, 0)
    spoil(house.draft)
    assert opening.every_value(silent).shut == [f"records.note.content {house.draft.pk}"]
    with pytest.raises(CommandError, match="1 values do not open"):
        vault("verify", "--values")


def test_verify_goes_on_from_where_it_was(house: House) -> None:
    places: list[str] = []
    found = opening.every_value(lambda census: places.append(census.place))
    rest = opening.every_value(silent, since=next(place for place in places if place.startswith("records.note ")))
    assert 0 < rest.values < found.values
    assert rest.rows == rest.total - Note.objects.count(), "all but those of the models that were seen"


def test_a_lowest_version_above_what_stands_there_refuses_a_start_and_says_where(house: House, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(blob, "VERSION", 2)
    settings.VAULT_MINIMUM_VERSION = 2
    told = checks.versions()
    assert f"{Note.objects.count()} values of records.note are below version 2 and would not open." in told
    assert {str(each.msg) for each in checks.ring_opens_the_keys(databases=["default"])} >= set(told)
    assert opening.every_value(silent).below > Note.objects.count()
    with acting(house.ana), pytest.raises(blob.SealBroken):
        _ = Note.objects.get(pk=house.signed.pk).content
    settings.VAULT_MINIMUM_VERSION = 3
    assert "nothing would open" in checks.versions()[0]


def test_values_of_an_older_version_are_lifted_and_then_the_lowest_may_be_raised(house: House, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(blob, "VERSION", 2)
    vault("rotate-client", *FAST)
    settings.VAULT_MINIMUM_VERSION = 2
    assert checks.versions() == []
    with acting(house.ana):
        assert records.signature_holds(Note.objects.get(pk=house.signed.pk))


class TestShred:
    """A client's keys are destroyed: nothing of theirs opens again, and everything of the others does (attack 95)."""

    @pytest.fixture
    def gone(self, house: House) -> House:
        """Cleo's keys are destroyed, as retention_destroy does it; her rows are still there."""
        self.rows, self.before = of_cleo(house), opening.every_value(silent).open
        DataKey.objects.filter(owner=house.cleo.pk, shredded_at=None).update(wrapped=b"", master="", shredded_at=clock.now())
        return house

    def test_attack_95_nothing_of_the_client_opens_again(self, gone: House) -> None:
        mine = sum(len(blobs(row)) for row in self.rows)
        assert {bytes(key) for key in DataKey.objects.filter(owner=gone.cleo.pk).values_list("wrapped", flat=True)} == {b""}
        found = opening.every_value(silent)
        assert (found.open, found.shredded, found.shut) == (self.before - mine, mine, [])
        with acting(gone.ana), pytest.raises(keys.KeyShredded):
            _ = Note.objects.get(pk=gone.signed.pk).content
        vault("verify")
        assert rotation.troubles() == []

    def test_a_list_says_destroyed_where_a_name_was_and_no_save_makes_that_the_name(self, gone: House) -> None:
        with acting(gone.dee):
            cleo = Client.objects.get(pk=gone.cleo.pk)
            assert cleo.given_name == DESTROYED
            assert Client.objects.get(pk=gone.bruno.pk).given_name == "Bruno"
            with pytest.raises(keys.KeyShredded), transaction.atomic():
                cleo.save()
            with pytest.raises(keys.KeyShredded), transaction.atomic():
                ContactPoint(client=cleo, kind="phone", address="503 555 0199").save()

    def test_anothers_value_that_names_a_destroyed_key_is_damage_and_not_destroyed(self, gone: House) -> None:
        """Else a byte changed in the database would have a name overwritten by the word."""
        (key,) = DataKey.objects.filter(owner=gone.cleo.pk, compartment="contact")
        value = blobs(gone.bruno)["given_name"]
        Client._base_manager.filter(pk=gone.bruno.pk).update(given_name=Sealed(value[:1] + key.pk.bytes + value[17:]))
        with acting(gone.ben), pytest.raises(blob.SealBroken):
            _ = Client.objects.get(pk=gone.bruno.pk).given_name
