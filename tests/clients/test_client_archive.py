"""The archive: out of the way, not out of reach."""

from __future__ import annotations

import pytest

from clients import actions
from clients.models import Client
from practice.models import User
from tests.cast import acting

from .conftest import Ask, Lines, text_of
from .test_client_status import REASON, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def discharged(ana: User, cleo: Client) -> Client:
    with acting(ana):
        actions.change_status(cleo, "discharged", by=ana, reason="Goals reached")
    return cleo


def test_only_a_discharged_client_is_archived(ana: User, cleo: Client, ask: Ask) -> None:
    assert "Only a discharged client is archived." in text_of(ask(ana, "client_archive", pk=cleo.pk))
    answer = ask(ana, "client_archive", {"reason": REASON}, pk=cleo.pk)
    assert answer.status_code == 422
    assert "cannot become archived" in text_of(answer)
    assert REASON in text_of(answer)
    assert standing(cleo, ana) == "intake"


@pytest.mark.parametrize("reason", ["", "a\x00b", "x" * 1001])
def test_a_reason_is_asked_for(reason: str, ana: User, discharged: Client, ask: Ask) -> None:
    assert ask(ana, "client_archive", {"reason": reason}, pk=discharged.pk).status_code == 422
    assert standing(discharged, ana) == "discharged"


def test_it_leaves_lists_and_search_and_is_found_when_asked_for(
    ana: User, sofia: User, dee: User, discharged: Client, portal_cleo: User, ask: Ask, lines: Lines
) -> None:
    assert "The portal stays open" in text_of(ask(ana, "client_archive", pk=discharged.pk))
    assert ask(ana, "client_archive", {"reason": REASON}, pk=discharged.pk).status_code == 302
    for user in (ana, sofia, dee):
        assert "Marchetti" not in text_of(ask(user, "client_list"))
        for name in ("client_list", "client_search"):
            assert "Marchetti" not in text_of(ask(user, name, {"words": "marchetti"})), user
            assert "Marchetti" in text_of(ask(user, name, {"words": "marchetti", "archived": "on"})), user
    for user in (ana, sofia):
        assert REASON in text_of(ask(user, "client_detail", pk=discharged.pk))
        assert ask(user, "session_list", pk=discharged.pk).status_code == 200
    assert ask(portal_cleo, "portal_record", pk=discharged.pk).status_code == 200
    assert lines(client_id=discharged.pk, part="status_archived", actor_id=ana.pk)


def test_attack_20_the_archive_shows_nobody_more_than_their_own(ben: User, ana: User, discharged: Client, ask: Ask) -> None:
    ask(ana, "client_archive", {"reason": REASON}, pk=discharged.pk)
    assert "Marchetti" not in text_of(ask(ben, "client_search", {"words": "marchetti", "archived": "on"}))


def test_nothing_new_is_planned_until_they_are_reopened(ana: User, discharged: Client, ask: Ask, lines: Lines) -> None:
    ask(ana, "client_archive", {"reason": REASON}, pk=discharged.pk)
    planned = {"date": "2026-01-05", "start": "10:00", "minutes": "50", "modality": "video", "outcome": "planned", "ident": str(ana.pk)}
    assert "Reopen the client first" in text_of(ask(ana, "session_new", planned, pk=discharged.pk))
    assert ask(ana, "client_reopen", {"status": "active"}, pk=discharged.pk).status_code == 422
    assert ask(ana, "client_reopen", {"status": "enquiry", "reason": REASON}, pk=discharged.pk).status_code == 422
    assert ask(ana, "client_reopen", {"status": "active", "reason": "She called us."}, pk=discharged.pk).status_code == 302
    page = text_of(ask(ana, "client_detail", pk=discharged.pk))
    assert [words in page for words in ("She called us.", "Goals reached", REASON)] == [True] * 3
    assert "Marchetti" in text_of(ask(ana, "client_list"))
    assert lines(client_id=discharged.pk, part="status_active", actor_id=ana.pk)
    assert ask(ana, "client_reopen", {"status": "active", "reason": "again"}, pk=discharged.pk).status_code == 422
    assert "was not discharged" in text_of(ask(ana, "client_reopen", pk=discharged.pk))
