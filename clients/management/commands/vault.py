"""``manage.py vault …``: the masters, the data keys, and what they seal. It stands here because a client is called by code."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from audit import clock, doors
from audit.keeping import looking
from audit.models import Act
from audit.trail import Line
from clients.models import Client
from vault import checks, opening, resealing, rotation

WIDTH, SHOWN, OWNERS = 30, 50, 200
EVERY = 0.5  # seconds between two lines of progress
OTHERS = """SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'subrosa-%' AND pid <> pg_backend_pid()"""


class Command(BaseCommand):
    help = "The keys: how they stand, a new master, new data keys, or whether everything opens. Stopped, each goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do; ``--batch`` how much at a time."""
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("status", help="which master wraps how many data keys, and what is left to do")
        master = what.add_parser("rotate-master", help="wrap every data key by the newest master; what they seal is not touched")
        master.add_argument("--batch", type=int, default=rotation.BATCH, help="how many keys are changed together")
        client = what.add_parser("rotate-client", help="new data keys, and everything they seal sealed anew")
        whose = client.add_mutually_exclusive_group()
        whose.add_argument("code", nargs="?", default="", help="the client's code; without anything, what was begun is ended")
        whose.add_argument("--all-before", type=datetime.date.fromisoformat, metavar="DATE", help="every data key made before that day")
        pace = resealing.Pace()
        client.add_argument("--batch", type=int, default=pace.size, help="how many rows are sealed anew together")
        client.add_argument(
            "--rest", type=float, default=pace.rest, help="how long it rests after each of those, in their time; 0 at night"
        )
        client.add_argument("--grace", type=float, default=pace.grace, help="seconds an old key stays after the last value left it")
        verify = what.add_parser("verify", help="open every data key; changes nothing")
        verify.add_argument("--values", action="store_true", help="every sealed value and file as well")
        verify.add_argument("--from", dest="since", default="", metavar="PLACE", help="where a stopped run was, as it printed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and fail where something does not open."""
        if settings.PROCESS != "owner" and not settings.TESTING:
            raise CommandError("Run it as the owner: python -m ops manage does, or set SUBROSA_AS=owner with the owner's address.")
        self.began = self.told = time.monotonic()
        getattr(self, f"_{options['what'].replace('-', '_')}")(options)

    def _status(self, options: dict[str, Any]) -> None:
        ring, newest = rotation.keys.masters(), rotation.newest()
        for ident, count in rotation.wraps().items():
            where = "the newest, wraps new keys" if ident == newest else "old" if ident in ring else "NOT IN THE RING"
            self.stdout.write(f"{ident:<20} {count:>10,} data keys  {where}")
        left = rotation.left().count()
        self.stdout.write(f"Left to do: {left:,}. Run: vault rotate-master" if left else "Nothing is left to do.")
        if old := resealing.retired().count():
            self.stdout.write(f"{old:,} data keys of clients have a successor and still seal something, perhaps. Run: vault rotate-client")
        self._refuse_a_wrong_ring()
        free = [ident for ident, count in rotation.wraps().items() if not count and ident != newest]
        if free:
            self.stdout.write(f"Wraps nothing any more, and may be taken out after vault verify: {', '.join(free)}")

    def _rotate_master(self, options: dict[str, Any]) -> None:
        self._refuse_a_wrong_ring()
        self._refuse_processes_of_another_ring()
        newest, left = rotation.newest(), rotation.left().count()
        self._leave_a_line("rotate_begin", f"{left} left for {newest}")
        done = rotation.rotate(self._tell_keys, max(1, options["batch"]))
        self._leave_a_line("rotate_end", f"{done.done} to {newest}, {len(done.shut)} shut")
        self.stdout.write(f"{done.done:,} data keys wrapped anew by '{newest}', {rotation.left().count():,} left.")
        self._refuse_shut([f"data key {ident}" for ident in done.shut], "data keys")

    def _rotate_client(self, options: dict[str, Any]) -> None:
        self._refuse_a_wrong_ring()
        self._refuse_processes_of_another_ring()
        made = self._replace(self._whose(options))
        self._leave_a_line("rotate_client_begin", f"{made} new, {resealing.retired().count()} to leave")
        pace = resealing.Pace(max(1, options["batch"]), max(0.0, options["rest"]), max(0.0, options["grace"]))
        done = resealing.reseal(self._tell_rows, pace)
        left = resealing.retired().count()
        self._leave_a_line("rotate_client_end", f"{done.done} rows, {done.dropped} gone, {left} left")
        self.stdout.write(f"{done.done:,} rows sealed anew, {done.dropped:,} old data keys dropped, {left:,} left.")
        self._refuse_shut([f"{label} {ident}" for label, ident in done.shut], "rows")

    def _whose(self, options: dict[str, Any]) -> Q | None:
        """The keys to be replaced. None: only what was begun before is ended."""
        if before := options["all_before"]:
            if before > clock.today():
                raise CommandError("That day is still to come. Say today, or a day before.")
            return Q(created_at__lt=datetime.datetime.combine(before, datetime.time(), datetime.UTC))
        return Q(owner=self._client(options["code"]).pk) if options["code"] else None

    def _client(self, code: str) -> Client:
        client = Client.objects.filter(code=code).first()
        if client is None:
            raise CommandError("No client has this code.")
        return client

    def _replace(self, which: Q | None) -> int:
        """Some owners at a time: the new keys, and a line about each client, before anything is opened."""
        if which is None:
            return 0
        made = 0
        owners = sorted(set(resealing.replaceable(which).values_list("owner", flat=True)))
        for start in range(0, len(owners), OWNERS):
            with doors.system("vault") as door:
                new = resealing.replace(which & Q(owner__in=owners[start : start + OWNERS]))
                clients = Client.objects.filter(pk__in={row.owner for row in new}).order_by("pk").values_list("pk", flat=True)
                door.write(*[Line(Act.SYSTEM, "clients.client", "rotate_client", client, client) for client in clients])
            made += len(new)
        return made

    def _verify(self, options: dict[str, Any]) -> None:
        if not options["since"]:
            done = rotation.verify(self._tell_keys)
            self._leave_a_line("verify", f"{done.done} open, {len(done.shut)} shut")
            self.stdout.write(f"{done.done:,} of {done.seen:,} data keys open under the ring, {self._speed(done.seen)} a second.")
            self._refuse_shut([f"data key {ident}" for ident in done.shut], "data keys")
        if options["values"]:
            self._verify_values(options["since"])

    def _verify_values(self, since: str) -> None:
        self._leave_a_line("verify_values", "begin")  # before anything is opened
        found = opening.every_value(self._tell_values, since)
        self._leave_a_line("verify_values", f"{found.open} open, {len(found.shut)} shut")
        self.stdout.write(f"{found.open:,} of {found.values:,} sealed values and files open, {self._speed(found.values)} a second.")
        self.stdout.write(
            f"{found.shredded:,} are of shredded clients, {found.old:,} under a key that has a successor, "
            f"{found.below:,} below version {settings.VAULT_MINIMUM_VERSION}, the lowest that is opened."
        )
        self._refuse_shut(found.shut, "values")

    def _leave_a_line(self, part: str, counts: str) -> None:
        with doors.system("vault") as opened:
            opened.write(Line(Act.SYSTEM, "vault.datakey", part, purpose=counts[:40]))

    def _refuse_a_wrong_ring(self) -> None:
        if troubles := rotation.troubles() + checks.versions():
            raise CommandError("\n".join([*troubles, "Put the right master back from your copy. Nothing was changed."]))

    def _refuse_processes_of_another_ring(self) -> None:
        """A process that does not have the newest master yet could not open what we wrap. Seen are those that hold a connection."""
        with looking() as cursor:
            cursor.execute(OTHERS)
            names = {name for (name,) in cursor.fetchall()}
        if late := sorted(name for name in names if name.split("-", 2)[2:] != [rotation.newest()]):
            raise CommandError(
                f"Still running without '{rotation.newest()}' as the newest master: {', '.join(late)}. They could not open what is "
                "wrapped by it. Restart web, worker and beat, then rotate."
            )

    def _refuse_shut(self, shut: list[str], what: str) -> None:
        for each in shut[:SHOWN]:
            self.stdout.write(f"DOES NOT OPEN: {each}")
        if shut:
            raise CommandError(f"{len(shut):,} {what} do not open under the ring. Keep every master, and compare with a backup.")

    def _speed(self, count: int) -> str:
        return f"{count / max(time.monotonic() - self.began, 0.001):,.0f}"

    def _tell_keys(self, done: rotation.Progress) -> None:
        self._tell(done.seen, done.total, lambda: f"{done.seen:,} data keys")

    def _tell_rows(self, done: resealing.Progress) -> None:
        waiting = f", waiting for {', '.join(done.waits_for)}" if done.waits_for else ""
        self._tell(done.seen, done.total, lambda: f"{done.seen:,} rows{waiting}")

    def _tell_values(self, found: opening.Census) -> None:
        self._tell(found.rows, found.total, lambda: f"{found.values:,} values, at {found.place}")

    def _tell(self, seen: int, total: int, say: Callable[[], str]) -> None:
        if time.monotonic() - self.told < EVERY and seen != total:
            return
        self.told = time.monotonic()
        share = min(1.0, seen / total) if total else 1.0
        line = f"[{'#' * int(WIDTH * share):.<{WIDTH}}] {share:4.0%}  {say()}"
        self.stdout.write(f"\r{line}" if self.stdout.isatty() else line, ending="" if self.stdout.isatty() and share < 1 else "\n")
        self.stdout.flush()
