"""A release on its way: begun, chosen and packed, looked at, given up. Sending stands next door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit import clock, trail
from clients.models import Client
from consent.models import Authorization
from disclosures import access, choosing, law
from disclosures.checks import answers
from disclosures.choosing import Chosen
from disclosures.letters import details_of
from disclosures.models import LegalProcess, Look, Package, Release
from disclosures.packing import pack
from disclosures.verdicts import require
from practice.models import Practice, User
from practice.refusals import Refused

from .accounting import require_carries

_APART = ("psychotherapy", "part2_notes")


@dataclass(frozen=True)
class Begun:
    """What a release begins with: on what it rests, for whom, what for, who asks and how that is known."""

    basis: str
    asked: str
    verified: str
    recipient: str = ""
    address: str = ""
    purpose: str = ""
    authorization: Authorization | None = None
    process: LegalProcess | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    part2: bool = False
    apart: bool = False


def begin_release(client: Client, begun: Begun, *, by: User) -> Release:
    """Begin a release. With an authorization, recipient and purpose are its own; what answers a paper takes its details from there.

    Raises Refused: AU-9, ACC-2, REC-3, REC-4, P2-8, and LP-1 to LP-7 of the paper.
    """
    basis = law.bases().get(begun.basis)
    if basis is None or not basis.release or (begun.basis == "authorization") != (begun.authorization is not None):
        raise Refused("ACC-2", "A release rests on exactly one basis.", "Choose it.")
    if not begun.verified.strip() or not begun.asked.strip():
        raise Refused("AU-9", "Who asks, and how you know that it is them, is written down.", "Fill in both.")
    named = begun.authorization
    row = Release(client=client, basis=basis.key, authorization=named, process=begun.process, made_by=by)
    row.details = details_of(begun.process, basis) if begun.process else dict(begun.details)
    row.asked, row.verified = begun.asked.strip(), begun.verified.strip()
    row.apart = named.kind in _APART if named else begun.apart
    row.part2 = named.kind.startswith("part2") if named else begun.part2 or Practice.objects.get().is_part2_program
    row.recipient, row.address, row.purpose = _to_whom(begun)
    require(answers(row, by))
    require_carries(basis, psychotherapy=row.apart, part2=row.part2)
    row.save(force_insert=True)
    trail.change(row, "release_begun")
    return row


def _to_whom(begun: Begun) -> tuple[str, str, str]:
    named = begun.authorization
    if named:
        purpose = ": ".join(part for part in (named.get_purpose_display(), named.purpose_words) if part.strip())
        return named.to_party, named.to_address, purpose
    if not begun.recipient.strip() or not begun.purpose.strip():
        raise Refused("ACC-3", "To whom it goes, and what for, is written down.", "Fill in both.")
    return begun.recipient.strip(), begun.address.strip(), begun.purpose.strip()


def prepare(release: Release, chosen: Chosen, justification: str, *, by: User) -> Package:
    """Keep what was chosen and make the package: exactly what would leave. Raises Refused where it goes beyond the scope, or is nothing."""
    if chosen.is_empty:
        raise Refused("AU-8", "Nothing is chosen.", "Choose what is needed, and no more.")
    found = choosing.content(release, chosen, by)
    release.chosen, release.justification, release.whole = choosing.kept(chosen), justification.strip(), found.whole
    if release.process:
        release.details = details_of(release.process, law.bases()[release.basis])  # as it stands now
    release.save(update_fields=["chosen", "justification", "whole", "details"])
    Package.objects.filter(release=release.pk).delete()  # of what was chosen before: nobody was given it
    packed = pack(release, found, by)
    package = Package(release=release, client_id=release.client_id, apart=release.apart, made_by=by)
    package.pdf, package.bundle, package.manifest = packed.pdf, packed.bundle, packed.manifest
    package.save(force_insert=True)
    trail.change(release, "release_prepared")
    return package


def look(release: Release, words: str, *, passed: bool, by: User, outside: bool = False) -> Look:
    """Say whether the package may leave. ``outside``: nobody else may open the record here, and whoever made it says who looked.

    Raises Refused by section 19 where it is one's own, or where a colleague could look.
    """
    package = access.package_of(by, release)
    if package is None or release.apart:
        raise Refused("AU-8", "There is nothing to look at.", "Make the preview first.")
    if outside and (access.others_on_the_team(release.client, by) or not words.strip()):
        raise Refused("AU-8", "A colleague on the care team looks at it.", "Ask them: it waits for them on Home.")
    if not outside and release.made_by_id == by.pk:
        raise Refused("AU-8", "Nobody looks at their own release a second time.", "Ask a colleague on the care team.")
    row = Look(release=release, package=package.pk, client_id=release.client_id, made_by_id=release.made_by_id, by=by, outside=outside)
    row.passed, row.words = passed, words.strip()
    row.save(force_insert=True)
    trail.change(release, "release_looked_at")
    return row


def give_up(release: Release, *, by: User) -> None:
    """Nothing is sent; the package is removed."""
    Package.objects.filter(release=release.pk).delete()
    release.ended_as, release.ended_at = Release.End.CANCELLED, clock.now()
    release.save(update_fields=["ended_as", "ended_at"])
    trail.change(release, "release_given_up")
