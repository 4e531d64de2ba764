"""What each kind of note is made of. A psychotherapy note has no place for what belongs in the progress note (REC-2)."""

from __future__ import annotations

from dataclasses import dataclass

from .models import Kind


@dataclass(frozen=True)
class Part:
    """One part of a note: its key in the sealed content, its heading, and a line of help."""

    key: str
    heading: str
    help: str = ""


_RISK = Part("risk", "Risk", "Ideation, plan, intent, means, threat; or that none was reported.")
_PLAN = Part("plan", "Plan", "Next steps and the next appointment.")

PARTS: dict[str, tuple[Part, ...]] = {
    Kind.PROGRESS: (
        Part("presenting", "What brought them today", "Presenting problem, symptoms, functional status."),
        Part("interventions", "What was done", "Interventions, tests given, who took part."),
        Part("progress", "Response and progress", "Toward which goal, and how they responded."),
        _RISK,
        _PLAN,
    ),
    Kind.INTAKE: (
        Part("presenting", "Reason for coming", "In the client's own words where possible."),
        Part("history", "History", "What matters for the work; no more than is needed."),
        Part("impression", "First impression", "Symptoms, functional status, working diagnosis."),
        _RISK,
        _PLAN,
    ),
    Kind.PLAN: (
        Part("goals", "Goals", "What the client wants to be different."),
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
    "medication", "starts_at", "ends_at", "start", "stop", "modality", "modalities", "frequency", "test_results", "diagnosis",
    "functional_status", "treatment_plan", "symptoms", "prognosis",
}  # fmt: skip


def parts_of(kind: str) -> tuple[Part, ...]:
    """The parts of a note of ``kind``, in the order they are written."""
    return PARTS[kind]
