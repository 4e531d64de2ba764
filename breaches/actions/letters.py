"""The letter to each person: worded, approved, prepared, sent once, proved, and told anew if it comes back (BR-7 to BR-9, BR-16)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from audit import clock, trail
from breaches import access
from breaches.letters import lacks
from breaches.models import BLOCKS, Batch, ClientLetter, Entry, Incident, State, Told, Wording
from breaches.standing import unplanned
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused

from .preparing import changed_since
from .timeline import write

# Says nothing of a practice, of health, or of a breach: mailboxes are read by others.
SUBJECT = "There is a letter for you"
BODY = """There is a letter for you. Sign in to read it:

{url}
"""
DRILL = "A drill: nothing left the house."


def save_wording(incident: Incident, blocks: dict[str, str], *, by: User, place: str = "", language: str = "en") -> Wording:
    """Keep what the letter says so far; after an approved one the next number begins. Nothing is refused before it is approved.

    ``place``: a state's own letter, beside everybody's (SB-9).
    """
    last = Wording.objects.filter(incident=incident).order_by("-number").values_list("number", flat=True).first()
    newest = Wording.objects.filter(incident=incident, place=place, language=language).order_by("-number").first()
    row = newest if newest and not newest.approved_at else Wording(incident=incident, number=(last or 0) + 1, drawn_by=by)
    row.place, row.language = place, language
    for name in BLOCKS:
        setattr(row, name, blocks[name].strip())
    if row is newest:
        row.save(update_fields=[*BLOCKS])
    else:
        row.save(force_insert=True)
    trail.change(incident, "wording")
    return row


def approve_wording(wording: Wording, *, by: User) -> None:
    """From now on this is the letter. Raises Refused with the first thing that is missing, hard to read (BR-7) or forbidden (SB-9)."""
    for refused in lacks(wording.blocks, wording.place, wording.language):
        raise refused
    wording.approved_at, wording.approved_by = clock.now(), by
    wording.save(update_fields=["approved_at", "approved_by"])
    trail.change(wording.incident, "wording_approved")


def plan(incident: Incident, clients: Iterable[UUID], *, by: User, deceased: Collection[UUID] = ()) -> int:
    """Have the worker prepare a letter for each of ``clients`` who has none yet; how many are new.

    Of ``deceased`` no address is looked up: their next of kin is entered by hand (BR-8).

    Raises Refused before the assessment is over and without an approved letter.
    """
    if incident.state != State.NOTIFYING:
        raise Refused("BR-6", "It is not decided yet that people are told.", "Finish the assessment, and go on to notices.")
    if access.approved_wording(incident) is None:
        raise Refused("BR-7", "The letter is not approved yet.", "Write its five parts and approve it.")
    new = [Told(incident=incident, client_id=client, wording=letter, place=letter.place) for client, letter in unplanned(incident, clients)]
    for row in new:
        row.way = Told.Way.KIN if row.client_id in deceased else Told.Way.POST
        row.save(force_insert=True)
    if new:
        write(
            incident,
            Entry.Kind.DONE,
            f"{len(new)} letter{'' if len(new) == 1 else 's'} {'is' if len(new) == 1 else 'are'} being prepared.",
            by=by,
        )
    return len(new)


def choose(told: Told, way: str, *, by: User) -> None:
    """Send it this way instead. Raises Refused for the portal without account and agreement (BR-8), and once it is sent."""
    _still_open(told)
    if way == Told.Way.PORTAL and not told.may_portal:
        raise Refused("BR-8", "They did not agree to mail, or have no account in the portal.", "Send it by post.")
    if way == Told.Way.POST and not told.address:
        raise Refused("BR-8", "There is no address to post it to.", "Enter one, or tell them in another way.")
    told.way, told.batch, told.state = Told.Way(way), None, Told.State.READY
    told.save(update_fields=["way", "batch", "state"])
    trail.change(told, "told_way")


def address(told: Told, name: str, to: str, *, kin: bool, by: User) -> None:
    """Post it to ``name`` at ``to``: an address known from elsewhere, or next of kin of somebody who died (BR-8)."""
    _still_open(told)
    if not name.strip() or not to.strip():
        raise Refused("BR-8", "A letter needs a name and an address.", "Fill in both.")
    told.name, told.address, told.state, told.batch = name.strip(), to.strip(), Told.State.READY, None
    told.way = Told.Way.KIN if kin else Told.Way.POST
    told.save(update_fields=["name", "address", "state", "way", "batch"])
    trail.change(told, "told_address")


def _still_open(told: Told) -> None:
    if told.state not in (Told.State.READY, Told.State.UNREACHABLE, Told.State.RETURNED):
        raise Refused("BR-16", "This letter is under way already.", "Wait until it is prepared, or say first that it came back.")


def posted(batch: Batch, proof: str, *, by: User) -> int:
    """The letters of ``batch`` were handed to the post, and ``proof`` says how that is known; how many. Raises Refused without proof."""
    if batch.posted_at:
        raise Refused("BR-16", "These letters were posted already.")
    _proved(proof)
    batch.posted_at, batch.posted_by = clock.now(), by
    batch.save(update_fields=["posted_at", "posted_by"])
    rows = list(Told.objects.filter(batch=batch, state=Told.State.READY))
    if gone := sum(1 for row in rows if row.way == Told.Way.POST and not batch.incident.drill and changed_since(row)):
        words = f"{gone} of these people said since how they may be reached, and may not be written to there any more."
        raise Refused("CM-5", words, "Wait a minute: they are taken out. Then destroy what the list does not have.")
    for row in rows:
        _sent(row, proof, by)
    write(batch.incident, Entry.Kind.DONE, f"Batch {batch.number}: {len(rows)} letters posted.", by=by)
    return len(rows)


def told_otherwise(told: Told, proof: str, *, by: User) -> None:
    """They were told in person, by phone or in another form, as a substitute (BR-9). Raises Refused without proof."""
    _still_open(told)
    _proved(proof)
    told.way = Told.Way.OTHER
    told.save(update_fields=["way"])
    _sent(told, proof, by)


def _proved(proof: str) -> None:
    if not proof.strip():
        raise Refused("BR-16", "The proof is missing: it is you who must show that they were told.", "Say when, how, and what shows it.")


def _sent(told: Told, proof: str, by: User) -> None:
    told.state, told.sent_at, told.sent_by, told.proof = Told.State.SENT, clock.now(), by, proof.strip()
    told.save(update_fields=["state", "sent_at", "sent_by", "proof"])
    ClientLetter.objects.filter(told=told).update(sent_at=told.sent_at)
    trail.change(told, "told")


def returned(told: Told, *, by: User) -> None:
    """The letter came back: an address by hand, or another way, is needed. Raises Refused where none was posted."""
    if told.state != Told.State.SENT or told.way not in (Told.Way.POST, Told.Way.KIN):
        raise Refused("BR-9", "Only a letter that was posted can come back.")
    told.state, told.returned_at, told.batch = Told.State.RETURNED, clock.now(), None
    told.save(update_fields=["state", "returned_at", "batch"])
    write(told.incident, Entry.Kind.DONE, "A letter came back.", by=by)


def send(incident: Incident, *, by: User) -> int:
    """Hand every letter that goes by the portal to the outbox, each with its cause in one transaction; how many."""
    ready = list(Told.objects.filter(incident=incident, state=Told.State.READY, way=Told.Way.PORTAL))
    rows = [row for row in ready if incident.drill or not changed_since(row)]  # the others the worker looks up anew (CM-5)
    for row in rows:
        if incident.drill:
            _sent(row, DRILL, by)
            continue
        row.notice = outbox.queue("breach", row.mail, SUBJECT, BODY.format(url=site_link("portal_home")))
        row.state = Told.State.SENDING
        row.save(update_fields=["state", "notice"])
        trail.change(row, "told_queued")
    if rows:
        write(incident, Entry.Kind.DONE, f"{len(rows)} letters went to the outbox.", by=by)
    return len(rows)
