"""What the running installation says of itself: which services outside it uses, and what software it is made of (SE-18, REV-6)."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from urllib.parse import urlsplit

from django.conf import settings

_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Service:
    """Something outside that the running configuration hands data to, and what reaches it."""

    key: str
    title: str
    reaches: str


SERVICES = {
    each.key: each
    for each in (
        Service("mail", "Mail relay", "Addresses of clients and staff, and mails that say nothing of anybody."),
        Service("database", "Database", "Everything, sealed field by field; who, when and whose record in plain."),
        Service("redis", "Redis", "Names of jobs and ids."),
        Service("scanner", "Scanner for malware", "Every file that is uploaded, before it is sealed."),
    )
}


def _elsewhere(host: str) -> bool:
    return bool(host) and not host.startswith("/") and host not in _HERE


def in_use() -> list[Service]:
    """Those services that stand on another machine by the running configuration; of the scanner nobody knows where it looks."""
    redis = urlsplit(settings.REDIS_URL)
    used = {
        "mail": _elsewhere(settings.EMAIL_HOST),
        "database": _elsewhere(str(settings.DATABASES["default"].get("HOST") or "")),
        "redis": redis.scheme != "unix" and _elsewhere(redis.hostname or ""),
        "scanner": bool(settings.DOCUMENT_SCANNER),
    }
    return [SERVICES[key] for key, is_used in used.items() if is_used]


@cache
def software() -> list[tuple[str, str]]:
    """Name and version of what runs here: the system, Python, and every installed package."""
    base = [(platform.system(), platform.release()), ("Python", platform.python_version())]
    found = {(each.metadata["Name"], each.version) for each in metadata.distributions() if each.metadata["Name"]}
    return base + sorted(found, key=lambda pair: (pair[0].lower(), pair[1]))
