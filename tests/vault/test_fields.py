"""Sealed fields on real rows: what opens them, what a thief with the database can do, and what a wrong key does."""

from __future__ import annotations

import base64
import copy
import datetime
import os
import pickle
import uuid

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.test import override_settings

from audit import clock, doors
from audit.trail import Actor, Recorder
from breaches import actions as breaches
from breaches.models import ClientLetter
from clients.models import Client, ContactPoint
from executor.models import Case
from messaging.models import Attachment, Message, Thread
from moving.models import MoveOutPart, MoveOutPiece
from practice.models import Notice, User
from records.models import Document, DocumentPiece, Note
from review.models import Signal
from supervision.models import Agreement, Meeting, Part, Remark
from tests.cast import SECRET, acting, person
from vault import gate, keys
from vault.blob import SealBroken
from vault.fields import Sealed, SealedBytes, SealedDate, SealedField, SealedJSON, SealedModel
from vault.keys import KeyMissing

SEALED_MODELS = [model for model in apps.get_models() if issubclass(model, SealedModel)]


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def raw(model: type[SealedModel], row: SealedModel, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


# --- who may open ---


def test_a_value_does_not_open_without_a_door(ana: User, cleo: Client) -> None:
    with acting(ana):
        row = Client.objects.get(pk=cleo.pk)
    with pytest.raises(gate.DoorClosed):
        row.given_name  # noqa: B018 (reading is what is tested)


def test_a_value_does_not_open_behind_a_public_door(ana: User, cleo: Client) -> None:
    with acting(ana):
        row = Client.objects.get(pk=cleo.pk)
    with gate.open_by(Recorder(Actor("anonymous"), practice_only=True)), pytest.raises(gate.DoorClosed):
        row.given_name  # noqa: B018 (reading is what is tested)


def test_client_text_is_not_written_without_a_door_or_behind_a_public_one(ana: User, cleo: Client) -> None:
    with acting(ana):
        row = Client.objects.get(pk=cleo.pk)
        assert row.given_name == "Cleopatra"
    with pytest.raises(gate.DoorClosed):
        ContactPoint(client=row, kind="phone", address="503 555 0199").save()
    with gate.open_by(Recorder(Actor("anonymous"), practice_only=True)), pytest.raises(gate.DoorClosed):
        ContactPoint(client=row, kind="phone", address="503 555 0199").save()


def test_loading_a_row_opens_nothing(ana: User, draft: Note) -> None:
    with acting(ana):
        note = Note.objects.get(pk=draft.pk)
        assert isinstance(note.__dict__["content"], Sealed)
        assert note.client_id not in gate.current().opened
        assert SECRET in str(note.content)
        assert note.client_id in gate.current().opened


def test_a_sealed_value_says_nothing_about_itself(ana: User, draft: Note) -> None:
    with acting(ana):
        note = Note.objects.get(pk=draft.pk)
        shut = note.__dict__["content"]
        assert repr(shut) == str(shut) == "<sealed>"
        assert SECRET in str(note.content)
        assert SECRET not in f"{note} {note!r}"
        assert isinstance(Note.objects.values_list("content", flat=True).get(pk=note.pk), Sealed)


def test_a_row_with_sealed_fields_is_never_pickled(ana: User, draft: Note) -> None:
    with acting(ana):
        note = Note.objects.get(pk=draft.pk)
        assert SECRET in str(note.content)
        for attempt in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError):
                attempt(note)


@pytest.mark.parametrize("lookup", ["content", "content__contains", "content__gt", "content__startswith", "client__given_name"])
def test_attack_21_sealed_fields_cannot_be_searched_by_value(db: None, lookup: str) -> None:
    with pytest.raises((FieldError, TypeError)):
        list(Note.objects.filter(**{lookup: "a"}))


# --- every sealed field there is ---


def _sample(field: SealedField, note: str) -> object:
    if isinstance(field, SealedDate):
        return datetime.date(1991, 5, 4)
    if isinstance(field, SealedBytes):
        return note.encode()
    return {"words": note} if isinstance(field, SealedJSON) else note


def _put_into_a_thread(row: SealedModel, client: Client, person: User) -> None:
    """Whatever is of a thread has the thread's keyhole."""
    thread = Thread(client=client, person=person, kind="care")
    message = Message(client=client, thread=thread)
    parents = {"thread": thread, "message": message, "attachment": Attachment(client=client, message=message)}
    for name in parents.keys() & {field.name for field in row._meta.concrete_fields}:
        setattr(row, name, parents[name])


