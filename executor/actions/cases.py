"""The limited list: made once it is open, worked through client by client; a record opens by a grant of its own (IC-3)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, UUIDField

from audit import clock, trail
from clients import actions as clients
from clients.access import readable_clients
from clients.models import Client, Purpose
from executor.access import acting
from executor.models import Activation, Case, Plan
from messaging import actions as messaging
from messaging.models import Outgoing
from practice.models import User
from practice.refusals import Refused

SUBJECT = "Please call us"
BODY = "Something has changed that you should know. Please call {number} when you can speak freely."


@dataclass(frozen=True)
class Telling:
    """How far it is with one client."""

    told: str
    onward: str = ""
    wish: str = ""
    words: str = ""


def open_list(row: Activation, *, by: User) -> int:
    """Make the list, or bring it up to date; returns how many clients came onto it. The database asks whether ``by`` may."""
    made = Func(F("pk"), function="executor_open", output_field=ArrayField(UUIDField()))
    found: list[UUID] = acting(by).order_by().select_related(None).values_list(made, flat=True).get(pk=row.pk)
    trail.change(row, "open_list")
    for ident in found:
        trail.change(by, "assign_execute", client=Client(pk=ident))
    return len(found)


def tell(case: Case, said: Telling, *, by: User) -> None:
    """Write down whether the client was told, where they go, and what they want with their record. Saved twice, it is the same."""
    _require_open(case)
    if said.told and said.told != case.told:
        case.told_at, case.told_by = clock.now(), by
    if not said.told:
        case.told_at = case.told_by = None
    case.told, case.onward, case.wish, case.words = said.told, said.onward, said.wish, said.words.strip() or None
    case.save(update_fields=["told", "told_at", "told_by", "onward", "wish", "words"])
    trail.change(case, "tell_case")


def write_to(case: Case, channel: str, *, by: User) -> Outgoing:
    """Ask the client by ``channel`` to call, in words that tell nothing; kept as refused where a rule stands against it (CM-3 to CM-5)."""
    _require_open(case)
    if Plan.Opens.CONTACT not in case.activation.plan.opens:
        raise Refused("RET-26", "The plan does not open how clients are reached.", "Ask the front desk to call them.")
    words = messaging.Words(SUBJECT, BODY.format(number=case.activation.plan.callback))
    return messaging.notify("executor", messaging.To(case.client, Purpose.SCHEDULING, channel=channel, reader=False), words, by=by)


def open_record(case: Case, reason: str, *, by: User) -> None:
    """The record of one client opens to the executor until their time is over, where the plan allows it. Psychotherapy notes never do.

    Raises Refused (RET-26) where it does not, and without a reason in words, which stays with the case.
    """
    _require_open(case)
    until = case.activation.until
    if Plan.Opens.RECORD not in case.activation.plan.opens or until is None:
        raise Refused("RET-26", "The plan opens no records.", "Whoever goes on with the client asks for it as their counselor.")
    if len(reason.split()) < 2:
        raise Refused("RET-26", "Why it must be opened is not said.", "Say in a sentence what is needed from it.")
    if readable_clients(by).filter(pk=case.client_id).exists():
        raise Refused("RET-26", "This record is open to you already.", "You find it in your list of clients.")
    case.words = f"{case.words or ''}\nOpened: {reason.strip()}".strip()
    case.save(update_fields=["words"])
    trail.change(case, "open_case")
    clients.open_to_executor(case.client, by=by, until=until)


def _require_open(case: Case) -> None:
    if case.closed_at or not case.activation.is_open:
        raise Refused("RET-26", "This is over.", "Ask for it anew, by two persons.")
