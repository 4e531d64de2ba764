"""A de-identified view: nothing that tells who it is, for a while, for one colleague who opens nothing else (SU-2)."""

from __future__ import annotations

import datetime
import json

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from audit import clock
from clients import actions as clients
from clients.access import readable_clients
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from records.models import Note
from supervision import access, actions
from supervision.models import DeidentifiedView
from tests.cast import acting, write_note
from tests.clients.conftest import Ask, Lines, text_of
from vault.blob import SealBroken

SAID = "Cleo Marchetti, born March 3, 1990, of the lilac quarry; her sister Ottoline called 503 555 0142."


def begun(ana: User, ben: User, cleo: Client, *notes: Note, days: int = 7) -> DeidentifiedView:
    with acting(ana):
        return actions.begin(cleo, actions.Asked(ben, "What would you ask Cleo next?", [note.pk for note in notes], days), by=ana)


def shared(ana: User, ben: User, cleo: Client, *notes: Note) -> DeidentifiedView:
    row = begun(ana, ben, cleo, *notes)
    with acting(ana):
        found = actions.findings(row, ana)
        actions.settle(row, [actions.Settled(at, place, instead="[someone]") for at, place in found], by=ana)
        actions.share(row, by=ana)
    return row


def test_su_2_what_is_shared_holds_no_name_and_what_is_found_is_answered_for_first(ana: User, ben: User, cleo: Client) -> None:
    row = begun(ana, ben, cleo, write_note(ana, cleo, signed=True, text=SAID))
    with acting(ana):
        whole = json.dumps([row.question, row.texts])
        assert not [word for word in ("Cleo", "Marchetti", "1990-03", "March 3, 1990", "503 555") if word in whole]
        assert "lilac quarry" in whole
        assert [place.text for _, place in actions.findings(row, ana)] == ["Ottoline"]
        ((part, place),) = actions.findings(row, ana)
        for act in (lambda: actions.share(row, by=ana), lambda: actions.settle(row, [actions.Settled(part, place)], by=ana)):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.rule == "SU-2"
        actions.settle(row, [actions.Settled(part, place, reason="Her book, not a person")], [("lilac quarry", "[workplace]")], by=ana)
        assert actions.findings(row, ana) == []
        assert "lilac" not in json.dumps(row.texts)
        actions.share(row, by=ana)
        assert row.until == row.shared_at + datetime.timedelta(days=7)


def test_su_2_a_name_found_once_is_found_where_a_sentence_begins_and_weekdays_still_fit(ana: User, ben: User, cleo: Client) -> None:
    said = "Ottoline rang. She told Ottoline no, on Tuesday 3 March 2026. Wren's book (from Tamsin) stayed. It's fine."
    row = begun(ana, ben, cleo, write_note(ana, cleo, signed=True, text=said))
    with acting(ana):
        assert [place.text for _, place in actions.findings(row, ana)] == ["Ottoline", "Ottoline", "Wren", "Tamsin"]
        assert row.work["days"] % 7 == 0


