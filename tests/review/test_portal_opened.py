"""Who opened my record: for the client, with the reason each person could, and a way to ask."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from clients import actions as clients
from clients.models import Client
from practice import profile
from practice.models import Notice, Practice, User
from practice.refusals import Refused
from records.models import Note
from review import access, actions
from review.models import LineAnswer, LineQuestion
from review.telling import moment_of
from tests.cast import acting, person
from tests.clients.conftest import Ask, Lines, text_of
from vault.models import DataKey

pytestmark = pytest.mark.django_db

ASKED = "Why did the front desk open this, on the day of the lemon parade?"


def rows(body: str) -> list[str]:
    """The lines of the table, without markup."""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", body, re.S)[1:]]


def line_of(user: User, by: User, part: str) -> Any:
    """The newest line of ``by`` that ``user`` may read in the portal."""
    with acting(user):
        return access.portal_lines(user).filter(actor_id=by.pk, part=part)[0]


def asked(portal_cleo: User, cleo: Client, line: Any) -> LineQuestion:
    with acting(portal_cleo):
        return actions.ask_about_line(cleo, line, ASKED, by=portal_cleo)


def test_the_client_sees_who_when_which_part_and_why(
    portal_cleo: User, cleo: Client, ana: User, ben: User, dee: User, ada: User, ask: Ask
) -> None:
    ask(ana, "client_detail", pk=cleo.pk)
    ask(dee, "client_contacts", pk=cleo.pk)
    ask(ada, "client_team", pk=cleo.pk)
    ask(ben, "client_detail", pk=cleo.pk)
    found = rows(text_of(ask(portal_cleo, "portal_opened", pk=cleo.pk)))
    for who, part, why in (
        ("Ana Reyes, counselor", "overview", "On your care team"),
        ("Dee Park, front desk", "contacts", "The front desk"),
        ("Ada Novak", "care team", "Admins"),
        ("Ben Okafor", "overview", "were shown nothing"),
    ):
        assert any(who in row and part in row and why in row for row in found), who


def test_by_role_alone_where_the_practice_says_so(portal_cleo: User, cleo: Client, dee: User, ask: Ask) -> None:
    ask(dee, "client_contacts", pk=cleo.pk)
    Practice.objects.update(names_staff=False)
    profile.forget()
    try:
        body = text_of(ask(portal_cleo, "portal_opened", pk=cleo.pk))
    finally:
        profile.forget()
    assert "Front desk" in body
    assert "Dee Park" not in body
    assert "Ana Reyes" not in body


def test_own_visits_are_one_number_and_repeats_one_line(portal_cleo: User, cleo: Client, ana: User, ask: Ask) -> None:
    for _ in range(3):
        ask(portal_cleo, "portal_record", pk=cleo.pk)
        ask(ana, "client_contacts", pk=cleo.pk)
    body = text_of(ask(portal_cleo, "portal_opened", pk=cleo.pk))
    assert "Your own visits" in body
    contacts = [row for row in rows(body) if "contacts" in row]
    assert len(contacts) == 1
    assert "3 times" in contacts[0]


def test_what_is_an_authors_alone_is_not_there(portal_cleo: User, cleo: Client, ana: User, psychotherapy: Note, ask: Ask) -> None:
    ask(ana, "note_detail", pk=psychotherapy.pk)
    assert "psychotherapy" not in text_of(ask(portal_cleo, "portal_opened", pk=cleo.pk)).casefold()
    with acting(portal_cleo):
        assert not access.portal_lines(portal_cleo).filter(what_id=psychotherapy.pk).exists()


def test_attack_64_nobody_reads_anothers_and_no_representative_this(
    portal_cleo: User, gus: User, cleo: Client, mia: Client, ana: User, ask: Ask
) -> None:
    assert ask(portal_cleo, "portal_opened", pk=mia.pk).status_code == 404
    assert ask(gus, "portal_opened", pk=mia.pk).status_code == 404
    assert ask(ana, "portal_opened", pk=cleo.pk).status_code == 404
    with acting(portal_cleo):
        assert not access.portal_lines(portal_cleo).exclude(client_id=cleo.pk).exists()
    with acting(gus):
        assert not access.portal_lines(gus).exists()


@pytest.mark.parametrize("quiet", [True, False])
def test_an_emergency_is_told_with_its_lines_and_a_quiet_one_is_not(
    quiet: bool, portal_cleo: User, cleo: Client, ben: User, ask: Ask
) -> None:
    with acting(ben):
        clients.open_in_emergency(
            Practice.objects.get(), by=ben, sought=cleo.code, reason="Her sister cannot reach her since noon.", minutes=60,
            untold_reason="He reads over her shoulder." if quiet else "",
        )  # fmt: skip
    ask(ben, "client_detail", pk=cleo.pk)
    found = [row for row in rows(text_of(ask(portal_cleo, "portal_opened", pk=cleo.pk))) if "Ben Okafor" in row]
    assert bool(found) is not quiet
    assert all("In an emergency" in row for row in found)


# --- asking about a line ---


def test_a_question_reaches_the_admins_and_the_answer_the_client(
    portal_cleo: User, cleo: Client, dee: User, ada: User, ana: User, ask: Ask, lines: Lines
) -> None:
    ask(dee, "client_contacts", pk=cleo.pk)
    line = line_of(portal_cleo, dee, "client_contacts")
    where = {"client": cleo.pk, "moment": moment_of(line.at)}
    assert ask(portal_cleo, "line_ask", {"question": ""}, **where).status_code == 422
    assert ask(portal_cleo, "line_ask", {"question": ASKED}, **where).status_code == 302
    assert "Waits for an answer" in text_of(ask(ada, "home"))
    with acting(portal_cleo):
        row = LineQuestion.objects.get()
    body = text_of(ask(ada, "line_answer", pk=row.pk))
    assert "lemon parade" in body
    assert "Cleo" not in body
    assert ask(ana, "line_answer", pk=row.pk).status_code == 404
    assert ask(ada, "line_answer", {"answer": "She changed your phone number."}, pk=row.pk).status_code == 302
    assert "changed your phone number" in text_of(ask(portal_cleo, "portal_opened", pk=cleo.pk))
    with acting(ada):
        (notice,) = Notice.objects.filter(kind="asked")
        assert notice.to == "cleo@sub.test"
        assert "parade" not in notice.body
    assert not [found for found in lines() if "parade" in str(vars(found))]


def test_an_answer_is_final_and_a_question_is_asked_once(portal_cleo: User, cleo: Client, dee: User, ada: User, ask: Ask) -> None:
    ask(dee, "client_contacts", pk=cleo.pk)
    line = line_of(portal_cleo, dee, "client_contacts")
    row = asked(portal_cleo, cleo, line)
    assert asked(portal_cleo, cleo, line).pk == row.pk
    with acting(ada):
        row = LineQuestion.objects.get()
        actions.answer_about_line(row, "It was a mistake.", by=ada)
        with pytest.raises(Refused, match="final"):
            actions.answer_about_line(row, "No, it was not.", by=ada)
        with pytest.raises(DatabaseError), transaction.atomic():
            LineQuestion.objects.update(answered_at=clock.now() + datetime.timedelta(days=1))
        with pytest.raises(DatabaseError), transaction.atomic():
            LineAnswer.objects.update(answered_at=clock.now())


def test_nobody_answers_about_themself_while_another_admin_is_there(portal_cleo: User, cleo: Client, ada: User, ask: Ask) -> None:
    ask(ada, "client_team", pk=cleo.pk)
    row = asked(portal_cleo, cleo, line_of(portal_cleo, ada, "client_team"))
    assert "There is no other admin" in text_of(ask(ada, "line_answer", pk=row.pk))
    second = person("Nora Vance", *ada.roles)
    assert ask(ada, "line_answer", pk=row.pk).status_code == 404
    assert ask(second, "line_answer", pk=row.pk).status_code == 200


@pytest.mark.parametrize("moment", ["20260101T000000.000000", "now", "x" * 80, "20261399T000000.000000"])
def test_a_moment_without_a_line_is_nothing(moment: str, portal_cleo: User, cleo: Client, ask: Ask) -> None:
    assert ask(portal_cleo, "line_ask", client=cleo.pk, moment=moment).status_code == 404


def test_the_second_lock_keeps_questions_between_the_client_and_the_admins(
    portal_cleo: User, cleo: Client, dee: User, ana: User, gus: User, ask: Ask
) -> None:
    ask(dee, "client_contacts", pk=cleo.pk)
    asked(portal_cleo, cleo, line_of(portal_cleo, dee, "client_contacts"))
    for user in (ana, dee, gus):
        with acting(user):
            assert not LineQuestion.objects.exists()
            assert not DataKey.objects.filter(compartment="asked").exists()
