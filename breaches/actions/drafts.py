"""What goes to authorities, HHS, the media and the public: filled in from the facts, changed by hand, kept as it was sent."""

from __future__ import annotations

import datetime

from django.db.models import Max, Min
from django.utils import timezone

from audit import clock, trail
from breaches import access
from breaches.facts import Place
from breaches.law import covers, rules
from breaches.letters import TITLES, law, stays_up_until
from breaches.models import ClientLetter, Draft, Entry, Incident, Mark
from breaches.standing import standing
from practice.models import Practice, User
from practice.refusals import Refused

from .clocks import mark
from .timeline import write


def draw(incident: Incident, kind: str, whom: str, *, by: User) -> Draft:
    """The draft to ``whom``, filled in from what the letter says and from what is known; the one there is, if there is one."""
    found = access.drafts(by).filter(incident=incident, kind=kind, whom=whom).first()
    if found:
        return found
    row = Draft(incident=incident, kind=Draft.Kind(kind), whom=whom, drawn_by=by)
    row.text = _filled(incident, kind, whom, by)
    row.save(force_insert=True)
    trail.change(incident, "draft")
    return row


def _filled(incident: Incident, kind: str, whom: str, by: User) -> str:
    """Head, the letter's five parts, and what this kind of recipient is told besides; "…" is a gap that somebody fills in."""
    form = law("drafts").get(kind, {"parts": []})
    people = access.confirmed(incident).count() or access.told(by).filter(incident=incident).order_by().values("client").distinct().count()
    head = [Practice.objects.get().name, f"Our number: {incident.number}", f"Discovered on {incident.discovered_on:%-d %B %Y}"]
    if kind != Draft.Kind.SUBSTITUTE:
        head.append(f"About {people} people are affected")
    letter = access.approved_wording(incident)
    blocks = letter.blocks if letter else dict.fromkeys(TITLES, "…")
    parts = [f"{TITLES[name]}\n{text}" for name, text in blocks.items()] if form.get("facts", True) else []
    said = _said(incident, whom, people, by)
    return "\n\n".join(["\n".join(head), *parts, *(part.format(**said) for part in form["parts"])])


def _said(incident: Incident, whom: str, people: int, by: User) -> dict[str, str]:
    """What the parts of law/letters.toml ask for: numbers and days, no name."""
    where = next((rule.where for rule in rules() if rule.whom == whom), ())
    homes = access.confirmed(incident).order_by().values_list("country", "state")
    there = sum(covers(where, Place(*home)) for home in homes) if where else people
    step = access.entries(incident).filter(kind=Entry.Kind.STEP).order_by("at").first()
    agency = next((row.agency for row in access.delays(incident) if row.agency), "")
    return {
        "residents": f"{there} of {people}" if where else str(people),
        "letters": _letters(incident, by),
        "contained": f"Contained on {timezone.localdate(step.at):%-d %B %Y}. …" if step else "…",
        "police": f"{agency} asked us to wait." if agency else "…",
    }


def _letters(incident: Incident, by: User) -> str:
    days = access.told(by).filter(incident=incident, sent_at__isnull=False).aggregate(first=Min("sent_at"), last=Max("sent_at"))
    if days["first"] is None:
        return "…"
    first, last = (f"{timezone.localdate(days[name]):%-d %B %Y}" for name in ("first", "last"))
    return f"Sent on {first}." if first == last else f"Sent from {first} to {last}."


def save_draft(row: Draft, text: str, *, by: User) -> None:
    """Change what it says. Raises Refused without text."""
    if not text.strip():
        raise Refused("BR-12", "An empty notice tells nobody.", "Write what they must know.")
    row.text = text.strip()
    row.save(update_fields=["text"])
    trail.change(row.incident, "draft")


def sent(row: Draft, on: datetime.date, proof: str, *, by: User) -> None:
    """It went out on ``on``, and ``proof`` says how that is known; a substitute notice stays up for 90 days from then (BR-9, BR-16).

    Raises Refused for a day to come, without proof, and with gaps.
    """
    if on > clock.today():
        raise Refused("BR-16", "That day is still to come.", "Say on which day it went out.")
    if not proof.strip():
        raise Refused("BR-16", "The proof is missing: it is you who must show that they were told.", "Say how, and what shows it.")
    if "…" in row.text:
        raise Refused("BR-12", "There are gaps in it still, marked with “…”.", "Fill them in.")
    row.sent_on, row.sent_by, row.proof = on, by, proof.strip()
    row.until = stays_up_until(on) if row.kind == Draft.Kind.SUBSTITUTE else None
    row.save(update_fields=["sent_on", "sent_by", "proof", "until"])
    for each in standing(row.incident):
        if each.runs and each.clock.whom == row.whom:
            mark(row.incident, each, Mark.State.SENT, on, proof, by=by)
    write(row.incident, Entry.Kind.DONE, f"Told: {row.whom}, on {on:%-d %b %Y}.", by=by)


def offer(letter: ClientLetter, *, by: User) -> None:
    """The counselor offered the client to talk about it (BR-18)."""
    ClientLetter.objects.filter(pk=letter.pk).update(offered_at=clock.now(), offered_by=by)
    trail.change(letter, "offered_to_talk")
