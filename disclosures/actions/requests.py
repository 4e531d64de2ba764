"""Requests for the accounting: due dates, one extension, the fee told before, and what was given (ACC-1, ACC-5, ACC-6, ACC-9)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from audit import clock, trail
from clients.models import Client
from disclosures import access, law
from disclosures.models import AccountingRequest
from disclosures.paper import accounting_paper
from practice import pdf
from practice.access import staffed_practice
from practice.deadlines import after_days, after_months, after_years
from practice.models import User
from practice.refusals import Refused


@dataclass(frozen=True)
class Asked:
    """A request as it came in. Without days it is about the last six years."""

    whom: str
    name: str
    verified: str
    received_on: datetime.date
    since: datetime.date | None = None
    until: datetime.date | None = None


def ask(client: Client, asked: Asked, *, by: User) -> AccountingRequest:
    """Write down a request for the accounting of ``client``. Raises Refused: AU-9 where nobody looked who asks, ACC-1 beyond six years."""
    if not asked.name.strip() or not asked.verified.strip():
        raise Refused("AU-9", "Who asks, and how you know that it is them, is written down.", "Fill in both.")
    since, until = _days(asked)
    row = AccountingRequest(client=client, whom=asked.whom, received_on=asked.received_on, since=since, until=until, recorded_by=by)
    row.name, row.verified = asked.name.strip(), asked.verified.strip()
    row.due_on = after_days(asked.received_on, law.periods().days)
    row.save(force_insert=True)
    trail.change(row, "accounting_asked")
    return row


def _days(asked: Asked) -> tuple[datetime.date, datetime.date]:
    today, earliest = clock.today(), after_years(asked.received_on, -law.periods().years)
    since, until = asked.since or earliest, asked.until or asked.received_on
    if asked.received_on > today:
        raise Refused("ACC-5", "That day is still to come.", "Name the day on which the request came in.")
    if since < earliest:
        raise Refused("ACC-1", f"The accounting goes back six years, to {earliest:%-d %b %Y}.", "Name a day from then on.")
    if not since <= until <= asked.received_on:
        raise Refused("ACC-1", "These are not days in their order, up to the request.", "Correct the days.")
    return since, until


def extend(row: AccountingRequest, reasons: str, *, by: User) -> None:
    """Take 30 days more, once, with reasons in writing that are sent within the first 60. Raises Refused by ACC-5."""
    today = clock.today()
    if row.extended_on is not None:
        raise Refused("ACC-5", "It was extended already: that works once.", f"Give it by {row.due_on:%-d %b %Y}.")
    if today > row.due_on:
        raise Refused("ACC-5", "The first 60 days are over: more time had to be asked for within them.", "Give it today.")
    if not reasons.strip():
        raise Refused("ACC-5", "More time needs reasons, in writing.", "Say why it takes longer: the letter says so.")
    row.reasons, row.extended_on = reasons.strip(), today
    row.due_on = after_days(row.received_on, law.periods().days + law.periods().extension)
    row.save(update_fields=["reasons", "extended_on", "due_on"])
    trail.change(row, "accounting_extended")


def is_free(row: AccountingRequest, by: User) -> bool:
    """Whether it is the first in 12 months (ACC-6)."""
    after = after_months(row.received_on, -law.periods().free_months)
    others = access.kept_accountings(by).exclude(pk=row.pk).filter(client=row.client_id, fee=0, withdrawn_at=None)
    return not others.filter(received_on__gt=after, received_on__lte=row.received_on).exists()


def tell_fee(row: AccountingRequest, fee: Decimal, *, by: User) -> None:
    """The person was told what it costs, and may withdraw or ask for less. Raises Refused by ACC-6 where it is free."""
    if fee <= 0:
        raise Refused("ACC-6", "A fee of nothing needs no telling.", "Name the amount, or give it free of charge.")
    if is_free(row, by):
        raise Refused("ACC-6", "The first accounting in any 12 months is free.", "Give it without a fee.")
    row.fee, row.fee_told_on = fee, clock.today()
    row.save(update_fields=["fee", "fee_told_on"])
    trail.change(row, "accounting_fee_told")


def withdraw(row: AccountingRequest, *, by: User) -> None:
    """Whoever asked does not want it any more, as because of the fee."""
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    trail.change(row, "accounting_withdrawn")


def give(row: AccountingRequest, *, by: User, looked: bool) -> None:
    """Make the paper that is given, and keep exactly it (ACC-9). Raises Refused by REP-6 where something in it needs a look first.

    A report of abuse or a threat is not given to who represents the client: they may be whom it is about (RG-13).
    """
    entries = access.accountable([row.client_id], row.since, row.until, by)
    if row.whom == AccountingRequest.Whom.REPRESENTATIVE:
        entries = entries.filter(in_portal=True)
    elif not looked and entries.filter(in_portal=False).exists():
        words = "In it are reports or warnings that are not shown in the portal."
        raise Refused("REP-6", words, "Look at them below, and whether giving them endangers somebody; then say that you did.")
    paper = accounting_paper(row.client, entries, since=row.since, until=row.until, practice=staffed_practice(by).get())
    row.pdf, row.given_at, row.given_by = pdf.press("accounting", paper), clock.now(), by
    row.save(update_fields=["pdf", "given_at", "given_by"])
    trail.change(row, "accounting_given")
