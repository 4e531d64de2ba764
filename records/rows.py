"""How a row of the record gets in: under the id its form was given, once; and that the client was worked with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from audit import clock
from clients.models import Client
from practice.refusals import Refused


def insert(row: Any, ident: UUID | None) -> None:
    """Insert ``row`` under the id the form was given; an id that is taken elsewhere is refused and nothing is overwritten."""
    row.pk = ident or row.pk
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("", "This form was used before. Open the page again and send it from there.") from error


def touch(client: Client) -> None:
    """Note that the client was worked with just now: lists sort by it."""
    client.recent_at = clock.now()
    client.save(update_fields=["recent_at"])
