"""One proposes, another approves, either takes back (RET-23, RET-25)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from audit import clock, trail
from clients.models import Client
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from retention import blocks, payers
from retention.models import Batch, Item, Standing

SUBJECT = "Something waits for you"
BODY = "Something waits for your decision, or something you decided has changed. Please sign in:\n\n{url}\n"


@dataclass(frozen=True)
class Proposal:
    """What is proposed: the ripe records, the code typed for each, how, and whom to ask (None: nobody else is here)."""

    rows: Sequence[Standing]
    typed: Mapping[UUID, str]
    method: str
    asked: User | None


def others(by: User) -> list[User]:
    """Who may be the second person: whoever else works here as an admin or a counselor."""
    people = User.objects.staff().exclude(pk=by.pk)
    return [person for person in people if person.holds(Role.ADMIN, Role.COUNSELOR)]


def propose(said: Proposal, *, by: User) -> Batch:
    """Propose to destroy these records. Raises Refused for a wrong code, for what something stands against (RET-21, RET-22), and where
    nobody is asked though somebody else is here (RET-25)."""
    if not said.rows:
        raise Refused("RET-23", "No record is chosen.", "Tick at least one.")
    if said.asked is None and others(by):
        raise Refused("RET-25", "Nobody is asked to approve.", "Choose the second person.")
    if said.asked and said.asked.pk == by.pk:
        raise Refused("RET-25", "Whoever proposes does not approve.", "Choose somebody else.")
    if said.method not in Batch.Method.values:
        raise Refused("RET-23", "How it is destroyed is not said.", "Choose a method.")
    blocks.refuse(blocks.left_on_paper(said.method, {row.client_id: row.client.code for row in said.rows}))
    _require_ripe(said.rows)
    _require_typed({row.client_id: row.client.code for row in said.rows}, said.typed)
    batch = Batch(method=said.method, asked=said.asked, proposed_by=by, outside=said.asked is None)
    batch.save(force_insert=True)
    for row in said.rows:
        item = Item(batch=batch, client=row.client, code=row.client.code, told=row.said)
        item.save(force_insert=True)
        trail.change(item, "propose_destruction")
    # Asked now: a couple's record may go together with those of its members.
    _require_nothing_against({row.client_id: row.client.code for row in said.rows})
    if said.asked:
        _mail(said.asked)
    return batch


def _require_ripe(rows: Sequence[Standing]) -> None:
    for row in rows:
        if not row.ripe or row.client.recent_at > row.looked_at or payers.changed(row.client_id, row.looked_at):
            raise Refused(
                "RET-21",
                f"{row.client.code} is kept until {row.said['until']}.",
                "Wait until that day is over; each night it is counted anew.",
            )
        if Item.objects.filter(client=row.client_id, state=Item.State.WAITING).exists():
            raise Refused("", f"{row.client.code} is in another batch.", "Look at that one.")


def _require_typed(codes: Mapping[UUID, str], typed: Mapping[UUID, str]) -> None:
    wrong = [code for ident, code in codes.items() if typed.get(ident, "").strip().casefold() != code.casefold()]
    if wrong:
        raise Refused("RET-25", f"The code typed for {', '.join(wrong)} is not that client's.", "Type each code as it is shown.")


def _require_nothing_against(codes: dict[UUID, str]) -> None:
    found = blocks.of(codes)
    blocks.refuse(block for ident in codes for block in found[ident])


def approve(batch: Batch, typed: Mapping[UUID, str], *, by: User, witness: str = "", vendor: str = "") -> None:
    """``by``, whom the batch asks, approves: from now on 30 days in which either takes it back.

    Raises Refused for whoever proposed it (RET-25), unless nobody else is here and a witness or a vendor's certificate is named;
    for a wrong code; and for what something stands against.
    """
    if batch.approved_at is not None:
        raise Refused("RET-25", "This batch is approved already.", "Look at its page.")
    if not batch.outside and by.pk != batch.asked_id:
        raise Refused("RET-25", "Whoever proposes does not approve.", "The person who was asked approves it.")
    if batch.outside and others(by):
        raise Refused("RET-25", "Somebody else works here now.", "Take it back, and propose it with them as the second person.")
    if batch.outside and not (witness.strip() or vendor.strip()):
        raise Refused("RET-25", "Nobody else is named.", "Name the witness who was there, or the vendor's certificate.")
    waiting = {item.client_id: item.code for item in batch.items.filter(state=Item.State.WAITING).defer("told", "why")}
    if not waiting:
        raise Refused("", "Nothing of this batch is left.", "Look at its page.")
    _require_typed(waiting, typed)
    blocks.refuse(blocks.left_on_paper(batch.method, waiting))
    _require_nothing_against(waiting)
    batch.approved_by, batch.approved_at, batch.witness, batch.vendor = by, clock.now(), witness.strip(), vendor.strip()
    batch.save(update_fields=["approved_by", "approved_at", "witness", "vendor"])
    trail.change(batch, "approve_destruction")
    for ident in waiting:
        trail.change(Client(pk=ident), "approve_destruction")
    if by.pk != batch.proposed_by_id:
        _mail(batch.proposed_by)


def take_back(batch: Batch, idents: Sequence[UUID], why: str, *, by: User) -> int:
    """Either of the two takes these items back, with the reason; the records stay as they were. Returns how many. Raises Refused for
    anybody else, without a reason, and where nothing of it waits any more."""
    if by.pk not in (batch.proposed_by_id, batch.asked_id):
        raise Refused("RET-25", "One of the two takes it back.", "Ask them, or place a hold: that stops it.")
    if not why.strip():
        raise Refused("RET-25", "Why it is taken back is not said.", "One sentence is enough.")
    items = list(batch.items.filter(pk__in=idents, state=Item.State.WAITING).select_for_update())
    if not items:
        raise Refused("", "Nothing that was chosen waits any more.", "Look at the page again.")
    for item in items:
        item.state, item.why, item.ended_by, item.ended_at = Item.State.TAKEN_BACK, why.strip(), by, clock.now()
        item.save(update_fields=["state", "why", "ended_by", "ended_at"])
        trail.change(item, "take_back_destruction")
    other = batch.asked if by.pk == batch.proposed_by_id else batch.proposed_by
    if other:
        _mail(other)
    return len(items)


def _mail(person: User) -> None:
    outbox.queue("destruction", person.email, SUBJECT, BODY.format(url=site_link("home")))
