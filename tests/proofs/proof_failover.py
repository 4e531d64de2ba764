"""T15: PostgreSQL is started anew, fails over to its replica, is full, is held up; the webs are never started anew.

Two webs, a primary and a replica that confirms each commit, all at addresses of their own.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings

from clients import actions as clients
from clients.models import ClientPermission
from ops.processes import PROC
from ops.roles import DATABASE
from records.models import Note
from tests.cast import acting
from tests.committed import House, furnish

from .figures import figure
from .hosts import Machine, Postgres, address, answers, connected, fill, machines, place, redis, told, until, urls
from .visitors import Crowd, Visitor, crowd

SAVERS = int(os.environ.get("FAILOVER_SAVERS", "6"))
RESTARTS = int(os.environ.get("FAILOVER_RESTARTS", "2"))  # of each kind
TAKEN_OVER = "T15 saves lost when the replica takes over"
NAMED = "ALTER SYSTEM SET synchronous_standby_names = '{}'"
HELD = 14  # seconds that a table is locked: longer than the ten a web waits


@dataclass
class Pair:
    """A primary with its replica, and the webs that know both."""

    house: House
    primary: Postgres
    replica: Postgres
    webs: list[Machine]
    at: Path

    @property
    def sites(self) -> list[str]:
        return [web.site for web in self.webs]

    def crowd(self) -> Crowd:
        return crowd(self.house, self.sites, SAVERS, inviting=False)

    def confirms(self, yes: bool) -> None:
        """Whether a commit waits for the replica."""
        self.primary.say(NAMED.format("*" if yes else ""), "SELECT pg_reload_conf()")
        if yes:
            until(lambda: self.primary.say("SELECT sync_state FROM pg_stat_replication") == [("sync",)], why="no replica confirms")


@pytest.fixture(scope="module")
def pair(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pair]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with place() as at, django_db_blocker.unblock(), redis(at / "redis", address(13)) as broker:
        primary = Postgres.new(at / "primary", address(11))
        replica = None
        try:
            environ = told(urls(primary), broker)
            fill(primary, at)
            replica = primary.follower(at / "replica", address(12))
            database = urls(primary, replica)
            with connected(database), machines(at, environ | database, [1, 2]) as webs:
                found = Pair(furnish(), primary, replica, webs, at)
                found.confirms(True)
                for web in webs:
                    web.start("web")
                    until(lambda web=web: answers(web), why=f"{web.host} does not answer")  # type: ignore[misc]  # a default
                yield found
        finally:
            for server in filter(None, (primary, replica)):
                server.stop(signal.SIGQUIT)


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"\nT15 {line}" for line in lines) + "\n")


def _workers(pair: Pair) -> list[str]:
    """The processes of every web: the same afterwards, or somebody started one anew."""
    masters = [web.parts["web"].pid for web in pair.webs]
    return [(PROC / str(pid) / "task" / str(pid) / "children").read_text() for pid in masters]


def _mended(people: Crowd, since: float) -> float:
    """Seconds until a save that began after ``since`` was acknowledged."""
    until(lambda: people.last() > since, why="no save is acknowledged any more")
    return people.last() - since


# --- started anew -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_the_database_is_started_anew_under_load(pair: Pair, how: signal.Signals) -> None:
    before, people, mended = _workers(pair), pair.crowd(), []
    with people.going():
        time.sleep(2)
        for _ in range(RESTARTS):
            pair.primary.stop(how)
            pair.primary.start()
            mended.append(_mended(people, time.monotonic()))
            time.sleep(1)
    _say(
        f"{RESTARTS} restarts, {how.name}: {people.sum():,} acknowledged, {people.lost()} lost, {len(people.troubles())} troubles of "
        f"{len(people.acts)} people, {people.unclear()} of them no plain page; saves go on {max(mended):.1f} s after it answers, "
        f"webs started anew: {before != _workers(pair)}"
    )
    assert (people.lost(), people.unclear(), before == _workers(pair)) == (0, 0, True)


# --- full, held up ----------------------------------------------------------------------------------------------------


def test_no_connection_is_left(pair: Pair) -> None:
    before, people = _workers(pair), pair.crowd()
    ((held,),) = pair.primary.say(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'subrosa_web' AND application_name LIKE 'subrosa-web%'"
    )
    with people.going():
        time.sleep(2)
        pair.primary.say(
            f"ALTER DATABASE {DATABASE} CONNECTION LIMIT 1",
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'subrosa_web'",
        )
        time.sleep(4)
        full = len(people.troubles())
        pair.primary.say(f"ALTER DATABASE {DATABASE} CONNECTION LIMIT -1")
        mended = _mended(people, time.monotonic())
    _say(
        f"no connection left for 4 s: {full} troubles, {people.unclear()} of them no plain page; {people.sum()} acknowledged, "
        f"{people.lost()} lost; saves go on {mended:.1f} s after; two webs held {held} connections"
    )
    assert full > 0 == people.unclear()
    assert (people.lost(), before == _workers(pair)) == (0, True)


def test_a_table_is_locked_for_long(pair: Pair) -> None:
    people, link = pair.crowd(), psycopg2.connect(urls(pair.primary)["DATABASE_URL_OWNER"])
    with people.going():
        time.sleep(2)
        with link, link.cursor() as owner:
            owner.execute(f"LOCK TABLE {Note._meta.db_table} IN ACCESS EXCLUSIVE MODE")
            time.sleep(HELD)
        mended = _mended(people, time.monotonic())
    link.close()
    _say(
        f"notes locked for {HELD} s: {len(people.troubles())} troubles, {people.unclear()} of them no plain page; {people.sum()} "
        f"acknowledged, {people.lost()} lost; saves go on {mended:.1f} s after"
    )
    assert people.troubles()
    assert (people.lost(), people.unclear()) == (0, 0)


# --- what is read where -----------------------------------------------------------------------------------------------


def test_permissions_are_never_read_from_the_replica(pair: Pair) -> None:
    ana, page = Visitor(pair.sites, "ana"), f"/clients/{pair.house.couple.pk}/"
    ana.sign_in()
    known = [ana.ask("GET", page)[0] for _ in pair.webs]
    pair.replica.say("SELECT pg_wal_replay_pause()")
    with acting(pair.house.ana):
        grant = ClientPermission.objects.get(
            user=pair.house.ana, content_object=pair.house.couple, permission__codename="counsel", until=None
        )
        clients.end_grant(grant, by=pair.house.ana)
    after = [ana.ask("GET", page)[0] for _ in pair.webs]
    ((stale,),) = _asked(pair.replica, "SELECT until IS NULL FROM clients_clientpermission WHERE id = %s", grant.pk)
    readers = pair.replica.say("SELECT count(*) FROM pg_stat_activity WHERE usename IN ('subrosa_web', 'subrosa_worker')")[0][0]
    pair.replica.say("SELECT pg_wal_replay_resume()")
    _say(
        f"a grant ended while the replica stood still: {known} before, {after} after at both webs; {readers} connections of webs at the "
        f"replica, {len(settings.DATABASES)} address in the settings (control: the replica still says that it stands: {stale})"
    )
    assert (known, after, readers, stale) == ([200, 200], [404, 404], 0, True)


def _asked(server: Postgres, question: str, *values: Any) -> list[Any]:
    from ops.postgres import connect

    link = connect(server.var, DATABASE)
    with link, link.cursor() as cursor:
        cursor.execute(question, values)
        found = cursor.fetchall()
    link.close()
    return found


# --- the replica takes over -------------------------------------------------------------------------------------------


def test_a_commit_waits_for_a_replica_that_is_away_whatever_the_patience(pair: Pair) -> None:
    """A statement's patience must not turn a wait for the replica into a save that it does not have."""
    pair.replica.stop()
    answered = threading.Event()

    def commit() -> None:
        link = psycopg2.connect(urls(pair.primary)["DATABASE_URL"])
        with link.cursor() as cursor:
            cursor.execute("SET statement_timeout = '500ms'; SET lock_timeout = '500ms'")
            cursor.execute("INSERT INTO practice_attempt (account, at, known_device, kind) VALUES ('x', now(), false, 'password')")
            link.commit()
        answered.set()
        link.close()

    thread = threading.Thread(target=commit)
    thread.start()
    early = answered.wait(4)
    pair.replica.start()
    late = answered.wait(60)
    thread.join(60)
    _say(f"a commit while the replica is away, with a statement's patience of half a second: acknowledged within 4 s: {early}; "
         f"when the replica is back: {late}")  # fmt: skip
    assert (early, late) == (False, True)


