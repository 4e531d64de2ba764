"""Two persons let go of a record, 30 days pass, the job destroys it, and a certificate is left (RET-21 to RET-25, attacks 95 and 98)."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from audit import clock, trail
from audit.models import Event
from clients import actions as clients
from clients.models import Client
from practice.models import Notice, User
from practice.refusals import Refused
from practice.roles import Role
from records.models import Note
from records.rows import touch
from retention import access, actions, blocks, paper
from retention.actions import destroying
from retention.models import Batch, Certificate, Hold, Item
from tests.cast import acting, person
from tests.committed import as_owner, as_role, as_worker
from tests.retention.past import LONG_AGO, PLANTED, Past, counted, night
from vault import opening
from vault.keys import KeyShredded
from vault.models import DataKey

WHY = "Her brother's lawyer wrote."


def state_of(client: Client, past: Past) -> str:
    with acting(past.ada):
        return Item.objects.filter(client=client).latest("batch__proposed_at").state


def everything_of(client: Client, past: Past) -> dict[tuple[str, str], int]:
    """Every column of the database that names the client, and how often; the trail apart."""
    uuids = """SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t
        USING (table_schema, table_name) WHERE c.table_schema = 'public' AND c.data_type = 'uuid' AND t.table_type = 'BASE TABLE'"""
    found = {}
    with as_owner(past.name) as owner:
        owner.execute(uuids)
        for table, column in owner.fetchall():
            owner.execute(f'SELECT count(*) FROM {table} WHERE "{column}" = %s', [str(client.pk)])
            if (many := owner.fetchone()[0]) and not table.startswith("audit_event"):
                found[table, column] = many
    return found


def test_ret_21_only_what_is_over_its_day_is_eligible_and_a_minors_day_counts_from_the_birthday(past: Past) -> None:
    over, young, unknown = (
        past.old(),
        past.old(kind="minor", born_on=clock.today() - datetime.timedelta(days=365 * 17)),
        past.old(kind="minor"),
    )
    with acting(past.ana):
        working = clients.take_in(by=past.ana, counselor=past.ana, given_name="Wim", family_name="Goes-on")
    counted()
    with acting(past.ada):
        eligible = set(access.eligible(past.ada).values_list("client", flat=True))
        assert over.pk in eligible
        assert not {young.pk, unknown.pk, working.pk} & eligible
        assert past.ripe(over).said["rule"] == "RET-11"
        assert past.ripe(unknown).said["unborn"]
        with pytest.raises(Refused) as refused:
            actions.propose(actions.Proposal([past.ripe(young)], {young.pk: young.code}, "crypto", past.ana), by=past.ada)
        assert refused.value.rule == "RET-21"
    with acting(past.ben):
        assert not access.eligible(past.ben).exists()


def test_ret_21_whoever_was_worked_with_again_is_counted_again_first(past: Past) -> None:
    client = past.old()
    counted()
    with acting(past.ana):
        for status in ("active", "discharged", "archived"):
            clients.change_status(Client.objects.get(pk=client.pk), status, by=past.ana, reason="She came back for an hour.")
        touch(client)
    with acting(past.ada):
        assert not access.eligible(past.ada).filter(client=client).exists()
        with pytest.raises(Refused) as refused:
            actions.propose(actions.Proposal([past.ripe(client)], {client.pk: client.code}, "crypto", past.ana), by=past.ada)
        assert refused.value.rule == "RET-21"
    counted()
    with acting(past.ada):
        assert access.eligible(past.ada).filter(client=client).exists()  # there was no session: her last service is what it was


def test_a_snooze_is_a_row_that_stays(past: Past) -> None:
    client, today = past.old(), clock.today()
    counted()
    with acting(past.ada):
        for days in (20, 40):
            actions.snooze(client, today + datetime.timedelta(days=days), WHY, by=past.ada)
        assert access.eligible(past.ada).get(client=client).snoozed == today + datetime.timedelta(days=40)
        assert client.snoozes.count() == 2
        for until, why in ((today, WHY), (today + datetime.timedelta(days=9), " ")):
            with pytest.raises(Refused):
                actions.snooze(client, until, why, by=past.ada)


class TestTwoPersons:
    """RET-25: performer and approver are two."""

    def test_ret_25_whoever_proposes_does_not_approve_and_codes_are_typed(self, past: Past) -> None:
        client = past.old()
        counted()
        with acting(past.ada):
            rows = [past.ripe(client)]
            for typed, asked, rule in (
                ({}, past.ana, "RET-25"),
                ({client.pk: client.code}, None, "RET-25"),
                ({client.pk: client.code}, past.ada, "RET-25"),
            ):
                with pytest.raises(Refused) as refused, transaction.atomic():
                    actions.propose(actions.Proposal(rows, typed, "crypto", asked), by=past.ada)
                assert refused.value.rule == rule
            with pytest.raises(Refused, match="How it is destroyed"):
                actions.propose(actions.Proposal(rows, {client.pk: client.code}, "bury", past.ana), by=past.ada)
        batch = past.proposed(client)
        with acting(past.ada):
            assert not access.approvable_batches(past.ada).filter(pk=batch.pk).exists()
            with pytest.raises(Refused, match="Whoever proposes does not approve"):
                actions.approve(batch, {client.pk: client.code}, by=past.ada)
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Batch.objects.filter(pk=batch.pk).update(approved_by=past.ada.pk, approved_at=clock.now())
        with acting(past.ana):
            batch = access.approvable_batches(past.ana).get(pk=batch.pk)
            with pytest.raises(Refused, match="is not that client's"):
                actions.approve(batch, {client.pk: "amber-heron-1"}, by=past.ana)
            actions.approve(batch, {client.pk: client.code.upper()}, by=past.ana)
        assert state_of(client, past) == "waiting"

    def test_ret_25_alone_a_witness_or_a_vendors_certificate_is_named(self, past: Past) -> None:
        client = past.old()
        counted()
        others = [past.ana.pk, past.ben.pk]
        with as_owner(past.name) as owner:
            owner.execute("UPDATE practice_user SET is_active = false WHERE id = ANY(%s::uuid[])", [[str(pk) for pk in others]])
        try:
            with acting(past.ada):
                said = actions.Proposal([past.ripe(client)], {client.pk: client.code}, "crypto", None)
                batch = actions.propose(said, by=past.ada)
                with pytest.raises(Refused, match="Nobody else is named"):
                    actions.approve(batch, {client.pk: client.code}, by=past.ada)
                actions.approve(batch, {client.pk: client.code}, by=past.ada, witness="Rosa Winter, notary")
                assert Batch.objects.get(pk=batch.pk).witness == "Rosa Winter, notary"
        finally:
            with as_owner(past.name) as owner:
                owner.execute("UPDATE practice_user SET is_active = true")

    def test_either_takes_it_back_and_the_record_stays(self, past: Past) -> None:
        first, second = past.old(), past.old()
        counted()
        batch = past.approved(first, second)
        with acting(past.ana):
            item = batch.items.get(client=first)
            with pytest.raises(Refused):
                actions.take_back(batch, [item.pk], " ", by=past.ana)
            assert actions.take_back(batch, [item.pk], WHY, by=past.ana) == 1
        with acting(past.ben), pytest.raises(Refused):
            actions.take_back(batch, [], WHY, by=past.ben)
        night()
        assert (state_of(first, past), state_of(second, past)) == ("taken_back", "destroyed")
        with acting(past.ana):
            assert PLANTED in str(Note.objects.get(client=first).content)
        with acting(past.ada):
            assert access.eligible(past.ada).filter(client=first).exists()


class TestTheJob:
    """After 30 days."""

    def test_ret_21_nothing_goes_before_the_thirty_days(self, past: Past) -> None:
        client = past.old()
        counted()
        past.approved(client, ago=29.9)
        assert night() == 0
        assert state_of(client, past) == "waiting"
        with as_worker(), acting(past.ada), connection.cursor() as cursor:
            item = "(SELECT id FROM retention_item WHERE client_id = %s)"
            with pytest.raises(DatabaseError, match="may not be destroyed"), transaction.atomic():
                cursor.execute(f"SELECT retention_destroy({item}, ARRAY[]::uuid[])", [client.pk])

    def test_attack_95_ret_24_nothing_is_left_but_a_certificate_and_the_trail(self, past: Past) -> None:
        client, other = past.old(), past.old()
        with acting(past.ada):
            Notice(kind="x", to=f"{PLANTED}@mail.test", subject="s", body="b").save(force_insert=True)
        counted()
        past.approved(client)
        before = everything_of(client, past)
        assert len(before) > 10
        assert night() == 1
        left = everything_of(client, past)
        assert {table for table, _ in left} == {"vault_datakey", "clients_client", "retention_item", "retention_certificate"}
        with acting(past.ada):
            row = Client.objects.get(pk=client.pk)
            assert (row.status, row.kind, row.__dict__["born_on"]) == ("destroyed", "adult", None)
            assert row.since > clock.now() - datetime.timedelta(minutes=5)
            certificate = Certificate.objects.get(client=client)
            said = dict(paper.facts(certificate))
            assert said["What there was"] == "documents 1, notes 1, sessions 1"
            assert (said["Performed by"], said["Approved by"]) == ("Ada Novak", "Ana Reyes")
            assert "Sundial" not in str(said)
            assert certificate.backups_until > clock.today()
            assert Event.objects.filter(client_id=client.pk, actor_id=past.ana.pk).exists()
        with as_owner(past.name) as owner:
            owner.execute("SELECT DISTINCT wrapped FROM vault_datakey WHERE owner = %s", [str(client.pk)])
            assert [bytes(wrapped) for (wrapped,) in owner.fetchall()] == [b""]
        with as_role("DATABASE_URL_OWNER"):
            assert opening.every_value(lambda _: None).shut == []
        with acting(past.ana):
            assert PLANTED in str(Note.objects.get(client=other).content)

    def test_the_account_of_the_client_goes_with_the_record(self, past: Past) -> None:
        client = past.old()
        with as_owner(past.name) as owner:
            owner.execute("SELECT user_id FROM clients_clientpermission g JOIN auth_permission p ON p.id = permission_id"
                " WHERE content_object_id = %s AND codename = 'portal_self'", [str(client.pk)])  # fmt: skip
            (account,) = owner.fetchone()
        counted()
        past.approved(client)
        night()
        with acting(past.ada):
            assert not User.objects.filter(pk=account).exists()

    def test_attack_98_a_hold_that_came_within_the_days_stops_it_and_tells_both(self, past: Past) -> None:
        client = past.old()
        counted()
        past.approved(client)
        with acting(past.ada):
            actions.place(client, "court", WHY, by=past.ada)
            told = Notice.objects.filter(kind="destruction").count()
        assert night() == 0
        assert state_of(client, past) == "stopped"
        with acting(past.ada):
            assert Item.objects.get(client=client).rules == "RET-22:hold"
            assert Notice.objects.filter(kind="destruction").count() == told + 2
            assert Event.objects.filter(part="stop_destruction", client_id=client.pk, actor_id=None).exists()
            actions.release(Hold.objects.get(client=client), "Over.", by=past.ada)
        with acting(past.ana):
            assert PLANTED in str(Note.objects.get(client=client).content)

    def test_attack_98_the_database_asks_for_holds_once_more(self, past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
        """The hold came between the question and the deed."""
        client = past.old()
        other = past.old()
        counted()
        past.approved(client, ago=33)
        past.approved(other)
        with acting(past.ada):
            hold = actions.place(client, "court", WHY, by=past.ada)
        with monkeypatch.context() as patch:
            patch.setattr(destroying.blocks, "against", lambda client: [])
            with pytest.raises(DatabaseError, match="may not be destroyed"):
                night()
        assert (state_of(client, past), state_of(other, past)) == ("waiting", "destroyed")  # it held nobody else up
        with acting(past.ada):
            assert not Certificate.objects.filter(client=client).exists()
            actions.release(hold, "Over.", by=past.ada)
        assert night() == 1

    def test_attack_98_who_comes_back_meanwhile_is_not_destroyed(self, past: Past) -> None:
        client = past.old()
        counted()
        past.approved(client)
        with acting(past.ana):
            clients.change_status(Client.objects.get(pk=client.pk), "active", by=past.ana, reason="She came back.")
        assert night() == 0
        assert state_of(client, past) == "stopped"

    def test_attack_98_killed_at_any_step_it_is_whole_or_gone_and_goes_on(self, past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
        client = past.old()
        counted()
        past.approved(client)
        before = everything_of(client, past)
        for place, step in ((destroying, "_asked_again"), (destroying, "_certify"), (destroying, "_empty"), (trail, "line_for")):
            real = getattr(place, step)
            with monkeypatch.context() as patch:
                patch.setattr(place, step, lambda *args, real=real: (real(*args), 1 / 0))
                with pytest.raises(ZeroDivisionError):
                    night()
            assert everything_of(client, past) == before, step
        assert (night(), night()) == (1, 0)
        with acting(past.ada):
            assert Certificate.objects.filter(client=client).count() == 1

    def test_ret_20_a_couple_goes_with_those_who_were_there_and_nobody_before_the_couples_day(self, past: Past) -> None:
        partner = past.old()
        with clock.at(clock.now() - LONG_AGO), acting(past.ana):
            couple = clients.take_in(by=past.ana, counselor=past.ana, kind="couple", given_name="Both")
            clients.join_unit(couple, partner, by=past.ana)
        with acting(past.ana):
            assert "unit" in {block.what for block in blocks.against(partner)}
        met = past.met(couple, partner)
        counted()
        with acting(past.ana):
            assert ["unit" in {block.what for block in blocks.against(each)} for each in (partner, couple)] == [False, False]
            assert {block.what for block in blocks.against(couple)} == {"parts"}
        past.approved(couple, partner)
        assert (night(), met.client_id) == (2, couple.pk)


def test_a_destroyed_record_takes_nothing_new(past: Past) -> None:
    client = past.old()
    counted()
    past.approved(client)
    night()
    with acting(past.ada):
        row = Client.objects.get(pk=client.pk)
        with pytest.raises((DatabaseError, KeyShredded)), transaction.atomic():
            actions.place(row, "court", WHY, by=past.ada)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            clients.assign(row, past.ben, by=past.ada, reason="cover")
        assert DataKey.objects.filter(owner=client.pk, shredded_at=None).count() == 0


def test_no_key_is_made_anew_for_a_record_that_is_gone_though_plain_sql_asks(past: Past) -> None:
    """The front desk may make keys for what it takes in; of a living client the key is there already, which is another refusal."""
    gone, alive = past.old(), past.old()
    counted()
    past.approved(gone)
    night()
    made = """INSERT INTO vault_datakey (id, owner, compartment, wrapped, master, created_at)
        VALUES (gen_random_uuid(), %s, 'contact', '', 'm', now())"""
    with acting(person("Dee Okafor", Role.DESK)), connection.cursor() as cursor:
        for client, words in ((gone, "row-level security"), (alive, "unique|check")):
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                cursor.execute(made, [client.pk])


def test_ret_24_certificates_and_approved_batches_are_final(past: Past) -> None:
    client = past.old()
    counted()
    past.approved(client)
    night()
    with as_owner(past.name) as owner:
        for table in ("retention_certificate", "retention_item", "retention_batch"):
            for statement in (f"UPDATE {table} SET version = version + 1", f"DELETE FROM {table}"):
                with pytest.raises(Exception, match="final"):
                    owner.execute(statement)
    with as_worker(), acting(past.ada), connection.cursor() as cursor:  # a setting that anybody may write opens nothing
        cursor.execute("SELECT set_config('subrosa.destroys', (SELECT id::text FROM retention_item LIMIT 1), true)")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("DELETE FROM records_note")
