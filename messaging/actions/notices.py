"""The one way in which something leaves the house to a client: asked whether it may, then handed to the outbox, or kept as refused."""

from __future__ import annotations

from dataclasses import dataclass

from audit import clock, trail
from audit.models import Act
from audit.trail import Line
from clients import reaching
from clients.models import Channel, Client, Level, Purpose, Representative
from clients.reaching import NotThisWay, Way
from messaging.models import Outgoing, Override
from messaging.neutral import tells
from practice.actions import outbox
from practice.models import Notice, User
from practice.refusals import Refused
from practice.roles import Role

State = Outgoing.State
_BY = {
    Channel.MAIL: Notice.Channel.MAIL,
    Channel.SMS: Notice.Channel.SMS,
    Channel.VOICE: Notice.Channel.VOICE,
    Channel.VOICEMAIL: Notice.Channel.VOICEMAIL,
    Channel.POST: Notice.Channel.POST,
}


@dataclass(frozen=True)
class Words:
    """What a notice says. ``level``: how much that is (CM-4)."""

    subject: str
    body: str
    level: str = Level.NONE


@dataclass(frozen=True)
class To:
    """To whom, for what, and in which way; by mail or text message where no channel is chosen. ``reader``: it waits in the portal."""

    client: Client
    purpose: str = Purpose.RECORDS
    representative: Representative | None = None
    channel: str = ""
    reader: bool = True


def notify(kind: str, to: To, words: Words, *, by: User | None, once: set[str] | None = None) -> Outgoing:
    """Hand ``words`` to the outbox if they may leave to ``to``; else keep that they were refused, and by which rule (CM-3 to CM-5).

    Nothing is raised: whoever calls reads ``state``, and ``ground`` of it. ``once``: addresses that were written to in this act already.
    """
    row = Outgoing(client=to.client, representative=to.representative, kind=kind, purpose=to.purpose, channel=to.channel, by=by)
    try:
        way = _way(to, words)
    except NotThisWay as no:
        return _refused(row, no.ground, kept=no.ground != "account")  # whoever sends to nobody in the portal is told on the page
    row.channel, row.state = way.channel, State.HANDED
    if once is None or way.address not in once:
        row.notice = _queue(kind, way, words)
    if once is not None:
        once.add(way.address)
    row.save(force_insert=True)
    _tell(row, "hand_over_notice")
    return row


def _refused(row: Outgoing, ground: str, *, kept: bool) -> Outgoing:
    row.state, row.ground = State.REFUSED, ground
    if not kept:
        return row
    row.save(force_insert=True)
    _tell(row, "refuse_notice")
    return row


def _tell(row: Outgoing, part: str) -> None:
    """The line of it. What goes to a representative is not told as the client's: neither parent learns that the other is written to."""
    whose = None if row.representative_id else row.client_id
    trail.recorder().write(Line(Act.CHANGE, trail.label(Outgoing), part, row.pk, whose))


def _way(to: To, words: Words) -> Way:
    text = f"{words.subject}\n{words.body}"
    if words.level != Level.FULL and tells(text, to.client):
        raise NotThisWay("telling")
    reaching.unsaid(to.client, text)
    if to.reader and reaching.account_of(to.client, to.representative) is None:
        raise NotThisWay("account")
    return reaching.way_to(
        to.client, to.purpose, representative=to.representative, channel=to.channel or None, level=words.level
    )  # fmt: skip


def _queue(kind: str, way: Way, words: Words) -> Notice:
    return outbox.queue(kind, way.address, words.subject, words.body, channel=_BY[Channel(way.channel)], hours=way.hours)


def stop_what_closed(client: Client) -> None:
    """Called when a way of ``client`` closed: what is still due to it does not leave any more (CM-5)."""
    due = Outgoing.objects.filter(client=client.pk, state=State.HANDED, notice__state=Notice.State.DUE, override=None)
    for row in due.select_related("notice", "representative"):
        assert row.notice
        try:
            way = reaching.way_to(client, row.purpose, representative=row.representative, channel=row.channel)
            ground = "" if way.address == row.notice.to else "replaced"
        except NotThisWay as no:
            ground = no.ground
        if ground:
            outbox.stop(row.notice)
            row.state, row.ground = State.STOPPED, ground
            row.save(update_fields=["state", "ground"])
            _tell(row, "stop_notice")


def note(row: Outgoing, *, by: User) -> None:
    """Somebody saw that it did not leave, and sees to it."""
    row.noted_at, row.noted_by = clock.now(), by
    row.save(update_fields=["noted_at", "noted_by"])
    trail.change(row, "note_refusal")


# --- in danger (CM-7) ----------------------------------------------------------------------------------------------------


def send_in_danger(client: Client, channel: str, address: str, text: str, *, reason: str, by: User) -> Override:
    """Reach somebody in danger by ``channel`` at ``address``, whatever was agreed; a review waits until it is done.

    Raises Refused (CM-7) without a reason in words, without an address or a text, and for a way that nothing leaves by.
    """
    if len(reason.split()) < 2:
        raise Refused("CM-7", "What the danger is, is not said.", "Say it in a sentence: the privacy officer reads it.")
    if Channel(channel) not in _BY or not address.strip() or not text.strip():
        raise Refused("CM-7", "Where it goes, or what it says, is missing.", "Fill in both, and choose a way that leaves the house.")
    notice = outbox.queue("danger", address.strip(), "Please read this now", text.strip(), channel=_BY[Channel(channel)])
    row = Outgoing(client=client, kind="danger", purpose=Purpose.CRISIS, channel=channel, state=State.HANDED, notice=notice, by=by)
    row.save(force_insert=True)
    found = Override(client=client, outgoing=row, reason=reason.strip(), by=by)
    found.save(force_insert=True)
    trail.change(found, "send_in_danger")
    return found


def review_override(row: Override, findings: str, *, by: User) -> None:
    """What the privacy officer found; final. Raises Refused (CM-7) for one's own, without findings, and once reviewed."""
    if row.by_id == by.pk or not by.holds(Role.ADMIN):
        raise Refused("CM-7", "Nobody reviews what they sent themself.", "Another privacy officer does.")
    if row.reviewed_at or not findings.strip():
        raise Refused("CM-7", "A review says what was found, once.", "Write it down, also where all was right.")
    row.findings, row.reviewed_by, row.reviewed_at = findings.strip(), by, clock.now()
    row.save(update_fields=["findings", "reviewed_by", "reviewed_at"])
    trail.change(row, "review_override")
