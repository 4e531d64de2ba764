"""A part of a record as PDF: what is in it, what never is, and that the trail says which notes left."""

from __future__ import annotations

import datetime
import re
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from audit import clock
from audit.models import Act, Event
from clients import actions as clients
from clients.models import Client
from practice.models import User
from records import actions
from records.models import Note, Session
from tests.cast import PRIVATE, SECRET, Intake, SignIn, acting, write_note

from .hands import lines, page, questions, turned_away, words
from .papers import fresh_proof, opened, squeezed, structure, whole_words_of, words_of

pytestmark = pytest.mark.usefixtures("fresh")
KINDS = ["progress", "intake", "plan", "contact", "crisis", "termination"]


@pytest.fixture
def fresh() -> Any:
    """Everybody has just confirmed who they are."""
    with fresh_proof():
        yield


def choice(**more: Any) -> dict[str, Any]:
    """Everything that can be chosen, of the last month."""
    today = clock.today()
    span = {"since": str(today - datetime.timedelta(days=31)), "until": str(today)}
    return {"sessions": "on", "kinds": KINDS} | span | more


def text_of(person: User, client: Client, browser_of: SignIn, **more: Any) -> str:
    answer = browser_of(person).post(page("chart_pdf", client.pk), choice(**more))
    assert answer["Content-Type"] == "application/pdf", words(answer)
    return words_of(answer.content)


def checked(answer: Any) -> list[str]:
    """What is ticked on the form."""
    boxes = re.findall(r'<input type="checkbox" name="(sessions|kinds)"(?: value="(\w+)")?[^>]* checked', words(answer))
    return [value or name for name, value in boxes]


def told(person: User) -> list[tuple[str, object]]:
    """What the trail says left in a part of a record, in the order it was written."""
    with acting(person):
        found = Event.objects.filter(actor_id=person.pk, part="chart_pdf").order_by("id")
        return [(line.what, line.what_id) for line in found if line.act == Act.EXPORT]


