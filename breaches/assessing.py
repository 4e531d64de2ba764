"""What an assessment needs before it may say what it says: four factors, every limb of an exception, the key of what was encrypted.

A gap is a refusal with the rule's id. While something is missing, it stays presumed a breach (BR-1).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from practice.refusals import Refused

_FILE = Path(__file__).with_name("law") / "assessment.toml"
RATINGS = [("", "Not said yet"), ("low", "A low risk"), ("medium", "Neither"), ("high", "A risk")]
CONSULTED = ("who", "relation", "asked", "advice", "decision")


@dataclass(frozen=True)
class Factor:
    """One of the four factors (BR-2)."""

    number: str
    title: str
    hint: str
    citation: str


@dataclass(frozen=True)
class Exemption:
    """One exception with its limbs: a key and the question (BR-3)."""

    code: str
    title: str
    citation: str
    limbs: tuple[tuple[str, str], ...]


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text())


def factors() -> list[Factor]:
    """The four factors, in order."""
    return [Factor(**each) for each in _told()["factors"]]


def exemptions() -> dict[str, Exemption]:
    """The exceptions by their code."""
    return {
        code: Exemption(code, each["title"], each["citation"], tuple((key, words) for key, words in each["limbs"]))
        for code, each in _told()["exceptions"].items()
    }


def harbor() -> dict[str, str]:
    """What counts as encrypted or destroyed, with its source."""
    found: dict[str, str] = _told()["harbor"]
    return found


def gaps(found: Any) -> Iterator[Refused]:
    """Why the assessment ``found`` may not say what it says, if it may not."""
    if found.conclusion == "low_probability":
        yield from _low(found)
    elif found.conclusion == "exception":
        yield from _exception(found)
    elif found.conclusion == "safe_harbor":
        yield from _harbor(found)
    if found.risk_to_rights == "none" and not found.reasons.strip():
        yield Refused("SB-12", "“No risk to their rights” is decided with reasons.", "Write them down, or leave it open.")


def _low(found: Any) -> Iterator[Refused]:
    for factor, rating in zip(factors(), found.ratings or ["", "", "", ""], strict=True):
        if not rating or not found.factors.get(factor.number, "").strip():
            words = f"Factor {factor.number}, “{factor.title}”, has no {'rating' if found.factors.get(factor.number) else 'evidence'}."
            yield Refused("BR-1", words, "A low probability is shown by all four factors. Until then it is presumed a breach.")
    if not found.reasons.strip():
        yield Refused("BR-1", "Why the four together make a low probability is not said.", "Write it under your reasons.")
    if found.consulted_on is None or any(not found.consultation.get(name, "").strip() for name in CONSULTED):
        yield Refused("SU-7", "Before it is lowered, somebody is consulted.", "Say whom you asked, what they advised and what you decided.")


def _exception(found: Any) -> Iterator[Refused]:
    chosen = exemptions().get(found.exception)
    if chosen is None:
        yield Refused("BR-3", "No exception is chosen.", "Choose which of the three holds.")
        return
    for key, question in chosen.limbs:
        if not found.limbs.get(key, "").strip():
            yield Refused("BR-3", f"This is not answered: {question}", "An exception needs facts for each of its parts.")


def _harbor(found: Any) -> Iterator[Refused]:
    if not found.algorithm.strip():
        yield Refused("BR-4", "How it was encrypted or destroyed is not said.", "Name the algorithm, or the way it was destroyed.")
    if not found.key_place.strip():
        yield Refused("BR-4", "Where the key was is not said.", "Say where it was kept, apart from the data.")
    if found.key_compromised != "no":
        words = "Whether the key was compromised is not said." if not found.key_compromised else "The key may have been compromised."
        yield Refused("BR-4", words, "Without a safe key the data counts as not encrypted.")
