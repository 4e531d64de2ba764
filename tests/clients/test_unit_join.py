"""Members of a couple or family."""

from __future__ import annotations

import uuid

import pytest

from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(ana: User, ask: Ask) -> Client:
    assert ask(ana, "client_new", {"kind": "family", "given_name": "The", "family_name": "Aldanas"}).status_code == 302
    with acting(ana):
        return Client.objects.get(kind="family")


def members(user: User, unit: Client) -> set[uuid.UUID]:
    with acting(user):
        return set(unit.memberships.values_list("person", flat=True))


def test_a_person_one_may_see_is_found_and_added(ana: User, family: Client, mia: Client, ask: Ask, lines: Lines) -> None:
    found = ask(ana, "unit_join", {"words": "mia"}, pk=family.pk)
    assert str(mia.pk) in text_of(found)
    assert ask(ana, "unit_join", {"person": str(mia.pk)}, pk=family.pk).status_code == 302
    assert members(ana, family) == {mia.pk}
    assert lines(part="join_unit", client_id=family.pk)
    assert "Mia Aldana" not in text_of(ask(ana, "unit_join", {"words": "mia"}, pk=family.pk))


def test_being_a_member_opens_nobodys_record(ana: User, ben: User, couple: Client, bens_client: Client, ask: Ask) -> None:
    assert ask(ana, "client_detail", pk=bens_client.pk).status_code == 404
    assert ask(ben, "client_detail", pk=couple.pk).status_code == 404


def test_attack_30_a_strangers_client_is_neither_found_nor_joined(ana: User, family: Client, bens_client: Client, ask: Ask) -> None:
    assert "Ferreira" not in text_of(ask(ana, "unit_join", {"words": "ferreira"}, pk=family.pk))
    for person in (str(bens_client.pk), str(uuid.uuid4()), "x", "\x00", ""):
        assert ask(ana, "unit_join", {"person": person}, pk=family.pk).status_code == 422
    assert members(ana, family) == set()


def test_a_unit_does_not_join_and_a_person_is_joined_by_nobody(
    ana: User, family: Client, couple: Client, cleo: Client, mia: Client, ask: Ask
) -> None:
    for unit, person in ((family, couple), (family, family), (cleo, mia)):
        response = ask(ana, "unit_join", {"person": str(person.pk)}, pk=unit.pk)
        assert response.status_code == 422
        assert "A rule says no" in text_of(response)
        assert members(ana, unit) == set()


@pytest.mark.parametrize("words", ["a\x00", "x" * 101])
def test_bad_words_are_answered_beside_the_field(words: str, ana: User, family: Client, ask: Ask) -> None:
    assert ask(ana, "unit_join", {"words": words}, pk=family.pk).status_code == 422
