"""``manage.py vault status | rotate | verify``: the masters, and which data keys they wrap. It stands here for its lines on the trail."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import doors
from audit.keeping import looking
from audit.models import Act
from audit.trail import Line
from vault import rotation
from vault.rotation import Progress

WIDTH, SHOWN = 30, 50
EVERY = 0.5  # seconds between two lines of progress
OTHERS = """SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'subrosa-%' AND pid <> pg_backend_pid()"""


class Command(BaseCommand):
    help = "The master keys: how they stand, wrap every data key by the newest, or open every data key. Stopped, it goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do; ``--batch`` how many keys at a time."""
        parser.add_argument("what", choices=["status", "rotate", "verify"])
        parser.add_argument("--batch", type=int, default=rotation.BATCH, help="rotate: how many keys are changed together")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and fail where a key does not open."""
        if settings.PROCESS != "owner" and not settings.TESTING:
            raise CommandError("Run it as the owner: python -m ops manage does, or set SUBROSA_AS=owner with the owner's address.")
        self.began = self.told = time.monotonic()
        if options["what"] == "rotate":
            self._rotate(max(1, options["batch"]))
        elif options["what"] == "verify":
            self._verify()
        else:
            self._status()

    def _status(self) -> None:
        ring, newest = rotation.keys.masters(), rotation.newest()
        for ident, count in rotation.wraps().items():
            where = "the newest, wraps new keys" if ident == newest else "old" if ident in ring else "NOT IN THE RING"
            self.stdout.write(f"{ident:<20} {count:>10,} data keys  {where}")
        left = rotation.left().count()
        self.stdout.write(f"Left to do: {left:,}. Run: vault rotate" if left else "Nothing is left to do.")
        self._refuse_a_wrong_ring()
        free = [ident for ident, count in rotation.wraps().items() if not count and ident != newest]
        if free:
            self.stdout.write(f"Wraps nothing any more, and may be taken out after vault verify: {', '.join(free)}")

    def _rotate(self, size: int) -> None:
        self._refuse_a_wrong_ring()
        self._refuse_processes_of_another_ring()
        newest, left = rotation.newest(), rotation.left().count()
        self._leave_a_line("rotate_begin", f"{left} left for {newest}")
        done = rotation.rotate(self._tell, size)
        self._leave_a_line("rotate_end", f"{done.done} to {newest}, {len(done.shut)} shut")
        self.stdout.write(f"{done.done:,} data keys wrapped anew by '{newest}', {rotation.left().count():,} left.")
        self._refuse_shut(done)

    def _verify(self) -> None:
        done = rotation.verify(self._tell)
        self._leave_a_line("verify", f"{done.done} open, {len(done.shut)} shut")
        speed = done.seen / max(time.monotonic() - self.began, 0.001)
        self.stdout.write(f"{done.done:,} of {done.seen:,} data keys open under the ring, {speed:,.0f} a second.")
        self._refuse_shut(done)

    def _leave_a_line(self, part: str, counts: str) -> None:
        with doors.system("vault") as opening:
            opening.write(Line(Act.SYSTEM, "vault.datakey", part, purpose=counts[:40]))

    def _refuse_a_wrong_ring(self) -> None:
        if troubles := rotation.troubles():
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

    def _refuse_shut(self, done: Progress) -> None:
        for ident in done.shut[:SHOWN]:
            self.stdout.write(f"DOES NOT OPEN: data key {ident}")
        if done.shut:
            raise CommandError(f"{len(done.shut):,} data keys do not open under the ring. Keep every master, and compare with a backup.")

    def _tell(self, done: Progress) -> None:
        if done.seen < done.total and time.monotonic() - self.told < EVERY:
            return
        self.told = time.monotonic()
        share = min(1.0, done.seen / done.total) if done.total else 1.0
        line = f"[{'#' * int(WIDTH * share):.<{WIDTH}}] {share:4.0%}  {done.seen:,} data keys"
        self.stdout.write(f"\r{line}" if self.stdout.isatty() else line, ending="" if self.stdout.isatty() and share < 1 else "\n")
        self.stdout.flush()
