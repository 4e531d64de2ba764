"""Vendors: listed, with agreements that follow one another, until it ends and what they hold is back or destroyed (SE-18)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from audit import clock, trail
from practice.models import User
from practice.refusals import Refused
from safeguards.inventory import SERVICES
from safeguards.models import Agreement, Vendor

from .training import File, _kept

LONGEST_BREACH_DAYS = 60  # 45 CFR 164.410(b): without unreasonable delay, 60 days at the latest


@dataclass(frozen=True)
class Offer:
    """What a vendor does, whether records reach them, which running services are theirs, and whom they use in turn."""

    name: str
    services: str
    sees_records: bool
    runs: list[str] = field(default_factory=list)
    subcontractors: str = ""


@dataclass(frozen=True)
class Terms:
    """From when to when an agreement holds, within how many days they tell of a breach, and the paper."""

    signed_on: datetime.date
    ends_on: datetime.date | None
    breach_days: int
    words: str = ""
    file: File | None = None


def add_vendor(offer: Offer, *, by: User) -> Vendor:
    """List a vendor. Raises Refused for a taken name, without services, and where a service reaches records and they "see none"."""
    if Vendor.objects.filter(name=offer.name.strip()).exists():
        raise Refused("SE-18", "A vendor of this name is listed.", "Add the agreement there.")
    if not offer.name.strip() or not offer.services.strip():
        raise Refused("SE-18", "Who they are and what they do is written down.", "Fill in both.")
    if offer.runs and not offer.sees_records:
        named = ", ".join(SERVICES[key].title for key in offer.runs)
        raise Refused("SE-18", f"{named}: what passes through it is of clients.", "Say that records reach them.")
    row = Vendor(name=offer.name.strip(), sees_records=offer.sees_records, runs=sorted(offer.runs), added_by=by)
    row.services, row.subcontractors = offer.services.strip(), offer.subcontractors.strip()
    row.save(force_insert=True)
    trail.change(row, "add_vendor")
    return row


def add_agreement(vendor: Vendor, terms: Terms, *, by: User) -> Agreement:
    """An agreement with ``vendor``. Raises Refused once they ended, for a day to come, an end before it, and a term too long."""
    if vendor.ended_on:
        raise Refused("SE-18", "What they did for us has ended.", "List them anew if they begin again.")
    if terms.signed_on > clock.today():
        raise Refused("SE-18", "That day is still to come.", "Record it once both have signed.")
    if terms.ends_on and terms.ends_on < terms.signed_on:
        raise Refused("SE-18", "It would end before it begins.", "Look at the two days.")
    if terms.breach_days > LONGEST_BREACH_DAYS:
        words = f"They tell us of a breach within {LONGEST_BREACH_DAYS} days at the latest."
        raise Refused("SE-18", words, "Agree on a shorter term (45 CFR 164.410).")
    row = Agreement(vendor=vendor, signed_on=terms.signed_on, ends_on=terms.ends_on, breach_days=terms.breach_days, recorded_by=by)
    row.words = terms.words.strip()
    if terms.file:
        row.about, row.content = _kept(*terms.file)
    row.save(force_insert=True)
    trail.change(row, "add_agreement")
    return row


def end_vendor(vendor: Vendor, on: datetime.date, how: str, words: str, *, by: User) -> None:
    """It ended, and what they held is back or destroyed. Final. Raises Refused twice, for a day to come, and without words."""
    if vendor.ended_on:
        raise Refused("SE-18", "This ended already.", "")
    if on > clock.today():
        raise Refused("SE-18", "That day is still to come.", "Record it when it has ended.")
    if not words.strip():
        raise Refused("SE-18", "What became of what they held is written down.", "Say who confirmed it, and where that is kept.")
    if how == Vendor.Ending.NOTHING and vendor.sees_records:
        raise Refused("SE-18", "Records reached them, so something came back or was destroyed.", "Say which.")
    vendor.ended_on, vendor.ended_how, vendor.ended_by, vendor.ended_words = on, Vendor.Ending(how), by, words.strip()
    vendor.save(update_fields=["ended_on", "ended_how", "ended_by", "ended_words"])
    trail.change(vendor, "end_vendor")
