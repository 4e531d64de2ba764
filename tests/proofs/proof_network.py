"""T17: the lines to PostgreSQL and to the mail server are slow, swallow, break, or refuse. Nobody hangs, nothing goes out twice."""

from __future__ import annotations

import datetime
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings

from audit import clock, doors
from practice.actions import outbox
from practice.models import Notice
from tests.committed import House, as_worker
from tests.journeys.conftest import _free_port

from .faults import checker
from .faults.proxy import FINE, Fault, Proxy, between
from .faults.stand import Stand
from .faults.web import Web, web
from .faults.work import Saver, count, savers, some, working
from .figures import figure
from .proof_letters import Post
from .proof_redis import PATIENCE, WAITING

LENGTH = float(os.environ.get("LENGTH", "15"))
LONG = float(os.environ.get("LONG", "40"))  # for those that make somebody wait: longer than PATIENCE
NOTICES = int(os.environ.get("NOTICES", "12"))  # under each fault of the line to the mail server
FAULTS = {
    Fault("delay", 0.3): LENGTH,
    Fault("delay", 2): LENGTH,
    Fault("delay", 30): LONG,
    Fault("reset"): LENGTH,
    Fault("hole"): LONG,
    Fault("cut", 3000): LENGTH,
    Fault("refuse"): LENGTH,
}


def _spoil(line: Proxy, fault: Fault, people: list[Saver], length: float) -> None:
    """Everybody is at work when it begins, and for so long; then the line is well again."""
    with working(people):
        some(people, 3)
        line.be(fault)
        time.sleep(length)
        line.be(FINE)
        some(people, 3)


def _all_answer(people: list[Saver]) -> None:
    """All at once, on a line that is well again: no worker is stuck, though a busy machine may be slow."""

    def read(saver: Saver) -> int:
        saver.person.patience = 4 * PATIENCE
        try:
            return saver.person.ask("GET", f"/notes/{saver.note.pk}/")[0]
        finally:
            saver.person.patience = PATIENCE

    with ThreadPoolExecutor(len(people)) as pool:
        assert set(pool.map(read, people)) == {200}


def _line(stands: Stand, name: str) -> tuple[Any, str]:
    here = f"127.0.0.1:{_free_port()}"
    return between(here, str(stands.house.server_sockets / ".s.PGSQL.5432")), stands.urls(name, here)["DATABASE_URL"]


def _people(house: House, server: Web) -> list[Saver]:
    people = savers(house, server.site)
    for saver in people:
        saver.person.patience = PATIENCE
    return people


def _hung(people: list[Saver]) -> int:
    return sum(each.hung for each in people)


def test_t17_no_request_hangs_for_the_database_and_no_worker_stays_stuck(
    stands: Stand, own_house: tuple[str, House], tmp_path: Path
) -> None:
    name, house = own_house
    proxy, url = _line(stands, name)
    with proxy as line, web(name, tmp_path, DATABASE_URL=url) as server:
        people = _people(house, server)
        for fault, length in FAULTS.items():
            before, hung = count(people, "ok"), _hung(people)
            _spoil(line, fault, people, length)
            _all_answer(people)
            gone, torn = checker.lost(house, people), checker.torn(house, people)
            longest = max(each.longest for each in people)
            sys.stdout.write(
                f"\nT17 database, {fault} for {length:.0f} s: {count(people, 'ok') - before:,} saves acknowledged, {len(gone)} lost, "
                f"{len(torn)} half-saved, {_hung(people) - hung} requests over {PATIENCE} s (longest so far {longest:.1f} s)"
            )
            assert (gone, torn) == ([], [])
    told = [page for each in people for status, page in each.pages if status >= 500]
    sys.stdout.write(f"\nT17 database: {len(told)} pages said so, other answers {checker.statuses(people)}\n")
    figure("T17 saves lost when the line to the database is ill", len(gone), f"{count(people, 'ok'):,} acknowledged, {len(FAULTS)} faults")
    figure("T17 requests over 30 s, line to the database ill", _hung(people), f"{len(FAULTS)} faults")
    assert (_hung(people), checker.traces(people), checker.trail(tmp_path)) == (0, 0, 0)
    assert told
    assert all("Back in a moment" in page for page in told)


