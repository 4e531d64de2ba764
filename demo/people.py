"""The invented staff of Willow Street Counseling, and the clients and parents who use its portal."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password

from audit import clock, doors, trail
from practice.models import Practice, Supervision, User
from practice.models.people import address_token
from practice.roles import Role

PASSWORD = "under the rose 2026"  # noqa: S105 (the demo's published password)
PRACTICE_NAME = "Willow Street Counseling"
SPACE = UUID("5b0a3c52-7f0e-4a39-9d54-20c1be8d3a11")  # every id of the demo is uuid5 of this and a name


@dataclass(frozen=True)
class Account:
    """Someone who signs in. ``here`` and ``gone`` are days before today; ``away`` are such spans of holiday."""

    mail: str
    name: str
    roles: tuple[Role, ...]
    credentials: str = ""
    here: int = 900
    gone: int | None = None
    away: tuple[tuple[int, int], ...] = ()


ACCOUNTS = {
    "ana": Account("counselor@demo.test", "Ana Reyes", (Role.COUNSELOR,), "LPC-A", 560, away=((128, 115), (233, 230))),
    "ben": Account("colleague@demo.test", "Ben Okafor", (Role.COUNSELOR,), "LMFT", 840, away=((101, 88),)),
    "sofia": Account("supervisor@demo.test", "Sofia Lindqvist", (Role.COUNSELOR, Role.SUPERVISOR), "LPC-S", 1900, away=((150, 134),)),
    "priya": Account("priya@demo.test", "Priya Raman", (Role.COUNSELOR,), "LMFT-A", 420, away=((62, 58),)),
    "tomas": Account("tomas@demo.test", "Tomas Varga", (Role.COUNSELOR,), "LPC", 1400, gone=70),
    "dee": Account("desk@demo.test", "Dee Park", (Role.DESK,), "", 1100),
    "ada": Account("admin@demo.test", "Ada Novak", (Role.ADMIN,), "", 1900),
    "cleo": Account("client@demo.test", "Cleo Marchetti", (Role.CLIENT,), "", 280),
    "gus": Account("guardian@demo.test", "Gus Aldana", (Role.REPRESENTATIVE,), "", 200),
    "hanne": Account("mother@demo.test", "Hanne Brandvold", (Role.REPRESENTATIVE,), "", 150),
    "lucia": Account("lucia@demo.test", "Lucía Paredes", (Role.CLIENT,), "", 120),
    "luis": Account("father@demo.test", "Luis Ortega", (Role.REPRESENTATIVE,), "", 150),
}
SUPERVISED = ("ana", "priya")  # by Sofia
PORTAL = ("cleo", "gus", "hanne", "lucia", "luis")
People = dict[str, User]


def days_ago(days: int) -> datetime.datetime:
    """This minute, ``days`` before today."""
    return clock.now() - datetime.timedelta(days=days)


def ident(*names: str) -> UUID:
    """The id of a demo row: the same at every start."""
    return uuid5(SPACE, "/".join(names))


def settle() -> tuple[People, bool]:
    """Name the practice and make every account that is missing. Returns all of them by key, and whether any was new."""
    with doors.system("demo"):
        Practice.objects.update(name=PRACTICE_NAME)
        people = {key: user for key in ACCOUNTS if (user := User.objects.filter(pk=ident("user", key)).first())}
        missing = [key for key in ACCOUNTS if key not in people]
        password = make_password(PASSWORD) if missing else ""  # once: Argon2 is meant to be slow
        people |= {key: _arrive(key, ACCOUNTS[key], password) for key in missing}
        _supervise(people)
    return people, bool(missing)


def _arrive(key: str, account: Account, password: str) -> User:
    leaves_at = days_ago(account.gone) if account.gone else None
    with clock.at(days_ago(account.here)):
        user = User(id=ident("user", key), username=address_token(account.mail), email=account.mail, name=account.name)
        user.roles, user.credentials, user.password = list(account.roles), account.credentials, password
        user.leaves_at, user.last_login = leaves_at, leaves_at or days_ago(1)
        user.save(force_insert=True)
    trail.change(user, "demo_account")
    return user


def _supervise(people: People) -> None:
    for key in SUPERVISED:
        since = days_ago(ACCOUNTS[key].here)
        if not Supervision.objects.filter(supervisee=people[key]).exists():
            Supervision.objects.create(supervisor=people["sofia"], supervisee=people[key], since=since)
