"""Each attack this house was built against has a test named by its number."""

from __future__ import annotations

import re

from .source import ROOT

# Object access, notes and signatures, the trail, injection, sign-in, crypto.
WANTED = {*range(1, 45), *range(55, 63), *range(64, 70), 72, *range(75, 95), 97}


def _named() -> set[int]:
    text = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    names = re.findall(r"def (test_attack_\w+)", text)
    return {int(number) for name in names for number in re.findall(r"(?:attack|and)_(\d+)", name)}


def test_every_attack_of_the_list_has_a_test_with_its_number() -> None:
    assert sorted(WANTED - _named()) == []
