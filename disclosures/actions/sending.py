"""Sending a package: asked once more whether it may leave, sent to the byte as it was looked at, and accounted for in one transaction.

A link opens nothing by itself. Whoever fetches says words that were told another way; the house then acts for whoever sent it, and asks
everything anew: a consent that was taken back meanwhile, a counselor who counsels the client no more, and nothing leaves (attacks 16, 49).
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from audit import clock, doors, trail
from audit.models import Act
from clients.codes import as_told, new_words
from clients.reaching import require_not_replaced
from disclosures import access, choosing, law
from disclosures.checks import checks, needs_second_look
from disclosures.models import Disclosure, Package, Release, Sending
from disclosures.verdicts import Check, require, stands_in_the_way
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused

from .accounting import Entry, account

# Mailboxes are read by others: not a word of health, counseling, the client or the practice.
SUBJECT = "A document for you"
BODY = """Somebody you asked has prepared a document for you. Fetch it by {until}:

{url}

You will be asked for three words. They are told to you by phone or in person, and are in no mail.
If you did not expect this, leave it: nothing happens.
"""


@dataclass(frozen=True)
class Linked:
    """What staff are shown once: the link, and the words to tell another way."""

    sending: Sending
    url: str
    words: str


def everything(release: Release, by: User, *, leaving: bool = False) -> list[Check]:
    """Every check, those of the package and the second look among them."""
    package = access.package_of(by, release)
    made = Check("AU-8", "The preview is made.") if package else Check("AU-8", "There is no preview.", "Choose, and look at it.", ok=False)
    return [*checks(release, by, leaving=leaving), made, *_looked(release, package, by)]


def _looked(release: Release, package: Package | None, by: User) -> list[Check]:
    if not needs_second_look(release):
        return []
    row = access.looks(by, release).filter(package=package.pk).first() if package else None
    if row is None:
        return [Check("AU-8", "Nobody has looked at it a second time.", "A colleague on the care team looks first.", ok=False)]
    if not row.passed:
        return [Check("AU-8", "The second look sent it back.", "Choose anew, and have it looked at again.", ok=False)]
    return [Check("AU-8", "Another person looked at exactly this.")]


def hand_over(release: Release, how: str, *, by: User) -> Sending:
    """The package is printed and handed over, posted or faxed now. Raises Refused by the first rule that stands in the way."""
    package = _require(release, by)
    require_not_replaced(release.client, how, release.address)
    if not how.strip():
        raise Refused("ACC-3", "How it was handed over is not said.", "Say by which way, and to whom.")
    row = Sending(release=release, package=package, client_id=release.client_id, apart=release.apart, way=Sending.Way.HANDED, sent_by=by)
    row.where, row.disclosure = how.strip(), _account(release, package, by)
    return _sent(row, release, by)


def send_link(release: Release, *, days: int, most: int, mail: str, by: User) -> Linked:
    """Make a link to the package, and mail it if there is an address: due with this transaction. It rests on nothing yet: each fetch asks.

    Raises Refused by the first rule that stands in the way; CM-5 for an address that the client had put away.
    """
    package, limits = _require(release, by), law.link_limits()
    require_not_replaced(release.client, mail)
    if not (1 <= days <= limits["days"] and 1 <= most <= limits["most"]):
        raise Refused("AU-8", f"A link works for {limits['days']} days and {limits['most']} times at most.", "Choose less.")
    secret, words = secrets.token_urlsafe(32), new_words()
    until = clock.now() + datetime.timedelta(days=days)
    row = Sending(release=release, package=package, client_id=release.client_id, apart=release.apart, way=Sending.Way.LINK, sent_by=by)
    row.link, row.words, row.until, row.most, row.where = _hash(secret), make_password(words), until, most, mail.strip()
    url = site_link("release_fetch", secret)
    if mail.strip():
        row.notice = outbox.queue("release", mail.strip(), SUBJECT, BODY.format(url=url, until=f"{timezone.localtime(until):%-d %b %Y}"))
    return Linked(_sent(row, release, by), url, words)


def _require(release: Release, by: User) -> Package:
    require(everything(release, by, leaving=True))
    package = access.package_of(by, release)
    assert package  # one of the checks
    return package


def _sent(row: Sending, release: Release, by: User) -> Sending:
    row.save(force_insert=True)
    release.ended_as, release.ended_at = Release.End.SENT, clock.now()
    release.save(update_fields=["ended_as", "ended_at"])
    trail.change(release, "release_sent")
    return row


def _account(release: Release, package: Package, by: User) -> Disclosure:
    """Its one entry of the accounting, and a line of the trail for each note that leaves."""
    found = choosing.chosen_of(release)
    described = str(package.manifest["description"])  # of what is in it: the record may have changed since
    today = clock.today()
    quiet = bool(release.process and release.process.prohibited)  # nobody may tell the client: somebody looks before it is given to them
    entry = Entry(
        today, release.basis, release.recipient, described, release.purpose, release.address, release.details, release.part2,
        release.apart, quiet,
    )  # fmt: skip
    row = account(release.client_id, entry, by=by, source=release.pk)
    label = "records.psychotherapy" if release.apart else "records.note"
    lines = [trail.Line(Act.EXPORT, label, "release", UUID(ident), release.client_id) for ident in found.notes]
    trail.recorder().write(*lines, trail.line_for(Act.EXPORT, release, "release"))
    return row


def stop_link(row: Sending, *, by: User) -> None:
    """Nobody can fetch it any more. What was fetched stays listed."""
    row.stopped_at = clock.now()
    row.save(update_fields=["stopped_at"])
    trail.change(row, "release_stopped")


# --- whoever comes with the link ----------------------------------------------------------------------------------------


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def fetch(secret: str, typed: str, *, allowed: bool) -> bytes | None:
    """The bundle behind ``secret``, if ``typed`` are its words and everything still stands; None otherwise, for every reason alike.

    A try is written down before it is judged. ``allowed``: not too many were counted elsewhere.
    """
    sender = access.sender_of(_hash(secret)) if allowed else None
    if sender is None:
        make_password(as_told(typed))
        return None
    with doors.system("release", on_behalf_of=sender):
        row = access.fetchable(sender, _hash(secret)).select_for_update(of=("self",)).first()
        if row is None or not _right(row, typed):
            return None
        return _taken(row, sender)


def _right(row: Sending, typed: str) -> bool:
    right = check_password(as_told(typed), row.words)
    row.tries = 0 if right else row.tries + 1
    row.save(update_fields=["tries"])
    if not right:
        trail.recorder().write(trail.line_for(Act.FAILED, row, "release_fetch"))
    return right


def _taken(row: Sending, sender: User) -> bytes | None:
    """The bytes, once more asked for, and accounted for at the first time; None where something stands in the way now."""
    release = row.release
    if stands_in_the_way(checks(release, sender, leaving=True)):
        trail.recorder().write(trail.line_for(Act.REFUSED, row, "release_fetch"))
        return None
    row.disclosure = row.disclosure or _account(release, row.package, sender)
    row.taken, row.taken_at = row.taken + 1, clock.now()
    row.save(update_fields=["taken", "taken_at", "disclosure"])
    trail.recorder().write(trail.line_for(Act.EXPORT, release, "release_fetch"))
    return bytes(row.package.bundle)
