"""The servers: who may enter, what their log says, and what happens when they are killed."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg2
import pytest

from ops import postgres
from ops.house import House
from ops.manager import Manager
from ops.postgres import FOR_TESTS, SETTINGS, await_postgres, connect, prepare_cluster
from ops.processes import is_alive, strays, sweep
from ops.redis import await_redis
from ops.refusal import Refusal
from ops.roles import OWNER, WEB, WORKER, settle_roles, url
from ops.servers import servers


def ask(house: House, role: str, question: str) -> list[tuple[object, ...]]:
    link = psycopg2.connect(url(house, role))
    try:
        with link.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall()
    finally:
        link.close()


def until(true: Callable[[], bool], patience: float = 15) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def process_of(manager: Manager, name: str) -> int:
    found = {each["name"]: each["pid"] for each in manager._ask("getAllProcessInfo")}
    return int(found[name])


@pytest.mark.parametrize("role", [OWNER, WEB, WORKER])
def test_no_role_may_look_past_the_rules(running: tuple[House, Manager], role: str) -> None:
    rights = "SELECT rolsuper, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert ask(running[0], role, rights) == [(False, False, False, False)]


@pytest.mark.parametrize("role", [WEB, WORKER])
def test_web_and_worker_may_look_in_but_not_build(running: tuple[House, Manager], role: str) -> None:
    asked = (
        "SELECT has_database_privilege('subrosa', 'CONNECT'), has_schema_privilege('public', 'USAGE'), "
        "has_database_privilege('subrosa', 'CREATE'), has_database_privilege('subrosa', 'TEMP'), "
        "has_schema_privilege('public', 'CREATE'), has_database_privilege('postgres', 'CONNECT')"
    )
    assert ask(running[0], role, asked) == [(True, True, False, False, False, False)]


def test_passwords_are_asked_for(running: tuple[House, Manager]) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(url(running[0], WEB).replace(":", ":wrong", 2).replace(":wrong//", "://"))


@pytest.mark.parametrize("name", sorted(SETTINGS.keys() - FOR_TESTS.keys() - {"shared_buffers"}))
def test_a_setting_is_in_force(running: tuple[House, Manager], name: str) -> None:
    assert ask(running[0], WEB, f"SELECT current_setting('{name}')") == [(SETTINGS[name],)]


def test_the_cluster_is_utf8_with_checksums(running: tuple[House, Manager]) -> None:
    asked = "SELECT pg_encoding_to_char(encoding), datlocprovider::text, current_setting('data_checksums') FROM pg_database"
    assert ask(running[0], WEB, f"{asked} WHERE datname = 'subrosa'") == [("UTF8", "b", "on")]


def test_the_log_does_not_quote_what_was_sent(running: tuple[House, Manager]) -> None:
    house, _ = running
    link = psycopg2.connect(url(house, OWNER))
    with link.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE one (it text PRIMARY KEY)")
        with pytest.raises(psycopg2.errors.UniqueViolation):
            cursor.execute("INSERT INTO one VALUES (%s), (%s)", ["the rose garden", "the rose garden"])
    link.close()
    until(lambda: "one_pkey" in (house.log / "postgres.log").read_text())
    assert "rose" not in (house.log / "postgres.log").read_text()


def test_making_the_roles_again_changes_nothing(running: tuple[House, Manager]) -> None:
    settle_roles(running[0])
    assert ask(running[0], OWNER, "SELECT current_user") == [(OWNER,)]


@pytest.mark.parametrize(("name", "answers"), [("postgres", await_postgres), ("redis", await_redis)])
def test_a_killed_server_comes_back(running: tuple[House, Manager], name: str, answers: Callable[[House], None]) -> None:
    house, manager = running
    killed = process_of(manager, name)
    os.kill(killed, signal.SIGKILL)
    until(lambda: process_of(manager, name) not in (0, killed))
    answers(house)


def test_a_part_that_was_given_up_on_is_started_again(running: tuple[House, Manager]) -> None:
    house, manager = running
    manager._ask("stopProcess", "redis")
    manager.revive()
    assert process_of(manager, "redis") == 0
    manager.start_part("redis")
    await_redis(house)


def test_all_of_it_heals_and_leaves_nothing(running: tuple[House, Manager]) -> None:
    """A killed manager leaves its servers behind; the next start ends them, clears their traces, and starts anew."""
    house, manager = running
    process = manager.process
    assert process is not None
    orphans = [process_of(manager, name) for name in ("postgres", "redis")]
    process.kill()
    process.wait()
    assert all(is_alive(pid) for pid in orphans)
    sweep(house)
    assert not any(is_alive(pid) for pid in orphans)
    (house.database / "postmaster.pid").write_text(f"{os.getpid()}\n{house.database}\n")
    (house.data / f".postgres.new-{2**22}").mkdir()
    with servers(house, {}, []) as second:
        assert ask(house, WEB, "SELECT 1") == [(1,)]
        servers_now = [process_of(second, name) for name in ("postgres", "redis")]
    assert not any(is_alive(pid) for pid in servers_now)
    assert strays(house) == []
    assert not list(house.data.glob(".postgres.new-*"))
    manager.start()
    manager.start_part("postgres", "redis")
    await_postgres(house)


def test_a_half_made_cluster_is_moved_aside(place: Path, running: tuple[House, Manager], monkeypatch: pytest.MonkeyPatch) -> None:
    house = replace(running[0], data=place)
    house.database.mkdir()
    (house.database / "base").touch()

    def whole(made: House) -> None:
        made.database.mkdir()
        (made.database / "PG_VERSION").write_text("18\n")

    monkeypatch.setattr(postgres, "_make_cluster", whole)
    prepare_cluster(replace(house, sockets=place))
    assert [path.name for path in house.data.glob("postgres.half-made-*/*")] == ["base"]


def test_a_cluster_of_another_version_is_refused(place: Path, running: tuple[House, Manager]) -> None:
    house = replace(running[0], data=place, sockets=place)
    house.database.mkdir()
    (house.database / "PG_VERSION").write_text("17\n")
    with pytest.raises(Refusal, match=r"PostgreSQL 17; .* 18"):
        prepare_cluster(house)


def test_the_superuser_answers_only_to_the_password_in_the_file(running: tuple[House, Manager]) -> None:
    connect(running[0]).close()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host=str(running[0].server_sockets), user="postgres", dbname="postgres")


def test_t15_web_waits_for_no_lock_and_no_question_without_end(running: tuple[House, Manager]) -> None:
    asked = (
        "SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout')"
    )
    assert dict(ask(running[0], WEB, asked)) == {  # milliseconds
        "lock_timeout": "10000",
        "statement_timeout": "30000",
        "idle_in_transaction_session_timeout": "120000",
    }
    assert dict(ask(running[0], WORKER, asked))["lock_timeout"] == "30000"
