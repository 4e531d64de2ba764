"""What the practice may claim: asked of the running system, never typed; a safeguard that is switched off is shown Off (SE-1 to SE-20)."""

from __future__ import annotations

import datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings as configured
from django.db import connection

from audit import clock
from practice.models import Practice, User
from review import access, actions, claims
from review.claims import Claim, paper
from review.schedule import kinds
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

pytestmark = pytest.mark.django_db


def told(by: User) -> dict[str, claims.Answer]:
    with acting(by):
        return {claim.key: answer for claim, answer in claims.every(by)}


def test_se_1_to_20_each_has_an_entry_with_what_was_asked_and_answered(ada: User) -> None:
    with acting(ada):
        rows = list(claims.every(ada))
    assert {claim.rule for claim, _ in rows} == {f"SE-{number}" for number in range(1, 21)} | {"RET-26"}
    assert all(claim.asked and answer.said for claim, answer in rows)
    assert not [claim.key for claim, answer in rows if answer.said == "It could not be asked."]
    states = {claim.key: answer.state for claim, answer in rows}
    for key in ("accounts", "sealed", "trail", "signed", "logoff", "passwords", "rows", "leavers", "emergency", "kept"):
        assert states[key] == "Active", key
    assert states["risks"] == states["apart"] == states["backups"] == "Off"


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("factor", "DEMO", True),
        ("pages", "SECURE", False),
        ("mail", "EMAIL_HOST", ""),
        ("logoff", "SESSION_ENGINE", "django.contrib.sessions.backends.db"),
        ("passwords", "AUTH_PASSWORD_VALIDATORS", []),
    ],
)
def test_se_3_and_7_to_9_what_the_settings_switch_off_is_shown_off(ada: User, settings: Any, key: str, name: str, value: Any) -> None:
    settings.DEMO, settings.SECURE, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE = False, True, True, True
    settings.SECURE_HSTS_SECONDS, settings.EMAIL_HOST, settings.EMAIL_USE_SSL = 9, "mail.example", True
    assert told(ada)[key].state == "Active"
    setattr(settings, name, value)
    assert told(ada)[key].state == "Off"


def test_se_13_a_habit_is_active_while_its_review_was_done_and_the_next_is_not_overdue(ada: User, ben: User) -> None:
    with acting(ada):
        actions.plan_reviews()
        for key in kinds()["REV-4"].evidence:
            actions.record_evidence("REV-4", key, "Looked at.", by=ada)
        task = actions.complete_review(_open("REV-4", ada), "", by=ada)
    assert told(ada)["risks"].state == "Active"
    with clock.at(clock.now() + datetime.timedelta(days=500)):
        late = told(ada)["risks"]
    assert (late.state, "overdue" in late.said) == ("Off", True)
    assert task.kind == "REV-4"


def _open(kind: str, by: User) -> Any:
    return access.reviews(by).get(kind=kind, completed_at=None)


def test_what_cannot_be_asked_is_off_and_the_rest_is_asked_all_the_same(ada: User) -> None:
    def broken(user: Any) -> claims.Answer:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing")
        raise AssertionError

    with patch.dict(claims._claims, {"sealed": Claim("sealed", "SE-4", "Seals", "Asked", broken)}):
        found = told(ada)
    assert (found["sealed"].state, found["rows"].state) == ("Off", "Active")


def test_the_page_and_the_paper_tell_no_secret_of_the_machine(ada: User, ben: User, ask: Ask) -> None:
    body = text_of(ask(ada, "claim_list"))
    assert "What we may claim" in body
    with acting(ada):
        said = str(paper.claims_paper(ada, Practice.objects.get()))
    secrets = [
        connection.settings_dict["HOST"],
        connection.settings_dict["NAME"],
        configured.SECRET_KEY,
        *configured.MASTER_KEYS,
        "subrosa_web",
    ]
    assert [word for word in secrets if word and (word in body or word in said)] == []
    answer = ask(ada, "claim_pdf")
    assert answer.content.startswith(b"%PDF")
    assert ask(ben, "claim_pdf").status_code == 404
