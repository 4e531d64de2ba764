"""Sessions: the key is stored hashed, the data sealed; idle and absolute limits are kept here, where a session is loaded."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from audit import clock
from audit.asking import rows as asked
from vault import box
from vault.blob import SealBroken

from .models import SignedIn, User
from .profile import profile

COMPARTMENT = "account"


def stored_key(key: str) -> str:
    """What the database keeps instead of ``key``: 160 bits of its SHA-256, from which no cookie can be made."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def idle_limit() -> datetime.timedelta:
    """How long a session lives without a request of its person (ASVS 7.3.1)."""
    return datetime.timedelta(minutes=profile().idle_minutes)


def alive() -> Q:
    """The condition of a session that is neither too old nor idle for too long.

    One that was last seen far in time to come is over: the clock was put back, and it would live longer by as much.
    """
    now, idle = clock.now(), idle_limit()
    return Q(expire_date__gt=now, seen_at__gt=now - idle, seen_at__lt=now + idle)


def _lives(row: SignedIn) -> bool:
    """What ``alive`` asks, of one row."""
    now = clock.now()
    return row.expire_date > now and abs(now - row.seen_at) < idle_limit()


class _Nobody:
    """Who asks for a session before it is known whose it is."""

    pk = UUID(int=0)
    roles: tuple[str, ...] = ()


_NOBODY = _Nobody()


def _with_their_people(_: Any) -> QuerySet[SignedIn]:
    """Every session; asked by its key, at each request, so the question is kept as those of the doors are."""
    return SignedIn.objects.select_related("user")


_asking: ContextVar[SessionStore | None] = ContextVar("subrosa_session_asking", default=None)


@contextmanager
def asking(session: SessionStore) -> Iterator[None]:
    """Within the block, whoever is looked up is the person of ``session``, who came with its row."""
    token = _asking.set(session)
    try:
        yield
    finally:
        _asking.reset(token)


def brought(ident: Any) -> User | None:
    """The person of that id, if the session that asks brought them with its row."""
    session = _asking.get()
    person = session.row.user if session and session.row else None
    return person if person and person.pk == ident else None


class SessionStore(SessionBase):
    """One session in ``SignedIn``. ``device`` and ``address`` are set by practice.middleware before the first save."""

    device = ""
    address: str | None = None
    row: SignedIn | None = None

    @property
    def fingerprint(self) -> str:
        """The start of the stored key, as lines of the trail carry it; empty without a session."""
        return stored_key(self.session_key)[:12] if self.session_key else ""

    def load(self) -> dict[str, Any]:
        """The session's data; empty (and the key dropped) where the session is gone, idle, expired or altered."""
        found = asked(_with_their_people, _NOBODY, {"session_key": stored_key(self.session_key or "")})
        self.row = next((row for row in found if isinstance(row, SignedIn) and _lives(row)), None)
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.session_data)

    def encode(self, session_dict: dict[str, Any]) -> str:
        text = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(box.seal(COMPARTMENT, self._label, text)).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        try:
            data: dict[str, Any] = json.loads(box.unseal(self._label, base64.b64decode(session_data)))
        except SealBroken:  # moved from another row or altered: such a session never was
            self._session_key = None
            return {}
        return data

    @property
    def _label(self) -> str:
        return f"session {self.fingerprint}"

    def exists(self, session_key: str) -> bool:
        return SignedIn.objects.filter(session_key=stored_key(session_key)).exists()

    def create(self) -> None:
        """Take a new key and save; the clock of the absolute limit starts here."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # missing from the stubs
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Write the data; raises UpdateError if the session was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # as above
        fields = {"session_data": self.encode(data), "user_id": data.get("_auth_user_id")}
        if must_create:
            self._insert(fields)
        elif not SignedIn.objects.filter(alive(), session_key=stored_key(self.session_key)).update(**fields):
            raise UpdateError

    def _insert(self, fields: dict[str, Any]) -> None:
        now = clock.now()
        self.row = SignedIn(
            session_key=stored_key(self.session_key or ""),
            expire_date=now + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE),
            began_at=now,
            seen_at=now,
            device=self.device[:80],
            address=self.address,
            **fields,
        )
        try:
            with transaction.atomic():
                self.row.save(force_insert=True)
        except IntegrityError:
            raise CreateError from None

    def renew(self) -> None:
        """Go on under another key, as after a confirmation of who one is (ASVS 7.2.4); the absolute limit counts from where it did."""
        former = self.row
        self.cycle_key()
        if former and self.row:
            self.row.began_at, self.row.expire_date = former.began_at, former.expire_date
            self.row.save(update_fields=["began_at", "expire_date"])

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            SignedIn.objects.filter(session_key=stored_key(key)).delete()

    @property
    def seconds_left(self) -> int:
        """How long this session still lives if its person does nothing; 0 without one."""
        if self.row is None:
            return 0
        ends = min(self.row.seen_at + idle_limit(), self.row.expire_date)
        return max(0, int((ends - clock.now()).total_seconds()))

    def touch(self) -> None:
        """Note that the person did something. Written at most once a minute, and where the clock was put back."""
        if self.row is None or abs(clock.now() - self.row.seen_at) < datetime.timedelta(minutes=1):
            return
        self.row.seen_at = clock.now()
        SignedIn.objects.filter(pk=self.row.pk).update(seen_at=self.row.seen_at)

    @classmethod
    def clear_expired(cls) -> None:
        SignedIn.objects.exclude(alive()).delete()
