"""A page for a consultant of outside: it opens once, with words told another way, and takes their advice (SU-2, SU-8).

Whoever comes with the link is nobody here: the house acts for whoever asked, and asks the basis anew.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from audit import clock, doors, trail
from audit.models import Act
from clients.codes import as_told, new_words
from consent.actions import Use, authorized
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused
from supervision import access, law
from supervision.models import Consultation, OutsidePage

from .consultations import OUTSIDE, Basis, advise

# Mailboxes are read by others: not a word of health, counseling, a client or the practice.
SUBJECT = "A question for you"
BODY = """Somebody asks you a question. Open it by {until}:

{url}

You will be asked for three words. They are told to you by phone or in person, and are in no mail.
If you did not expect this, leave it: nothing happens.
"""


@dataclass(frozen=True)
class Linked:
    """What whoever asked is shown once: the link, and the words to tell another way."""

    page: OutsidePage
    url: str
    words: str


@dataclass(frozen=True)
class Shown:
    """What the consultant reads, and by what they answer from the opened page."""

    who: str
    question: str
    told: list[str]
    parts: list[dict[str, Any]]
    until: datetime.datetime
    reader: str


def make_page(row: Consultation, *, days: int, mail: str, by: User) -> Linked:
    """Make a page for the consultant of outside, and mail its link if there is an address. Raises Refused by SU-2, SU-8, AU-3."""
    most = law.page_limits()["days"]
    if row.is_decided or row.relation not in OUTSIDE:
        raise Refused("SU-8", "A page is for somebody of outside, before it is decided.", "A colleague answers on a page of theirs.")
    if not 1 <= days <= most:
        raise Refused("SU-8", f"A page stands for {most} days at most.", "Choose less.")
    until = _require_standing(row, clock.now() + datetime.timedelta(days=days), by)
    secret, words = secrets.token_urlsafe(32), new_words()
    page = OutsidePage(consultation=row, client_id=row.client_id, made_by=by, until=until, link=_hash(secret), words=make_password(words))
    page.where = mail.strip()
    page.save(force_insert=True)
    trail.change(row, "consultation_page_made")
    url = site_link("page_open", secret)
    if mail.strip():
        outbox.queue("question", mail.strip(), SUBJECT, BODY.format(url=url, until=f"{timezone.localtime(until):%-d %b %Y}"))
    return Linked(page, url, words)


def _require_standing(row: Consultation, until: datetime.datetime, by: User) -> datetime.datetime:
    """Until when they may be told, at most; raises Refused where they may not."""
    if row.basis == Basis.AUTHORIZATION:
        found = row.authorization
        assert found
        assert row.client
        authorized(row.client, Use(found.to_party, found.purpose, found.information[0]), by=by)
    if row.view is None:
        return until
    if row.view.is_over or row.view.until is None:
        raise Refused("SU-2", "What they were to read has ended.", "Prepare it anew.")
    return min(until, row.view.until)


def stop_page(page: OutsidePage, *, by: User) -> None:
    """Nobody opens it any more, nor answers from it."""
    page.stopped_at = clock.now()
    page.save(update_fields=["stopped_at"])
    trail.change(page.consultation, "consultation_page_stopped")


# --- whoever comes with the link ----------------------------------------------------------------------------------------


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def open_page(secret: str, typed: str, *, allowed: bool) -> Shown | None:
    """What is behind ``secret``, once, if ``typed`` are its words and everything still stands; None otherwise, for every reason alike.

    A try is written down before it is judged. ``allowed``: not too many were counted elsewhere.
    """
    maker = access.maker_of(_hash(secret)) if allowed else None
    if maker is None:
        make_password(as_told(typed))
        return None
    with doors.system("consultation", on_behalf_of=maker):
        page = access.knocked_on(maker, _hash(secret)).filter(opened_at=None).select_for_update(of=("self",)).first()
        if page is None or not _right(page, typed) or not _stands(page, maker):
            return None
        reader = secrets.token_urlsafe(32)
        page.opened_at, page.reader = clock.now(), _hash(reader)
        page.save(update_fields=["opened_at", "reader"])
        trail.recorder().write(trail.line_for(Act.EXPORT, page.consultation, "page_open"))
        return _shown(page, reader, maker)


def _right(page: OutsidePage, typed: str) -> bool:
    right = check_password(as_told(typed), page.words)
    page.tries = 0 if right else page.tries + 1
    page.save(update_fields=["tries"])
    if not right:
        trail.recorder().write(trail.line_for(Act.FAILED, page.consultation, "page_open"))
    return right


def _stands(page: OutsidePage, maker: User) -> bool:
    try:
        _require_standing(page.consultation, page.until, maker)
    except Refused:
        trail.recorder().write(trail.line_for(Act.REFUSED, page.consultation, "page_open"))
        return False
    return True


def _shown(page: OutsidePage, reader: str, maker: User) -> Shown:
    row = page.consultation
    parts = row.view.parts if row.view else []
    return Shown(maker.name, row.question, [] if row.view else row.items, parts, page.until, reader)


def answer_page(secret: str, reader: str, text: str) -> Shown | bool:
    """Take the advice of whoever opened the page behind ``secret``: True. Empty: what they read, again. False where it is over."""
    maker = access.maker_of(_hash(secret))
    if maker is None or not reader:
        return False
    with doors.system("consultation", on_behalf_of=maker):
        page = access.knocked_on(maker, _hash(secret)).filter(reader=_hash(reader)).select_for_update(of=("self",)).first()
        if page is None or not _stands(page, maker):
            return False
        if not text.strip():
            return _shown(page, reader, maker)
        advise(page.consultation, text, by=maker, page=page)
        page.answered_at = clock.now()
        page.save(update_fields=["answered_at"])
        return True