def test_sessions_and_signed_notes_with_their_addenda(ana: User, sofia: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    with acting(ana):
        actions.add_addendum(signed, "It began at ten.", by=ana)
    for person in (ana, sofia):
        text = squeezed(text_of(person, cleo, browser_of))
        for wanted in ("Cleo Marchetti", cleo.code, SECRET, "It began at ten.", "In person", "Planned", "Ana Reyes, LPC-A", "Made by"):
            assert squeezed(wanted) in text
        assert squeezed("Room 2, willow") not in text  # the place is in the session, and nobody asked for it
        assert told(person) == [("clients.client", cleo.pk), ("records.note", signed.pk)]


def test_it_comes_as_a_file_that_is_kept_nowhere(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(page("chart_pdf", cleo.pk), choice())
    assert answer["Content-Disposition"] == 'attachment; filename="record.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    with opened(answer.content) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Record"
        assert "Cleo" not in bytes(pdf.Root.Metadata.read_bytes()).decode()
        tags = structure(pdf)
        outline = [str(item.title) for item in pdf.open_outline().root[0].children]
    assert {"/H1", "/H2", "/H3", "/H4", "/Table", "/TH", "/TD"} <= {*tags}
    assert outline == ["Sessions", "Notes"]
    assert f"{cleo.code} · page 1 of 1" in whole_words_of(answer.content)


def test_attack_01_nobody_else_does(request: pytest.FixtureRequest, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    for person in map(request.getfixturevalue, ["ben", "dee", "ada", "lena", "portal_cleo", "gus"]):
        for name in ("chart_pdf", "chart_print"):
            turned_away(browser_of(person), person, name, cleo.pk, choice())
        turned_away(browser_of(person), person, "chart_choose", cleo.pk)


def test_attack_16_and_11_a_grant_that_ended_and_a_denial_end_it(
    ana: User, ben: User, sofia: User, cleo: Client, signed: Note, browser_of: SignIn
) -> None:
    with acting(ana):
        clients.deny(cleo, sofia, by=ana, reason="her cousin")
        clients.transfer(cleo, to=ben, by=ana, reason="leaver")
    for person in (ana, sofia):
        turned_away(browser_of(person), person, "chart_pdf", cleo.pk, choice())
    assert squeezed(SECRET) in squeezed(text_of(ben, cleo, browser_of))


def test_rec_1_a_psychotherapy_note_is_never_in_it(ana: User, sofia: User, cleo: Client, psychotherapy: Note, browser_of: SignIn) -> None:
    for person in (ana, sofia):
        text = squeezed(text_of(person, cleo, browser_of))
        assert squeezed(PRIVATE) not in text
        assert "sychotherapy" not in text
        answer = browser_of(person).post(page("chart_pdf", cleo.pk), choice(kinds=["psychotherapy"]))
        assert answer.status_code == 422
        assert "REC-1" in words(answer)
        assert psychotherapy.pk not in {ident for _, ident in told(person)}


def test_rec_1_it_is_the_same_paper_with_and_without_one(
    ana: User, sofia: User, cleo: Client, session: Session, signed: Note, browser_of: SignIn
) -> None:
    before = [text_of(person, cleo, browser_of) for person in (ana, sofia)]
    with clock.at(clock.now()):
        write_note(ana, cleo, kind="psychotherapy", session=session, signed=True, text=PRIVATE)
        after = [text_of(person, cleo, browser_of) for person in (ana, sofia)]
    assert [text.rpartition("Made by")[0] for text in after] == [text.rpartition("Made by")[0] for text in before]


def test_what_is_not_signed_is_left_out_and_said_to_be(ana: User, sofia: User, cleo: Client, draft: Note, browser_of: SignIn) -> None:
    for person in (ana, sofia):
        text = squeezed(text_of(person, cleo, browser_of))
        assert squeezed(SECRET) not in text
        assert squeezed("Drafts that are not signed yet") in text
        assert squeezed("No signed note of these kinds in these days.") in text
        assert told(person) == [("clients.client", cleo.pk)]


def test_only_the_kinds_and_days_that_were_chosen(ana: User, cleo: Client, session: Session, signed: Note, browser_of: SignIn) -> None:
    old = clock.now() - datetime.timedelta(days=20)
    with clock.at(old):
        write_note(ana, cleo, kind="crisis", signed=True, text="The call about the copper lantern.")
    day = str(timezone.localdate(old))
    assert "lantern" not in text_of(ana, cleo, browser_of, kinds=["progress"])
    only = text_of(ana, cleo, browser_of, since=day, until=day)
    assert "lantern" in only
    assert squeezed(SECRET) not in squeezed(only)
    assert squeezed("No session in these days.") in squeezed(only)
    after = str(timezone.localdate(old) + datetime.timedelta(days=1))
    assert "lantern" not in text_of(ana, cleo, browser_of, since=after)
    bare = text_of(ana, cleo, browser_of, kinds=[])
    assert "Sessions" in bare
    assert "Notes" not in bare
    without = text_of(ana, cleo, browser_of, sessions="")
    assert "Sessions" not in without
    assert without.index("lantern") < without.index("sentence")  # the oldest first


def test_attack_02_and_53_no_other_clients_word_is_in_it(
    ana: User, cleo: Client, mia: Client, signed: Note, intake: Intake, browser_of: SignIn
) -> None:
    with acting(ana):
        family = clients.take_in(by=ana, counselor=ana, kind="family", given_name="The", family_name="Marchettis")
        clients.join_unit(family, cleo, by=ana)
        clients.join_unit(family, mia, by=ana)
        intake(family, ana)
        start = clock.now() - datetime.timedelta(days=2)
        together = actions.plan_session(
            family, by=ana, starts_at=start, ends_at=start + datetime.timedelta(hours=1), modality="video", participants=[cleo, mia]
        )
    write_note(ana, family, session=together, signed=True, text="What the family said of the ferry.")
    write_note(ana, mia, signed=True, text="What Mia said of the trampoline.")
    own, whole = text_of(ana, cleo, browser_of), text_of(ana, family, browser_of)
    assert squeezed(SECRET) in squeezed(own)
    assert not any(word in own for word in ("ferry", "trampoline", "Mia", "Aldana", "Marchettis"))
    assert squeezed("Video, family session") in squeezed(own)
    assert "ferry" in whole
    assert not any(word in whole for word in ("trampoline", "Mia", "Aldana", "Cleo", "sentence"))


def test_bad_choices_are_answered_beside_the_field_and_kept(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    wrong = [
        {"since": "", "until": ""}, {"since": "yesterday"}, {"since": "0001-01-01"}, {"until": "9999-12-31"}, {"kinds": [], "sessions": ""},
        {"since": "2026-05-02", "until": "2026-05-01"}, {"kinds": ["nonsense"]}, {"since": "2026-02-30"}, {"since": "\0"},
    ]  # fmt: skip
    for name in ("chart_pdf", "chart_print"):
        for given in wrong:
            answer = browser.post(page(name, cleo.pk), choice(**given))
            assert answer.status_code == 422, given
            assert 'role="alert"' in words(answer)
            assert SECRET not in words(answer)
    answer = browser.post(page("chart_pdf", cleo.pk), choice(since="2026-05-02", until="2026-05-01", kinds=["crisis"]))
    assert 'value="2026-05-02"' in words(answer)
    assert checked(answer) == ["sessions", "crisis"]
    assert {ident for _, ident in told(ana)} == {cleo.pk}


def test_too_long_a_paper_is_refused_with_what_to_do(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    for limit in ("MOST_NOTES", "MOST_LETTERS"):
        with patch(f"records.views.print.{limit}", 0):
            answer = browser_of(ana).post(page("chart_pdf", cleo.pk), choice())
            assert answer.status_code == 422
            assert "Choose fewer days" in words(answer)
    assert told(ana) == [("clients.client", cleo.pk)] * 2  # no note left


def test_what_cannot_be_set_leaves_no_line_of_a_note(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    with patch("practice.pdf.SECONDS", 0):
        answer = browser_of(ana).post(page("chart_pdf", cleo.pk), choice())
    assert answer.status_code == 422
    assert "Print it instead" in words(answer)
    assert told(ana) == [("clients.client", cleo.pk)]


def test_nothing_is_chosen_by_an_address(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    for name in ("chart_pdf", "chart_print"):
        assert browser_of(ana).get(page(name, cleo.pk), choice()).status_code == 405
    assert lines(ana, Act.EXPORT, "chart_pdf") == 0


def test_it_asks_the_database_as_much_for_one_note_as_for_many(ana: User, cleo: Client, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    counts = []
    for more in (0, 6):
        for _ in range(more):
            with acting(ana):
                actions.add_addendum(write_note(ana, cleo, signed=True), "More.", by=ana)
        browser.post(page("chart_pdf", cleo.pk), choice())
        with questions() as asked:
            browser.post(page("chart_pdf", cleo.pk), choice())
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 11, asked
