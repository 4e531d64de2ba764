"""PostgreSQL and Redis, from nothing to answering."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ops.environment import contract, has_own_database, is_demo, is_given, needed_keys
from ops.house import House
from ops.manager import Manager
from ops.parts import Part, server_parts
from ops.postgres import await_postgres, prepare_cluster
from ops.processes import sweep
from ops.redis import await_redis, prepare_redis
from ops.refusal import Refusal
from ops.roles import settle_roles, write_urls
from ops.secrets import MAKERS, settle_secrets


@contextmanager
def servers(house: House, environ: Mapping[str, str], others: list[Part]) -> Iterator[Manager]:
    """The embedded servers that `environ` does not replace, up and with their roles, while inside; `others` are
    parts that the caller starts when ready. On the way out everything is stopped in order.

    The lock of the house must be held. Raises Refusal when something cannot start.
    """
    own_database, own_redis = has_own_database(environ), not is_given(environ, "REDIS_URL")
    sweep(house)
    _settle_secrets(house, environ)
    if own_database:
        prepare_cluster(house)
        write_urls(house)
    if own_redis:
        prepare_redis(house)
    embedded = server_parts(house, own_database, own_redis)
    manager = Manager(house, [*embedded, *others], contract(house, environ))
    try:
        manager.start()
        manager.start_part(*(part.name for part in embedded))
        _await(house, own_database, own_redis)
        yield manager
    finally:
        manager.stop()


def _settle_secrets(house: House, environ: Mapping[str, str]) -> None:
    """What is given is not made. Nothing is made for a practice on a server of its own: its keys exist, or someone
    who knows that they must be kept makes them."""
    names = [name for name in MAKERS if not is_given(environ, name)]
    if has_own_database(environ):
        settle_secrets(house.secrets, house.has_database, names)
        return
    missing = [name for name in needed_keys(environ) if name in names and not (house.secrets / name).exists()]
    if missing and not is_demo(environ):
        raise Refusal(f"{' and '.join(missing)} must be given. docs/operations.md says how to make and keep them.")
    settle_secrets(house.secrets, False, missing)


def _await(house: House, own_database: bool, own_redis: bool) -> None:
    if own_redis:
        await_redis(house)
    if own_database:
        await_postgres(house)
        settle_roles(house)