def test_the_colleague_reads_that_and_nothing_else_and_only_while_it_stands(ana: User, ben: User, cleo: Client, signed: Note) -> None:
    row = shared(ana, ben, cleo, signed)
    with acting(ben):
        (found,) = access.shared_views(ben)
        assert found.pseudonym in found.question
        with pytest.raises(SealBroken):
            DeidentifiedView.objects.get(pk=row.pk).work.get("days")  # how far the dates moved is not the colleague's to know
        assert not readable_clients(ben).exists()
        assert not Client.objects.filter(pk=cleo.pk).exists()
        assert not Note.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            DeidentifiedView.objects.filter(pk=row.pk).update(until=clock.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            DeidentifiedView.objects.filter(pk=row.pk).update(ended_at=clock.now())
    with clock.at(clock.now() + datetime.timedelta(days=7, minutes=1)), acting(ben):
        assert not access.shared_views(ben).exists()
    with acting(ana):
        actions.end(row, by=ana)
    with acting(ben):
        assert not DeidentifiedView.objects.exists()


def test_su_2_psychotherapy_notes_drafts_and_other_clients_notes_are_not_offered(
    ana: User, ben: User, cleo: Client, signed: Note, psychotherapy: Note, mia: Client
) -> None:
    draft, other = write_note(ana, cleo), write_note(ana, mia, signed=True)
    for note in (psychotherapy, draft, other):
        with pytest.raises(Refused):
            begun(ana, ben, cleo, note)
    for days in (0, 31):
        with pytest.raises(Refused):
            begun(ana, ben, cleo, signed, days=days)
    with acting(ana):
        clients.deny(cleo, ben, by=ana, reason="Her brother.")
    with pytest.raises(Refused):
        begun(ana, ben, cleo, signed)


def test_attack_11_denied_later_the_colleague_reads_it_no_more(ana: User, ben: User, cleo: Client, signed: Note) -> None:
    shared(ana, ben, cleo, signed)
    with acting(ana):
        clients.deny(cleo, ben, by=ana, reason="Her brother.")
    with acting(ben):
        assert not access.shared_views(ben).exists()
        assert not DeidentifiedView.objects.exists()


def test_shared_it_is_final(ana: User, ben: User, cleo: Client, signed: Note) -> None:
    row = shared(ana, ben, cleo, signed)
    with acting(ana):
        with pytest.raises(Refused):
            actions.settle(row, [], [("a", "b")], by=ana)
        row.question = "Who is Cleo?"
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(update_fields=["question"])
        with pytest.raises(DatabaseError), transaction.atomic():
            DeidentifiedView.objects.filter(pk=row.pk).update(until=clock.now() + datetime.timedelta(days=300))


def test_on_the_pages_from_question_to_reading(ana: User, ben: User, sofia: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    note = write_note(ana, cleo, signed=True, text=SAID)
    said = {"person": str(ben.pk), "question": "What next, by the lilac quarry?", "notes": [str(note.pk)], "days": "3"}
    assert ask(ana, "view_new", said | {"days": "31"}, pk=cleo.pk).status_code == 422
    assert ask(ana, "view_new", said | {"notes": ["x"]}, pk=cleo.pk).status_code == 422
    assert ask(ana, "view_new", said, pk=cleo.pk).status_code == 302
    with acting(ana):
        row = DeidentifiedView.objects.get()
    page = text_of(ask(ana, "view_prepare", pk=row.pk))
    assert "<mark>Ottoline" in page
    assert "45 CFR 164.514(b)(2)(i)(A)" in page
    assert ask(ana, "view_share", {}, pk=row.pk).status_code == 422
    answer = {"version": str(row.version), "do_0": "replace", "words_0": "[sister]", "also": "", "also_with": ""}
    stale = ask(ana, "view_prepare", answer | {"version": "0", "words_0": "[her eldest]", "also": "Teal Harbor"}, pk=row.pk)
    assert stale.status_code == 422
    assert "You had typed: [her eldest]" in text_of(stale)  # no typed word is lost
    assert 'value="Teal Harbor"' in text_of(stale)
    assert ask(ana, "view_prepare", answer | {"do_0": "keep", "words_0": "[name]"}, pk=row.pk).status_code == 422
    assert ask(ana, "view_prepare", answer, pk=row.pk).status_code == 302
    assert ask(ana, "view_share", {}, pk=row.pk).status_code == 302
    assert "asks you something" in text_of(ask(ben, "home"))
    response = ask(ben, "view_read", pk=row.pk)
    read = text_of(response)
    assert "lilac quarry" in read
    assert not [word for word in ("Cleo", "Marchetti", "Ottoline", cleo.code, str(cleo.pk), "download") if word in read]
    assert response["Cache-Control"] == "no-store"
    assert str(cleo.pk) not in reverse("view_read", kwargs={"pk": row.pk})
    assert ask(sofia, "view_read", pk=row.pk).status_code == 404
    assert lines(client_id=cleo.pk, actor_id=ben.pk, act="read", part="view_read")
    assert ask(ana, "view_end", {}, pk=row.pk).status_code == 302
    assert ask(ben, "view_read", pk=row.pk).status_code == 404
