"""The address of the database: which servers it may name, and how long a silent one is waited for."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def read(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, object]:
    monkeypatch.setenv("DATABASE_URL", url)
    found = env.database("DATABASE_URL", "subrosa-web-m1")
    options = found["OPTIONS"]
    assert isinstance(options, dict)
    return found | options


def test_a_server_over_the_network_is_given_up_when_it_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, "postgresql://subrosa_web:pw@db.example/subrosa?connect_timeout=4")
    assert (found["connect_timeout"], found["tcp_user_timeout"], found["sslmode"]) == ("4", "15000", "verify-full")


def test_t15_of_several_servers_the_one_that_writes_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(
        monkeypatch, "postgresql://subrosa_web:pw@/subrosa?host=127.0.0.1,127.0.0.1&port=5401,5402&target_session_attrs=read-write"
    )
    assert (found["HOST"], found["port"], found["target_session_attrs"]) == ("127.0.0.1,127.0.0.1", "5401,5402", "read-write")


def test_one_of_several_that_is_elsewhere_asks_for_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    several = "postgresql://subrosa_web:pw@/subrosa?host=127.0.0.1,db.example"
    assert read(monkeypatch, several)["sslmode"] == "verify-full"
    with pytest.raises(ImproperlyConfigured, match="verify-full"):
        read(monkeypatch, f"{several}&sslmode=require")
