"""The test database: migrated by the owner, used as the web role, so that every test stands behind both locks."""

from __future__ import annotations

import datetime
import gc
import hashlib
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connections

from audit import asking, clock
from consent import papers
from practice import profile
from practice.passwords import Argon2

TEMPLATE = "subrosa_template"
OFTEN, SELDOM = 2, 200  # uses of a kept statement that are compared: the first two, then each two-hundredth
ROOT = Path(__file__).resolve().parent.parent
pytest_plugins = ["tests.kept", "tests.cast", "tests.committed"]


def pytest_configure(config: pytest.Config) -> None:
    os.environ["SUBROSA_TESTING"] = "1"
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        threading.Thread(target=make_template).start()  # while the workers look for the tests
    gc.set_threshold(200_000, 20, 100)  # a run holds millions of objects that stay, and going through them is a tenth of its time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest by the file goes first, so that no worker is left alone with it at the end (make test keeps this order)."""
    first = ("tests/journeys/", "tests/matrix/")
    items.sort(key=lambda item: not item.nodeid.startswith(first))


def on_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _owner_says(statement: str) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL_OWNER"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def make_database(name: str) -> None:
    """A fresh, migrated database ``name`` owned by the owner role."""
    _owner_says(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _owner_says(f'CREATE DATABASE "{name}"')
    env = {**os.environ, "SUBROSA_AS": "owner", "DATABASE_URL_OWNER": on_database(os.environ["DATABASE_URL_OWNER"], name)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], cwd=ROOT, env=env, check=True)


def shape() -> str:
    """What TEMPLATE was made of: every migration, what they share, the libraries that bring some, and the month, whose parts it has."""
    files = [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "audit" / "lock.py", ROOT / "requirements.txt"]
    said = hashlib.sha256(f"{clock.now():%Y-%m}".encode())
    for file in files:
        said.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return said.hexdigest()


def make_template() -> None:
    """TEMPLATE: the migrated, empty database that all others are copies of. Whoever comes first makes it; a later run takes it as it is,
    unless a migration changed."""
    made_of = shape()
    connection = psycopg2.connect(os.environ["DATABASE_URL_OWNER"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1)")  # until the connection closes
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [TEMPLATE])
        if cursor.fetchone() != (made_of,):
            make_database(TEMPLATE)
            cursor.execute(f"COMMENT ON DATABASE {TEMPLATE} IS %s", [made_of])
    connection.close()


def clone_database(name: str) -> None:
    """A copy of TEMPLATE, to which nobody is ever connected, as ``name``."""
    _owner_says(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _owner_says(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')


@pytest.fixture(scope="session", autouse=True)
def quick_argon2() -> Iterator[None]:
    """Real Argon2id with little work, in this process only: hundreds of tests sign in. The journeys' server pays in full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2, "memory_cost", 64)
        patch.setattr(Argon2, "time_cost", 1)
        patch.setattr(Argon2, "parallelism", 1)
        yield


@pytest.fixture(autouse=True)
def profile_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test reads the practice's profile itself, once: it is not the former test's, and no minute that passes asks for it anew."""
    monkeypatch.setattr(profile, "_read", (0.0, None))
    monkeypatch.setattr(profile, "_AGE", float("inf"))


@pytest.fixture(autouse=True)
def no_plan_is_asked_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that move the clock by months take clients in. Whom RET-26 keeps from that is tried in tests/executor."""
    if "/executor/" not in str(request.path):
        monkeypatch.setattr("executor.law.WARN", datetime.timedelta(days=36_500))


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    """What tests before typed at the sign-in counts for nobody: so many a minute come from one address that it would be refused."""
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def quick_papers() -> Iterator[None]:
    """Signing makes no real PDF in this process: hundreds of tests sign, and each would set and certify one. Journeys and
    tests/consent/test_papers.py make them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "_made", lambda data: b"%PDF-1.7 quick")
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compared() -> Iterator[None]:
    """Each kept statement of a rule is compared with the rule put together on the spot: its first uses, and now and then later.

    Every single use would be a third of what the matrix takes.
    """
    kept, uses = asking.kept, Counter[Any]()

    def compared(rule: Any, user: Any, keys: Any, lock: bool) -> Any:
        statement = kept(rule, user, keys, lock)
        uses[statement] += 1
        if statement is None or (uses[statement] > OFTEN and uses[statement] % SELDOM):
            return statement
        with clock.at(clock.now()):
            try:
                fresh = asking.put(rule, user, keys, lock).query.get_compiler(using="default").as_sql()
            except EmptyResultSet:
                fresh = None
            assert (statement.filled(asking.given(user, keys)) if statement.compiler else None) == fresh, rule
        return statement

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "kept", compared)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, worker_id: str) -> Iterator[None]:
    name = f"subrosa_test_{worker_id}"
    make_template()
    clone_database(name)
    connections["default"].settings_dict["NAME"] = name
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        yield
        connections["default"].close()
