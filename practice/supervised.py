"""Who may counsel only under supervision, by the title that stands with a person: supervised.toml (SU-1)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "law" / "supervised.toml").read_text())


def must_be(credentials: str) -> bool:
    """Whether ``credentials``, such as "MA, LPC-A", are those of somebody who must be supervised."""
    said, titles = credentials.casefold(), {each.upper() for each in re.split(r"[\s,;/()]+", credentials) if each}
    words = any(re.search(rf"\b{re.escape(word)}\b", said) for word in _read()["words"])
    endings = tuple(_read()["endings"])
    return words or any(title in _read()["titles"] or title.endswith(endings) for title in titles)