@pytest.mark.parametrize("model", [model for model in SEALED_MODELS if model is not Case], ids=lambda model: model._meta.label)
def test_attack_91_every_sealed_field_of_the_metadata_comes_back(ana: User, ada: User, cleo: Client, model: type[SealedModel]) -> None:
    """Sealed by the field, put into the row as it would come from the database, opened by the attribute.

    An executor's case has a key once somebody's list is open: the same of it is in tests/executor/test_pages.py.
    """
    of_admins = model._meta.app_label in ("review", "breaches") and model is not ClientLetter
    who = ada if of_admins else ana  # what the admins alone read has no key of the care team's
    row = model(**{field.attname: cleo.pk for field in model._meta.concrete_fields if field.name == "client"})
    if model is Client:
        row.pk = cleo.pk
    if hasattr(model, "note"):
        row.note = Note(client=cleo, author=ana)  # type: ignore[attr-defined]  # an addendum's keyhole is its note's
    if model is DocumentPiece:
        row.document = Document(client=cleo, uploader=ana)  # type: ignore[attr-defined]  # likewise its document's
    if model is MoveOutPiece:
        row.part = MoveOutPart()  # type: ignore[attr-defined]  # likewise its part's; a client's is the worker's to seal
    if model._meta.app_label == "messaging":
        _put_into_a_thread(row, cleo, ana)
    if hasattr(model, "signal"):
        row.signal = Signal(person=ana, client=cleo)  # type: ignore[attr-defined]  # likewise what was noticed
    if hasattr(model, "incident"):
        with acting(ada):
            row.incident = breaches.report("A laptop is gone.", by=ada, noticed_at=clock.now(), going_on="unknown")  # type: ignore[attr-defined]  # likewise what happened
    if hasattr(model, "agreement"):
        row.agreement = Agreement(supervisor=ana, supervisee=ada)  # type: ignore[attr-defined]  # likewise the pair's
    if model in (Part, Remark):
        part = Part(meeting=Meeting(supervisor=ana), supervisee=ana)  # likewise those who met
        row.__dict__.update(meeting_id=part.meeting_id, supervisee_id=ana.pk, part_id=part.pk)
        row._state.fields_cache.update(part=part)
    for field in model.sealed_fields():
        assert isinstance(field, SealedField)
        wanted = _sample(field, f"words of {field.name} \u202e\U0001f339")
        setattr(row, field.attname, wanted)
        with acting(who):
            shut = field.pre_save(row, add=True)
            assert isinstance(shut, Sealed)
            assert b"words of" not in shut.blob
            setattr(row, field.attname, shut)
            assert getattr(row, field.attname) == wanted


def test_update_cannot_write_plain_text(ana: User, cleo: Client) -> None:
    with acting(ana), pytest.raises(TypeError), transaction.atomic():
        Client.objects.filter(pk=cleo.pk).update(given_name="plain")


def test_bulk_update_cannot_write_plain_text(ana: User, cleo: Client) -> None:
    with acting(ana), pytest.raises(TypeError), transaction.atomic():
        Client.objects.bulk_update([cleo], ["given_name"])


def test_a_spoilt_value_raises_when_it_is_read_and_not_before(ana: User, cleo: Client) -> None:
    with acting(ana):
        run("UPDATE clients_client SET given_name = %s WHERE id = %s", b"plain", cleo.pk)
        row = Client.objects.get(pk=cleo.pk)
        assert row.family_name == "Marchetti"
        with pytest.raises(SealBroken):
            row.given_name  # noqa: B018 (reading is what is tested)


# --- a thief or an intruder with the database in hand ---


@pytest.fixture
def second(ana: User, mia: Client) -> Client:
    return mia


def _swapped(a: SealedModel, b: SealedModel, column: str) -> None:
    table = type(a)._meta.db_table
    one, other = raw(type(a), a, column), raw(type(b), b, column)
    for row, value in ((a, other), (b, one)):
        run(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, row.pk)


def test_attack_88_values_swapped_between_two_clients_do_not_open(ana: User, cleo: Client, second: Client) -> None:
    with acting(ana):
        _swapped(cleo, second, "given_name")
        for ident in (cleo.pk, second.pk):
            with pytest.raises(SealBroken):
                Client.objects.get(pk=ident).given_name  # noqa: B018 (reading is what is tested)


def test_attack_88_values_swapped_between_two_columns_do_not_open(ana: User, cleo: Client) -> None:
    with acting(ana):
        run("UPDATE clients_client SET given_name = family_name, family_name = given_name WHERE id = %s", cleo.pk)
        row = Client.objects.get(pk=cleo.pk)
        for column in ("given_name", "family_name"):
            with pytest.raises(SealBroken):
                getattr(row, column)


def test_attack_88_values_swapped_between_two_rows_of_one_client_do_not_open(ana: User, cleo: Client) -> None:
    phone, mail = ContactPoint.objects.none(), ContactPoint.objects.none()
    with acting(ana):
        phone, mail = cleo.contact_points.get(kind="phone"), cleo.contact_points.get(kind="mail")
        _swapped(phone, mail, "address")
        for point in cleo.contact_points.all():
            with pytest.raises(SealBroken):
                point.address  # noqa: B018 (reading is what is tested)


