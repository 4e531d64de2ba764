"""Agreeing with somebody on how they may be reached, and taking it back. A change is a new row; what was agreed on a day stays readable."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Q, QuerySet

from audit import clock, trail
from audit.models import Act
from clients import reaching
from clients.models import (
    AddressCode,
    Channel,
    Client,
    ContactPoint,
    Level,
    Purpose,
    ReplacedAddress,
    Representative,
    SafetyProfile,
    SafeWay,
)
from clients.reaching import KIND_OF, NotThisWay
from clients.risks import risks, version
from practice.actions import outbox
from practice.models import Notice, User
from practice.refusals import Refused

# Called with a client in the transaction in which any of their ways closed: rooms to the right stop what is still due to it.
closing: list[Callable[[Client], None]] = []
CODE_HOURS, CODE_TRIES = 48, 5
SUBJECT_CODE, BODY_CODE = "A code for you", "Your code is {code}. Say it back to whoever asked you for it. If nobody did, leave it."
SUBJECT_MOVED = "An address was changed"
BODY_MOVED = "This address was replaced by another one. If that was not you, tell whoever you gave it to."
_CARRIED = {Channel.MAIL: Notice.Channel.MAIL, Channel.SMS: Notice.Channel.SMS, Channel.POST: Notice.Channel.POST}


@dataclass(frozen=True)
class Terms:
    """What is agreed for one way. ``ticked``: which of its risks were gone through; none: as it was."""

    channel: str
    purposes: Sequence[str] = ()
    level: str = Level.NONE
    days: Sequence[int] = ()
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    ticked: Sequence[str] = ()
    never: bool = False


def agree(
    client: Client, terms: Terms, *, by: User, point: ContactPoint | None = None, representative: Representative | None = None
) -> SafeWay:
    """From now on this holds for the way: by ``terms.channel`` to ``point`` (None: the channel as a whole, or one without address).

    Raises Refused (CM-3) where the risks are ticked in part, or where the address is not one of this channel; IC-36 for video without
    anybody to call in an emergency.
    """
    _require_fitting(client, terms, point)
    former = _standing(client, terms.channel, point, representative).first()
    discussed = _discussed(terms, former)
    row = SafeWay(client=client, representative=representative, channel=terms.channel, never=terms.never, recorded_by=by, **discussed)
    row.point, row.address = (point.pk, point.address) if point else (None, _own_mail(representative))
    row.purposes = [] if terms.never else sorted(set(terms.purposes) & set(Purpose.values))
    row.level, row.days, row.opens, row.closes = terms.level, sorted(set(terms.days)), terms.opens, terms.closes
    _end([former] if former else [])
    row.save(force_insert=True)
    if point:
        _follow(point, row)
    trail.change(row, "never_this_way" if terms.never else "agree_way")
    _closed(client)
    return row


def _own_mail(representative: Representative | None) -> str:
    return representative.user.email if representative and representative.user else ""


def _require_fitting(client: Client, terms: Terms, point: ContactPoint | None) -> None:
    kind = KIND_OF.get(Channel(terms.channel))
    if point and point.kind != kind:
        raise Refused("CM-3", "That is not an address of this kind.", "Choose another way, or another address.")
    if terms.channel == Channel.VIDEO and terms.purposes and not (client.emergency or _session_contact(client)):
        raise Refused("IC-36", "Nobody is named to call when something happens during a video session.", "Name an emergency contact first.")


def _session_contact(client: Client) -> str:
    found = reaching.profile_of(client)
    return found.session_contact.strip() if found else ""


def _discussed(terms: Terms, former: SafeWay | None) -> dict[str, Any]:
    """What is kept of the talk about risks: all keys of the channel or none (CM-3); a talk about the words of now still counts."""
    asked = risks(terms.channel)
    if missing := [words for key, words in asked.items() if key not in terms.ticked] if terms.ticked else []:
        raise Refused("CM-3", f"Not yet gone through: {missing[0]}", "Go through each of them, and tick it.")
    if terms.ticked:
        return {"risks_version": version(), "discussed_at": clock.now()}
    if former and former.discussed_at and former.risks_version == version():
        return {"risks_version": former.risks_version, "discussed_at": former.discussed_at}
    return {}


def _standing(client: Client, channel: str, point: ContactPoint | None, representative: Representative | None) -> QuerySet[SafeWay]:
    return reaching.standing(client, representative).filter(channel=channel, point=point.pk if point else None)


def _end(rows: Iterable[SafeWay]) -> None:
    for row in rows:
        row.valid_to = max(clock.now(), row.valid_from)
        row.save(update_fields=["valid_to"])


def _follow(point: ContactPoint, row: SafeWay) -> None:
    """The permission beside the address says the same as the rows: used at all, and a message left."""
    wanted, kept = point.may_contact or bool(row.purposes), point.safe_to_leave_message
    if row.channel == Channel.VOICEMAIL:
        kept = bool(row.purposes)
    if row.never and not reaching.open_ways(row.client, point):
        wanted = False
    if (wanted, kept and wanted) != (point.may_contact, point.safe_to_leave_message):
        point.may_contact, point.safe_to_leave_message = wanted, kept and wanted
        point.save(update_fields=["may_contact", "safe_to_leave_message"])


def _closed(client: Client) -> None:
    for stop in closing:
        stop(client)


def end_ways(client: Client, point: ContactPoint) -> None:
    """Nothing is agreed for ``point`` any more: it is removed, or not to be used."""
    rows = list(reaching.standing(client).filter(point=point.pk))
    _end(rows)
    for row in rows:
        trail.change(row, "end_way")
    _closed(client)


def move_ways(client: Client, point: ContactPoint, *, by: User) -> None:
    """``point`` has another address: what was agreed for the former one is asked of this one, once it is known to be theirs (CM-6)."""
    for row in list(reaching.standing(client).filter(point=point.pk)):
        _end([row])
        kept = {name: getattr(row, name) for name in ("channel", "never", "purposes", "level", "days", "opens", "closes")}
        kept |= {"risks_version": row.risks_version, "discussed_at": row.discussed_at, "address": point.address}
        SafeWay(client=client, point=point.pk, recorded_by=by, **kept).save(force_insert=True)
        trail.change(row, "move_way")
    _closed(client)


def end_way(row: SafeWay, *, by: User) -> None:
    """What was agreed for this way ends now."""
    _over(row, "end_way")
    _closed(row.client)


def _over(row: SafeWay, part: str) -> None:
    _end([row])
    point = ContactPoint.objects.filter(client=row.client_id, pk=row.point).first() if row.point else None
    if point and not reaching.open_ways(row.client, point):
        point.may_contact = point.safe_to_leave_message = False
        point.save(update_fields=["may_contact", "safe_to_leave_message"])
    trail.change(row, part)


def sign_ways(client: Client, representative: Representative | None, *, until: datetime.datetime, signature: UUID) -> None:
    """``signature`` stands under a paper that shows what held at ``until`` (aware). What was changed since is not what was signed."""
    shown = reaching.standing(client, representative).filter(Q(never=True) | Q(discussed_at__isnull=False), valid_from__lte=until)
    for row in shown:
        row.signature = signature
        row.save(update_fields=["signature"])
        trail.change(row, "sign_way")


def unsign_ways(client: Client, signatures: list[UUID]) -> None:
    """The paper was taken back: what it allows is over from this moment. What is never used stays never used."""
    for row in list(SafeWay.objects.filter(client=client.pk, signature__in=signatures, valid_to=None, never=False)):
        _over(row, "withdraw_way")
    _closed(client)


def keep_profile(client: Client, *, by: User, **values: Any) -> SafetyProfile:
    """From now on this holds for every way; ``values`` are fields of SafetyProfile. Where nothing changes there is no new row."""
    former = reaching.profile_of(client)
    names = ("quick_exit", "zone", "voicemail_name", "avoid", "session_contact")
    row = SafetyProfile(client=client, recorded_by=by, **{name: values.get(name, getattr(former, name, "")) or "" for name in names[1:]})
    row.quick_exit = bool(values.get("quick_exit", former.quick_exit if former else False))
    if former and all(getattr(former, name) == getattr(row, name) for name in names):
        return former
    if former:
        former.valid_to = max(clock.now(), former.valid_from)
        former.save(update_fields=["valid_to"])
    row.save(force_insert=True)
    trail.change(row, "keep_safety_profile")
    return row


# --- whose address it is (CM-6) -----------------------------------------------------------------------------------------


def heard(point: ContactPoint, *, by: User) -> None:
    """Staff heard it from them: read back in the room, or answered by them on that phone. Raises Refused by the client themself."""
    if not by.is_staff_member:
        raise Refused("CM-6", "An address is known by a code, or by somebody here who heard it from you.", "Ask for a code.")
    _verify(point, "heard_address")


def _verify(point: ContactPoint, part: str) -> None:
    point.verified_at = clock.now()
    point.save(update_fields=["verified_at"])
    trail.change(point, part)


def send_code(point: ContactPoint, channel: str, *, by: User) -> AddressCode:
    """Send a code by ``channel`` to ``point``, to be said back. Raises NotThisWay where nothing may go there, whatever it says."""
    if Channel(channel) not in _CARRIED or KIND_OF[Channel(channel)] != point.kind or not point.may_contact:
        raise NotThisWay("permission")
    reaching.require_not_replaced(point.client, point.address)
    reaching.require_not_never(point.client, channel, point.address)
    code = f"{secrets.randbelow(10**6):06}"
    row = AddressCode(client=point.client, point=point.pk, code=make_password(code), sent_by=by)
    row.save(force_insert=True)
    outbox.queue("code", point.address.strip(), SUBJECT_CODE, BODY_CODE.format(code=code), channel=_CARRIED[Channel(channel)])
    trail.change(row, "send_address_code")
    return row


def say_code(point: ContactPoint, typed: str, *, by: User) -> bool:
    """Whether ``typed`` is the code last sent to ``point``: then it is theirs. Five tries, two days. A try counts before it is judged."""
    since = clock.now() - datetime.timedelta(hours=CODE_HOURS)
    row = AddressCode.objects.filter(point=point.pk, used_at=None, tries__lt=CODE_TRIES, sent_at__gt=since).order_by("-sent_at").first()
    if row is None:
        return False
    row.tries += 1
    row.used_at = clock.now() if check_password("".join(typed.split()), row.code) else None
    row.save(update_fields=["tries", "used_at"])
    if row.used_at:
        _verify(point, "said_address_code")
    else:
        trail.recorder().write(trail.line_for(Act.FAILED, row, "address_code"))
    return row.used_at is not None


def tell_former(client: Client, point: ContactPoint, address: str, safe: bool) -> None:
    """Say at the former ``address`` that it was replaced, only where a message was safe there (CM-6) and mail could go."""
    if point.kind != ContactPoint.Kind.MAIL or not safe:
        return
    try:
        reaching.require_not_replaced(client, address)
        reaching.require_not_never(client, Channel.MAIL, address)
    except NotThisWay:
        return
    outbox.queue("moved", address.strip(), SUBJECT_MOVED, BODY_MOVED)


# --- another address, without asking why (CM-1, CM-2, CM-5) ---------------------------------------------------------------


@dataclass(frozen=True)
class Elsewhere:
    """What a reasonable request asks: which addresses are put away, which is used instead, and how payment is handled. Never why."""

    away: Sequence[ContactPoint]
    kind: str = ""
    address: str = ""
    payment: str = ""


def accommodate(client: Client, wish: Elsewhere, *, source: UUID, by: User) -> list[ReplacedAddress]:
    """From this moment nothing goes to the addresses put away, whoever sends it and whatever was agreed (CM-5).

    The new address is asked for the same purposes; it is used once it is known to be theirs. Raises Refused where nothing is named.
    """
    if not wish.away and not wish.address.strip():
        raise Refused("CM-1", "What is used instead, or not any more, is not said.", "Name an address to use, or one to put away.")
    terms = [_terms(row) for point in wish.away for row in reaching.standing(client).filter(point=point.pk, never=False)]
    gone = [_put_away(client, point, wish, source, by) for point in wish.away]
    if wish.address.strip():
        _use_instead(client, wish, terms, by)
    _closed(client)
    return gone


def _terms(row: SafeWay) -> Terms:
    ticked = list(risks(row.channel)) if row.discussed_at and row.risks_version == version() else []
    return Terms(row.channel, row.purposes, row.level, row.days, row.opens, row.closes, ticked)


def _put_away(client: Client, point: ContactPoint, wish: Elsewhere, source: UUID, by: User) -> ReplacedAddress:
    row = ReplacedAddress(
        client=client, kind=point.kind, address=point.address, payment=wish.payment.strip(), source=source, recorded_by=by
    )
    row.save(force_insert=True)
    end_ways(client, point)
    point.may_contact = point.safe_to_leave_message = False
    point.save(update_fields=["may_contact", "safe_to_leave_message"])
    trail.change(row, "replace_address")
    return row


def _use_instead(client: Client, wish: Elsewhere, terms: list[Terms], by: User) -> None:
    point = ContactPoint(client=client, kind=wish.kind, address=wish.address.strip(), may_contact=True)
    point.save(force_insert=True)
    for each in terms:
        if KIND_OF[Channel(each.channel)] == wish.kind:
            agree(client, each, by=by, point=point)
    trail.change(point, "use_instead")
