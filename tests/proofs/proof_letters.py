"""T08 for letters about a breach: the worker is killed (kill -9) again and again while it prepares, sets and sends 400 of them."""

from __future__ import annotations

import datetime
import email
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit import clock
from breaches import actions
from breaches.actions import preparing
from breaches.models import ClientLetter, Incident, Told
from clients import actions as clients
from clients.models import ContactPoint
from practice.actions import outbox
from practice.models import Notice
from tests.breaches.worded import notifying
from tests.cast import acting
from tests.committed import House, as_worker, furnish, own_database
from tests.conftest import ROOT, on_database

MANY = int(os.environ.get("LETTERS", "400"))
SEED = int(os.environ.get("SEED", "20261122"))
# What the worker does when it is woken up, in a process of its own with the worker's rights.
WORK = """
import django; django.setup()
from breaches.tasks import letters
from practice.actions import outbox
print("begun", flush=True)
letters()
outbox.send_due()
letters()
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def practice(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[tuple[str, House, Incident]]:
    """400 clients with a safe address, all to be told of one incident."""
    with own_database(django_db_blocker, worker_id) as name:
        house = furnish()
        made = []
        for number in range(MANY):
            with acting(house.ana):
                row = clients.take_in(by=house.ana, counselor=house.ana, given_name="Client", family_name=f"Number{number}")
                at = {"kind": ContactPoint.Kind.POST, "address": f"{number} Quartz Lane\nSalem, OR 97301", "label": "home"}
                clients.add_contact_point(row, by=house.ana, may_contact=True, **at)
            made.append(row.pk)
        incident = notifying(house.ada)
        with acting(house.ada):
            assert actions.plan(incident, made, by=house.ada) == MANY
        yield name, house, incident


def started(name: str, mails: Path) -> subprocess.Popen[str]:
    """A worker; it says "begun" once it works."""
    urls = {key: on_database(os.environ[key], name) for key in ("DATABASE_URL", "DATABASE_URL_WORKER", "DATABASE_URL_OWNER")}
    more = {"SUBROSA_AS": "worker", "SUBROSA_TESTING": "1", "MAIL_DIR": str(mails), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.Popen([sys.executable, "-c", WORK], cwd=ROOT, env={**os.environ, **urls, **more}, stdout=subprocess.PIPE, text=True)


def killed_until_done(name: str, mails: Path, chance: random.Random, longest: float) -> int:
    """Start a worker and kill it after a random while, until one comes to its end; how many were killed at work."""
    kills = 0
    while True:
        with started(name, mails) as worker:
            assert worker.stdout
            assert worker.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0.02, longest))
            if worker.poll() is None and kills < 25:
                worker.kill()
                kills += 1
            said = worker.stdout.read()
        if "done" in said:
            return kills


def mailed(mails: Path) -> Counter[str]:
    """How often each address was written to."""
    text = "".join(path.read_text() for path in mails.glob("*.log"))
    return Counter(re.findall(r"^To: (number\d+@mail\.test)$", text, re.MULTILINE))


def test_of_400_letters_none_is_lost_none_is_doubled_and_the_uncertain_are_listed(
    practice: tuple[str, House, Incident], tmp_path: Path
) -> None:
    name, house, incident = practice
    chance = random.Random(SEED)
    kills = killed_until_done(name, tmp_path, chance, 1.5)
    with acting(house.ada):
        rows = list(Told.objects.filter(incident=incident))
        assert {row.state for row in rows} == {"ready"}
        assert len({row.address for row in rows}) == MANY
        assert all(row.batch_id for row in rows)
        assert ClientLetter.objects.filter(incident=incident).count() == MANY
        by_batch = Counter(row.batch_id for row in rows)
        assert sum(by_batch.values()) == MANY
        assert dict(by_batch) == {batch.pk: batch.letters for batch in incident.batches.defer("pdf")}
    print(f"\nprepared and set {MANY} letters in {len(by_batch)} batches, {kills} workers killed: 0 lost, 0 doubled")

    with acting(house.ada):
        for number, row in enumerate(rows):
            row.way, row.mail, row.may_portal = Told.Way.PORTAL, f"number{number}@mail.test", True
            row.save(update_fields=["way", "mail"])
        assert actions.send(incident, by=house.ada) == MANY
    kills = killed_until_done(name, tmp_path, chance, 1.5)
    with as_worker():
        with clock.at(clock.now() + datetime.timedelta(minutes=6)):
            uncertain = outbox.mark_uncertain()
        preparing.settle()
    sent = mailed(tmp_path)
    with acting(house.ada):
        states = Counter(Notice.objects.filter(kind="breach").values_list("state", flat=True))
        told = Counter(Told.objects.filter(incident=incident).values_list("state", flat=True))
        listed = set(Told.objects.filter(notice__state="uncertain").values_list("pk", flat=True))
    print(
        f"sent {MANY} mails, {kills} workers killed: {dict(states)}, people {dict(told)}, {max(sent.values())} mail at most to one address"
    )
    assert max(sent.values()) == 1  # none doubled
    assert states["sent"] + states["uncertain"] == MANY  # none lost
    assert states["uncertain"] == uncertain == len(listed) <= kills  # at most the one at hand for each kill, and each is listed
    assert told == Counter({"sent": MANY - uncertain, "sending": uncertain} if uncertain else {"sent": MANY})
    assert len(sent) >= states["sent"]
    assert email.message_from_string(next(tmp_path.glob("*.log")).read_text())["Subject"] == "There is a letter for you"
