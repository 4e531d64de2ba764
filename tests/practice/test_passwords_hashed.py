"""Passwords are hashed with Argon2id and a work factor worth the name (ASVS 11.4.2)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_outside_the_tests_argon2id_works_at_least_as_hard_as_owasp_asks() -> None:
    """Asked of a fresh process, because this one hashes cheaply."""
    code = (
        "import django; django.setup()\n"
        "from django.contrib.auth.hashers import make_password\n"
        "print(make_password('a lantern over the water 77'))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    _, kind, _, params, *_ = done.stdout.strip().split("$")
    cost = dict(part.split("=") for part in params.split(","))
    assert kind == "argon2id"
    assert int(cost["m"]) >= 19 * 1024  # KiB
    assert int(cost["t"]) >= 2
