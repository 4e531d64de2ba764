"""Whose chart a file is: the name of the file or its folder says the client's id in the old system, their code here, or their name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from uuid import UUID

from clients import search
from clients.access import counseled_clients
from clients.models import Client
from moving import access
from practice.models import User
from vault.tokens import token

NOBODY = "No client of yours has the id, the code or the name that this file is named by."
SEVERAL = "Several clients of yours are called as this file is. Name it by the code of the one it is of."


def files(names: Iterable[str]) -> list[str]:
    """The files of a zip of charts, in their order."""
    return sorted(name for name in names if not name.endswith("/") and not name.startswith("__MACOSX/"))


def idents(name: str) -> list[str]:
    """Under which ids the client of a file may be: its name, what its name begins with, and the folder it is in."""
    path = PurePosixPath(name)
    begins = re.split(r"[ _.]|--", path.stem, maxsplit=1)[0]
    return list(dict.fromkeys(filter(None, [path.stem, begins, path.parent.name])))


def called(name: str) -> list[str]:
    """How the client of a file may be called: how it begins, longest first, with the family name first or last; or its folder."""
    path = PurePosixPath(name)
    return [way for text in (path.stem, path.parent.name) for way in _ways(text)]


def _ways(text: str) -> list[str]:
    family, _, given = (_words(part) for part in text.partition(","))
    if given:
        return [" ".join([*given[:many], *family]) for many in range(len(given), 0, -1)]
    words = family
    return [" ".join(way) for many in range(len(words), 0, -1) for way in (words[:many], [*words[1:many], words[0]])]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", text)


def source_token(system: str, what: str, source: str) -> bytes:
    """By what something of ``system`` is known once it is here."""
    return token("moving", f"{system}|{what}|{source.strip()}")


def whose(names: Iterable[str], system: str, by: User) -> dict[str, Client | str]:
    """Of each file the client, of those whom ``by`` counsels; or in words why there is none. Two questions, however many files."""
    found = list(names)
    own = {client.pk: client for client in counseled_clients(by).only("version", "code", "status")}
    by_id = _by_id({source_token(system, "client", ident) for name in found for ident in idents(name)}, by)
    by_name = search.called([way for name in found for way in called(name)], own)
    return {name: _one(name, system, own, by_id, by_name) for name in found}


def _by_id(marks: set[bytes], by: User) -> dict[bytes, UUID]:
    rows = access.arrivals(by).filter(token__in=marks, what="client").values_list("token", "client")
    return {bytes(each): client for each, client in rows}


def _one(name: str, system: str, own: dict[UUID, Client], by_id: dict[bytes, UUID], by_name: dict[str, set[UUID]]) -> Client | str:
    for ident in idents(name):
        if (client := own.get(by_id.get(source_token(system, "client", ident), UUID(int=0)))) is not None:
            return client
    for way in called(name):
        if some := by_name.get(way):
            return own[next(iter(some))] if len(some) == 1 else SEVERAL
    return NOBODY
