"""A parent, guardian or caseworker, with their authority and its dates."""

from __future__ import annotations

import pytest
from django.utils import timezone

from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

GUS = {"relation": "guardian", "name": "Gus Aldana", "authority": "Order of 12 March"}


def test_rg_12_authority_has_a_beginning_and_may_have_an_end(ana: User, dee: User, mia: Client, ask: Ask, lines: Lines) -> None:
    assert ask(ana, "representative_new", GUS, pk=mia.pk).status_code == 302
    assert (
        ask(dee, "representative_new", GUS | {"since": "2026-01-01", "until": "2026-12-24", "phone": "555 0101"}, pk=mia.pk).status_code
        == 302
    )
    with acting(ana):
        open_ended, dated = mia.representatives.order_by("-since")
        assert (open_ended.name, open_ended.until) == ("Gus Aldana", None)
    assert timezone.localtime(dated.since).isoformat()[:16] == "2026-01-01T00:00"
    assert timezone.localtime(dated.until).isoformat()[:10] == "2026-12-24"
    assert len(lines(part="add_representative", client_id=mia.pk)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"relation": "friend"},
        {"name": ""},
        {"authority": ""},
        {"until": "2001-01-01"},
        {"since": "2026-05-01", "until": "2026-05-01"},
        {"since": "soon"},
        {"name": "\x00"},
        {"authority": "x" * 301},
    ],
)
def test_bad_input_adds_nobody_and_keeps_what_was_typed(wrong: dict[str, str], ana: User, mia: Client, ask: Ask) -> None:
    response = ask(ana, "representative_new", GUS | {"phone": "typed 0102"} | wrong, pk=mia.pk)
    assert response.status_code == 422
    assert "typed 0102" in text_of(response)
    with acting(ana):
        assert not mia.representatives.exists()
