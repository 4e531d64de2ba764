"""The certificate in words, for the page and the paper (RET-24)."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst

from audit import clock
from practice.models import Practice, User

from .models import Certificate

CONFIDENTIAL = "Of the practice's own papers"
Facts = list[tuple[str, str]]


def _day(text: str) -> str:
    return f"{datetime.date.fromisoformat(text):%-d %b %Y}"


def _who(person: User) -> str:
    return f"{person.name}, {person.credentials}" if person.credentials else str(person.name)


def _second(certificate: Certificate, told: dict[str, Any]) -> Facts:
    found = [("Approved by", _who(certificate.approver))] if certificate.approver else []
    found += [(label, told[key]) for label, key in (("Witness", "witness"), ("Vendor's certificate", "vendor")) if told[key]]
    return found


def facts(certificate: Certificate) -> Facts:
    """Each line of it, by its label."""
    told: dict[str, Any] = certificate.told
    counted = ", ".join(f"{name} {many}" for name, many in told["counts"].items()) or "nothing"
    when = timezone.localtime(certificate.at)
    return [
        ("Client's code", certificate.code),
        ("From, to", f"{_day(told['first'])} to {_day(told['last'])}"),
        ("What there was", counted),
        ("Rule", f"{certificate.rule}, {told['words']}"),
        ("Kept until", f"{_day(told['until'])}: {told['arithmetic']}"),
        ("Holds", f"none open on {_day(told['checked_on'])}; released before: {told['holds_released']}"),
        ("How", f"{capfirst(certificate.get_method_display())}; {certificate.keys} data keys destroyed"),
        *([("Paper shredded", ", ".join(told["paper"]))] if told.get("paper") else []),
        ("Performed by", _who(certificate.performed_by)),
        *_second(certificate, told),
        ("Approved on", f"{timezone.localtime(certificate.approved_at):%-d %b %Y}"),
        ("Destroyed on", f"{when:%-d %b %Y, %H:%M}"),
        ("Backups", f"hold no copy of the keys after {certificate.backups_until:%-d %b %Y}"),
    ]


def sheet(certificate: Certificate) -> dict[str, Any]:
    """What templates/typst/certificate.typ prints."""
    practice = Practice.objects.get()
    made = f"Printed on {timezone.localtime(clock.now()):%-d %b %Y}. Kept for good; it holds nothing of what the record said."
    title = f"Certificate of destruction {certificate.name}"
    return {
        "title": title, "heading": title, "practice": practice.name, "code": certificate.code, "made": made, "confidential": CONFIDENTIAL,
        "demo": settings.DEMO, "states": [], "draft": False, "facts": facts(certificate),
    }  # fmt: skip
