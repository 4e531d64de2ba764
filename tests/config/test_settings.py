"""A start that would not be safe is refused, and the reason is said without saying the secret."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "p7Qz2mVx9LwR4tYb8NcK1sJd6HfG3aEuTiOo0Wq5",
    "MASTER_KEYS": "m1:Zm9yIHRlc3RzIG9ubHksIDMyIGJ5dGVzIGxvbmchISE",
    "DATABASE_URL": "postgresql://subrosa_web:pw@/subrosa?host=/nowhere",
    "DATABASE_URL_WORKER": "postgresql://subrosa_worker:pw@/subrosa?host=/nowhere",
    "DATABASE_URL_OWNER": "postgresql://subrosa_owner:pw@/subrosa?host=/nowhere",
    "SITE_URL": "https://practice.example",
    "ALLOWED_HOSTS": "practice.example",
}


def start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own, as a production start would."""
    chosen = {**GOOD, **changes}
    env = {key: value for key, value in chosen.items() if value is not None}
    env |= {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}
    code = "from django.conf import settings; print(settings.DEMO, settings.SESSION_COOKIE_NAME, settings.SESSION_IDLE_MINUTES)"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_sound_production_start_is_let_through() -> None:
    done = start()
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "__Host-subrosa", "15"]


@pytest.mark.parametrize(("asked", "given"), [("90", "15"), ("10", "10")])
def test_se_3_the_idle_limit_can_only_be_shortened(asked: str, given: str) -> None:
    assert start(SESSION_IDLE_MINUTES=asked).stdout.split()[-1] == given


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing, short or a default"),
        ({"SECRET_KEY": "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz"}, "SECRET_KEY is missing, short or a default"),
        ({"MASTER_KEYS": None}, "MASTER_KEYS must hold"),
        ({"MASTER_KEYS": "m1:tooshort"}, "MASTER_KEYS must hold"),
        ({"MASTER_KEYS": "m1:" + "!" * 50}, "MASTER_KEYS must hold"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
        ({"DEBUG": "1"}, "DEBUG shows clients' words"),
        ({"DEBUG": "perhaps"}, "DEBUG must be 1 or 0"),
        ({"SUBROSA_DEMO": "1"}, "The demo has known passwords"),
        ({"SITE_URL": "http://practice.example"}, "SITE_URL must begin with https"),
        ({"DATABASE_URL": "postgresql://subrosa_web:pw@db.example/subrosa?sslmode=require"}, "sslmode must be verify-full"),
        ({"MASTER_KEYS": f"{GOOD['MASTER_KEYS']},{GOOD['MASTER_KEYS']}"}, "an id of its own"),
        ({"SUBROSA_AS": "worker"}, "TRAIL_KEY is not set"),
        ({"SUBROSA_AS": "worker", "TRAIL_KEY": "tooshort"}, "TRAIL_KEY must hold keys"),
        ({"SUBROSA_AS": "superuser"}, "SUBROSA_AS must be web, worker or owner"),
    ],
)
def test_an_unsafe_start_is_refused_with_its_reason(changes: dict[str, str | None], reason: str) -> None:
    done = start(**changes)
    assert done.returncode != 0
    assert reason in done.stderr


def test_attack_93_a_refused_start_does_not_print_the_secret() -> None:
    done = start(SECRET_KEY="hunter2-hunter2", MASTER_KEYS="m1:also-secret")
    assert done.returncode != 0
    assert "hunter2" not in done.stderr + done.stdout
    assert "also-secret" not in done.stderr + done.stdout


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(GOOD["SECRET_KEY"] + "\n")
    done = start(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "key"))
    assert done.returncode == 0, done.stderr
    missing = start(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "nothing"))
    assert "which cannot be read" in missing.stderr