def test_attack_88_a_row_given_to_another_client_does_not_open(ana: User, cleo: Client, second: Client) -> None:
    with acting(ana):
        run("UPDATE clients_contactpoint SET client_id = %s", second.pk)
        for point in ContactPoint.objects.all():
            with pytest.raises(SealBroken):
                point.address  # noqa: B018 (reading is what is tested)


def test_attack_88_an_older_value_of_the_same_row_does_not_open(ana: User, cleo: Client) -> None:
    with acting(ana):
        row = Client.objects.get(pk=cleo.pk)
        before = raw(Client, row, "given_name")
        row.given_name = "Cleomena"
        row.save()
        run("UPDATE clients_client SET given_name = %s WHERE id = %s", before, row.pk)
        with pytest.raises(SealBroken):
            Client.objects.get(pk=row.pk).given_name  # noqa: B018 (reading is what is tested)


def test_attack_88_a_wrapped_key_moved_to_another_row_does_not_unwrap(ana: User, cleo: Client, second: Client) -> None:
    with acting(ana):
        mine = keys.DataKey.objects.get(owner=cleo.pk, compartment="contact")
        other = keys.DataKey.objects.get(owner=second.pk, compartment="contact")
        mine.wrapped = other.wrapped
        with pytest.raises(KeyMissing):
            keys.unwrap(mine)


# --- a wrong or missing key ---


def _other_master() -> str:
    return f"m9:{base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip('=')}"


def test_attack_90_a_wrong_master_key_raises_and_blanks_nothing(ana: User, cleo: Client) -> None:
    with acting(ana):
        before = raw(Client, cleo, "given_name")
    ident = keys.masters().keys().__iter__().__next__()
    wrong = _other_master().replace("m9:", f"{ident}:")
    for ring in ([_other_master()], [wrong]):
        with override_settings(MASTER_KEYS=ring), acting(ana):
            row = Client.objects.get(pk=cleo.pk)
            with pytest.raises(SealBroken):
                row.given_name  # noqa: B018 (reading is what is tested)
            row.status = "active"
            with pytest.raises(SealBroken):
                row.save()
            with pytest.raises(SealBroken):
                Client.objects.get(pk=cleo.pk).save(update_fields=["family_name"])
    with acting(ana):
        assert raw(Client, cleo, "given_name") == before
        assert Client.objects.get(pk=cleo.pk).given_name == "Cleopatra"


def test_attack_90_open_columns_alone_are_saved_without_touching_the_sealed(ana: User, cleo: Client) -> None:
    with acting(ana):
        before = raw(Client, cleo, "given_name")
        row = Client.objects.get(pk=cleo.pk)
        row.status = "active"
        row.save(update_fields=["status"])
        assert raw(Client, cleo, "given_name") == before


def test_attack_92_without_the_grant_the_database_does_not_hand_out_the_key(ana: User, ben: User, cleo: Client) -> None:
    with acting(ana):
        assert keys.DataKey.objects.filter(owner=cleo.pk).exists()
        row = Client.objects.get(pk=cleo.pk)
    with acting(ben):
        assert not keys.DataKey.objects.filter(owner=cleo.pk).exists()
        with pytest.raises(KeyMissing):
            row.given_name  # noqa: B018 (reading is what is tested)


def test_attack_92_a_psychotherapy_key_is_handed_to_its_author_alone(ana: User, sofia: User, psychotherapy: Note) -> None:
    with acting(sofia):
        compartments = set(keys.DataKey.objects.filter(owner=psychotherapy.client_id).values_list("compartment", flat=True))
        assert compartments == {"contact", "record", "consent"}
    with acting(ana):
        assert keys.DataKey.objects.filter(owner=psychotherapy.client_id, compartment="psychotherapy", holder=ana.pk).exists()


def test_two_masters_open_what_either_wrapped(ana: User, cleo: Client) -> None:
    from django.conf import settings

    with override_settings(MASTER_KEYS=[_other_master(), *settings.MASTER_KEYS]), acting(ana):
        assert Client.objects.get(pk=cleo.pk).given_name == "Cleopatra"


# --- rows of the practice ---


def test_the_practices_own_values_open_behind_a_public_door(db: None) -> None:
    someone = person("Nia Example")
    with gate.open_by(Recorder(Actor("anonymous"), practice_only=True)):
        assert User.objects.get(pk=someone.pk).name == "Nia Example"


def test_a_notice_is_sealed_in_the_table(db: None) -> None:
    with doors.system("test"):
        notice = Notice.objects.create(kind="test", to="nia@mail.test", subject="A subject", body=SECRET)
        assert SECRET.encode() not in raw(Notice, notice, "body")
        assert Notice.objects.get(pk=notice.pk).body == SECRET


def test_ids_are_made_before_the_insert() -> None:
    assert isinstance(Note().pk, uuid.UUID)
