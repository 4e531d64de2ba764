"""What clients ask of the practice: written down with its clock, extended once, answered on a closed list of grounds, reviewed, closed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from audit import clock, trail
from clients.actions import Elsewhere, accommodate
from clients.models import Client
from disclosures import access, rights
from disclosures.models import AccountingRequest, RightsReply, RightsRequest, RightsReview
from practice.models import Practice, User
from practice.refusals import Refused
from supervision import serving

Kind = RightsRequest.Kind
FLAGS = ("gdpr", "uk_gdpr")


@dataclass(frozen=True)
class Wish:
    """A request as it came in. ``form`` is for access: how they would like it."""

    kind: str
    whom: str
    name: str
    verified: str
    words: str
    received_on: datetime.date
    form: str = ""
    paid_in_full: bool = False


@dataclass(frozen=True)
class Answer:
    """What was decided. ``ground`` is a key of the closed list, for a denial; ``why`` is for the practice alone."""

    decision: str
    answer: str
    ground: str = ""
    why: str = ""
    fee: Decimal = Decimal(0)
    elsewhere: Elsewhere | None = None  # of being reached in another way or place: which, from now on


def clocks_of(row: RightsRequest, practice: Practice) -> list[rights.Clock]:
    """The clocks that run for ``row``, the earliest first."""
    flags = {name for name in FLAGS if getattr(practice, name)}
    return rights.clocks(row.kind, row.form, row.received_on, states=practice.states, flags=flags)


def _today() -> datetime.date:
    return clock.today()


def receive(client: Client, wish: Wish, *, practice: Practice, by: User, asker: User | None = None) -> RightsRequest:
    """Write down what is asked of the record of ``client``; ``asker`` is who did so in the portal. Raises Refused, as by AU-9."""
    _require_whole(wish)
    row = RightsRequest(client=client, kind=wish.kind, whom=wish.whom, received_on=wish.received_on, asker=asker, recorded_by=by)
    row.name, row.verified, row.words = wish.name.strip(), wish.verified.strip(), wish.words.strip()
    row.form = (wish.form or RightsRequest.Form.ELECTRONIC) if wish.kind == Kind.ACCESS else ""
    row.paid_in_full = wish.paid_in_full and wish.kind == Kind.RESTRICT
    row.due_on = rights.due(clocks_of(row, practice))
    row.save(force_insert=True)
    trail.change(row, "rights_asked")
    return row


def _require_whole(wish: Wish) -> None:
    if wish.kind not in Kind.values:
        raise Refused("RG-1", "That is none of the requests there are.", "Choose one.")
    if not wish.name.strip() or not wish.verified.strip():
        raise Refused("AU-9", "Who asks, and how you know that it is them, is written down.", "Fill in both.")
    if not wish.words.strip():
        raise Refused("RG-1", "What is asked for is not said.", "Say it in their words. Nobody has to say why (CM-2).")
    if wish.received_on > _today():
        raise Refused("RG-1", "That day is still to come.", "Name the day on which the request came in.")


def extend_rights(row: RightsRequest, reasons: str, *, practice: Practice, by: User) -> None:
    """Take more time, once, said in writing within the first (RG-1, RG-7). Raises Refused where no law lets the practice."""
    rule = "RG-7" if row.kind == Kind.AMEND else "RG-1"
    running = clocks_of(row, practice)
    latest = rights.due(running, extended=True)
    if row.extended_on is not None:
        raise Refused(rule, "It was extended already: that works once.", f"Answer by {row.due_on:%-d %b %Y}.")
    if _today() > row.due_on:
        raise Refused(rule, "The first days are over: more time had to be taken within them.", "Answer today.")
    if latest <= row.due_on:
        held = min(running, key=lambda each: each.latest)
        raise Refused(held.rule or rule, f"{held.words}: that day cannot be moved.", f"Answer by {row.due_on:%-d %b %Y}.")
    if not reasons.strip():
        raise Refused(rule, "More time needs reasons, in writing.", "Say why it takes longer: the letter says so.")
    row.reasons, row.extended_on, row.due_on = reasons.strip(), _today(), latest
    row.save(update_fields=["reasons", "extended_on", "due_on"])
    trail.change(row, "rights_extended")


# --- the answer -----------------------------------------------------------------------------------------------------------


def decide(row: RightsRequest, answer: Answer, *, by: User) -> None:
    """Answer ``row``, once. Raises Refused where the ground is not on the closed list, or is not for this person or decider."""
    rule = {"amend": "RG-8", "restrict": "RG-10", "contact": "CM-1", "complaint": "RG-16"}.get(row.kind, "RG-3")
    if row.decision:
        raise Refused(rule, "It was answered already.", "What changed since then is another request, or a review.")
    if answer.decision not in RightsRequest.Decision.values or not answer.answer.strip():
        raise Refused(rule, "What was decided, and what the person is told, is written down.", "Fill in both.")
    _require_fee(row, answer)
    if answer.decision != RightsRequest.Decision.GRANTED:
        _require_ground(row, answer, rule, by)
    row.decision, row.answer, row.fee = answer.decision, answer.answer.strip(), answer.fee
    row.ground = "" if answer.decision == RightsRequest.Decision.GRANTED else answer.ground
    row.why = answer.why.strip() or None
    row.decided_on, row.decided_by = _today(), by
    row.save(update_fields=["decision", "answer", "fee", "ground", "why", "decided_on", "decided_by"])
    trail.change(row, "rights_decided")
    if row.kind == Kind.CONTACT and answer.decision != RightsRequest.Decision.DENIED:
        accommodate(row.client, answer.elsewhere or Elsewhere(()), source=row.pk, by=by)


def _require_fee(row: RightsRequest, answer: Answer) -> None:
    if answer.fee < 0 or (answer.fee and row.kind != Kind.ACCESS):
        raise Refused("RG-5", "Only a copy may cost something.", "Leave the fee at nothing.")
    if answer.fee and row.form == RightsRequest.Form.INSPECT:
        raise Refused("RG-5", "Looking at the record costs nothing.", "Leave the fee at nothing.")


def _require_ground(row: RightsRequest, answer: Answer, rule: str, by: User) -> None:
    found = rights.grounds(row.kind).get(answer.ground)
    if row.kind == Kind.COMPLAINT:
        raise Refused(rule, "A complaint is not denied: it is looked into.", "Write what was found and what was done.")
    if row.kind == Kind.RESTRICT and row.paid_in_full:
        raise Refused("RG-10", "What was paid in full out of pocket must be withheld from the health plan.", "Grant it.")
    if found is None:
        raise Refused(rule, "A request is denied only on a ground of the list; that something upsets is none.", "Choose one, or grant it.")
    if found.of_representatives and row.whom != AccountingRequest.Whom.REPRESENTATIVE:
        raise Refused(found.rule, "That ground is about representatives, and the client asks.", "Choose another, or grant it.")
    if found.licensed and not by.credentials.strip():
        raise Refused(found.rule, "Only a licensed professional decides on this ground.", "Ask one to.")
    if found.why and not answer.why.strip():
        raise Refused(found.rule, "What your judgment rests on is written down.", "Say it below: only the practice reads it.")
    asks = row.kind == Kind.ACCESS and (found.licensed or answer.decision == RightsRequest.Decision.DENIED)
    if asks and not serving.advised("right", row.pk):
        raise Refused("SU-7", "Access is denied only after a consultation.", "Consult somebody about this request, and write it down.")


def review(row: RightsRequest, outcome: str, words: str, *, reviewer: str = "", by: User) -> RightsReview:
    """Another licensed professional looked again; ``reviewer`` names one of outside the practice. Raises Refused by RG-4."""
    if outcome not in RightsReview.Outcome.values or not words.strip():
        raise Refused("RG-4", "A review ends with an outcome, and with words for the person.", "Fill in both.")
    if not reviewer.strip():
        _require_another(row, by)
    found = RightsReview(request=row, client_id=row.client_id, outcome=outcome, words=words.strip(), recorded_by=by)
    found.reviewer = reviewer.strip() or None
    found.save(force_insert=True)
    trail.change(found, "rights_reviewed")
    return found


def _require_another(row: RightsRequest, by: User) -> None:
    if row.decided_by_id == by.pk:
        raise Refused("RG-4", "Whoever denied it does not review it.", "Ask a colleague, or name the licensed professional of outside.")
    if not by.credentials.strip():
        raise Refused("RG-4", "A licensed professional reviews it.", "Ask one.")


# --- what the person says later -----------------------------------------------------------------------------------------


def reply(row: RightsRequest, kind: str, words: str, *, by: User) -> RightsReply:
    """What whoever asked says of ``row`` later: each kind once. Raises Refused where there is nothing to say it of."""
    _require_reply(row, kind, words)
    found = RightsReply(request=row, client_id=row.client_id, kind=kind, words=words.strip() or "-", recorded_by=by)
    found.save(force_insert=True)
    trail.change(found, "rights_replied")
    return found


def _require_reply(row: RightsRequest, kind: str, words: str) -> None:
    if kind not in dict(unsaid(row, row.replies.all())):
        raise Refused("RG-4", "That cannot be said of this request, or was said already.", "You may complain to us, or to HHS.")
    if kind == RightsReply.Kind.DISAGREES and not words.strip():
        raise Refused("RG-8", "A statement of disagreement says with what.", "Write it in your own words.")


def unsaid(row: RightsRequest, replies: Iterable[RightsReply]) -> list[tuple[str, str]]:
    """What the person may still say of ``row`` besides ``replies``: kind and its words."""
    said, kinds = {each.kind for each in replies}, RightsReply.Kind
    if kinds.WITHDRAWN in said:
        return []
    may = {
        kinds.WITHDRAWN: not row.decision,
        kinds.REVIEW: is_reviewable(row),
        kinds.DISAGREES: row.kind == Kind.AMEND and row.decision in ("denied", "partial"),
    }
    return [(kind.value, kind.label) for kind, open_ in may.items() if open_ and kind not in said]


def is_reviewable(row: RightsRequest) -> bool:
    """Whether the person may have another licensed professional look (RG-3, RG-4)."""
    ground = rights.grounds(row.kind).get(row.ground)
    return bool(ground and ground.reviewable) and not RightsReview.objects.filter(request=row.pk).exists()


def close_rights(row: RightsRequest, done: str, *, by: User) -> None:
    """All is done: what was given, arranged or told, and when. Raises Refused while it is not answered, or waits for a review."""
    rule = "RG-16" if row.kind == Kind.COMPLAINT else "RG-9" if row.kind == Kind.AMEND else "RG-1"
    if not row.decision:
        raise Refused(rule, "It is not answered yet.", "Decide first: a complaint is closed with what became of it.")
    if access.reviewable_rights(by).filter(pk=row.pk).exists():
        raise Refused("RG-4", "A review was asked for, and nobody has looked.", "Have it reviewed first.")
    if not done.strip():
        raise Refused(rule, "What was done, when and how, is written down.", "Say it; of an amendment also who was told of it.")
    row.done, row.closed_at = done.strip(), clock.now()
    row.save(update_fields=["done", "closed_at"])
    trail.change(row, "rights_closed")
