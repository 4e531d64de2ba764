"""Where somebody may be written to, and where never: the one place that decides it. It reads and judges; messaging sends (CM-3 to CM-5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from practice.hours import hours_of
from practice.models import Practice
from practice.profile import zone_of as zone_named
from practice.refusals import Refused

from .access import in_portal
from .models import (
    Channel,
    Client,
    ClientPermission,
    Codename,
    ContactPoint,
    Level,
    Purpose,
    ReplacedAddress,
    Representative,
    SafetyProfile,
    SafeWay,
)

Kind = ContactPoint.Kind
KIND_OF = {
    Channel.MAIL: Kind.MAIL,
    Channel.SMS: Kind.PHONE,
    Channel.VOICE: Kind.PHONE,
    Channel.VOICEMAIL: Kind.PHONE,
    Channel.POST: Kind.POST,
}
_UNASKED = (Channel.MAIL, Channel.SMS)  # what is tried where nobody chose a channel: what a machine can carry out by itself
_LEVELS = list(Level.values)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

# Why something did not leave: rule, words, what to do. The keys stand in messaging's rows, so they stay.
GROUNDS: dict[str, tuple[str, str, str]] = {
    "never": ("CM-3", "They asked never to be reached in this way.", "Choose another way, or speak with them when they are here."),
    "unasked": ("CM-3", "They have not allowed this way for this purpose.", "Ask them, and write it down under Contacts."),
    "risks": ("CM-3", "The risks of this way were not discussed.", "Go through them together, under Contacts."),
    "permission": ("CM-3", "The client has not allowed mail to this address.", "Ask them, or hand it over."),
    "unverified": ("CM-3", "Nobody knows yet that this address is theirs.", "Have it said back, or send a code, under Contacts."),
    "voicemail": ("CM-3", "It is not safe to leave a message on this number.", "Call again, or choose another way."),
    "level": ("CM-4", "It says more than they allowed for this way.", "Say less: that there is something to read in the portal."),
    "unsigned": (
        "CM-4",
        "Whole texts by mail or text message need their signature.",
        "Ask for “How we may reach you”, or say less.",
    ),
    "word": ("CM-4", "It has a word that they asked not to use.", "Say it without that word."),
    "telling": ("CM-4", "It says something that only they may read.", "Say only that there is something to read."),
    "replaced": ("CM-5", "They asked for another address. Nothing goes to this one any more.", "Use the address that they named instead."),
    "inside": ("CM-3", "Nothing leaves the house in this way.", "It is for meeting, or for what they read in the portal."),
    "account": ("CM-3", "They have no account in the portal to read it in.", "Tell them yourself, or invite them."),
}


class NotThisWay(Refused):
    """It may not leave in this way; ``ground`` is a key of GROUNDS."""

    def __init__(self, ground: str) -> None:
        super().__init__(*GROUNDS[ground])
        self.ground = ground


@dataclass(frozen=True)
class Way:
    """A way that is open: by which channel, where to, and in which hours alone (as of practice/hours.py; empty: always)."""

    channel: str
    address: str
    hours: str = ""


# --- what was agreed ----------------------------------------------------------------------------------------------------


def standing(person: Client, representative: Representative | None = None) -> QuerySet[SafeWay]:
    """What holds now of ``person``, or of ``representative``. Asked with a client that a door gave, as all here."""
    return SafeWay.objects.filter(client=person.pk, representative=representative, valid_to=None).order_by("valid_from", "pk")


def purposes_said(row: SafeWay) -> str:
    """What for, in words."""
    if len(row.purposes) == len(Purpose.values):
        return "For everything"
    return ("For " + ", ".join(str(Purpose(each).label) for each in row.purposes)) if row.purposes else "For nothing"


def hours_said(row: SafeWay) -> str:
    """When, in words."""
    days = ", ".join(_DAYS[day] for day in row.days) if row.days else "Any day"
    begin, end = (f"{time:%H:%M}" if time else "" for time in (row.opens, row.closes))
    times = f"{begin} to {end}" if begin and end else f"from {begin}" if begin else f"until {end}" if end else ""
    return f"{days}, {times}" if times else days


def profile_of(person: Client) -> SafetyProfile | None:
    """The safety profile that holds now, if there is one."""
    return SafetyProfile.objects.filter(client=person.pk, valid_to=None).first()


def zone_of(person: Client) -> str:
    """The time zone in which their hours are meant."""
    found = profile_of(person)
    return (found.zone if found else "") or zone_named(Practice.objects.values_list("timezone", flat=True).first() or "").key


def plain(kind: str, address: str) -> str:
    """``address`` as it is compared: digits of a phone, else letters and digits without marks and case."""
    if kind == Kind.PHONE:
        return re.sub(r"\D", "", address)[-10:]
    return address.strip().casefold() if kind == Kind.MAIL else re.sub(r"[\W_]+", " ", address.casefold()).strip()


def replaced(person: Client) -> set[tuple[str, str]]:
    """Kind and plain address of all that was put away by an accommodated request (CM-5)."""
    rows = ReplacedAddress.objects.filter(client=person.pk)
    return {(row.kind, plain(row.kind, row.address)) for row in rows}


def require_not_replaced(person: Client, *texts: str) -> None:
    """Raise NotThisWay where an address that was put away stands in one of ``texts``, however it is written (CM-5)."""
    gone = replaced(person)
    if any(address and address in plain(kind, text) for kind, address in gone for text in _read(texts, kind)):
        raise NotThisWay("replaced")


def _read(texts: Iterable[str], kind: str) -> Iterator[str]:
    """Each text; of phones each number in it."""
    for text in texts:
        yield from re.findall(r"[\d\s().+-]{7,}", text) if kind == Kind.PHONE else [text]


# --- the decision -------------------------------------------------------------------------------------------------------


def way_to(
    person: Client,
    purpose: str = Purpose.RECORDS,
    *,
    representative: Representative | None = None,
    channel: str | None = None,
    level: str = Level.NONE,
) -> Way:
    """The way in which something for ``purpose`` may leave to ``person``, or to ``representative`` for them; by mail or text message
    where no channel is named. Raises NotThisWay by the first rule that stands in the way (CM-3 to CM-5)."""
    asked = [Channel(channel)] if channel else list(_UNASKED)
    refused = None
    for each in asked:
        try:
            if representative:
                return _of_representative(person, representative, each, purpose)
            return _of_client(person, each, purpose, level)
        except NotThisWay as no:
            refused = refused or no
    assert refused
    raise refused


def _of_client(person: Client, channel: Channel, purpose: str, level: str) -> Way:
    if channel not in KIND_OF:
        raise NotThisWay("inside")
    rows = [row for row in standing(person) if row.channel == channel]
    if any(row.never and row.point is None for row in rows):
        raise NotThisWay("never")
    allowed = [row for row in rows if purpose in row.purposes]
    if not allowed:
        raise NotThisWay("never" if any(row.never for row in rows) else "unasked")
    return _first(person, allowed, rows, level)


def _first(person: Client, allowed: list[SafeWay], rows: list[SafeWay], level: str) -> Way:
    """The first of ``allowed`` that stands, that of their account before others."""
    own, refused = _account_mail(person), None
    points = {point.pk: point for point in ContactPoint.objects.filter(client=person.pk)}
    barred = {plain(KIND_OF[Channel(row.channel)], row.address) for row in rows if row.never}
    for row in sorted(allowed, key=lambda row: row.address.strip().casefold() != own):
        ground = _against(row, points.get(row.point) if row.point else None, barred, person, level)
        if not ground:
            return Way(row.channel, row.address.strip(), _hours(row, person))
        refused = refused or ground
    raise NotThisWay(refused or "unasked")


def _against(row: SafeWay, point: ContactPoint | None, barred: set[str], person: Client, level: str, *, proving: bool = False) -> str:
    """The ground that stands against ``row``, or nothing. ``proving``: what goes there shall show that the address is theirs."""
    kind = KIND_OF[Channel(row.channel)]
    address = plain(kind, row.address)
    plainly = level == Level.FULL and row.channel in (Channel.MAIL, Channel.SMS)
    grounds = {
        "replaced": (kind.value, address) in replaced(person),
        "never": address in barred,
        "permission": point is None or not point.may_contact,
        "voicemail": row.channel == Channel.VOICEMAIL and not (point and point.safe_to_leave_message),
        "risks": row.discussed_at is None,
        "unverified": not proving and not (point and point.verified_at),
        "level": _LEVELS.index(level) > _LEVELS.index(row.level),
        "unsigned": plainly and row.signature is None,
    }
    return next((ground for ground, holds in grounds.items() if holds), "")


def _hours(row: SafeWay, person: Client) -> str:
    if not row.days and row.opens is None and row.closes is None:
        return ""
    return str(hours_of(row.days, row.opens, row.closes, zone_of(person)) or "")


def _of_representative(person: Client, representative: Representative, channel: Channel, purpose: str) -> Way:
    """Who represents somebody signs in with an address that they named for it themselves: that one, unless they said otherwise."""
    rows = [row for row in standing(person, representative) if row.channel == channel]
    if any(row.never for row in rows):
        raise NotThisWay("never")
    if channel != Channel.MAIL or (rows and not any(purpose in row.purposes for row in rows)):
        raise NotThisWay("unasked")
    grant = account_of(person, representative)
    if grant is None:
        raise NotThisWay("account")
    if (Kind.MAIL.value, plain(Kind.MAIL, grant.user.email)) in replaced(person):
        raise NotThisWay("replaced")
    return Way(channel, grant.user.email, _hours(rows[0], person) if rows else "")


def lawful_post(person: Client) -> str:
    """Where a letter that the law demands is posted: an address they allowed, though nobody went through its risks with them or heard it
    back (BR-8); never one that was put away (CM-5), or that they asked never to use. Empty where there is none."""
    gone = replaced(person)
    for point in ContactPoint.objects.filter(client=person.pk, kind=Kind.POST, may_contact=True).order_by("pk"):
        try:
            require_not_never(person, Channel.POST, point.address)
        except NotThisWay:
            continue
        if (Kind.POST.value, plain(Kind.POST, point.address)) not in gone:
            return point.address.strip()
    return ""


def way_of_point(person: Client, point: ContactPoint, *, representative: Representative | None = None) -> Way:
    """The way by mail to ``point``, which shall show that the address is theirs: an invitation to the portal, or a code. It need not be
    verified yet. Raises NotThisWay."""
    if point.kind != Kind.MAIL or not point.may_contact:
        raise NotThisWay("permission")
    rows = [row for row in standing(person) if row.channel == Channel.MAIL]
    barred = {plain(Kind.MAIL, row.address) for row in rows if row.never}
    if any(row.never and row.point is None for row in rows):
        raise NotThisWay("never")
    row = next((row for row in rows if row.point == point.pk and not row.never), None)
    if row is None and not representative:
        raise NotThisWay("never" if plain(Kind.MAIL, point.address) in barred else "unasked")
    require_not_replaced(person, point.address)
    if row and (ground := _against(row, point, barred, person, Level.NONE, proving=True)):
        raise NotThisWay(ground)
    return Way(Channel.MAIL, point.address.strip(), _hours(row, person) if row else "")


def unsaid(person: Client, text: str) -> None:
    """Raise NotThisWay where ``text`` has a word that they asked not to use (CM-4)."""
    found = profile_of(person)
    words = [word.strip().casefold() for word in found.avoid.splitlines()] if found else []
    if any(word and word in text.casefold() for word in words):
        raise NotThisWay("word")


# --- the portal ---------------------------------------------------------------------------------------------------------


def account_of(person: Client, representative: Representative | None = None) -> ClientPermission | None:
    """The grant by which ``person``, or ``representative`` for them, is in the portal now, if any. Asked with a client that a door gave."""
    if representative:
        grants = in_portal(person).filter(permission__codename=Codename.PORTAL_REPRESENT, user=representative.user_id)
    else:
        grants = in_portal(person).filter(permission__codename=Codename.PORTAL_SELF)
    return grants.select_related("user").order_by("-since").first()


def _account_mail(person: Client) -> str:
    grant = account_of(person)
    return grant.user.email.strip().casefold() if grant else ""


def way_to_reader(person: Client, representative: Representative | None = None, purpose: str = Purpose.RECORDS) -> Way:
    """The way to say that something waits in the portal: to somebody who has an account there. Raises NotThisWay."""
    if account_of(person, representative) is None:
        raise NotThisWay("account")
    return way_to(person, purpose, representative=representative)


def agreed_mail(person: Client, representative: Representative | None = None, purpose: str = Purpose.RECORDS) -> str:
    """Where to write to them that something waits in the portal; empty without an account, or where no mail may go."""
    if account_of(person, representative) is None:
        return ""
    try:
        return way_to(person, purpose, representative=representative, channel=Channel.MAIL).address
    except NotThisWay:
        return ""


def open_ways(person: Client, point: ContactPoint) -> bool:
    """Whether anything is agreed for ``point`` now."""
    return any(row.purposes for row in standing(person).filter(point=point.pk))


def require_not_never(person: Client, channel: str, address: str) -> None:
    """Raise NotThisWay where they asked never to be reached by ``channel``, or not at ``address``."""
    for row in standing(person).filter(never=True, channel=channel):
        if row.point is None or plain(KIND_OF[Channel(row.channel)], row.address) == plain(KIND_OF[Channel(row.channel)], address):
            raise NotThisWay("never")
