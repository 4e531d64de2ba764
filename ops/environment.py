"""What the house is told through the environment: the contract with config/settings.py."""

import os
from collections.abc import Mapping

from ops.house import CHECKOUT, House
from ops.redis import redis_url
from ops.refusal import Refusal
from ops.roles import URLS, url
from ops.secrets import read_secret

DATABASE_NAMES = tuple(URLS)
KEYS = ("SECRET_KEY", "MASTER_KEYS", "TRAIL_KEY")


def _both(name: str) -> tuple[str, str]:
    return name, f"{name}_FILE"


ADDRESSES = {"web": "DATABASE_URL", "worker": "DATABASE_URL_WORKER", "beat": "DATABASE_URL_WORKER"}
WEB_ONLY = _both("DATABASE_URL")
WORKER_ONLY = _both("DATABASE_URL_WORKER")
OWNER_ONLY = _both("DATABASE_URL_OWNER")
TRAIL_ONLY = _both("TRAIL_KEY")  # the worker's: whoever takes over the web process can seal nothing


def is_given(environ: Mapping[str, str], name: str) -> bool:
    """Whether the environment gives `name`, itself or as the path of a file."""
    return any(environ.get(key) for key in _both(name))


def chosen_parts(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Which of web, worker and beat run on this machine: all, unless SUBROSA_PARTS names some. Raises Refusal at any other name."""
    named = tuple(name.strip() for name in environ.get("SUBROSA_PARTS", "").split(",") if name.strip())
    if unknown := [name for name in named if name not in ADDRESSES]:
        raise Refusal(f"SUBROSA_PARTS names {unknown[0]}. There are {', '.join(ADDRESSES)}.")
    return named or tuple(ADDRESSES)


def needed_keys(environ: Mapping[str, str]) -> list[str]:
    """The secrets that the parts of this machine cannot do without: one with a web alone is not given the key of the trail."""
    return [name for name in KEYS if name != "TRAIL_KEY" or chosen_parts(environ) != ("web",)]


def has_own_database(environ: Mapping[str, str]) -> bool:
    """True when the embedded PostgreSQL is wanted. Raises Refusal when an address is missing that the parts of this machine need."""
    given = [name for name in DATABASE_NAMES if is_given(environ, name)]
    if environ.get("SUBROSA_PARTS"):
        needed = {ADDRESSES[part] for part in chosen_parts(environ)}
    else:
        needed = set(DATABASE_NAMES) if given else set()
    if missing := [name for name in DATABASE_NAMES if name in needed - set(given)]:
        who = f"{given[0]} is given, but not" if given else "SUBROSA_PARTS is for several machines around one database server. Give"
        raise Refusal(f"{who} {' and '.join(missing)}. Each of the three roles needs its own address.")
    return not given


def is_demo(environ: Mapping[str, str]) -> bool:
    """The demo is what runs when nothing was said; with a database server of your own it must be asked for."""
    default = "1" if has_own_database(environ) else "0"
    return (environ.get("SUBROSA_DEMO") or default) == "1"


def contract(house: House, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for every process of the house: what was given, and files for the secrets that were not."""
    port = environ.get("PORT") or "8000"
    found = {
        "BIND": "127.0.0.1",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "MAIL_DIR": str(house.var / "mail"),
        **{key: value for key, value in environ.items() if value},
        "PORT": port,
        "SUBROSA_VAR": str(house.var),
        "SUBROSA_DEMO": "1" if is_demo(environ) else "0",
        "PYTHONUNBUFFERED": "1",
    }
    for name in (*KEYS, *DATABASE_NAMES):
        if not is_given(environ, name):
            found[f"{name}_FILE"] = str(house.secrets / name)
    if not is_given(environ, "REDIS_URL"):
        found["REDIS_URL"] = redis_url(house)
    return {**found, **dict([house.mark.split("=", 1)])}


def plain(house: House, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a test run on throwaway servers: nothing from outside decides which database is used."""
    kept = {key: value for key, value in environ.items() if key.removesuffix("_FILE") not in (*DATABASE_NAMES, *KEYS)}
    return {
        **kept,
        **{name: url(house, role) for name, role in URLS.items()},
        **{name: read_secret(house.secrets, name) for name in KEYS},
        "REDIS_URL": redis_url(house),
        "SUBROSA_VAR": str(house.var),
        "MAIL_DIR": str(house.var / "mail"),
        "DEBUG": "0",
        "SUBROSA_DEMO": "0",
        "SUBROSA_TESTING": "1",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "SITE_URL": "http://127.0.0.1:8000",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CHECKOUT), environ.get("PYTHONPATH", "")])),
    }


def exports(house: House, environ: Mapping[str, str]) -> list[str]:
    """Lines for a shell that lead to the servers of `house`: paths of secret files, no secret."""
    told = contract(house, environ)
    names = [
        *(f"{name}_FILE" for name in (*DATABASE_NAMES, *KEYS)),
        "REDIS_URL",
        "SUBROSA_VAR",
        "MAIL_DIR",
        "SUBROSA_DEMO",
    ]
    return [f"export {name}='{told[name]}'" for name in names if name in told]
