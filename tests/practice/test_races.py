"""Two at once: real commits, real connections. What is good for one use is used once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client as Browser
from django.test import RequestFactory

from audit import doors
from practice import throttle
from practice.actions import outbox
from practice.factors import factors_of, spend_code
from practice.models import Notice, SignedIn, User
from practice.models.people import address_token
from practice.roles import Role
from tests.cast import person
from tests.committed import own_database
from vault.keys import forget_practice_keys

from .conftest import code_of, give_app

WORKERS = 4


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[User]:
    """A database of one's own with Ana in it."""
    forget_practice_keys()
    with own_database(django_db_blocker, worker_id):
        yield person("Ana Reyes", Role.COUNSELOR)
    forget_practice_keys()


def at_once(work: Callable[[], Any], times: int = 8) -> list[Any]:
    """What ``work`` answers in ``times`` threads, each with a connection of its own."""

    def run(_: int) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(times)))


def test_attack_81_two_requests_with_one_code_let_one_in(house: User) -> None:
    code = code_of(give_app(house))
    factor = factors_of(house)[0]

    def spend() -> bool:
        with doors.system("test"):
            return spend_code(factor, house, code)

    assert sorted(at_once(spend)) == [False] * 7 + [True]


def test_attack_80_guesses_at_once_are_no_more_than_guesses_in_a_row(house: User) -> None:
    account = address_token("nobody@sub.test")

    def guess() -> bool:
        return throttle.guess(RequestFactory().get("/", REMOTE_ADDR="203.0.113.9"), account, "password") is not None

    assert sum(at_once(guess, 20)) <= 5


def test_two_workers_send_a_notice_once(house: User) -> None:
    with doors.system("test"):
        for _ in range(3):
            outbox.queue("account", "nora@sub.test", "A link", "Words")
    assert sum(at_once(outbox.send_due, 4)) == 3
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_a_reset_link_used_twice_at_once_works_once(house: User, settings: Any) -> None:
    ben = person("Ben Okafor", Role.COUNSELOR)
    Browser().post("/accounts/password/lost/", {"email": "ben@sub.test"})
    with doors.system("test"):
        body = Notice.objects.order_by("-due_at")[0].body
    link = next(word for word in body.split() if word.startswith("http")).removeprefix(settings.SITE_URL)
    new = {"password1": "seven kettles on a slow ferry", "password2": "seven kettles on a slow ferry"}
    answers = at_once(lambda: Browser().post(link, new).status_code, 4)
    assert sorted(answers) == [302, 404, 404, 404]
    assert User.objects.get(pk=ben.pk).check_password(new["password1"])


def test_an_ended_session_is_not_saved_back_to_life(house: User) -> None:
    browser = Browser()
    browser.force_login(person("Dee Park", Role.DESK), backend="practice.signin.SignIn")
    session = browser.session
    assert "_auth_user_id" in session  # loaded, as by a request under way
    SignedIn.objects.all().delete()
    session["late"] = "write"
    with pytest.raises(UpdateError):
        session.save()
    assert not SignedIn.objects.exists()
