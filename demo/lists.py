"""What everybody was trained in, the devices they use, and who does something for the practice."""

from __future__ import annotations

import datetime

from audit import clock, doors
from practice.models import User
from safeguards import actions
from safeguards.models import Device, Training
from safeguards.rules import courses

from .people import ACCOUNTS, PORTAL, People, days_ago

TRAINED = {"ben": 345, "tomas": 200}  # days ago; the others 120
DEVICES = (
    ("WS-01", "laptop", "ana", "yes", "Debian 13", 6),
    ("WS-02", "laptop", "ben", "yes", "Windows 11", 41),
    ("WS-03", "laptop", "sofia", "yes", "macOS 15", 12),
    ("WS-04", "desktop", "dee", "yes", "Debian 13", 3),
    ("PH-01", "phone", "priya", "unknown", "Android 16", 9),
    ("SRV-1", "server", None, "yes", "Debian 13", 2),
)
VENDORS: tuple[tuple[str, str, bool, list[str], int | None], ...] = (
    ("Harbor Mail Relay", "Carries our mail.", True, ["mail"], 40),
    ("Rivertown Shredding", "Collects the locked bin each quarter and shreds it.", True, [], 300),
    ("Lindenhof Cleaning", "Cleans the rooms while somebody of us is there.", False, [], None),
)


def train(people: People) -> None:
    """Everybody who works here was trained in every course, and somebody else confirmed it; Ben's ends soon."""
    for key in [key for key in ACCOUNTS if key not in PORTAL]:
        person, other = people[key], people["sofia" if key == "ada" else "ada"]
        if not Training.objects.filter(person=person).exists():
            with clock.at(days_ago(TRAINED.get(key, 120))):
                _train(person, other)


def _train(person: User, other: User) -> None:
    today = clock.today()
    for course in courses():
        with doors.system("demo", on_behalf_of=person):
            row = actions.record_training(person, actions.Lesson(course, today, "Willow Street, in the group room"), by=person)
        with doors.system("demo", on_behalf_of=other):
            actions.confirm_training(row, by=other)


def fill(people: People) -> None:
    """Devices, vendors with agreements, of which one ends soon, and a violation that was decided."""
    ada, today = people["ada"], clock.today()
    with doors.system("demo", on_behalf_of=ada):
        if Device.objects.exists():
            return
        for label, kind, who, disk, system, ago in DEVICES:
            seen = actions.Seen(disk, system, today - datetime.timedelta(days=ago))
            actions.add_device(label, kind, seen, by=ada, used_by=people[who] if who else None)
        for name, services, sees, runs, left in VENDORS:
            vendor = actions.add_vendor(actions.Offer(name, services, sees, list(runs)), by=ada)
            if left:
                terms = actions.Terms(today - datetime.timedelta(days=60), today + datetime.timedelta(days=left), 5)
                actions.add_agreement(vendor, terms, by=ada)
        charge = actions.Charge("Left the session room unlocked with a file on the table.", today - datetime.timedelta(days=30))
        row = actions.record_sanction(people["dee"], charge, by=ada)
        actions.decide_sanction(row, "trained", "Went through the rules on paper again, together.", by=ada)
