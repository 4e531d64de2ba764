"""T08 for letters about a breach: a real Celery worker is killed (kill -9), whole or its children, while it prepares, sets and sends 400.

The mails go to a real mail server over TLS, which counts what it took. Controls that claim nothing must double or lose.
"""

from __future__ import annotations

import asyncio
import datetime
import email
import ipaddress
import logging
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from celery import Celery
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.db.models import Q

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

logging.getLogger("mail.log").setLevel(logging.ERROR)
MANY = int(os.environ.get("LETTERS", "400"))
SEED = int(os.environ.get("SEED", "20261122"))
KILLS = int(os.environ.get("KILLS", "12"))  # of each part
LONGEST = 1.5  # seconds at work before a kill
# What must not be done, to see that this proof would show it: one message a letter, and nothing claimed before it is sent.
BROKEN = """
import os, smtplib, time
from celery import Celery
late = os.environ["LATE"] == "1"
app = Celery("broken", broker=os.environ["BROKER"])
app.conf.update(task_acks_late=late, task_reject_on_worker_lost=late, worker_prefetch_multiplier=1, task_ignore_result=True,
    task_default_queue=os.environ["QUEUE"])
@app.task(name="one")
def one(number):
    with smtplib.SMTP("127.0.0.1", int(os.environ["PORT"])) as server:
        server.sendmail("house@mail.test", [f"number{number}@mail.test"], "Subject: A letter\\n\\nSign in.")
    time.sleep(0.01)  # as long as writing down that it was sent
"""


class Post:
    """A mail server of our own, over TLS as a real one: what it took, by address."""

    def __init__(self, folder: Path, *, tls: bool = True) -> None:
        self.took: Counter[str] = Counter()
        self.subjects: set[str] = set()
        self.port, self.proof = _free_port(), folder / "post.pem"
        context = _certified(self.proof) if tls else None
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, tls_context=context, require_starttls=tls)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail, as slowly as a server far away."""
        await asyncio.sleep(0.01)
        self.took.update(envelope.rcpt_tos)
        self.subjects.add(email.message_from_bytes(envelope.content)["Subject"])
        return "250 OK"

    def __enter__(self) -> Post:
        self.controller.start()
        return self

    def __exit__(self, *why: object) -> None:
        self.controller.stop()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _certified(proof: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that whoever is given ``proof`` trusts."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post")]), clock.now()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
    ours = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = made.add_extension(ours, critical=False).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    proof.write_bytes(signed.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    (proof.parent / "post.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(proof, proof.parent / "post.key")
    return context


@contextmanager
def celery(module: str, log: Path, environ: dict[str, str], *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker with a group of its own, once it says that it is ready; stopped at the end, whatever is left of it."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        module,
        "worker",
        "--pool",
        "prefork",
        "--concurrency",
        "2",
        "--loglevel",
        "info",
        *more,
    ]
    with log.open("wb") as said:
        worker = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ}, stdout=said, stderr=said, start_new_session=True)
    try:
        for _ in range(1200):
            if b" ready." in log.read_bytes():
                break
            assert worker.poll() is None, log.read_text()
            time.sleep(0.05)
        yield worker
    finally:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(20)


def kill(worker: subprocess.Popen[bytes], whole: bool) -> None:
    """kill -9: the whole group, or the processes that do the work alone."""
    if whole:
        os.killpg(worker.pid, signal.SIGKILL)
        return
    for child in Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split():
        with suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)


def environment(name: str, post: Post) -> dict[str, str]:
    """What the house's own worker runs with: its rights, its database, and the mail server."""
    urls = {key: on_database(os.environ[key], name) for key in ("DATABASE_URL", "DATABASE_URL_WORKER", "DATABASE_URL_OWNER")}
    mail = {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(post.port), "MAIL_FROM": "house@mail.test", "SSL_CERT_FILE": str(post.proof)}
    return {**urls, **mail, "SUBROSA_AS": "worker", "SUBROSA_TESTING": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}


