"""What a consultation may have been needed for: rooms to the right say which of theirs, and ask here whether it was held (SU-7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clients.models import Client
from practice.models import User
from practice.refusals import Refused

from . import access
from .models import Advice


@dataclass(frozen=True)
class Served:
    """A kind of thing: its key, a word for it, those that ``user`` may consult about of ``client`` (None: of none), its page, its words."""

    key: str
    word: str
    rows: Callable[[User, Client | None], QuerySet[Any]]
    url: str
    words: Callable[[Any], str]


_kinds: dict[str, Served] = {}


def register(*kinds: Served) -> None:
    """Let consultations serve ``kinds``; a kind registered again replaces itself."""
    _kinds.update({kind.key: kind for kind in kinds})


def kind(key: str) -> Served | None:
    """The kind under ``key``, if there is one."""
    return _kinds.get(key)


def choices(user: User, client: Client | None) -> dict[str, str]:
    """What ``user`` may consult about, of ``client``, whom a door gave: "key:id" and words."""
    return {f"{kind.key}:{row.pk}": f"{kind.word}: {kind.words(row)}" for kind in _kinds.values() for row in kind.rows(user, client)}


def require(user: User, client: Client | None, key: str) -> tuple[str, UUID | None]:
    """The kind and id that ``key`` ("kind:id", or nothing) names; raises Refused by SU-7 where ``user`` cannot consult about it."""
    if not key:
        return "", None
    if key not in choices(user, client):
        raise Refused("SU-7", "That is nothing you can consult about here.", "Choose from the list.")
    kind, _, ident = key.partition(":")
    return kind, UUID(ident)


def around(user: User, key: str, ident: UUID) -> dict[str, Any]:
    """What a page of the thing ``ident`` of the kind ``key``, which a door gave, shows of consultations (``supervision/_about.html``)."""
    return {"consultations": access.consultations(user).filter(serves=key, served=ident), "about": f"{key}:{ident}"}


def advised(key: str, ident: UUID) -> bool:
    """Whether somebody advised on the thing ``ident`` of the kind ``key``, which a door gave (SU-7)."""
    return Advice.objects.filter(consultation__serves=key, consultation__served=ident).exists()
