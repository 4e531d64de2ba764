"""Who carries what the outbox hands over: a mail server, or a folder from which a person or another program goes on.

A carrier is named for each channel in ``settings.CARRIERS``, by its dotted name. Called with the channel it is opened once for all that is
due, and gives a function that takes one letter. It raises OSError when it cannot be reached: then nothing is claimed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.module_loading import import_string


class Letter(NamedTuple):
    """An opened notice, held just long enough to send it."""

    ident: UUID
    to: str
    subject: str
    body: str


Carry = Callable[[Letter], None]


def carrier(channel: str) -> AbstractContextManager[Carry]:
    """The carrier of ``channel``, to be opened. Raises KeyError for a channel that nothing leaves by."""
    opened: AbstractContextManager[Carry] = import_string(settings.CARRIERS[channel])(channel)
    return opened


@contextmanager
def mail(channel: str) -> Iterator[Carry]:
    """Mail, by Django's backend; the sender is MAIL_FROM and says nothing of a practice."""
    with get_connection(timeout=30) as server:

        def carry(letter: Letter) -> None:
            EmailMessage(letter.subject, letter.body, to=[letter.to], connection=server).send()

        yield carry


@contextmanager
def folder(channel: str) -> Iterator[Carry]:
    """A file for each letter under ``OUTBOX_DIR/<channel>/``, for the user of the house alone.

    It is not sealed: whoever carries it out must read it. So its words are as neutral as a mail's, and it is removed when it is done.
    A letter that is written a second time replaces itself: there are never two.
    """
    place = Path(settings.OUTBOX_DIR) / channel
    place.mkdir(mode=0o700, parents=True, exist_ok=True)

    def carry(letter: Letter) -> None:
        part, whole = place / f"{letter.ident}.part", place / f"{letter.ident}.txt"
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(_sheet(letter))
            file.flush()
            os.fsync(file.fileno())
        part.replace(whole)

    yield carry


def _sheet(letter: Letter) -> str:
    sender = f"From: {settings.NEUTRAL_SENDER}\n" if settings.NEUTRAL_SENDER else ""
    return f"{sender}To: {letter.to}\n\n{letter.body}"
