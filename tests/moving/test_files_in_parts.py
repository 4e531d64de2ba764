"""A bundle that is too large for one request comes in parts: nothing is there twice, nothing is half there, and cut off it goes on."""

from __future__ import annotations

import io
import os
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit import clock
from clients.access import counseled_clients
from clients.models import Client
from moving import access, actions
from moving.kept import Kept
from moving.models import MoveIn
from practice.models import User
from practice.refusals import Refused
from records.models import Note
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

from .test_round_trip import furnished, packed


def large(by: User, client: Client) -> bytes:
    """A bundle of more than one part: beside it lies a picture that does not get smaller."""
    made = io.BytesIO(packed(by, client))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_STORED) as bundle:
        bundle.writestr("a picture that somebody put beside it", os.urandom(5 * 1024 * 1024))
    return made.getvalue()


def announced(by: User, raw: bytes, kind: str = "bundle") -> MoveIn:
    with acting(by):
        return actions.announce(actions.Announced(kind, "subrosa", "bundle.zip", len(raw)), by=by)


def sent(by: User, row: MoveIn, raw: bytes, offset: int) -> int:
    with acting(by):
        return actions.receive(MoveIn.objects.get(pk=row.pk), offset, raw[offset : offset + actions.SENT], by=by)


def test_a_large_bundle_comes_in_parts_and_all_of_it_arrives(ana: User, ben: User, cleo: Client, signed: Note) -> None:
    furnished(ana, cleo)
    raw = large(ana, cleo)
    row = announced(ben, raw)
    assert [sent(ben, row, raw, 0), sent(ben, row, raw, actions.SENT)] == [actions.SENT, len(raw)]
    with acting(ben):
        row = MoveIn.objects.get(pk=row.pk)
        assert (row.state, row.total) == ("ready", 1)
        assert Kept(row).read() == raw
        actions.go_on(row, by=ben)
        assert (row.made, row.wrong) == (1, 0)
        assert [client.given_name for client in counseled_clients(ben)] == [cleo.given_name]


def test_a_part_that_comes_twice_changes_nothing_and_one_that_skips_is_refused(ana: User, ben: User, cleo: Client) -> None:
    raw = large(ana, cleo)
    row = announced(ben, raw)
    sent(ben, row, raw, 0)
    assert sent(ben, row, raw, 0) == actions.SENT  # its answer was lost on the way
    for offset, some in ((actions.SENT + 1, raw[:100]), (actions.SENT, raw[:100]), (len(raw), raw[: actions.SENT])):
        with acting(ben), pytest.raises(Refused, match="does not follow"):
            actions.receive(MoveIn.objects.get(pk=row.pk), offset, some, by=ben)
    with acting(ben):
        row = MoveIn.objects.get(pk=row.pk)
        assert (row.state, row.about["here"], row.pieces.count()) == ("coming", actions.SENT, 4)
        with pytest.raises(Refused, match="nothing to bring in"):
            actions.go_on(row, by=ben)
    assert sent(ben, row, raw, actions.SENT) == len(raw)


def test_what_is_no_zip_is_said_on_its_page_and_nothing_comes_of_it(ben: User, ask: Ask) -> None:
    raw = os.urandom(1000)
    row = announced(ben, raw)
    assert sent(ben, row, raw, 0) == 1000
    page = text_of(ask(ben, "move_in_detail", pk=row.pk))
    assert "This is not a zip that can be read." in page
    with acting(ben):
        assert not access.open_moves_in(ben).exists()


@pytest.mark.parametrize(("kind", "size", "words"), [("clients", 50_000_000, "only zips"), ("bundle", 1024**3 + 1, "at most 1 GB")])
def test_a_table_and_what_is_larger_than_any_are_refused(ben: User, kind: str, size: int, words: str) -> None:
    with acting(ben), pytest.raises(Refused, match=words):
        actions.announce(actions.Announced(kind, "other", "a.zip", size), by=ben)


def test_the_front_desk_announces_no_bundle(dee: User) -> None:
    with acting(dee), pytest.raises(Refused) as refused:
        actions.announce(actions.Announced("bundle", "subrosa", "a.zip", 100), by=dee)
    assert refused.value.rule == "REC-1"


def test_the_page_announces_a_file_and_answers_each_part_with_what_is_here(ana: User, ben: User, cleo: Client, ask: Ask) -> None:
    raw = large(ana, cleo)
    answer = ask(ben, "move_in_new", {"kind": "bundle", "system": "subrosa", "name": "b.zip", "size": str(len(raw))})
    with acting(ben):
        row = MoveIn.objects.get(brought_by=ben)
    assert answer["Location"] == f"/moving/in/{row.pk}/"
    assert "choose the same file again" in text_of(ask(ben, "move_in_detail", pk=row.pk))

    def part(offset: int, some: bytes) -> tuple[int, int]:
        data = {"offset": str(offset), "part": SimpleUploadedFile("part", some)}
        said = ask(ben, "move_in_part", data, pk=row.pk)
        return said.status_code, said.json()["here"]

    assert part(0, raw[: actions.SENT]) == (200, actions.SENT)
    assert part(7, b"") == (422, actions.SENT)
    assert part(actions.SENT * 9, b"later") == (409, actions.SENT)
    assert part(actions.SENT, raw[actions.SENT :]) == (200, len(raw))
    assert "0 of 1 settled" in text_of(ask(ben, "move_in_detail", pk=row.pk))


def test_half_a_file_is_not_gone_on_with_after_its_time(ana: User, ben: User, cleo: Client) -> None:
    raw = large(ana, cleo)
    row = announced(ben, raw)
    sent(ben, row, raw, 0)
    with clock.at(clock.now() + (row.until - row.brought_at) * 2), acting(ben):
        assert not access.coming_moves_in(ben).exists()
