"""Handing a client on: offered, told, accepted or not. Nothing opens before the receiver accepts, and nothing is copied."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from audit import clock, trail
from clients import actions as clients
from clients.access import assignable_clients, live_grants, whole
from clients.models import Client, ClientPermission, Codename, Denial
from clients.models.team import TRANSFERS, WITHHELD
from practice import ownership
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.deadlines import after_days, end_of_day
from practice.models import User
from practice.profile import profile
from practice.refusals import Refused
from practice.roles import Role
from transfers import law
from transfers.models import Transfer

Told, Outcome = Transfer.Told, Transfer.Outcome
SUBJECT = "Something waits for you"
BODY = "A colleague asks you something, or has answered you. Please sign in:\n\n{url}\n"
_AGAIN = "Somebody may have answered or withdrawn it a moment ago; look at its page."


@dataclass(frozen=True)
class Telling:
    """Whether the client is told: when and how, and what they said to it, or why they cannot be."""

    told: str = Told.NOT_YET
    on: datetime.date | None = None
    how: str = ""
    words: str = ""


@dataclass(frozen=True)
class Offer:
    """To whom a client is offered, why, what of the record stays shut, and the last day of the former access."""

    to: User
    ground: str
    reason: str
    ends_on: datetime.date
    withheld: Sequence[str] = ()
    telling: Telling = field(default_factory=Telling)


def offer(client: Client, asked: Offer, *, by: User) -> Transfer:
    """Offer ``client`` to a colleague. Nothing opens by it. Raises Refused by SE-10 and RET-26."""
    _require_whom(client, asked.to, by)
    _require_sense(asked)
    row = Transfer(client=client, code=client.code, to=asked.to, ground=asked.ground, ends_on=asked.ends_on, asked_by=by)
    row.withheld, row.reason = [part for part, _ in WITHHELD if part in asked.withheld], asked.reason.strip()
    _say(row, asked.telling)
    row.save(force_insert=True)
    trail.change(row, "offer_transfer")
    _mail(asked.to)
    return row


def _require_whom(client: Client, to: User, by: User) -> None:
    if to.pk == by.pk:
        raise Refused("SE-10", "Nobody gives themself a client.", "Ask the client's counselor or another admin to offer it to you.")
    if to.has_left or not to.holds(Role.COUNSELOR):
        raise Refused("SE-10", f"{to.name} is no counselor here now.", "Choose somebody else.")
    if Denial.objects.filter(client__in=whole([client.pk], assignable_clients, by), user=to).exists():
        raise Refused("SE-10", f"{to.name} is on this client's deny list.", "Choose somebody else, or take them off the list first.")
    if live_grants([Codename.COUNSEL]).filter(content_object=client.pk, user=to).exists():
        raise Refused("", f"{to.name} counsels this client already.", "End the other access under Care team instead.")
    if Transfer.objects.filter(client=client, outcome="").exists():
        raise Refused("", "This client is offered to somebody already.", "Withdraw that offer first.")


def _require_sense(asked: Offer) -> None:
    today, (_, most) = clock.today(), law.ending()
    if asked.ground not in TRANSFERS or not asked.reason.strip():
        raise Refused("RET-26", "A transfer says why.", "Write one sentence: the receiver reads it before they answer.")
    if not today <= asked.ends_on <= after_days(today, most):
        raise Refused("SE-10", f"The former access ends between today and {most} days from now.", "Choose such a day.")


def _say(row: Transfer, telling: Telling) -> None:
    """Put into ``row`` whether the client is told. Raises Refused by RET-26 where it does not say when and how, or why not."""
    if telling.told not in Told.values:
        raise Refused("RET-26", "Whether the client is told is not said.", "Choose one.")
    if telling.told == Told.UNTOLD and not telling.words.strip():
        raise Refused("RET-26", "Why the client cannot be told is not said.", "Write it down.")
    if telling.told in (Told.TOLD, Told.AGREES):
        if telling.on is None or telling.how not in Transfer.How.values:
            raise Refused("RET-26", "When and how the client was told is not said.", "Write both down.")
        if telling.on > clock.today():
            raise Refused("RET-26", "That day is not here yet.", "Say when the client was told, or that they are not yet.")
        row.told_on, row.told_how = telling.on, telling.how
    else:
        row.told_on, row.told_how = None, ""
    row.told, row.told_words = telling.told, telling.words.strip()


def _require_open(row: Transfer) -> None:
    if not row.is_open:
        raise Refused("", f"This transfer is {row.get_outcome_display()} already.", _AGAIN)


def tell(row: Transfer, telling: Telling, *, by: User) -> None:
    """Write down that the client was told, or agrees, or cannot be told. Raises Refused once it ended, and by RET-26."""
    _require_open(row)
    _say(row, telling)
    row.save(update_fields=["told", "told_on", "told_how", "told_words"])
    trail.change(row, "tell_of_transfer")


def require_told(row: Transfer, model: str) -> None:
    """Raises Refused by RET-26 where the client is not told, by AU-1 where records belong to counselors and they did not agree."""
    asked = law.asked(model)
    if row.told == Told.NOT_YET:
        raise Refused("RET-26", "The client is not told yet.", "Whoever offers the client writes down here when they told them.")
    if asked.consent and row.told != Told.AGREES:
        raise Refused(asked.rule, f"{asked.words} ({asked.citation})", "Whoever offers the client asks them first.")


def accept(row: Transfer, *, by: User) -> None:
    """``by`` takes the client: their access begins, everybody else's ends on the day, in one transaction.

    Raises Refused for anybody else (SE-10), once it ended, and while the client is not told (RET-26, AU-1).
    """
    _require_open(row)
    if row.to_id != by.pk:
        raise Refused("SE-10", "This client is offered to somebody else.", "")
    require_told(row, ownership.at(row.asked_at))  # what held then: a later choice does not work back
    _end(row, Outcome.ACCEPTED, by)
    at = row.ended_at
    assert at
    ends = end_of_day(row.ends_on, profile().zone)
    clients.take_over(Client(pk=row.client_id), by, reason=row.ground, ends_at=max(ends, at), withheld=row.withheld, at=at)
    _mail(row.asked_by)


def decline(row: Transfer, words: str, *, by: User) -> None:
    """``by`` does not take the client, and says why. Raises Refused without a word, and as ``accept`` does."""
    _require_open(row)
    if row.to_id != by.pk:
        raise Refused("SE-10", "This client is offered to somebody else.", "")
    if not words.strip():
        raise Refused("RET-26", "Why you decline is not said.", "One sentence helps to find somebody else.")
    row.answer = words.strip()
    _end(row, Outcome.DECLINED, by)
    _mail(row.asked_by)


def withdraw(row: Transfer, *, by: User) -> None:
    """Take the offer back. Raises Refused once it ended, and for the one it is made to."""
    _require_open(row)
    if row.to_id == by.pk:
        raise Refused("", "Whom a client is offered to declines instead.", "Say why you decline.")
    _end(row, Outcome.WITHDRAWN, by)
    _mail(row.to)


def _end(row: Transfer, outcome: str, by: User) -> None:
    row.outcome, row.ended_by, row.ended_at = outcome, by, clock.now()
    row.save(update_fields=["outcome", "ended_by", "ended_at", "answer"])
    trail.change(row, f"transfer_{outcome}")


def open_earlier(grant: ClientPermission, *, by: User) -> None:
    """An admin opens to a counselor what the transfer left shut, such as to answer a request for the whole record (RG-1)."""
    if grant.user_id == by.pk or not by.holds(Role.ADMIN):
        raise Refused("SE-10", "An admin opens the earlier record, to somebody else.", "Ask an admin.")
    clients.open_the_rest(grant, by=by)


def _mail(person: User) -> None:
    outbox.queue("transfer", person.email, SUBJECT, BODY.format(url=site_link("home")))
