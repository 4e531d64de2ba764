"""The ring of master keys in its file: a new master comes first, an old one leaves when the database no longer needs it."""

from collections.abc import Mapping
from itertools import count

from ops.chores import manage, say
from ops.environment import contract, is_given
from ops.house import House
from ops.refusal import Refusal
from ops.secrets import make_master, read_secret, write_secret

RING, DRAFT, OUT = "MASTER_KEYS", "MASTER_KEYS.next", "MASTER_KEYS.taken-out"


def add_master(house: House, environ: Mapping[str, str]) -> None:
    """Put a new master before the others. Raises Refusal where the ring is not this house's own file."""
    ring = _ring(house, environ)
    idents = [_ident(entry) for entry in ring]
    ident = next(name for name in (f"m{number}" for number in count(len(ring) + 1)) if name not in idents)
    write_secret(house.secrets / RING, ",".join([make_master(ident), *ring]))
    say(f"The master '{ident}' now stands first in {house.secrets / RING}, and {', '.join(idents)} still behind it")
    say("Copy that file to your two places, start Sub Rosa again, then: python -m ops manage vault rotate-master")


def drop_master(house: House, environ: Mapping[str, str], ident: str) -> None:
    """Take the old master `ident` out, after the database was asked whether the ring without it opens every key.

    It is kept in a file beside the ring: older backups still need it. Raises Refusal, and changes nothing, when a key needs it.
    """
    ring = _ring(house, environ)
    out, rest = [each for each in ring if _ident(each) == ident], [each for each in ring if _ident(each) != ident]
    if not out or out == ring[:1]:
        raise Refusal(f"Say which old master: {', '.join(map(_ident, ring[1:])) or 'there is only the newest'}.")
    _ask_without(house, environ, rest)
    kept = house.secrets / OUT
    write_secret(kept, ",".join([*out, *(_entries(read_secret(house.secrets, OUT)) if kept.exists() else [])]))
    write_secret(house.secrets / RING, ",".join(rest))
    say(f"The master '{ident}' is out of the ring. Start Sub Rosa again")
    say(f"It is kept in {kept}. Older backups open with it alone: keep it where they are, and delete it here")


def _ask_without(house: House, environ: Mapping[str, str], ring: list[str]) -> None:
    """The check of every start, with `ring` instead of the ring that is there."""
    draft = house.secrets / DRAFT
    write_secret(draft, ",".join(ring))
    try:
        told = {**contract(house, environ), f"{RING}_FILE": str(draft)}
        manage(house, told, "owner", "check", "--database", "default", "--tag", "database")
    finally:
        draft.unlink(missing_ok=True)


def _ring(house: House, environ: Mapping[str, str]) -> list[str]:
    if is_given(environ, RING):
        raise Refusal(f"{RING} is given from outside: change it there. docs/operations.md, A new master key, says how.")
    return _entries(read_secret(house.secrets, RING))


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _ident(entry: str) -> str:
    return entry.partition(":")[0]
