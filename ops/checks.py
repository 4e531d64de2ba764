"""`make check`: everything that needs no browser."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ops.house import CHECKOUT
from ops.secrets import MAKERS
from ops.suite import run_tests

TOOLS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
)


def check(var: Path, environ: Mapping[str, str]) -> int:
    """Run the linters, the types, Django's deployment check and the architecture tests; 0 when all pass."""
    failed = [" ".join(tool) for tool in TOOLS if not _passes(["-m", *tool], environ)]
    if not _passes(["-m", "mypy"], like_production(environ)):
        failed.append("mypy")
    if not _passes(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], like_production(environ)):
        failed.append("manage.py check --deploy")
    if run_tests(var, environ, ["-q", "tests/architecture"], browser=False):
        failed.append("tests/architecture")
    print(f"Failed: {', '.join(failed)}" if failed else "All checks pass.", flush=True)
    return 1 if failed else 0


def _passes(arguments: list[str], environ: Mapping[str, str]) -> bool:
    print(f"· {' '.join(arguments).removeprefix('-m ')}", flush=True)
    return subprocess.run([sys.executable, *arguments], cwd=CHECKOUT, env=environ, check=False).returncode == 0


def like_production(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a production start: throwaway secrets, and servers that are named but never asked."""
    kept = {key: environ[key] for key in ("PATH", "HOME", "LANG") if key in environ}
    return {
        **kept,
        **{name: MAKERS[name]() for name in ("SECRET_KEY", "MASTER_KEYS", "TRAIL_KEY")},
        "DATABASE_URL": "postgresql://subrosa_web:x@/subrosa?host=/nowhere",
        "DATABASE_URL_WORKER": "postgresql://subrosa_worker:x@/subrosa?host=/nowhere",
        "DATABASE_URL_OWNER": "postgresql://subrosa_owner:x@/subrosa?host=/nowhere",
        "REDIS_URL": "unix:///nowhere/redis.sock?db=0",
        "SUBROSA_DEMO": "0",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "practice.example",
        "SITE_URL": "https://practice.example",
        "SUBROSA_VAR": str(CHECKOUT / "var"),
        "MAIL_DIR": str(CHECKOUT / "var" / "mail"),
        "PYTHONPATH": os.fspath(CHECKOUT),
    }
