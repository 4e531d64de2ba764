"""Asking for a bundle, and the second person's answer. Nothing is made before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from audit import clock, trail
from clients.access import counseled_clients, live_grants
from clients.models import Client, Codename
from moving import access
from moving.models import MoveOut
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role

Outcome, Purpose = MoveOut.Outcome, MoveOut.Purpose
# Mailboxes are read by others: not a word of a client, a record or the practice.
SUBJECT = "Something waits for you"
BODY = "A colleague asks you to approve something, or has answered you. Please sign in:\n\n{url}\n"


@dataclass(frozen=True)
class Wish:
    """What is asked: what for, why, and whether the asker's own psychotherapy notes go along."""

    reason: str
    purpose: str = Purpose.OWN
    private: bool = False


def ask(wish: Wish, *, by: User, client: Client | None = None) -> MoveOut:
    """Ask for a bundle of ``client``'s record, or of the whole practice. Raises Refused, as where nobody else could approve it (SE-10)."""
    _require(wish, client, by)
    row = MoveOut(client=client, purpose=wish.purpose, private=wish.private, asked_by=by)
    row.reason = wish.reason.strip()
    row.save(force_insert=True)
    trail.change(row, "ask_move_out")
    _mail(_approvers(row))
    return row


def _require(wish: Wish, client: Client | None, by: User) -> None:
    if not wish.reason.strip():
        raise Refused("AU-8", "Why the record is to leave is not said.", "Write one sentence: the second person reads it.")
    counsels = client is not None and counseled_clients(by).filter(pk=client.pk).exists()
    if wish.private and not counsels:
        raise Refused("REC-3", "Psychotherapy notes go along only with their own author.", "Leave them where they are.")
    if wish.private and wish.purpose != Purpose.OWN:
        raise Refused("RG-2", "A client's copy holds no psychotherapy notes.", "Take them out of it, or release them by an authorization.")
    if wish.purpose == Purpose.PERSON and not counsels:
        raise Refused("RG-5", "What goes to a client is made by their counselor.", "Ask them, or answer the request under Disclosures.")
    if MoveOut.objects.filter(client=client, outcome=Outcome.OPEN, asked_by=by).exists():
        raise Refused("", "You asked for this already.", "Wait for the answer, or stop it first.")


def _approvers(row: MoveOut) -> Iterable[User]:
    """Whoever may say yes: the counselor where an admin asks, another admin where a counselor asks or the practice moves."""
    counselors = live_grants([Codename.COUNSEL]).filter(content_object=row.client_id).values_list("user", flat=True)
    by_counselor = row.client_id is None or row.asked_by_id in {*counselors}
    people = User.objects.working().exclude(pk=row.asked_by_id)
    found = list(people.filter(roles__contains=[Role.ADMIN]) if by_counselor else people.filter(pk__in=counselors))
    if not found:
        words = "Nobody else here could approve this, and nobody approves their own."
        raise Refused("SE-10", words, "Make somebody an admin, or have the client's counselor assigned.")
    return found


def decide(row: MoveOut, *, yes: bool, by: User) -> None:
    """The second person's answer. Raises Refused for the one who asked, and once it is decided."""
    if row.asked_by_id == by.pk or not access.decidable_moves(by).filter(pk=row.pk).exists():
        raise Refused("SE-10", "Somebody else decides on this, once.", "Nobody approves what they asked for themself.")
    _end(row, Outcome.APPROVED if yes else Outcome.DECLINED, by)
    _mail([row.asked_by])


def stop(row: MoveOut, *, by: User) -> None:
    """It is not made, or not fetched any more: its bytes are destroyed with the worker's next round. Raises Refused once it is gone."""
    if row.gone_at or row.outcome not in (Outcome.OPEN, Outcome.APPROVED):
        raise Refused("", "This is over already.", "Look at its page.")
    _end(row, Outcome.STOPPED, by)


def _end(row: MoveOut, outcome: str, by: User) -> None:
    row.outcome, row.decided_by, row.decided_at = outcome, by, clock.now()
    row.save(update_fields=["outcome", "decided_by", "decided_at"])
    trail.change(row, f"move_out_{outcome}")


def _mail(people: Iterable[User]) -> None:
    for person in people:
        outbox.queue("moving", person.email, SUBJECT, BODY.format(url=site_link("home")))
