"""``manage.py restore``: a backup put back, or a drill in a server of its own. Killed, it can be run again."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from upkeep import actions, drill, restoring, sealing
from upkeep.management.commands.backup import passphrase, require_owner
from upkeep.management.progress import Progress
from upkeep.models import Run
from upkeep.refusing import CannotBackUp, CannotRestore

WORD = "replace"


class Command(BaseCommand):
    help = "Put a backup back into the database, or, with --drill, into an empty server of its own, and say what it is worth."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--identity`` is the file of the key; the newest set unless another is named."""
        parser.add_argument("--identity", required=True, metavar="FILE", help="the file that opens backups; - reads it from the input")
        parser.add_argument("--set", dest="name", default="", help="the set of data; the newest without it")
        parser.add_argument("--keys", default="", help="the set of data keys; the newest without it, so that what was destroyed stays so")
        parser.add_argument("--drill", action="store_true", help="into a scratch server, which is removed afterwards; prints the figures")
        parser.add_argument("--check", action="store_true", help="only look whether the sets are sound and the key opens them")
        parser.add_argument("--over", action="store_true", help="replace what the database holds, after a word is typed")
        parser.add_argument("--unsigned", action="store_true", help="do not ask for the signature of this house")
        parser.add_argument("--examine", action="store_true", help="verify the trail and open a sample afterwards, and print it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; fails with the reason, and then nothing was changed."""
        require_owner()
        try:
            identity = self._identity(options["identity"])
            if options["drill"]:
                self._drill(identity, options)
            else:
                self._restore(identity, options)
        except (CannotRestore, CannotBackUp, OSError) as refused:
            raise CommandError(str(refused)) from None

    def _identity(self, name: str) -> Any:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return sealing.identity_of(raw, lambda: passphrase("Passphrase of the key: "))

    def _planned(self, identity: Any, options: dict[str, Any]) -> restoring.Plan:
        progress = Progress(self.stdout)
        plan = restoring.planned(options["name"], options["keys"], identity, signed=not options["unsigned"], tell=progress.add)
        progress.of(plan.bytes)
        progress.tell()
        self.stdout.write(
            f"Data of {plan.data.name}, keys of {plan.keys.name}: sound, and the key opens them. {plan.data.said['rows']:,} rows of "
            f"{plan.data.said['tables']} tables, by PostgreSQL {plan.data.said['postgres']}."
        )
        return plan

    def _restore(self, identity: Any, options: dict[str, Any]) -> None:
        plan = self._planned(identity, options)
        if options["check"]:
            return
        restoring.require_alone()
        self._require_word(options["over"])
        progress = Progress(self.stdout, plan.bytes)
        found = restoring.restore(plan, progress.add, lambda words: self.stdout.write(f"{words} …"))
        actions.noted(Run.Kind.RESTORE, name=found.name, rows=found.rows, took_seconds=found.seconds)
        self.stdout.write(f"{found.rows:,} rows are back in {found.seconds:,.1f} s, none differing. Anchors: {found.anchors}.")
        self.stdout.write(
            "Now start Sub Rosa, which brings the tables up to date, and say why by declare_trail: docs/operations.md, After a restore."
        )
        if options["examine"]:
            self.stdout.write(drill.as_told(drill.examine(found)))

    def _require_word(self, over: bool) -> None:
        held = restoring.in_the_way()
        if not held:
            return
        if not over:
            raise CannotRestore(f"The database holds data: {held}. Nothing was changed. To replace it, say --over.")
        self.stdout.write(f"This replaces what the database of {settings.SITE_URL} holds: {held}.")
        if input(f"Type {WORD} to go on: ").strip() != WORD:
            raise CannotRestore("Nothing was changed.")

    def _drill(self, identity: Any, options: dict[str, Any]) -> None:
        began = time.monotonic()
        plan = self._planned(identity, options)
        with actions.kept(Run.Kind.DRILL) as run:
            run.name, run.bytes = plan.data.name, plan.data.bytes + plan.keys.bytes
            more = ["--unsigned"] if options["unsigned"] else []
            examined = drill.drilled(identity, "--set", plan.data.name, "--keys", plan.keys.name, *more)
            run.rows, run.differing, run.lines, run.findings = examined.rows, examined.differing, examined.lines, examined.findings
            run.opened, run.shut = examined.opened, examined.shut
            run.lost_seconds, run.took_seconds = restoring.lost_since(plan), time.monotonic() - began
            self._tell(run, examined)
            if not examined.holds:
                raise CannotRestore("The drill found that this backup does not hold. Make another one, and look into it.")

    def _tell(self, run: Run, found: drill.Examined) -> None:
        rows = (
            ("Recovery point (RPO)", f"{(run.lost_seconds or 0) / 3600:,.1f} hours of work would be lost now"),
            ("Recovery time (RTO)", f"{run.took_seconds:,.1f} s, {found.seconds:,.1f} s of them filling the tables"),
            ("Rows", f"{found.rows:,}, tables differing: {found.differing}"),
            ("Trail", f"{found.lines:,} lines under {found.seals:,} seals verified, findings: {found.findings}"),
            ("Sealed values", f"{found.opened:,} of {found.values:,} sampled open, {found.destroyed:,} destroyed, shut: {found.shut}"),
        )
        for name, words in rows:
            self.stdout.write(f"{name:<22} {words}")
