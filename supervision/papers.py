"""What each kind of paper in the file says: its fields, in their order and in words. Forms and pages read it here."""

from __future__ import annotations

from dataclasses import dataclass

from supervision.law.boards import best, criteria
from supervision.models import Paper

Kind = Paper.Kind


@dataclass(frozen=True)
class Field:
    """One field: ``kind`` is line, words, choice, rating or tick."""

    key: str
    label: str
    kind: str = "words"
    required: bool = True
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """One kind of paper: who writes it, what its two days mean, and its fields."""

    rule: str
    days: tuple[str, str]
    fields: tuple[Field, ...]
    led: bool = False  # the supervisor alone writes it
    help: str = ""


def _ratings() -> tuple[Field, ...]:
    return tuple(Field(f"rate_{key}", words, "rating") for key, words in criteria().items())


_OUTCOMES = (("met", "The plan was met"), ("partly", "Partly met: it goes on"), ("not", "Not met"))
_WORKS = (Field("strengths", "What goes well"), Field("growth", "What to work on"))
_MARKS = f"Ratings go from 1, needs much help, to {best()}, works alone. The supervisee comments and signs first."
_LICENCE = (Field("number", "License number", "line"), Field("state", "State", "line"), Field("where", "Where the copy is kept", "line"))
_PAYMENT = (Field("amount", "Amount, or that nothing is paid", "line"), Field("words", "For what", required=False))
_LEAVE = Field("words", "What was agreed for these days", help="Who sees the clients, and how you stay in touch.")
_CAME = (Field("outcome", "What came of it", "choice", choices=_OUTCOMES), Field("words", "How it was seen"))
PLANS = {
    Kind.EVALUATION: Plan("SU-4", ("From", "To"), (*_ratings(), *_WORKS), True, _MARKS),
    Kind.REMEDIATION: Plan(
        "SU-4", ("Discussed on", "By when"), (Field("concern", "The concern"), Field("plan", "The plan: what, with whose help")), True
    ),
    Kind.OUTCOME: Plan("SU-4", ("Reviewed from", "Reviewed on"), _CAME, True),
    Kind.LICENCE: Plan("SU-4", ("Issued on", "Expires on"), _LICENCE, True),
    Kind.PAYMENT: Plan("SU-4", ("From", "To"), _PAYMENT),
    Kind.LEAVE: Plan("SU-4", ("First day", "Last day"), (_LEAVE,)),
    Kind.SELF_EMPLOYED: Plan("SU-4", ("From", "To"), (Field("words", "What is acknowledged"),)),
}
COMMENT = Field("comment", "Comment of the supervisee", required=False)


def lines(paper: Paper) -> list[tuple[str, str]]:
    """What the paper says, as label and words."""
    found = []
    for field in (*PLANS[Kind(paper.kind)].fields, COMMENT):
        said = str(paper.said.get(field.key, ""))
        if field.kind == "rating" and said:
            said = f"{said} of {best()}"
        found.append((field.label, dict(field.choices).get(said, said)))
    return [(label, said) for label, said in found if said]
