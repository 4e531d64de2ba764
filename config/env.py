"""Reads settings from the environment. A secret may stand in a file instead: NAME_FILE=path."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCAL = ("localhost", "127.0.0.1", "::1")
# A server that is gone without a word is noticed: over a socket of the same machine only the first matters.
_NOTICED: dict[str, object] = {
    "connect_timeout": "5",
    "tcp_user_timeout": "15000",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
_FLAGS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False, "": False}


def text(name: str, default: str | None = None) -> str:
    """The value of ``name`` (or of the file that ``name_FILE`` names); raises ImproperlyConfigured if neither is there."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read.") from error
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. 'make run' sets it; docs/operations.md says what it is for.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """A yes or no; raises ImproperlyConfigured on anything else."""
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in _FLAGS:
        raise ImproperlyConfigured(f"{name} must be 1 or 0.")
    return _FLAGS[value]


def number(name: str, default: int) -> int:
    """A whole number; raises ImproperlyConfigured on anything else."""
    value = os.environ.get(name, str(default))
    if not value.lstrip("-").isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number.")
    return int(value)


def words(name: str, default: str | None = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def database(name: str, called: str) -> dict[str, object]:
    """Django's database settings from a URL: postgresql://user:password@host:port/name?host=/socket/dir&sslmode=…

    Several servers, of which the one that takes writes is looked for: ?host=one,two&port=5432,5432&target_session_attrs=read-write.
    ``called`` is what the server's list of connections names this process.
    """
    url = urlsplit(text(name))
    if url.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(f"{name} must begin with postgresql://")
    options: dict[str, object] = _NOTICED | {key: values[-1] for key, values in parse_qs(url.query).items()}
    host = str(options.pop("host", "")) or url.hostname or ""
    elsewhere = any(one and not one.startswith("/") and not _is_here(one) for one in host.split(","))
    if elsewhere and options.setdefault("sslmode", "verify-full") != "verify-full":
        raise ImproperlyConfigured(f"{name} names another machine, so sslmode must be verify-full.")
    options["application_name"] = called
    return {
        "ENGINE": "audit.postgres",
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(url.port or ""),
        "OPTIONS": options,
    }


def keys(name: str) -> list[str]:
    """Pairs ``id:key`` separated by commas, each key 32 bytes as base64url, no id twice; raises ImproperlyConfigured otherwise."""
    pairs = words(name)
    for pair in pairs or [""]:
        try:
            if len(urlsafe_b64decode(pair.partition(":")[2] + "==")) != 32:
                raise ValueError
        except ValueError:
            raise ImproperlyConfigured(f"{name} must hold id:key pairs of 32 bytes, base64url. See docs/operations.md.") from None
    idents = [pair.partition(":")[0] for pair in pairs]
    if len(set(idents)) < len(idents) or not all(0 < len(ident) <= 20 for ident in idents):
        raise ImproperlyConfigured(f"{name}: each key needs an id of its own, of 1 to 20 characters. See docs/operations.md.")
    return pairs


def secret_keys(name: str, *, needed: bool) -> list[str]:
    """Keys of 32 bytes as base64url, separated by commas, the newest first; raises ImproperlyConfigured on anything else."""
    found = words(name, None if needed else "")
    try:
        if any(len(urlsafe_b64decode(key + "==")) != 32 for key in found) or (needed and not found):
            raise ValueError
    except ValueError:
        raise ImproperlyConfigured(f"{name} must hold keys of 32 bytes, base64url. See docs/operations.md.") from None
    return found
