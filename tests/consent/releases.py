"""Releases for tests: a paper with the statements the law asks for, what one names, and whether it is in force."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from clients.models import Client
from consent import access
from consent.actions.asking import Named, Sending
from consent.models import Request
from consent.particulars import Particulars
from practice.models import User
from tests.cast import acting

from .papers import asked, form_in_force

RELEASE = """## You can take it back {#revoke AU-2.revoke}
At any time, in writing.

## Nothing depends on it {#conditions AU-2.conditions}
Care does not depend on this.

## It may be passed on {#passed AU-2.redisclosure}
The recipient may pass it on.
"""
PART2 = """## You can take it back {#revoke P2-2.revoke}
At any time, in writing.

## It may be passed on {#passed P2-3.redisclosure}
But not used against you.
"""
REFUSAL = """
## If you do not sign {#refusal P2-3.refusal}
Then we do not share them.
"""
TEXTS = {"release": RELEASE, "psychotherapy": RELEASE, "part2": PART2 + REFUSAL}
DOCTOR = "Dr. Amara Osei"
WHAT = Particulars(
    kind="general",
    information=["summary", "session_dates"],
    description="A summary of the plum orchard months",
    from_party="Willow Street Counseling",
    to_party=DOCTOR,
    purpose="treatment",
    expires_on=datetime.date(2099, 1, 31),
)
NOTES = dataclasses.replace(WHAT, kind="psychotherapy", information=["psychotherapy_notes"])
SUBSTANCE = dataclasses.replace(WHAT, kind="part2", information=["part2_records"], purpose="tpo", expires_on=None, endless=True)


def release(
    client: Client, by: User, named: Particulars = WHAT, kind: str = "release", signers: tuple[Named, ...] = (), text: str = "", **more: Any
) -> Request:
    """A release asked of ``client`` on a paper of ``kind``."""
    return asked(client, by, form_in_force(kind, text or TEXTS[kind], "Release"), *signers, particulars=named, **more)


def replacing(former: Request) -> Sending:
    """Asked in the place of ``former``."""
    return Sending(replaces=former)


def in_force(client: Client, by: User, recipient: str = DOCTOR, purpose: str = "treatment", information: str = "summary") -> bool:
    """Whether ``by`` may rest something on an authorization of ``client`` now."""
    with acting(by):
        return access.authorizations_in_force(client, recipient=recipient, purpose=purpose, information=information, by=by).exists()
