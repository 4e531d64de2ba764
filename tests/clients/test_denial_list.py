"""All deny lists on one page, for admins: by code, with the reason only on request."""

from __future__ import annotations

import pytest

from audit.models import Act
from clients import actions
from clients.models import Client, Denial
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

REASON = "They share the orchard house."


@pytest.fixture
def denial(ana: User, ben: User, cleo: Client) -> Denial:
    with acting(ana):
        return actions.deny(cleo, ben, by=ana, reason=REASON)


def test_attack_11_admins_see_whom_by_code_and_no_name_and_no_reason(
    ada: User, ana: User, ben: User, cleo: Client, denial: Denial, ask: Ask, lines: Lines
) -> None:
    page = text_of(ask(ada, "denial_list"))
    assert [words in page for words in (cleo.code, "Ben Okafor", "Ana Reyes")] == [True] * 3
    assert "orchard" not in page
    assert "Marchetti" not in page
    assert lines(part="denial_list", actor_id=ada.pk, client_id=cleo.pk)
    for user in (ana, ben):
        assert ask(user, "denial_list").status_code == 404
        assert ask(user, "denial_detail", pk=denial.pk).status_code == 404


def test_the_reason_opens_on_request_with_its_line(ada: User, cleo: Client, denial: Denial, ask: Ask, lines: Lines) -> None:
    page = text_of(ask(ada, "denial_detail", pk=denial.pk))
    assert REASON in page
    assert "Marchetti" not in page
    assert lines(part="denial_detail", act=Act.READ, actor_id=ada.pk, client_id=cleo.pk)


def test_it_narrows_to_one_person_and_refuses_others(ada: User, dee: User, ana: User, cleo: Client, denial: Denial, ask: Ask) -> None:
    with acting(ana):
        actions.deny(cleo, dee, by=ana, reason="A neighbour.")
    table = text_of(ask(ada, "denial_list", {"person": str(dee.pk)})).split("<tbody>")[1]
    assert "Dee Park" in table
    assert "Ben Okafor" not in table
    for wrong in ("x", "\x00", str(ana.pk), "x" * 9000):
        assert ask(ada, "denial_list", {"person": wrong}).status_code == 422


def test_attack_11_an_admin_on_the_list_sees_nothing_of_it(ana: User, ada: User, nora: User, cleo: Client, ask: Ask) -> None:
    with acting(ana):
        own = actions.deny(cleo, ada, by=ana, reason=REASON)
    page = text_of(ask(ada, "denial_list"))
    assert cleo.code not in page
    assert "Nobody is denied anything" in page
    assert ask(ada, "denial_detail", pk=own.pk).status_code == 404
    assert cleo.code in text_of(ask(nora, "denial_list"))
