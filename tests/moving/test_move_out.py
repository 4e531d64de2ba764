"""Taking records along: two persons, fresh proof, the worker's part, an end, and nothing that the rules keep in (SE-10, REC-3)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from audit import clock, doors
from audit.models import Event
from clients import actions as clients
from clients.models import Client
from disclosures.models import Disclosure
from moving import access, actions
from moving.actions import making
from moving.models import MoveOut, MoveOutPiece
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from records.models import Note
from tests.cast import PRIVATE, SECRET, SignIn, acting, person
from tests.clients.conftest import Ask
from tests.committed import House, as_role, as_worker
from tests.records.uploads import keep
from vault.models import DataKey

from .bundles import data, opened, table, unlike_the_manifest

WHY = actions.Wish("We change to another system, by the flax mill.")


def rule(act: Any) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act()
    return refused.value.rule


def test_se_10_nobody_approves_what_they_asked_for_not_even_past_the_house(ana: User, ada: User, cleo: Client) -> None:
    with acting(ana):
        row = actions.ask(WHY, client=cleo, by=ana)
        assert not access.decidable_moves(ana).exists()
        assert rule(lambda: actions.decide(row, yes=True, by=ana)) == "SE-10"
        with transaction.atomic(), pytest.raises(DatabaseError):
            MoveOut.objects.filter(pk=row.pk).update(outcome="approved", decided_by=ana, decided_at=clock.now())
        with transaction.atomic(), pytest.raises(DatabaseError):
            MoveOut.objects.filter(pk=row.pk).update(outcome="approved", decided_by=ada, decided_at=clock.now())
    with acting(ada):
        actions.decide(MoveOut.objects.get(pk=row.pk), yes=True, by=ada)


def test_an_admins_bundle_of_one_client_is_approved_by_their_counselor(ana: User, ada: User, nora: User, cleo: Client) -> None:
    with acting(ada):
        row = actions.ask(WHY, client=cleo, by=ada)
    with acting(nora):
        assert not access.decidable_moves(nora).exists()
    with acting(ana):
        assert access.decidable_moves(ana).get().pk == row.pk


def test_whoever_is_alone_moves_nothing(ada: User, ana: User, cleo: Client) -> None:
    with acting(ada):
        assert rule(lambda: actions.ask(WHY, by=ada)) == "SE-10"


def test_rec_3_and_rg_2_psychotherapy_notes_go_along_with_their_author_alone_and_never_to_the_client(
    ana: User, ada: User, cleo: Client
) -> None:
    with acting(ada):
        assert rule(lambda: actions.ask(actions.Wish("x", private=True), client=cleo, by=ada)) == "REC-3"
    with acting(ana):
        assert rule(lambda: actions.ask(actions.Wish("x", "person", private=True), client=cleo, by=ana)) == "RG-2"


def test_attack_11_a_denial_beats_asking_and_what_was_asked(ana: User, ada: User, nora: User, cleo: Client) -> None:
    with acting(ada):
        row = actions.ask(WHY, client=cleo, by=ada)
    with acting(ana):
        clients.deny(cleo, ada, by=ana, reason="A cousin.")
    with acting(ada):
        assert not access.moves(ada).filter(pk=row.pk).exists()
        assert not MoveOut.objects.filter(pk=row.pk).exists()
        assert not access.movable_clients(ada).filter(pk=cleo.pk).exists()


def test_attack_86_asking_deciding_and_fetching_want_fresh_proof(
    ana: User, cleo: Client, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: False)
    response = ask(ana, "client_move", {"reason": "x", "purpose": "own", "confirm": cleo.code}, pk=cleo.pk)
    assert response.status_code == 302
    assert "/accounts/" in response["Location"]
    with acting(ana):
        assert not MoveOut.objects.exists()


def test_a_bundle_is_asked_for_with_the_code_typed_and_words_are_kept(
    ana: User, ada: User, cleo: Client, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: True)
    wrong = ask(ana, "client_move", {"reason": "The flax mill", "purpose": "own", "confirm": "other"}, pk=cleo.pk)
    assert wrong.status_code == 422
    assert "The flax mill" in wrong.content.decode()
    assert ask(ana, "client_move", {"reason": "The flax mill", "purpose": "own", "confirm": cleo.code}, pk=cleo.pk).status_code == 302
    assert cleo.code in ask(ada, "home").content.decode().partition('id="moves-decide"')[2]


def test_bundles_are_listed_for_who_asked_and_who_decides_and_for_nobody_else(
    ana: User, ben: User, ada: User, cleo: Client, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: True)
    said = {"reason": "The flax mill", "purpose": "own", "confirm": cleo.code}
    assert ask(ana, "client_move", said, pk=cleo.pk).status_code == 302
    told = {who.pk: cleo.code in ask(who, "move_list").content.decode() for who in (ana, ada, ben)}
    assert told == {ana.pk: True, ada.pk: True, ben.pk: False}


class TestMade:
    """Committed, and made with the worker's rights."""

    def _approved(self, house: House, wish: actions.Wish, client: Client | None, by: User, second: User) -> MoveOut:
        with acting(by):
            row = actions.ask(wish, client=client, by=by)
        with acting(second):
            actions.decide(MoveOut.objects.get(pk=row.pk), yes=True, by=second)
        return row

    def _make(self) -> None:
        with as_worker():
            while making.make_next():
                pass

    def test_the_list_shows_nobody_elses_bundles_though_the_database_hides_none(
        self, house: House, browser_of: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._approved(house, actions.Wish("The flax mill", "person"), house.cleo, house.ana, house.ada)
        with as_role("DATABASE_URL_OWNER"):
            told = {who.pk: house.cleo.code in browser_of(who).get("/moving/").content.decode() for who in (house.ada, house.ben)}
        assert told == {house.ada.pk: True, house.ben.pk: False}

    def test_attack_16_and_31_it_is_made_by_the_worker_fetched_by_the_asker_and_gone_after_its_end(
        self, house: House, browser_of: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ana, ada, cleo = house.ana, house.ada, house.cleo
        keep(ana, cleo)
        row = self._approved(house, actions.Wish("She asked for it.", "person"), cleo, ana, ada)
        with as_worker(), doors.system("test"):  # a worker that was killed before it began left nothing
            assert Note.objects.filter(client=house.bruno.pk).count() == 0
            assert Note.objects.filter(kind="psychotherapy").count() == 0
            assert not DataKey.objects.filter(owner=house.bruno.pk).exists()
        self._make()
        monkeypatch.setattr("practice.factors.is_fresh", lambda request: True)
        browser = browser_of(ana)
        response = browser.post(reverse("move_take", kwargs={"pk": row.pk}))
        files = opened(b"".join(response.streaming_content))
        assert unlike_the_manifest(files) == []
        record = data(files, "clients/00001/record.json")
        assert [note["content"]["presenting"] for note in record["notes"]] == [SECRET]
        assert len(record["documents"]) == 1
        assert PRIVATE.encode() not in b"".join(files.values())
        assert (table(files, "notes")[0]["client_id"], data(files, "practice.json")["left_out"]) == (str(cleo.pk), [])
        with acting(ada):
            acts = Event.objects.filter(client_id=cleo.pk, part="move_take").values_list("act", flat=True)
            assert "export" in acts
        with acting(ana):
            assert Disclosure.objects.get(source_id=row.pk).excluded == "individual"
        later = clock.now() + datetime.timedelta(days=8)
        with clock.at(later):
            with acting(ana):
                assert not access.takeable_moves(ana).exists()
            with as_worker():
                assert making.clear() == 1
        with as_worker(), doors.system("test"):
            assert not MoveOutPiece.objects.exists()

    def test_the_whole_practice_is_packed_in_counselors_names_without_what_nobody_may_open_or_who_asked_is_denied(
        self, house: House
    ) -> None:
        nora = person("Nora Vance", Role.ADMIN)
        with acting(house.ben):
            clients.deny(house.bruno, house.ada, by=house.ben, reason="A cousin.")
        row = self._approved(house, WHY, None, house.ada, nora)
        with as_worker():
            assert making.make_next()  # laid out
            assert making.make_next()  # the first part; then the worker dies
        self._make()
        with acting(house.ada):
            done = access.takeable_moves(house.ada).get(pk=row.pk)
            codes = {part.client.code for part in access.parts(house.ada, done) if part.client}
        assert codes == {house.cleo.code, house.mia.code, house.couple.code}
