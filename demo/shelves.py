"""Paper of the demo: a cabinet at the front desk, Ana's own box, a file that is out today, one that waits to leave the house."""

from __future__ import annotations

import datetime

from audit import clock
from clients.access import counseled_clients
from clients.models import Client
from paper import actions
from paper.models import Checkout, Lock, PaperFile

from .chronicle import acting
from .people import People, days_ago, ident

CABINET = "A"
STORIES = ("cleo", "mia", "ray")


def fill(people: People) -> None:
    """Put the cabinets up and the files in; nothing where that was done already."""
    ana, ada = people["ana"], people["ada"]
    with acting(ada, days_ago(200)):
        if Lock.objects.exists():
            return
        front, own = actions.add_lock("Front desk", by=ada), actions.add_lock("Ana's box", by=ada, originator=ana)
        for person in (ana, people["dee"]):
            actions.give_key(front, person, by=ada)
        actions.give_key(own, ana, by=ada)
        cabinet, box = actions.add_cabinet(CABINET, "Front office", front, by=ada), actions.add_cabinet("Box", "Ana's room", own, by=ada)
    with acting(ana, days_ago(30)):
        keys = [ident("client", key) for key in STORIES]
        found = counseled_clients(ana).in_bulk(keys)
        clients: list[Client] = [found[key] for key in keys if key in found]
        files = [actions.add_file(client, cabinet, by=ana) for client in clients]
        for client in clients[:1]:
            actions.add_file(client, box, by=ana, apart=True)
    _travel(files, people)


def _travel(files: list[PaperFile], people: People) -> None:
    ana, now = people["ana"], clock.now()
    if len(files) > 1:
        with acting(ana, now - datetime.timedelta(hours=2)):
            actions.take_out(
                files[0], actions.Trip("Reading the old intake before the session", "Room 2", now + datetime.timedelta(hours=4)), by=ana
            )
            home = actions.Trip("The school meeting", "Lincoln School", now + datetime.timedelta(hours=20), True, Checkout.Transport.LOCKED)
            actions.take_out(files[1], home, by=ana)
