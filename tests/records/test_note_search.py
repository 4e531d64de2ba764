"""Searching in notes: what is found, what is opened for it, what is told of it, and what it never shows."""

from __future__ import annotations

import datetime
import logging
import re
import uuid
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.http.response import HttpResponseBase

from audit import clock, trail
from audit.models import Act, Event
from clients import actions as clients
from clients.models import Client
from practice.models import User
from practice.open_room import KEY as OPEN_ROOM
from records import access, actions, search
from records.models import Note, Session
from tests.cast import SECRET, SignIn, acting, write_note
from tests.records.hands import lines, page, questions, turned_away
from vault.fields import SealedField

HERON = "The blue heron stood in the reeds."


def sent(response: Any) -> str:
    """The whole answer, streamed or not."""
    return (b"".join(response) if response.streaming else response.content).decode()


def found(browser: Any, words: str, status: int = 200, **more: str) -> str:
    """The page that a search for ``words`` brings."""
    answer = browser.post(page("note_search"), {"words": words, **more})
    assert answer.status_code == status
    return sent(answer)


def shown(text: str) -> list[str]:
    """The notes that a page of results leads to, in its order."""
    return re.findall(r'href="/notes/([0-9a-f-]{36})/', text.partition('class="results')[2])


def told(person: User) -> list[tuple[str, Any, Any]]:
    """What the lines of the searches of ``person`` name: label, id, client; the newest request only."""
    with acting(person):
        every = Event.objects.filter(actor_id=person.pk, act=Act.LIST, part="note_search", client_id__isnull=False)
        newest = every.order_by("-id").values_list("request_id", flat=True).first()
        return [*every.filter(request_id=newest).order_by("id").values_list("what", "what_id", "client_id")]


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The rows of notes and addenda that are unsealed from here on."""
    seen: list[str] = []
    honest = SealedField.unseal

    def watched(field: SealedField, row: Any, value: Any) -> Any:
        if row._meta.model_name in ("note", "addendum", "goal"):
            seen.append(str(row.pk))
        return honest(field, row, value)

    with patch.object(SealedField, "unseal", watched):
        yield seen


# --- what is found ------------------------------------------------------------------------------------------------------


def test_it_finds_beginnings_in_any_case_and_accent_and_marks_them(ana: User, cleo: Client, browser_of: SignIn) -> None:
    note = write_note(ana, cleo, text="She met Zoë at the café <b>Réunion</b>, near the well-being centre.")
    for words in ("zoe", "CAFE reun", '"cafe <b>Reunion"', "well-being", "wellb centr"[6:], "“zoë at the”"):
        text = found(browser_of(ana), words)
        assert shown(text) == [str(note.pk)], words
    text = found(browser_of(ana), "reun")
    assert "&lt;b&gt;<mark>Réun</mark>ion&lt;/b&gt;" in text
    for words in ("afe", '"caf"', '"zoe the"', "zoe heron"):
        assert shown(found(browser_of(ana), words)) == [], words


def test_words_in_addenda_and_goals_find_their_note(ana: User, sofia: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    with acting(ana):
        actions.add_addendum(signed, "A pewter gull was meant.", by=ana)
        plan = actions.begin_note(cleo, by=ana, kind="plan")
        plan = actions.save_note(plan, {"goals": "Sail the lagoon alone"}, by=ana, version=plan.version, key=uuid.uuid4())
        actions.sign_note(plan, by=ana, shown=actions.shown_hash(plan).hex())
        goals = list(access.nameable_goals(ana, cleo))
        note = actions.begin_note(cleo, by=ana, kind="progress")
        actions.save_note(note, {"presenting": "Well."}, by=ana, version=note.version, key=uuid.uuid4(), goals=goals)
    assert "Addendum" in (text := found(browser_of(ana), "pewter heron"))
    assert shown(text) == [str(signed.pk)]
    assert shown(found(browser_of(ana), "lagoon")) == [str(note.pk), str(plan.pk)]
    assert shown(found(browser_of(sofia), "lagoon")) == [str(plan.pk)]


def test_it_is_narrowed_by_client_kind_and_days(ana: User, cleo: Client, mia: Client, session: Session, browser_of: SignIn) -> None:
    with clock.at(datetime.datetime(2024, 5, 3, 15, tzinfo=datetime.UTC)):
        old = write_note(ana, mia, kind="intake", text=HERON)
    new = write_note(ana, cleo, session=session, text=HERON)
    browser = browser_of(ana)
    assert shown(found(browser, "heron")) == [str(new.pk), str(old.pk)]
    assert shown(found(browser, "heron", client="aldan")) == [str(old.pk)]
    assert shown(found(browser, "heron", client=cleo.code)) == [str(new.pk)]
    assert shown(found(browser, "heron", kind="intake")) == [str(old.pk)]
    assert shown(found(browser, "heron", since="2024-05-04")) == [str(new.pk)]
    assert shown(found(browser, "heron", until="2024-05-03")) == [str(old.pk)]
    assert shown(found(browser, "heron", since="2024-05-03", until="2024-05-03", client="mia")) == [str(old.pk)]


def test_from_a_record_its_code_is_filled_in_and_from_anothers_nothing(
    ana: User, cleo: Client, bens_client: Client, browser_of: SignIn
) -> None:
    address = page("note_search")
    assert f'value="{cleo.code}"' in sent(browser_of(ana).get(f"{address}?client={cleo.pk}"))
    for other in (bens_client.pk, uuid.uuid4(), "nonsense", ""):
        text = sent(browser_of(ana).get(f"{address}?client={other}"))
        assert bens_client.code not in text
    with acting(ana):
        assert not Event.objects.filter(client_id=bens_client.pk).exists()


# --- what is opened and told --------------------------------------------------------------------------------------------


def test_only_what_may_be_read_is_opened_and_only_what_is_shown_is_told(
    ana: User,
    ben: User,
    sofia: User,
    signed: Note,
    draft: Note,
    psychotherapy: Note,
    bens_client: Client,
    opened: list[str],
    browser_of: SignIn,
) -> None:
    theirs = write_note(ben, bens_client, signed=True, text=HERON)
    for person, may in ((ana, [signed, draft, psychotherapy]), (sofia, [signed]), (ben, [theirs])):
        opened.clear()
        text = found(browser_of(person), "heron")
        assert {*opened} == {str(note.pk) for note in may}
        hits = [note for note in may if note != psychotherapy]
        assert {*shown(text)} == {str(note.pk) for note in hits}
        assert {ident for _, ident, _ in told(person)} == {note.pk for note in hits}
    assert shown(found(browser_of(ana), "orchard")) == [str(psychotherapy.pk)]
    assert told(ana) == [("records.psychotherapy", psychotherapy.pk, psychotherapy.client_id)]


def test_a_search_that_finds_nothing_leaves_one_line_and_names_nobody(ana: User, signed: Note, browser_of: SignIn) -> None:
    text = found(browser_of(ana), "xylophone")
    assert "Nothing found" in text
    assert told(ana) == []
    assert lines(ana, Act.LIST, "note_search") == 1


def test_what_was_typed_stands_in_no_line_no_log_and_no_address(
    ana: User, signed: Note, browser_of: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        found(browser_of(ana), "heron sentence", client="Marchetti")
        found(browser_of(ana), "x", status=422)
    assert not re.search("heron|Marchetti", caplog.text)
    with acting(ana), connection.cursor() as cursor:
        cursor.execute("SELECT audit_event::text FROM audit_event")
        assert not re.search("heron|Marchetti", " ".join(row for (row,) in cursor.fetchall()))
    assert "heron" not in re.findall("<title>(.*)</title>", found(browser_of(ana), "heron"))[0]


def test_attack_57_nothing_of_a_note_is_sent_before_its_line_is_written(ana: User, signed: Note, browser_of: SignIn) -> None:
    answer: Any = browser_of(ana).post(page("note_search"), {"words": "heron"})
    pieces = iter(answer)
    head = next(pieces).decode()
    assert "Looking through" in head
    assert SECRET not in head
    with patch.object(trail, "write", side_effect=trail.TrailUnavailable):
        rest = next(pieces).decode()
        with pytest.raises(trail.TrailUnavailable):
            next(pieces)
    assert "did not come to its end" in rest
    assert "blue heron" not in rest
    with patch.object(trail, "write", side_effect=trail.TrailUnavailable):
        again: Any = browser_of(ana)
        again.raise_request_exception = False
        assert again.post(page("note_search"), {"words": "heron"}).status_code == 503
    assert told(ana) == []


def test_whoever_goes_away_leaves_no_transaction_behind_and_no_line(ana: User, signed: Note, browser_of: SignIn) -> None:
    answer: Any = browser_of(ana).post(page("note_search"), {"words": "heron"})
    depth = len(connection.savepoint_ids)
    next(iter(answer))
    answer._iterator.close()  # as a server does with what nobody receives any more
    assert len(connection.savepoint_ids) == depth
    assert told(ana) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('subrosa.actor', true)")
        assert not cursor.fetchone()[0]


def test_the_search_cannot_write(ana: User, signed: Note, browser_of: SignIn) -> None:
    """The database itself refuses, in the step that looks as in the view."""
    settings = []

    def spy(note: Note, wanted: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            settings.append(cursor.fetchone()[0])

    with patch.object(search, "find", spy):
        found(browser_of(ana), "heron")
    assert settings == ["on"]


def test_ended_grants_and_denials_are_searched_no_more(ana: User, sofia: User, lena: User, signed: Note, browser_of: SignIn) -> None:
    assert shown(found(browser_of(sofia), "heron")) == [str(signed.pk)]
    with acting(ana):
        clients.deny(signed.client, sofia, by=ana, reason="a relative")
    assert shown(found(browser_of(sofia), "heron")) == []
    with acting(ana):
        clients.transfer(signed.client, to=lena, by=ana, reason="leaver")
    assert shown(found(browser_of(ana), "heron")) == []
    assert shown(found(browser_of(lena), "heron")) == [str(signed.pk)]


def test_behind_a_rule_that_forgot_everything_the_database_still_hides(
    ana: User, ben: User, sofia: User, signed: Note, draft: Note, psychotherapy: Note, browser_of: SignIn
) -> None:
    """The second lock: every note there is, asked for by a rule without conditions."""

    def careless(user: Any) -> Any:
        return Note.objects.order_by("-created_at")

    with patch.object(access, "readable_notes", careless):
        for person, hits in ((ben, []), (sofia, [str(signed.pk)]), (ana, [str(draft.pk), str(signed.pk)])):
            with acting(person):
                seen = [str(note.pk) for note in access.searchable_notes(person) if search.find(note, search.terms("heron"))]
            assert sorted(seen) == sorted(hits)


def test_no_one_else_searches(request: pytest.FixtureRequest, signed: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["dee", "ada", "portal_cleo"]):
        turned_away(browser_of(person), person, "note_search", None)
        turned_away(browser_of(person), person, "note_search", None, {"words": "heron"})


def test_a_grant_that_ended_while_searching_shows_nothing(ana: User, lena: User, signed: Note, browser_of: SignIn) -> None:
    """The rule is asked in the step that looks, not only when the page was asked for."""
    answer: Any = browser_of(ana).post(page("note_search"), {"words": "heron"})
    pieces = iter(answer)
    next(pieces)
    with acting(ana):
        clients.transfer(signed.client, to=lena, by=ana, reason="leaver")
    rest = "".join(piece.decode() for piece in pieces)
    assert "Nothing found" in rest
    assert SECRET not in rest


# --- many notes ---------------------------------------------------------------------------------------------------------


def further(text: str) -> str:
    """The key under the button that searches further back."""
    key = re.search(r'name="further" value="([^"]+)"><button', text)
    return key[1] if key else ""


def many(ana: User, cleo: Client, number: int) -> list[str]:
    """Drafts of ``number`` days, one a day, the newest first."""
    noon = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)
    idents = []
    for day in range(number):
        with clock.at(noon + datetime.timedelta(days=day)):
            idents.append(str(write_note(ana, cleo, kind="intake" if day % 2 else "crisis", text=HERON).pk))
    return idents[::-1]


def test_a_page_is_bounded_and_further_back_is_a_search_with_a_line_of_its_own(ana: User, cleo: Client, browser_of: SignIn) -> None:
    notes, browser = many(ana, cleo, 5), browser_of(ana)
    with patch.object(search, "MOST_NOTES", 2):
        text = found(browser, "heron", kind="")
        assert shown(text) == notes[:2]
        assert "Searched back to 4 May 2024" in text
        text = found(browser, "heron", further=further(text))
        assert shown(text) == notes[2:4]
        assert [str(ident) for _, ident, _ in told(ana)] == notes[2:4]
        text = found(browser, "heron", further=further(text))
    assert shown(text) == notes[4:]
    assert further(text) == ""


def test_a_search_that_takes_too_long_says_how_far_it_came(ana: User, cleo: Client, browser_of: SignIn) -> None:
    notes, browser = many(ana, cleo, 2), browser_of(ana)
    with patch.object(search, "SECONDS", -1):
        text = found(browser, "xylophone")
        assert "Searched back to 2 May 2024" in text
        assert "Nothing found so far" in text
        assert "Nothing further found" in found(browser, "xylophone", further=further(text))
    assert shown(found(browser, "heron", further="nonsense~x")) == notes


@pytest.mark.parametrize("number", [1, 6])
def test_a_search_asks_as_much_for_one_note_as_for_many(ana: User, cleo: Client, number: int, browser_of: SignIn) -> None:
    many(ana, cleo, number)
    browser = browser_of(ana)
    found(browser, "heron")
    with patch.object(search, "SECONDS", 60), questions() as asked:
        found(browser, "heron")
    assert len(asked) <= 14, asked


# --- bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Type a word"),
        ("…!?", "Type a word"),
        ("a", "too short"),
        ("heron\x00", "Null characters"),
        ("heron " * 60, "at most 200"),
        ("ab " * 13, "more than 12 words"),
    ],
)
def test_what_cannot_be_looked_for_is_said_beside_the_field_and_kept(
    ana: User, signed: Note, words: str, said: str, opened: list[str], browser_of: SignIn
) -> None:
    text = found(browser_of(ana), words, status=422)
    assert said in text
    assert opened == []
    assert (words.strip()[:20] or "Words in the note") in text


def test_attack_68_hostile_words_are_text(ana: User, cleo: Client, browser_of: SignIn) -> None:
    nasty = "<script>alert(1)</script> \u202ereversed\u202c (a+)+$ [x"
    note = write_note(ana, cleo, text=nasty)
    text = found(browser_of(ana), "<script>alert(1) reversed")
    assert shown(text) == [str(note.pk)]
    assert "<script>alert" not in text
    for words in ("(a+)+$", "\u202ereversed", '"', "' OR 1=1 --", "{{ 7|add:7 }}", "%s %d"):
        answer: HttpResponseBase = browser_of(ana).post(page("note_search"), {"words": words})
        assert answer.status_code in (200, 422)
        assert "<script>alert" not in sent(answer)


def test_wrong_filters_are_said_beside_their_fields(ana: User, bens_client: Client, signed: Note, browser_of: SignIn) -> None:
    for wrong in ({"client": "Bruno"}, {"client": bens_client.code}, {"client": "x"}):
        assert "None of your clients" in found(browser_of(ana), "heron", 422, **wrong)
    assert "before the first one" in found(browser_of(ana), "heron", 422, since="2024-05-04", until="2024-05-03")
    for wrong in ({"kind": "everything"}, {"since": "yesterday"}, {"until": "0000-00-00"}, {"further": "x" * 101}):
        found(browser_of(ana), "heron", 422, **wrong)
    assert shown(found(browser_of(ana), "heron", until="9999-12-31", since="0001-01-02")) == [str(signed.pk)]


def test_in_an_open_room_results_say_codes(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    session = browser.session
    session[OPEN_ROOM] = True
    session.save()
    text = found(browser, "heron")
    assert cleo.code in text
    assert "Cleo" not in text.replace(SECRET, "")


def test_a_note_whose_seal_is_broken_is_named_and_not_passed_over(ana: User, signed: Note, draft: Note, browser_of: SignIn) -> None:
    honest = SealedField.unseal

    def broken(field: SealedField, row: Any, value: Any) -> Any:
        if row.pk == draft.pk:
            raise search.SealBroken
        return honest(field, row, value)

    with patch.object(SealedField, "unseal", broken):
        text = found(browser_of(ana), "heron")
    assert {*shown(text)} == {str(signed.pk), str(draft.pk)}
    assert "could not be searched" in text
