"""Asking a colleague about a client without saying who it is: begun, made unrecognisable, shared for a while, ended (SU-2)."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from audit import clock, trail
from clients.access import contact_points, readable_clients, representatives, whole_of
from clients.models import Client, ContactPoint, Member
from practice.models import User
from practice.refusals import Refused
from records.actions.names import run_of, runs_of
from records.kinds import read_parts
from records.models import Note
from supervision import access, law, serving
from supervision.deidentify import Finding, Known, lint, renamed, shifted
from supervision.models import Consultation, DeidentifiedView

PSEUDONYMS = ("Alder", "Bryn", "Corin", "Darrow", "Ellis", "Fenn", "Hollis", "Indra", "Jules", "Kit", "Lennox", "Merrin", "Oakley", "Quinn")
Relation = Consultation.Relation
WORDS = ["question", "pseudonym", "texts", "work"]
_MOVED = range(30, 170)  # weeks back: whole ones, for a day of the week beside a date would tell the rest
_LETTERS = {ContactPoint.Kind.MAIL: "F", ContactPoint.Kind.POST: "B"}


@dataclass(frozen=True)
class Asked:
    """Whom one asks what, about which notes, and for how long."""

    colleague: User | None  # None: somebody of outside, who is named by ``who``
    question: str
    notes: Sequence[UUID]
    days: int
    relation: str = Consultation.Relation.COLLEAGUE
    who: str = ""
    about: str = ""  # what it is needed for: "kind:id" (supervision.serving)


@dataclass(frozen=True)
class Settled:
    """What becomes of one place: replaced by ``instead``, or kept for a ``reason``."""

    part: int
    finding: Finding
    instead: str = ""
    reason: str = ""


def known_of(client: Client, by: User) -> Known:
    """What the file knows that could name ``client``, whom a door gave their counselor ``by``: under every row of that person."""
    rows = list(Client.objects.filter(pk__in=whole_of(client, readable_clients, by)))
    own = {run for row in rows for run in (*runs_of(row.given_name, row.preferred_name, row.family_name), run_of(row.code))}
    others = {run: "[relative]" for row in rows for run in runs_of(str(row.emergency.get("name", "")))}
    for person in representatives([row.pk for row in rows]):
        others |= dict.fromkeys(runs_of(person.name), "[guardian]")
    for other in _beside(rows, by):
        others |= dict.fromkeys(runs_of(other.given_name, other.preferred_name, other.family_name), "[member]")
    strings = {str(row.emergency.get("phone", "")).strip(): "D" for row in rows}
    for point in contact_points([row.pk for row in rows]):
        strings[point.address.strip()] = _LETTERS.get(ContactPoint.Kind(point.kind), "D")
    return Known(frozenset(own), {run: word for run, word in others.items() if run not in own}, {s: k for s, k in strings.items() if s})


def _beside(rows: list[Client], by: User) -> list[Client]:
    """Who else is of the same couple, family or group, of those whose record ``by`` may open."""
    units = Member.objects.filter(Q(person__in=rows) | Q(unit__in=rows)).values("unit")
    people = Member.objects.filter(unit__in=units).values("person")
    return list(readable_clients(by).filter(Q(pk__in=people) | Q(pk__in=units)).exclude(pk__in=[row.pk for row in rows]))


def begin(client: Client, asked: Asked, *, by: User) -> DeidentifiedView:
    """Make a view: names become a pseudonym, dates move by one secret distance. Nobody reads it yet. Raises Refused by SU-2."""
    least, _, most = law.limits()
    notes = list(access.viewable_notes(by, client).filter(pk__in=list(asked.notes)))
    if not notes or len(notes) != len({*asked.notes}):
        raise Refused("SU-2", "Choose signed notes of this client. Psychotherapy notes stay with you.", "Choose at least one.")
    if not least <= asked.days <= most:
        raise Refused("SU-2", f"A view stands for {least} to {most} days.", "Choose such a number.")
    _require_somebody(client, asked, by)
    row = DeidentifiedView(client=client, colleague=asked.colleague, made_by=by, days=asked.days)
    row.pseudonym, row.work = secrets.choice(PSEUDONYMS), {"days": -7 * secrets.choice(_MOVED), "dates": [], "kept": []}
    row.work["asked"] = {"relation": asked.relation, "who": asked.who.strip(), "about": asked.about}
    _make(row, known_of(client, by), notes, asked.question)
    row.save(force_insert=True)
    trail.change(row, "begin_view")
    return row


def _require_somebody(client: Client, asked: Asked, by: User) -> None:
    if asked.colleague is None and not (asked.who.strip() and asked.relation in (Relation.LAWYER, Relation.EXPERT)):
        raise Refused("SU-2", "Whom you ask is not said.", "Choose a colleague, or name somebody of outside, and say what they are.")
    if asked.colleague and not access.colleagues(by, client).filter(pk=asked.colleague.pk).exists():
        raise Refused("SU-2", "This person cannot be asked about this client.", "Choose somebody else.")
    serving.require(by, client, asked.about)


def _make(row: DeidentifiedView, known: Known, notes: list[Note], question: str) -> None:
    work, parts = row.work, []
    for note in notes:
        at = note.session.starts_at if note.session else note.created_at
        day = timezone.localdate(at) + datetime.timedelta(days=work["days"])
        text = "\n\n".join(f"{part.heading}\n{note.content[part.key]}" for part in read_parts(note) if note.content.get(part.key))
        text = "\n\n".join([text, *(f"Addendum\n{addendum.text}" for addendum in note.addenda.all())])
        text, dates = shifted(text, work["days"], timezone.localdate(at).year)
        work["dates"] += [f"{day:%-d %B %Y}", *dates]
        parts.append(
            {"title": str(note.get_kind_display()).capitalize(), "on": f"{day:%-d %B %Y}", "text": renamed(text, known, row.pseudonym)}
        )
    asked, dates = shifted(question.strip(), work["days"], clock.today().year)
    work["dates"] = sorted({*work["dates"], *dates})
    row.question, row.texts, row.work = renamed(asked, known, row.pseudonym), {"parts": parts}, work


def findings(row: DeidentifiedView, by: User) -> list[tuple[int, Finding]]:
    """What still looks like an identifier, with the part it stands in: -1 is the question."""
    known, kept = known_of(row.client, by), [str(each["text"]) for each in row.work.get("kept", [])]
    texts = [(-1, row.question), *((at, part["text"]) for at, part in enumerate(row.parts))]

    def every(known: Known) -> list[tuple[int, Finding]]:
        return [(at, found) for at, text in texts for found in lint(text, row.pseudonym, known, row.work.get("dates", []), kept)]

    # A name inside a sentence is one at its beginning, too, where a capital letter tells nothing.
    names = {run for _, found in every(known) if found.letter == "A" for run in runs_of(found.text)}
    return every(replace(known, others=known.others | dict.fromkeys(names - known.own, "[name]")))


def settle(row: DeidentifiedView, settled: Sequence[Settled], also: Sequence[tuple[str, str]] = (), *, by: User) -> None:
    """Replace or keep what was found, and replace further words in every part. Raises Refused by SU-2 for what is kept without a reason."""
    require_draft(row)
    if any(not each.instead.strip() and not each.reason.strip() for each in settled):
        raise Refused("SU-2", "What is kept needs a reason.", "Say why it tells nobody who it is, or replace it.")
    texts: dict[int, str] = {-1: row.question} | {at: part["text"] for at, part in enumerate(row.parts)}
    for each in sorted(settled, key=lambda each: -each.finding.start):
        place = each.finding
        if each.instead.strip():
            texts[each.part] = texts[each.part][: place.start] + each.instead.strip() + texts[each.part][place.end :]
    for word, instead in also:
        texts = {at: text.replace(word, instead) for at, text in texts.items()}
    kept = [
        {"text": each.finding.text.strip(), "letter": each.finding.letter, "reason": each.reason.strip()}
        for each in settled
        if not each.instead.strip()
    ]
    row.question, row.texts = texts[-1], {"parts": [part | {"text": texts[at]} for at, part in enumerate(row.parts)]}
    row.work = row.work | {"kept": [*row.work.get("kept", []), *kept]}
    row.save(update_fields=WORDS)
    trail.change(row, "settle_view")


def end(row: DeidentifiedView, *, by: User) -> None:
    """Nobody reads it any more: at once, also on an open page. Raises Refused where it is over."""
    if row.is_over:
        raise Refused("", "It is over.", "")
    row.ended_at = clock.now()
    DeidentifiedView.objects.filter(pk=row.pk).update(ended_at=row.ended_at)
    trail.change(row, "end_view")


def require_draft(row: DeidentifiedView) -> None:
    """Raises Refused by SU-2 where ``row`` was shared, or put away."""
    if row.shared_at is not None or row.ended_at is not None:
        raise Refused("SU-2", "What was shared does not change.", "End it and make another.")


def marked(text: str, found: Sequence[tuple[int, Finding]]) -> list[dict[str, Any]]:
    """``text`` in pieces, those that ``found`` names with their number, for the page on which they are answered for."""
    pieces: list[dict[str, Any]] = []
    at = 0
    for number, finding in found:
        pieces += [{"text": text[at : finding.start]}, {"text": finding.text, "number": number}]
        at = finding.end
    return [*pieces, {"text": text[at:]}]