def test_the_replica_takes_over(pair: Pair) -> None:
    before, people = _workers(pair), pair.crowd()
    with people.going():
        time.sleep(3)
        pair.primary.stop(signal.SIGKILL)
        died = time.monotonic()
        pair.replica.say("SELECT pg_promote()")
        mended = _mended(people, died)
        time.sleep(2)
    _say(
        f"primary killed, replica promoted: {people.sum():,} acknowledged, {people.lost()} lost, {len(people.troubles())} troubles of "
        f"{len(people.acts)} people, {people.unclear()} of them no plain page; the first save {mended:.1f} s after the kill; "
        f"webs started anew: {before != _workers(pair)}"
    )
    figure(TAKEN_OVER, people.lost(), f"{people.sum():,} acknowledged")
    assert (people.lost(), people.unclear(), before == _workers(pair)) == (0, 0, True)


def test_control_a_replica_that_need_not_confirm_loses(pair: Pair) -> None:
    """After the one before: the former replica writes, and a new one follows it that nobody waits for."""
    writes, follower = pair.replica, pair.replica.follower(pair.at / "third", address(14))
    try:
        until(lambda: writes.say("SELECT count(*) FROM pg_stat_replication")[0][0] == 1)
        ((receiver,),) = follower.say("SELECT pid FROM pg_stat_wal_receiver")
        os.kill(receiver, signal.SIGSTOP)  # the network is slow
        people = pair.crowd()
        with people.going():
            time.sleep(5)
        there = people.lost()
        writes.stop(signal.SIGKILL)
        os.kill(receiver, signal.SIGKILL)
        until(lambda: _promoted(follower), why="the follower does not take over")  # it starts anew first, as one of its own was killed
        with connected(urls(follower)):
            gone = sum(_is_gone(pair, one) for one in people.acts)
        _say(f"control, a replica that need not confirm: {people.sum()} acknowledged, {there} lost before, {gone} of {SAVERS} drafts after")
        figure(TAKEN_OVER, control=f"need not confirm: {gone} of {SAVERS} drafts lost")
        assert (there, gone > 0) == (0, True)
    finally:
        follower.stop(signal.SIGQUIT)


def _promoted(server: Postgres) -> bool:
    try:
        return bool(server.say("SELECT pg_promote()"))
    except psycopg2.OperationalError:
        return False


def _is_gone(pair: Pair, one: Any) -> bool:
    """Whether the draft is not there, or says something older than what was acknowledged."""
    with acting(pair.house.ana):
        try:
            return bool(one.lost())
        except Note.DoesNotExist:
            return True
