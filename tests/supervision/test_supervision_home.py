"""The pages of supervision, as those who may see them; and sessions of whoever must be supervised and is not (SU-1)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from clients.models import Client
from consent.requirements import Meeting as Held
from consent.requirements import gaps
from practice.models import User
from practice.roles import Role
from practice.supervised import must_be
from supervision.models import Agreement, Meeting
from tests.cast import acting, person, write_note
from tests.clients.conftest import Ask, Lines, text_of
from tests.kept import kept

from .agreed import CONCERN, TOPICS, agreed, met, signed_by


@pytest.fixture
@kept
def kim(db: None) -> User:
    """Another supervisor."""
    return person("Kim Ito", Role.COUNSELOR, Role.SUPERVISOR, credentials="LPC-S")


def lacks(ana: User, cleo: Client, days: int) -> list[str]:
    """By which rules a session of Ana with Cleo in some days is refused."""
    with clock.at(clock.now() + datetime.timedelta(days=days)), acting(ana):
        return [gap.rule for gap in gaps(Held(cleo, ana, "in_person", clock.now()))]


def test_su_1_without_a_new_agreement_sessions_are_refused_and_then_until_the_client_is_told(
    ana: User, sofia: User, kim: User, cleo: Client
) -> None:
    today = clock.today()
    assert lacks(ana, cleo, 0) == []
    agreed(sofia, ana, until=today + datetime.timedelta(days=3))
    assert lacks(ana, cleo, 3) == []
    assert lacks(ana, cleo, 5) == ["SU-1"]
    with clock.at(clock.now() + datetime.timedelta(days=6)):
        agreed(kim, ana, since=today)
    assert lacks(ana, cleo, 7) == ["IC-11"]  # another supervisor stands, of whom no consent tells


def test_su_1_who_needs_no_supervision_holds_sessions_without(ben: User, bens_client: Client) -> None:
    with acting(ben):
        assert gaps(Held(bens_client, ben, "in_person", clock.now())) == []


@pytest.mark.parametrize("title", ["LPC-A", "LMFT-A", "MA, LPC-IT", "AMFT", "Registered Associate", "Counseling Intern", "asw"])
def test_su_1_titles_of_those_who_must_be_supervised(title: str) -> None:
    assert must_be(title)


@pytest.mark.parametrize("title", ["", "LPC", "LMFT", "LPC-S", "LCSW-C", "LCSW-R", "PhD, LPCC-S", "NCC"])
def test_su_1_titles_of_those_who_need_none(title: str) -> None:
    assert not must_be(title)


def form(**other: Any) -> dict[str, Any]:
    today = clock.today()
    days = {"since": str(today), "until": str(today + datetime.timedelta(days=300))}
    licence = {"licence_number": "7", "licence_state": "OR", "licence_from": "2015-01-01", "licence_until": "2035-01-01"}
    return {"board": "or_lpct", "formats": ["group"], "cover": "Ben", "fees": "None"} | days | licence | other


def test_an_agreement_is_prepared_and_what_is_wrong_stands_beside_its_field(ana: User, sofia: User, ben: User, ada: User, ask: Ask) -> None:
    pair = {"supervisor": str(sofia.pk), "supervisee": str(ana.pk)}
    response = ask(ana, "agreement_new", form(until="2001-01-01", cover="", fees="Two silver spoons") | pair)
    assert response.status_code == 422
    assert "This day is before the first." in text_of(response)
    assert "Two silver spoons" in text_of(response)
    assert ask(ben, "agreement_new", form() | pair).status_code == 422
    assert ask(ada, "agreement_new", form(supervisor="x\x00", formats="nothing")).status_code == 422
    assert ask(ana, "agreement_new", form() | pair).status_code == 302
    with acting(ana):
        row = Agreement.objects.get()
    for user, status in ((ana, 200), (sofia, 200), (ada, 200), (ben, 404)):
        assert ask(user, "agreement_detail", pk=row.pk).status_code == status


def test_the_pages_of_a_meeting_keep_what_is_typed_and_show_it_to_the_two(
    ana: User, sofia: User, ada: User, dee: User, cleo: Client, ask: Ask, lines: Lines
) -> None:
    row = agreed(sofia, ana)
    write_note(ana, cleo)
    today = clock.today()
    said = {"ident": "3f0f8f0e-26a1-4f77-bb5e-3a6e5c1f6a11", "people": [str(row.pk)], "date": str(today - datetime.timedelta(days=1))}
    said |= {"start": "09:00", "stop": "10:00", "kind": "individual", "medium": "video"}
    assert ask(sofia, "meeting_new", said | {"stop": "08:00"}).status_code == 422
    assert ask(sofia, "meeting_new", said | {"kind": "group"}).status_code == 422
    for _ in range(2):
        assert ask(sofia, "meeting_new", said).status_code == 302
    with acting(sofia):
        meeting = Meeting.objects.get()
        part = meeting.parts.get()
    words = said | {"version": str(meeting.version), "topics": TOPICS, f"concerns_{part.pk}": CONCERN, f"cases_{part.pk}": [cleo.code]}
    saved = ask(sofia, "meeting_save", words, pk=meeting.pk)
    assert saved.status_code == 200
    assert ask(sofia, "meeting_save", words | {"topics": "Other words"}, pk=meeting.pk).status_code == 409
    stale = ask(sofia, "meeting_edit", words | {"topics": "Other words"}, pk=meeting.pk)
    assert stale.status_code == 422
    assert "Other words" in text_of(stale)
    assert TOPICS in text_of(stale)
    assert ask(ana, "meeting_detail", pk=meeting.pk).status_code == 404
    signed_by(meeting, sofia)
    page = text_of(ask(ana, "meeting_detail", pk=meeting.pk))
    assert CONCERN in page
    assert cleo.code in page
    assert not lines(client_id=cleo.pk, part="meeting_detail")  # it stands in no client's record
    for user in (ada, dee):
        assert ask(user, "meeting_detail", pk=meeting.pk).status_code == 404


def test_home_of_supervision_counts_and_shows_an_admin_no_word(ana: User, sofia: User, ada: User, cleo: Client, ask: Ask) -> None:
    row = agreed(sofia, ana)
    met(row)
    write_note(ana, cleo)
    page = text_of(ask(sofia, "supervision_home"))
    assert "1 unsigned note," in page
    assert "A meeting is due" in page
    for route in ("supervision_home", "agreement_detail", "agreement_hours"):
        found = text_of(ask(ada, route, **({} if route == "supervision_home" else {"pk": row.pk})))
        assert TOPICS not in found
        assert CONCERN not in found
    assert "1 meeting signed by both, 60 minutes" in text_of(ask(ada, "agreement_detail", pk=row.pk))
    hours = text_of(ask(ana, "agreement_hours", pk=row.pk))
    assert "<svg" in hours
    assert "The same as a table" in hours
    assert ask(ana, "agreement_hours", query="?begins=x&ends=%00", pk=row.pk).status_code == 200
