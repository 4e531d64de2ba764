"""Whether words say nothing of health, of whom, or of which practice: asked of every notice to a client before it leaves."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

from clients.models import Client
from practice.models import Practice

_FILE = Path(__file__).with_name("law") / "neutral.toml"


@cache
def telling_words() -> frozenset[str]:
    """The words of law/neutral.toml."""
    return frozenset(tomllib.loads(_FILE.read_text())["words"])


def tells(text: str, client: Client) -> str:
    """The first word of ``text`` that tells something: of health, the practice's name, or one of the client's; empty where none does.

    The house's own address may stand in it: a practice chooses one that says nothing (docs/contact-safety.md).
    """
    said = text.replace(settings.SITE_URL, " ").casefold()
    found = set(re.findall(r"[^\W_]+", said))
    if telling := sorted(found & telling_words()):
        return telling[0]
    names = [Practice.objects.values_list("name", flat=True).first() or "", client.given_name, client.family_name, client.preferred_name]
    return next((name for name in names if name.strip() and re.search(rf"\b{re.escape(name.strip().casefold())}\b", said)), "")
