"""``manage.py verify_trail``: every line against its seal, every seal against its copy outside. Stopped, it goes on where it was."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import checking, doors, keeping, sealing
from audit.checking import Progress
from audit.keeping import looking
from audit.models import Act
from audit.trail import Line
from audit.verify_bundle import identity

SHOWN = 50  # findings that are printed
WIDTH = 30


class Command(BaseCommand):
    help = "Verify the trail: lines, seals, and their copies outside the database. Goes on where it was stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--fresh`` begins anew; ``--checkpoint`` compares a seal with one that was mailed."""
        parser.add_argument("--fresh", action="store_true", help="begin at the first line, whatever was verified before")
        parser.add_argument("--state", type=Path, default=Path(settings.VAR) / "verify_trail.json", help="where to keep how far it came")
        parser.add_argument("--checkpoint", action="append", default=[], metavar="NUMBER:HASH", help="a checkpoint as it was mailed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, print, and fail where anything does not hold."""
        require_worker()
        with doors.system("verify_trail") as opening:
            opening.write(Line(Act.READ, "audit.event", "verify_trail"))
        self.state, self.began = options["state"], time.monotonic()
        start = None if options["fresh"] else self._left_off()
        self.before, self.total = (start.lines if start else 0), self._total()
        done = keeping.verify(self._tell, start)
        self._say(done)
        self.state.unlink(missing_ok=True)
        wrong = [f"checkpoint {each} is not that of this trail" for each in options["checkpoint"] if not self._holds(each)]
        self.stdout.write("".join(f"{words}\n" for words in wrong), ending="")
        if done.findings or wrong:
            raise CommandError("The trail does not hold. docs/trail.md says what to do.")
        self.stdout.write("Everything holds.")

    def _total(self) -> int:
        with looking() as cursor:
            cursor.execute("SELECT coalesce(sum(lines), 0) FROM audit_seal")
            return int(cursor.fetchone()[0])

    def _left_off(self) -> Progress | None:
        """How far an earlier run came, if the seal it ended with is still that one."""
        try:
            start = Progress.of_json(json.loads(self.state.read_text()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        with looking() as cursor:
            there = sealing.seal_at(cursor, start.last["number"]) if start.last else None
        if there is None or there != start.last:
            return None
        self.stdout.write(f"Going on after seal {there['number']} ({start.lines:,} lines were verified before).")
        return start

    def _tell(self, done: Progress) -> None:
        self.state.write_text(json.dumps(done.as_json()))
        share = min(1.0, done.lines / self.total) if self.total else 1.0
        bar = "#" * int(WIDTH * share)
        line = f"[{bar:.<{WIDTH}}] {share:4.0%}  {done.lines:,} lines  {self._speed(done):,.0f}/s"
        self.stdout.write(f"\r{line}" if self.stdout.isatty() else line, ending="" if self.stdout.isatty() else "\n")

    def _speed(self, done: Progress) -> float:
        return (done.lines - self.before) / max(time.monotonic() - self.began, 0.001)

    def _say(self, done: Progress) -> None:
        with looking() as cursor:
            anchored = sealing.seal_at(cursor, done.anchored) if done.anchored else None
            window = checking.exposed(cursor, anchored["upto"] if anchored else 0)
        self.stdout.write(f"\n{done.lines:,} lines under {done.seals:,} seals, {self._speed(done):,.0f} lines a second.")
        since = f", the oldest of {sealing.moment(window.oldest)}" if window.oldest else ""
        self.stdout.write(f"Exposure window: {window.lines:,} lines are younger than the last anchor{since}.")
        if done.unkeyed:
            self.stdout.write(f"{done.unkeyed:,} seals are of a key that is not in TRAIL_KEY any more: their signatures were checked.")
        for each in done.known[:SHOWN]:
            self.stdout.write(f"Declared known: {each}")
        for each in done.findings[:SHOWN]:
            self.stdout.write(f"DOES NOT HOLD: {each}")
        if len(done.findings) > SHOWN:
            self.stdout.write(f"… and {len(done.findings) - SHOWN:,} more")

    def _holds(self, checkpoint: str) -> bool:
        number, _, known = checkpoint.partition(":")
        with looking() as cursor:
            there = sealing.seal_at(cursor, int(number)) if number.isdigit() else None
        return bool(there and known and identity(there).startswith(known) and len(known) >= 16)


def require_worker() -> None:
    """Raises CommandError in a process that sees only its own lines."""
    if settings.PROCESS == "web" and not settings.TESTING:
        raise CommandError("Run it as the worker: python -m ops manage does, or set SUBROSA_AS=worker with the worker's address.")
