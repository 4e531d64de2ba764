"""Secrets: made once, kept in files that only this account reads, never printed and never overwritten."""

import base64
import os
import secrets
from collections.abc import Callable, Collection
from pathlib import Path

from ops.refusal import Refusal


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def make_master(ident: str) -> str:
    """A new master key called `ident`, as it stands in the ring."""
    return f"{ident}:{_key()}"


def _password() -> str:
    return secrets.token_urlsafe(32)


MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(64),
    "MASTER_KEYS": lambda: make_master("m1"),
    "TRAIL_KEY": _key,
    "postgres-superuser": _password,
    "postgres-subrosa_owner": _password,
    "postgres-subrosa_web": _password,
    "postgres-subrosa_worker": _password,
}
# Lost, these cannot be made again: what they protect would be gone, or could no longer be proved.
BOUND_TO_DATABASE = ("MASTER_KEYS", "TRAIL_KEY", "SECRET_KEY", "postgres-superuser")


def settle_secrets(directory: Path, has_database: bool, names: Collection[str] = tuple(MAKERS)) -> None:
    """Make those of `names` that are missing in `directory`.

    Raises Refusal when a database exists and a secret it depends on is gone: a new one would leave every
    sealed record shut for good.
    """
    missing = [name for name in names if not (directory / name).exists()]
    lost = [name for name in missing if name in BOUND_TO_DATABASE]
    if has_database and lost:
        raise Refusal(
            f"There is a database, but {directory} has no {' and no '.join(lost)}. A new one would open nothing.\n"
            "Put the file back from your copy. Only for a demo: `make reset-demo` throws the data away and starts over."
        )
    for name in missing:
        write_secret(directory / name, MAKERS[name]())


def read_secret(directory: Path, name: str) -> str:
    """The value of one secret. Raises Refusal when its file is empty or missing."""
    try:
        value = (directory / name).read_text().strip()
    except FileNotFoundError:
        value = ""
    if not value:
        raise Refusal(f"{directory / name} is missing or empty. Put it back from your copy.")
    return value


def write_secret(path: Path, value: str) -> None:
    """Write `value` for this account alone (0600), whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    _sync(path.parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