def killed_until_done(name: str, post: Post, log: Path, chance: random.Random, *, is_done: Callable[[], bool]) -> int:
    """The house's worker, woken as the beat does and killed after a random while, until it is done; how many were killed at work."""
    app, kills = import_module("config.celery").app, 0
    while not is_done():
        with celery("config.celery", log, environment(name, post)) as worker:
            rounds = chance.randint(1, 3) if kills < KILLS else 1000
            for left in reversed(range(rounds)):
                for task in ("breaches.tasks.letters", "practice.tasks.send_due", "breaches.tasks.letters"):
                    app.send_task(task, expires=60)
                time.sleep(chance.uniform(0.1, LONGEST))
                if is_done():
                    break
                if kills < KILLS:
                    kill(worker, whole=left == 0)
                    kills += 1
    return kills


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


def is_prepared(house: House, incident: Incident) -> bool:
    """Whether every letter is prepared and in a batch."""
    with acting(house.ada):
        return not Told.objects.filter(incident=incident).filter(Q(state="waiting") | Q(batch=None)).exists()


def is_out(house: House) -> bool:
    """Whether no notice waits to be sent, and none is under way."""
    with acting(house.ada):
        before = Notice.objects.filter(kind="breach", state="claimed").count()
        if Notice.objects.filter(kind="breach", state="due").exists():
            return False
        time.sleep(0.5)
        return before == Notice.objects.filter(kind="breach", state="claimed").count()


def test_of_400_letters_none_is_lost_none_is_doubled_and_the_uncertain_are_listed(
    practice: tuple[str, House, Incident], tmp_path: Path
) -> None:
    name, house, incident = practice
    chance = random.Random(SEED)
    with Post(tmp_path) as post:
        kills = killed_until_done(name, post, tmp_path / "worker.log", chance, is_done=lambda: is_prepared(house, incident))
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
    with Post(tmp_path) as post:
        kills = killed_until_done(name, post, tmp_path / "worker.log", chance, is_done=lambda: is_out(house))
    sent = post.took
    with as_worker():
        with clock.at(clock.now() + datetime.timedelta(minutes=6)):
            uncertain = outbox.mark_uncertain()
        preparing.settle()
    with acting(house.ada):
        states = Counter(Notice.objects.filter(kind="breach").values_list("state", flat=True))
        told = Counter(Told.objects.filter(incident=incident).values_list("state", flat=True))
        listed = set(Told.objects.filter(notice__state="uncertain").values_list("pk", flat=True))
    doubled = sum(number > 1 for number in sent.values())
    print(f"sent {MANY} mails, {kills} kills: 0 lost, {doubled} doubled, {uncertain} uncertain and listed; people {dict(told)}")
    assert max(sent.values()) == 1  # none doubled
    assert states["sent"] + states["uncertain"] == MANY  # none lost
    assert states["uncertain"] == uncertain == len(listed) <= 2 * kills  # at most those at hand, one for each process, and each is listed
    assert told == Counter({"sent": MANY - uncertain, "sending": uncertain} if uncertain else {"sent": MANY})
    assert len(sent) >= states["sent"]
    assert post.subjects == {"There is a letter for you"}


@pytest.mark.parametrize("late", [True, False], ids=["acks_late without a claim doubles", "as Celery comes it loses"])
def test_control_without_a_claim_the_same_kills_double_or_lose(tmp_path: Path, late: bool) -> None:
    """Deliberately broken: were the figures above clean by luck, these would be, too."""
    (tmp_path / "broken.py").write_text(BROKEN)
    chance, queue, broker = random.Random(SEED), f"broken-{SEED}-{late}", import_module("config.celery").app.conf.broker_url
    with Post(tmp_path, tls=False) as post:
        environ = {"LATE": str(int(late)), "BROKER": broker, "QUEUE": queue, "PORT": str(post.port), "PYTHONPATH": str(tmp_path)}
        sender = Celery("sender", broker=broker)
        for number in range(MANY):
            sender.send_task("one", args=[number], queue=queue)
        with celery("broken", tmp_path / "broken.log", environ) as worker:
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.1, 0.4))
                kill(worker, whole=False)
            before = -1
            while before != sum(post.took.values()):
                before = sum(post.took.values())
                time.sleep(2)
    doubled, lost = sum(number > 1 for number in post.took.values()), MANY - len(post.took)
    print(
        f"control, {'acks_late' if late else 'as Celery comes'}, nothing claimed: {lost} lost, {doubled} doubled of {MANY} in {KILLS} kills"
    )
    assert (doubled > 0) if late else (lost > 0)
