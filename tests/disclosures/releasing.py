"""What hands do to release something, for the tests of this room."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from typing import Any

from clients.models import Client
from consent.models import Authorization, Request
from consent.particulars import Particulars
from disclosures import actions
from disclosures.choosing import Chosen
from disclosures.models import Package, Release
from practice.models import User
from tests.cast import acting
from tests.consent.papers import signed_by
from tests.consent.releases import WHAT, release

NOTES = dataclasses.replace(WHAT, information=["progress_notes", "session_dates", "summary"])
ASKED = {"asked": "Dr. Osei's office, by letter", "verified": "Called back at the number in the register"}


def allowed(client: Client, ana: User, signer: User, named: Particulars = NOTES, kind: str = "release") -> Request:
    """An authorization that ``signer`` signed."""
    request = release(client, ana, named, kind)
    signed_by(signer, request)
    return request


def begun(client: Client, by: User, request: Request | None = None, **more: Any) -> Release:
    """A release that rests on what ``request`` authorized, or on what ``more`` says."""
    with acting(by):
        named = Authorization.objects.get(request=request) if request else None
        values = {"basis": "authorization", "authorization": named, **ASKED} | more
        return actions.begin_release(client, actions.Begun(**values), by=by)


def packed(row: Release, by: User, justification: str = "", **chosen: Any) -> Package:
    """The package of what was chosen."""
    with acting(by):
        return actions.prepare(row, Chosen(**chosen), justification, by=by)


def handed(row: Release, by: User) -> Any:
    """Handed over."""
    with acting(by):
        return actions.hand_over(row, "In person", by=by)


def files_of(bundle: bytes) -> dict[str, bytes]:
    """The files in a bundle, by name."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as found:
        return {name: found.read(name) for name in found.namelist()}


def record_of(bundle: bytes) -> dict[str, Any]:
    """The record in a bundle, as data."""
    found: dict[str, Any] = json.loads(files_of(bundle)["record.json"])
    return found
