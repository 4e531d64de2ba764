"""To whom the records belong, in words for the staff (law/ownership.toml) and for clients."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Ownership

_FILE = Path(__file__).parent / "law" / "ownership.toml"
# What clients read at the foot of the practice's notice and policy.
CLIENT: dict[str, str | Promise] = {
    "practice": _(
        "Your record is kept by the practice. If your counselor leaves, it stays here and you are told who goes on. "
        "It goes elsewhere only if you say so or the law asks for it."
    ),
    "counselor": _(
        "Your record is kept by your counselor. If you change to a colleague here, you are asked in writing first. "
        "If your counselor leaves, you decide with them where your record goes."
    ),
}


@dataclass(frozen=True)
class Model:
    """One way in which records can belong to somebody."""

    key: str
    label: str
    staff: str
    citation: str

    @property
    def client(self) -> str | Promise:
        """What clients are told."""
        return CLIENT[self.key]


@cache
def models() -> dict[str, Model]:
    """Both, by key."""
    found = tomllib.loads(_FILE.read_text())
    return {key: Model(key, **said) for key, said in found.items() if isinstance(said, dict)}


def at(moment: datetime.datetime) -> str:
    """The key of what held at ``moment``: a later choice does not work back. Before anything was chosen, the practice's."""
    row = Ownership.objects.filter(chosen_at__lte=moment).order_by("-chosen_at").first()
    return row.model if row else "practice"
