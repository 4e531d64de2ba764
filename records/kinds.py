"""What each kind and format of note is made of, and where words go when a draft changes its format.

A psychotherapy note has no place for what belongs in the progress note (REC-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .models import Format, Kind, Note


@dataclass(frozen=True)
class Part:
    """One part of a note: its key in the sealed content, its heading, a line of help, and what sort of thing stands in it."""

    key: str
    heading: str
    help: str = ""
    sense: str = ""


_RISK = Part("risk", "Risk", "Ideation, plan, intent, means, threat; or that none was reported.", "risk")
_PLAN = Part("plan", "Plan", "Next steps and the next appointment.", "plan")
_INTERVENTION = Part("intervention", "Intervention", "What you did: methods, tests, who took part.", "done")
_RESPONSE = Part("response", "Response", "How the client responded, and progress.", "response")
_ASSESSMENT = Part("assessment", "Assessment", "How you understand it: functional status, progress, risk.", "response")

KEPT = Part("kept", "Kept from the other format", "Words that have no place in this format. Move them, or leave them here.")
WORKED_ON = Part("worked_on", "Goals worked on")
EARLIER = Part("earlier", "Where this comes from")
ELSEWHERE = "elsewhere"  # the same as data: evidence of a note that was signed elsewhere, and no part that is read

FORMATS: dict[str, tuple[Part, ...]] = {
    Format.GUIDED: (
        Part("presenting", "What brought them today", "Presenting problem, symptoms, functional status.", "told"),
        Part("interventions", "What was done", "Interventions, tests given, who took part.", "done"),
        Part("progress", "Response and progress", "Toward which goal, and how they responded.", "response"),
        _RISK,
        _PLAN,
    ),
    Format.SOAP: (
        Part("subjective", "Subjective", "What the client says: symptoms, concerns, in their own words.", "told"),
        Part("objective", "Objective", "What you saw and did: appearance, affect, tests, interventions.", "seen"),
        _ASSESSMENT,
        _PLAN,
    ),
    Format.DAP: (
        Part("data", "Data", "What was said, seen and done.", "told"),
        _ASSESSMENT,
        _PLAN,
    ),
    Format.BIRP: (Part("behavior", "Behavior", "What the client said and showed.", "told"), _INTERVENTION, _RESPONSE, _PLAN),
    Format.GIRP: (Part("goal", "Goal", "Which goal of the plan the session was about.", "goal"), _INTERVENTION, _RESPONSE, _PLAN),
    Format.PIRP: (Part("problem", "Problem", "What the client came with today.", "told"), _INTERVENTION, _RESPONSE, _PLAN),
    Format.FREE: (Part("text", "Note", "What happened, in any order; risk and next steps included.", "any"),),
}

# Where words go in the other format: the first of these sorts of part that it has. Without any they stay in KEPT.
_GOES_TO = {
    "told": ("told",), "seen": ("seen", "told"), "done": ("done", "seen", "told"), "response": ("response",),
    "risk": ("risk", "response"), "goal": ("goal", "told"), "plan": ("plan",), "any": ("any",), "": (),
}  # fmt: skip

PARTS: dict[str, tuple[Part, ...]] = {
    Kind.INTAKE: (
        Part("presenting", "Reason for coming", "In the client's own words where possible."),
        Part("history", "History", "What matters for the work; no more than is needed."),
        Part("impression", "First impression", "Symptoms, functional status, working diagnosis."),
        _RISK,
        _PLAN,
    ),
    Kind.PLAN: (
        Part(
            "goals",
            "Goals",
            "What the client wants to be different, one goal to a line. Once this is signed, progress notes can name them.",
        ),
        Part("steps", "Steps", "Modalities, frequency, who does what."),
        Part("review", "Review", "When it is looked at again, and how progress is known."),
    ),
    Kind.CONTACT: (
        Part("contact", "Contact", "Who, how, and about what."),
        Part("plan", "What follows", "Anything to do next."),
    ),
    Kind.CRISIS: (
        Part("presenting", "What happened", "Facts and sources."),
        _RISK,
        Part("actions", "What was done", "Least intrusive step first; who was told."),
        Part("plan", "Safety plan and follow-up", "Agreed steps, contacts, next check."),
    ),
    Kind.TERMINATION: (
        Part("summary", "Course of the work", "Dates, what was worked on, what changed."),
        Part("reason", "Why it ends", "Agreed, moved, referred, no return."),
        Part("plan", "Afterwards", "Referrals, how to come back."),
    ),
    Kind.PSYCHOTHERAPY: (
        Part("reflections", "Your own notes on the conversation", "Yours alone. Nothing that belongs in the progress note."),
    ),
}

# 45 CFR 164.501: these never are psychotherapy notes, wherever they are written (REC-2). Parts of the other kinds first,
# then the definition's own list, so that a field of any such name is refused and not dropped in silence.
PROGRESS_ONLY = frozenset(part.key for kind, parts in PARTS.items() if kind != Kind.PSYCHOTHERAPY for part in parts) | {
    *(part.key for parts in FORMATS.values() for part in parts),
    "medication", "starts_at", "ends_at", "start", "stop", "modality", "modalities", "frequency", "test_results", "diagnosis",
    "functional_status", "treatment_plan", "symptoms", "prognosis",
}  # fmt: skip


def parts_of(kind: str, form: str = Format.GUIDED) -> tuple[Part, ...]:
    """The parts of a note of ``kind``, in the order they are written; ``form`` is the format of a progress note."""
    return FORMATS[form] if kind == Kind.PROGRESS else PARTS[kind]


def written_parts(note: Note) -> tuple[Part, ...]:
    """The parts that the editor shows of ``note``: its own, and what was kept from another format."""
    kept = (KEPT,) if note.content.get(KEPT.key, "").strip() else ()
    return (*parts_of(note.kind, note.format), *kept)


def read_parts(note: Note) -> tuple[Part, ...]:
    """The parts of ``note`` as it is read and signed: those that are written, the goals it names, and where it comes from."""
    return (*written_parts(note), WORKED_ON, EARLIER)


def elsewhere(note: Note) -> list[Part]:
    """The parts of the formats that ``note``, a progress note, does not have: a page left open may still send them."""
    own = {part.key for part in parts_of(note.kind, note.format)}
    every = {part.key: part for parts in FORMATS.values() for part in parts} | {KEPT.key: KEPT}
    return [part for key, part in every.items() if key not in own] if note.kind == Kind.PROGRESS else []


def moves(old: str, new: str) -> list[tuple[Part, Part]]:
    """Where each part of format ``old`` goes in format ``new``; what has no place there goes to KEPT."""
    return [(part, _home(part, new)) for part in (*FORMATS[old], KEPT)]


def _home(part: Part, form: str) -> Part:
    if form == Format.FREE:
        return FORMATS[form][0]
    by_sense = {target.sense: target for target in reversed(FORMATS[form])}
    return next((by_sense[sense] for sense in _GOES_TO[part.sense] if sense in by_sense), KEPT)


def moved(content: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """``content`` of format ``old`` in the parts of format ``new``. No word is lost: where several parts meet, each keeps its heading."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part, target in moves(old, new):
        if content.get(part.key, "").strip():
            found.setdefault(target.key, []).append((part.heading, content[part.key]))
    rest = {WORKED_ON.key: content[WORKED_ON.key]} if content.get(WORKED_ON.key) else {}
    return {key: joined(pieces) for key, pieces in found.items()} | rest


def joined(pieces: list[tuple[str, str]]) -> str:
    """Texts under their headings; one alone stands for itself."""
    return pieces[0][1] if len(pieces) == 1 else "\n\n".join(f"{heading}:\n{text}" for heading, text in pieces)
