"""The deny list beats every grant and every role."""

from __future__ import annotations

import pytest

from clients.models import Client, Denial
from practice.models import User
from tests.cast import acting
from vault.fields import Sealed
from vault.models import DataKey

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db


def body(user: User, client: Client, **more: str) -> dict[str, str]:
    return {"person": str(user.pk), "reason": "Her sister-in-law.", "confirm": client.code} | more


@pytest.mark.parametrize("keeper", ["ana", "ada"])
@pytest.mark.parametrize(
    ("whom", "pages"),
    [("dee", ("client_contacts", "client_edit")), ("sofia", ("client_detail", "client_contacts", "client_team", "client_access"))],
)
def test_attack_11_it_closes_every_page_list_and_search(
    keeper: str, whom: str, pages: tuple[str, ...], request: pytest.FixtureRequest, cleo: Client, ask: Ask, lines: Lines
) -> None:
    user, by = request.getfixturevalue(whom), request.getfixturevalue(keeper)
    assert {ask(user, name, pk=cleo.pk).status_code for name in pages} == {200}
    assert ask(by, "client_deny", body(user, cleo), pk=cleo.pk).status_code == 302
    assert {ask(user, name, pk=cleo.pk).status_code for name in pages} == {404}
    assert "Marchetti" not in text_of(ask(user, "client_list"))
    assert "Marchetti" not in text_of(ask(user, "client_search", {"words": "marchetti"}))
    (line,) = lines(part="deny", client_id=cleo.pk)
    assert (line.actor_id, line.what_id) == (by.pk, user.pk)


def test_attack_11_an_admin_can_be_denied_and_then_governs_it_no_more(ana: User, ada: User, nora: User, cleo: Client, ask: Ask) -> None:
    ask(ana, "client_deny", body(ada, cleo), pk=cleo.pk)
    for name in ("client_team", "client_access", "client_deny", "client_assign"):
        assert ask(ada, name, pk=cleo.pk).status_code == 404


def test_attack_20_the_desk_is_told_of_no_duplicate_that_is_denied_to_it(ana: User, dee: User, cleo: Client, ask: Ask) -> None:
    ask(ana, "client_deny", body(dee, cleo), pk=cleo.pk)
    taken = ask(dee, "client_new", {"kind": "adult", "given_name": "Cleopatra", "family_name": "Marchetti"})
    assert taken.status_code == 302


def test_the_reason_is_sealed_and_out_of_reach_for_the_person_on_the_list(ana: User, dee: User, ada: User, cleo: Client, ask: Ask) -> None:
    ask(ada, "client_deny", body(dee, cleo), pk=cleo.pk)
    for user in (ana, ada):
        assert "Her sister-in-law." in text_of(ask(user, "client_team", pk=cleo.pk))
    with acting(dee):
        row = Denial.objects.get()
        assert isinstance(row.__dict__["reason"], Sealed)
        assert not DataKey.objects.filter(owner=cleo.pk).exists()


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "x" * 501}, {"reason": "a\x00"}, {"confirm": "x"}, {"person": "x"}])
def test_bad_input_denies_nobody_and_keeps_what_was_typed(wrong: dict[str, str], ana: User, dee: User, cleo: Client, ask: Ask) -> None:
    response = ask(ana, "client_deny", body(dee, cleo) | wrong, pk=cleo.pk)
    assert response.status_code == 422
    if "reason" not in wrong:
        assert "Her sister-in-law." in text_of(response)
    assert ask(dee, "client_contacts", pk=cleo.pk).status_code == 200


def test_whoever_is_on_the_list_is_not_offered_again(ana: User, dee: User, cleo: Client, ask: Ask) -> None:
    ask(ana, "client_deny", body(dee, cleo), pk=cleo.pk)
    assert ask(ana, "client_deny", body(dee, cleo), pk=cleo.pk).status_code == 422
