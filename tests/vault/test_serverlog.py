"""The start warns of a database server whose own log would quote what clients said (T02)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from ops import chores
from ops.house import open_house
from ops.postgres import SETTINGS
from tests.matrix.locks import superuser
from vault import serverlog
from vault.checks import server_keeps_quiet

pytestmark = pytest.mark.django_db
LOUD = {
    "log_error_verbosity": "default",
    "log_min_error_statement": "error",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "64B",
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_min_duration_sample": "100ms",
    "log_transaction_sample_rate": "0.5",
    "log_min_messages": "debug2",
    "debug_print_parse": "on",
    "debug_print_rewritten": "on",
    "debug_print_plan": "on",
}


@pytest.fixture
def root() -> Iterator[Any]:
    with superuser() as cursor:
        yield cursor


def test_t02_the_embedded_server_keeps_quiet_and_is_not_warned_of() -> None:
    assert server_keeps_quiet(databases=["default"]) == []
    assert {name: value for name, value in SETTINGS.items() if serverlog.QUIET.get(name, value) != value} == {}


@pytest.mark.parametrize("name", sorted(serverlog.QUIET))
def test_t02_a_server_with_the_setting_wrong_is_warned_of(root: Any, name: str) -> None:
    root.execute(f"SET LOCAL {name} = '{LOUD[name]}'")
    assert serverlog.troubles(root) == [f"{name} = {LOUD[name]}, should be {serverlog.QUIET[name]}"]


def test_t02_a_module_that_writes_plans_is_warned_of(root: Any) -> None:
    root.execute("SET LOCAL auto_explain.log_min_duration = -1")  # the module is not among ours: its setting stands for it
    assert serverlog.troubles(root) == []
    root.execute("SET LOCAL auto_explain.log_min_duration = 0")
    assert serverlog.troubles(root) == ["auto_explain.log_min_duration = 0, should be -1"]


def test_t02_what_is_set_for_the_role_of_the_jobs_alone_is_found_by_another(root: Any) -> None:
    root.execute("ALTER ROLE subrosa_worker SET log_statement = 'all'")
    root.execute("ALTER ROLE postgres SET log_statement = 'all'")
    found = serverlog.troubles(root)
    assert "log_statement = all for subrosa_worker, should be none" in found


def test_a_check_without_a_database_asks_no_server() -> None:
    assert server_keeps_quiet(databases=None) == []


def test_t02_the_start_says_on_the_screen_what_the_check_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = open_house(tmp_path)
    house.log.mkdir(exist_ok=True)

    def here(house: object, told: object, role: str, *arguments: str) -> None:
        with open(tmp_path / "log" / "start.log", "a") as log:
            call_command("check", databases=["default"], stdout=log, stderr=log)

    monkeypatch.setattr(chores, "manage", here)
    assert chores.warnings(house, {}) == []
    monkeypatch.setattr(serverlog, "troubles", lambda cursor: ["log_statement = all, should be none"])
    said, next_step = chores.warnings(house, {})
    assert said == "PostgreSQL: log_statement = all, should be none"
    assert "postgresql.conf" in next_step
