"""The pages: what was typed stays, refusals stand beside it with their rule, and the paper names no client."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from pypdf import PdfReader

from audit.models import Act, Event
from clients.models import Client
from executor import access
from executor.models import Activation, Case, Plan
from practice.models import User
from tests.cast import SECRET, acting
from tests.clients.conftest import Ask, text_of

from .made import TEXTS, asked, said, signed

LONG = "x" * 5000


@pytest.fixture(autouse=True)
def just_signed_in() -> Iterator[None]:
    """Signing, asking and opening want fresh proof (tests/matrix/fresh.py): whoever is here just signed in."""
    with patch("practice.factors.is_fresh", return_value=True):
        yield


def case(ben: User) -> Case:
    with acting(ben):
        return access.open_cases(ben).get()


def fields(custodian: User, deputy: User, **more: Any) -> dict[str, Any]:
    return said(custodian, deputy) | {"custodian": str(custodian.pk), "deputy": str(deputy.pk)} | more


def test_plan_edit_keeps_a_draft_with_gaps_and_says_beside_the_field_what_is_too_long(ana: User, ben: User, sofia: User, ask: Ask) -> None:
    page = ask(ana, "plan_edit", fields(ben, sofia, to_board="", places=LONG))
    assert page.status_code == 422
    assert "Ensure this value has at most 4000 characters" in text_of(page)
    assert LONG in text_of(page)
    assert ask(ana, "plan_edit", fields(ben, sofia, to_board="")).status_code == 302
    assert TEXTS["backups"] in text_of(ask(ana, "plan_edit"))


def test_plan_edit_refuses_one_person_twice_and_oneself(ana: User, ben: User, ask: Ask) -> None:
    assert "Custodian and deputy are two people" in text_of(ask(ana, "plan_edit", fields(ben, ben)))
    assert ask(ana, "plan_edit", fields(ana, ben)).status_code == 422  # not among those offered


def test_plan_sign_says_what_is_missing(ana: User, ben: User, sofia: User, ask: Ask) -> None:
    ask(ana, "plan_edit", fields(ben, sofia, to_board=""))
    with acting(ana):
        plan = Plan.objects.get(person=ana.pk)
    page = ask(ana, "plan_sign", {}, pk=plan.pk)
    assert page.status_code == 422
    assert "the words to the licensing board" in text_of(page)
    assert "RET-26" in text_of(page)


def test_plan_accept_asks_that_it_was_read(ana: User, ben: User, sofia: User, ask: Ask) -> None:
    plan = signed(ana, ben, sofia)
    assert ask(ben, "plan_accept", {"part": "custodian"}, pk=plan.pk).status_code == 422
    assert ask(ben, "plan_accept", {"part": "deputy", "sure": "on"}, pk=plan.pk).status_code == 422
    assert ask(ben, "plan_accept", {"part": "custodian", "sure": "on"}, pk=plan.pk).status_code == 302
    assert ask(sofia, "plan_accept", {"part": "deputy", "sure": "on"}, pk=plan.pk).status_code == 302
    assert "In force" in text_of(ask(ben, "executor_home"))


def test_plan_pdf_holds_the_plan_and_no_client(plan: Plan, ben: User, cleo: Client, ask: Ask) -> None:
    answer = ask(ben, "plan_pdf", pk=plan.pk)
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "coral anvil" in text
    assert "Ben Okafor" in text
    assert not [name for name in ("Cleo", "Marchetti", cleo.code) if name in text]
    assert "Ben" not in str(reader.metadata)
    with acting(ben):
        assert Event.objects.filter(act=Act.EXPORT, part="plan_pdf", what_id=plan.pk).count() == 1


def test_activation_new_keeps_what_was_typed(plan: Plan, ben: User, ask: Ask) -> None:
    page = ask(ben, "activation_new", {"ground": "missing", "evidence": "Gone.", "part": "custodian"}, pk=plan.pk)
    assert page.status_code == 422
    assert "How it is known is missing" in text_of(page)
    assert "Gone.</textarea>" in text_of(page)


def test_home_shows_the_alarm_to_whom_it_is_about_and_the_decision_to_the_second_person(
    plan: Plan, ana: User, ben: User, ada: User, sofia: User, dee: User, ask: Ask
) -> None:
    asked(plan, ben)
    assert "Somebody says that you cannot go on" in text_of(ask(ana, "home"))
    for who in (ada, sofia):
        assert "A colleague cannot go on: your decision" in text_of(ask(who, "home"))
    for who in (ben, dee):
        assert "cannot go on" not in text_of(ask(who, "home"))


def test_the_list_and_its_lines_are_on_the_trail_of_each_client_and_say_nothing_of_what_was_said(
    open_: Activation, ben: User, ada: User, cleo: Client, signed_: None, ask: Ask
) -> None:
    page = text_of(ask(ben, "case_list", pk=open_.pk))
    assert "Cleo Marchetti" in page
    assert SECRET not in page
    assert "Marchetti" not in page[: page.index("</title>")]
    with acting(ada):
        assert Event.objects.filter(part="case_list", client_id=cleo.pk, actor_id=ben.pk).exists()


@pytest.fixture
def signed_(signed: object) -> None:
    """Cleo has a signed note."""


def test_case_edit_keeps_what_was_typed_and_takes_nothing_that_is_not_offered(open_: Activation, ben: User, cleo: Client, ask: Ask) -> None:
    page = ask(ben, "case_edit", {"told": "carrier pigeon", "words": "She wept."}, pk=case(ben).pk)
    assert page.status_code == 422
    assert "She wept." in text_of(page)
    assert ask(ben, "case_edit", {"told": "called", "words": "She wept."}, pk=case(ben).pk).status_code == 302
    assert "By phone" in text_of(ask(ben, "case_list", pk=open_.pk))


def test_attack_91_what_is_written_of_a_client_is_sealed_and_comes_back(open_: Activation, ben: User, ask: Ask) -> None:
    words = "She wept behind the mauve pump. \u202e\U0001f339"
    assert ask(ben, "case_edit", {"told": "called", "words": words}, pk=case(ben).pk).status_code == 302
    with acting(ben):
        assert access.open_cases(ben).get().words == words
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM executor_case WHERE id = %s", [access.open_cases(ben).get().pk])
            kept = bytes(cursor.fetchone()[0])
    assert kept
    assert b"mauve" not in kept


def test_case_open_opens_the_record_by_the_normal_door(open_: Activation, ben: User, cleo: Client, ask: Ask) -> None:
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 404
    assert ask(ben, "case_open", {"reason": "Because"}, pk=case(ben).pk).status_code == 422
    assert ask(ben, "case_open", {"reason": "The date of the hearing"}, pk=case(ben).pk).status_code == 302
    assert ask(ben, "client_detail", pk=cleo.pk).status_code == 200
    assert ask(ben, "client_team", pk=cleo.pk).status_code == 200


def test_attack_16_after_it_ended_an_open_page_of_the_list_answers_as_what_is_not_there(
    open_: Activation, ana: User, ben: User, cleo: Client, ask: Ask
) -> None:
    pk = case(ben).pk
    assert ask(ben, "case_edit", pk=pk).status_code == 200
    assert ask(ana, "activation_end", {"why": ""}, pk=open_.pk).status_code == 302
    for data in (None, {"told": "called"}):
        assert ask(ben, "case_edit", data, pk=pk).status_code == 404
    assert ask(ben, "case_list", pk=open_.pk).status_code == 404
    assert "Ended" in text_of(ask(ben, "activation_detail", pk=open_.pk))