def test_t17_control_a_web_without_patience_hangs(stands: Stand, own_house: tuple[str, House], tmp_path: Path) -> None:
    name, house = own_house
    proxy, url = _line(stands, name)
    with proxy as line, web(name, tmp_path, application=WAITING, DATABASE_URL=url) as server:
        people = _people(house, server)
        _spoil(line, Fault("hole"), people, LONG)
        _all_answer(people)
    sys.stdout.write(f"\nT17 control, without patience, hole for {LONG:.0f} s: {_hung(people)} requests over {PATIENCE} s\n")
    figure("T17 requests over 30 s, line to the database ill", control=f"without patience: {_hung(people)}")
    assert _hung(people)


# --- mail ---------------------------------------------------------------------------------------------------------------


class Cutting(Post):
    """A mail server that takes each second mail and is gone before it says so."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take it; then, in turn, answer or break the line."""
        said = await super().handle_DATA(server, session, envelope)
        if sum(self.took.values()) % 2 == 0:
            server.transport.abort()
        return said


MAIL = [Fault("delay", 0.3), Fault("delay", 2), Fault("reset"), Fault("hole"), Fault("cut", 4000), Fault("refuse")]


def _queued(label: str) -> None:
    for number in range(NOTICES):
        with doors.system("test"):
            outbox.queue("account", f"{label.replace(' ', '-').replace('.', '-')}-{number}@sub.test", "A link", "Words")


def _sent_through(port: int, rounds: int) -> None:
    """As the worker does at each beat."""
    connections.close_all()
    told = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port, "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False}
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", **told), as_worker():
        for _ in range(rounds):
            with suppress(OSError):
                outbox.send_due()


def _settled() -> int:
    """Six minutes later, what was claimed and never confirmed is put before a person."""
    with as_worker(), clock.at(clock.now() + datetime.timedelta(minutes=6)):
        return outbox.mark_uncertain()


def _forgetful(send: Callable[[], int]) -> Callable[[], int]:
    """Sends what was claimed and not confirmed once more, as if nobody had claimed it."""

    def broken() -> int:
        with doors.system("outbox"):
            Notice.objects.filter(state=Notice.State.CLAIMED).update(state=Notice.State.DUE, claimed_at=None)
        return send()

    return broken


def _mailed(place: Path, monkeypatch: pytest.MonkeyPatch, faults: list[Fault]) -> tuple[Counter[str], Counter[str]]:
    """How often each address got its mail, and the notices by state at the end."""
    with Cutting(place) as post, between(f"127.0.0.1:{_free_port()}", f"127.0.0.1:{post.port}") as line:
        monkeypatch.setenv("SSL_CERT_FILE", str(post.proof))
        port = int(line.here.rpartition(":")[2])
        for fault in faults:
            _queued(str(fault))
            line.be(fault)
            _sent_through(port, 2)
            line.be(FINE)
            _sent_through(port, 2 * NOTICES)  # each that broke off ends a round
        _settled()
    connections.close_all()
    return post.took, Counter(Notice.objects.filter(kind="account").values_list("state", flat=True))


def test_t17_a_line_to_the_mail_server_that_breaks_sends_nothing_twice_and_hides_nothing(
    own_house: tuple[str, House], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    took, states = _mailed(tmp_path, monkeypatch, MAIL)
    doubled = sum(number > 1 for number in took.values())
    uncertain = set(Notice.objects.filter(state="uncertain").values_list("pk", flat=True))
    sys.stdout.write(
        f"\nT17 mail, {', '.join(map(str, MAIL))}, and gone after each second mail: of {NOTICES * len(MAIL)} notices {doubled} doubled, "
        f"{states['sent']} sent, {states['uncertain']} uncertain and put before a person, {states['due'] + states['claimed']} left\n"
    )
    figure("T17 notices doubled by a line that breaks", doubled, f"{NOTICES * len(MAIL)} notices, {states['uncertain']} uncertain")
    assert (doubled, states["sent"] + states["uncertain"]) == (0, NOTICES * len(MAIL))
    assert len(took) >= states["sent"]
    assert uncertain


def test_t17_control_without_a_claim_the_same_line_doubles(
    own_house: tuple[str, House], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "send_due", _forgetful(outbox.send_due))
    took, _ = _mailed(tmp_path, monkeypatch, [FINE])
    doubled = sum(number > 1 for number in took.values())
    sys.stdout.write(f"\nT17 control, nothing claimed: of {NOTICES} notices {doubled} doubled\n")
    figure("T17 notices doubled by a line that breaks", control=f"nothing claimed: {doubled} of {NOTICES}")
    assert doubled
