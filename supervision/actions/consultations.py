"""A consultation: asked or written down, advised on, decided. Who may be told what stands on a basis, asked anew each time (SU-2, SU-8)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from audit import clock, trail
from clients.access import care_team
from clients.models import Client, Codename
from consent.actions import Use, authorized
from consent.models import Authorization
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused
from supervision import access, serving
from supervision.deidentify import Known, lint
from supervision.models import Advice, Consultation, Outcome, OutsidePage

from .deidentified import end, known_of

Basis, Relation = Consultation.Basis, Consultation.Relation
OUTSIDE = (Relation.LAWYER, Relation.EXPERT)
SUBJECT = "Something waits for you"
BODY = "Somebody you asked has answered. Please sign in:\n\n{url}\n"
_GROUNDS = "Say it, so that somebody else can follow it later."


@dataclass(frozen=True)
class Held:
    """A consultation that was held, or is being asked for: with whom, on what basis, what they were told. ``about``: "kind:id"."""

    held_on: datetime.date
    relation: str
    basis: str
    question: str
    told: Sequence[str] = ()
    who: str = ""
    consultant: User | None = None
    grounds: str = ""
    authorization: Authorization | None = None
    about: str = ""
    advice: str = field(default="", repr=False)


def record(client: Client | None, held: Held, *, by: User) -> Consultation:
    """Write a consultation down; ``client`` came through a door, None: it is about no client. Raises Refused by SU-2, SU-5, SU-8, AU-3."""
    _require_whole(held, by)
    _require_basis(client, held, by)
    row = _row(client, held, by)
    row.save(force_insert=True)
    trail.change(row, "consultation_recorded")
    if held.advice.strip():
        advise(row, held.advice, by=by)
    return row


def _row(client: Client | None, held: Held, by: User) -> Consultation:
    row = Consultation(client=client, asked_by=by, held_on=held.held_on, relation=held.relation, basis=held.basis)
    row.consultant, row.authorization = held.consultant, held.authorization
    row.serves, row.served = serving.require(by, client, held.about)
    row.who = held.consultant.name if held.consultant else held.who.strip()
    row.grounds, row.question = held.grounds.strip(), held.question.strip()
    row.told = {"items": [item.strip() for item in held.told if item.strip()]}
    return row


def _require_whole(held: Held, by: User) -> None:
    if not held.question.strip() or not (held.consultant or held.who.strip()):
        raise Refused("SU-2", "Whom you asked, and what, is written down.", "Fill in both.")
    if held.held_on > clock.today():
        raise Refused("SU-2", "That day is still to come.", "Name the day on which you asked.")
    if (held.relation in OUTSIDE and held.consultant) or (held.relation not in OUTSIDE and not held.consultant):
        raise Refused("SU-2", "Who it was does not fit.", "A colleague is chosen from the list; somebody of outside is named.")
    if held.consultant and held.consultant.pk == by.pk:
        raise Refused("SU-2", "Nobody consults themself.", "Ask somebody else.")


def _require_basis(client: Client | None, held: Held, by: User) -> None:
    """SU-2, SU-8: told who it is only on a basis that holds now; otherwise nothing may look like one of the eighteen."""
    if held.basis == Basis.DEIDENTIFIED:
        return _require_nobody_named(client, held, by)
    if client is None:
        raise Refused("SU-2", "It is about no client, and so names none.", "Open the client, and consult from there.")
    if held.basis == Basis.SUPERVISOR:
        return _require_supervisor(client, held)
    if held.basis == Basis.COUNSEL and held.relation != Relation.LAWYER:
        raise Refused("SU-8", "Legal advice comes from a lawyer.", "Choose another basis, or ask without saying who it is.")
    if held.basis == Basis.AUTHORIZATION:
        return _require_signed(client, held, by)
    if held.basis not in Basis.values:
        raise Refused("SU-2", "Who it is was told without a basis.", "Choose one, or ask without saying who it is.")
    if not held.grounds.strip():
        raise Refused("SU-8", "How they come to be told who it is, is not said.", _GROUNDS)
    return None


def _require_nobody_named(client: Client | None, held: Held, by: User) -> None:
    known = known_of(client, by) if client else Known(frozenset())
    places = [place for text in (held.question, *held.told) for place in lint(text, "", known)]
    if places:
        words = ", ".join(f"“{place.text.strip()}” ({place.kind.words})" for place in places[:5])
        todo = "Say it without, or choose a basis on which they may be told who it is."
        raise Refused("SU-2", f"{len(places)} places look like an identifier: {words}.", todo)


def _require_supervisor(client: Client, held: Held) -> None:
    team = care_team(client).filter(permission__codename=Codename.SUPERVISE)
    if held.consultant is None or not team.filter(user=held.consultant.pk).exists():
        raise Refused("SU-5", "They do not supervise this client's care.", "Choose another basis, or ask without saying who it is.")


def _require_signed(client: Client, held: Held, by: User) -> None:
    found = held.authorization
    if found is None or not access.signed_for(by, client).filter(pk=found.pk).exists():
        raise Refused("SU-8", "The client has signed for nothing like it.", "Choose what they signed, or ask without saying who it is.")
    if " ".join(found.to_party.split()).casefold() != " ".join(held.who.split()).casefold():
        raise Refused("AU-3", "The client signed for somebody else.", "The name is as it stands on what they signed.")
    authorized(client, Use(found.to_party, found.purpose, found.information[0]), by=by)


def advise(row: Consultation, text: str, *, by: User, page: OutsidePage | None = None) -> Advice:
    """Write down what was advised. Raises Refused by SU-7 without a word, or where it is decided."""
    if row.is_decided:
        raise Refused("SU-7", "It is decided.", "Ask anew, in a consultation of its own.")
    if not text.strip():
        raise Refused("SU-7", "There is no advice yet.", "Write down what they advise.")
    found = Advice(consultation=row, client_id=row.client_id, by=by, page=page)
    found.text = text.strip()
    found.save(force_insert=True)
    trail.change(row, "advised")
    if row.asked_by_id != by.pk or page:
        outbox.queue("consult", row.asked_by.email, SUBJECT, BODY.format(url=site_link("home")))
    return found


def decide(row: Consultation, decision: str, rationale: str, *, by: User) -> Outcome:
    """What was decided, and why; nobody reads or advises any more. Raises Refused by SU-7 before there is advice."""
    if not access.advice(row).exists():
        raise Refused("SU-7", "Nobody has advised yet.", "Write down what they said first.")
    if not decision.strip() or not rationale.strip():
        raise Refused("SU-7", "What you decided, and why, is written down.", "Fill in both. You may decide against the advice.")
    for page in access.open_pages(by).filter(consultation=row.pk):
        page.stopped_at = clock.now()
        page.save(update_fields=["stopped_at"])
    if row.view and not row.view.is_over:
        end(row.view, by=by)
    found = Outcome(consultation=row, client_id=row.client_id, by=by)
    found.decision, found.rationale = decision.strip(), rationale.strip()
    found.save(force_insert=True)
    trail.change(row, "consultation_decided")
    return found
