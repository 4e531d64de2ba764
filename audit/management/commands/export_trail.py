"""``manage.py export_trail FOLDER``: a bundle of the trail that can be checked anywhere. Stopped, it goes on where it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import bundles, doors, sealing
from audit.keeping import looking
from audit.models import Act
from audit.trail import Line
from audit.verify_bundle import fingerprint, identity

from .verify_trail import require_worker


class Command(BaseCommand):
    help = "Write the sealed trail, or some of it, into a folder, with the program that checks it. The export is a line on the trail."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and which seals."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--first", type=int, default=1, help="number of the first seal")
        parser.add_argument("--last", type=int, help="number of the last seal; without it, the last there is")

        parser.add_argument("--client", type=UUID, action="append", default=[], help="tell only lines about this client's id; repeat it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Leave the line, then write."""
        require_worker()
        with looking() as cursor:
            newest = sealing.seal_at(cursor)
        last = min(options["last"] or 2**62, newest["number"] if newest else 0)
        if newest is None or options["first"] < 1 or options["first"] > last:
            raise CommandError("There is no such seal yet. The worker seals the trail each minute.")
        with doors.system("export_trail") as opening:
            about = [Line(Act.EXPORT, "clients.client", "export_trail", ident, ident) for ident in options["client"]]
            opening.write(*(about or [Line(Act.EXPORT, "audit.event", "export_trail")]))
        self._write(options["folder"], options["first"], last, frozenset(map(str, options["client"])))

    def _write(self, folder: Path, first: int, last: int, clients: bundles.Clients) -> None:
        lines = 0
        with looking() as cursor:
            for number, more in bundles.make(cursor, folder, first, last, clients):
                lines += more
                self.stdout.write(f"seal {number} of {last}, {lines:,} lines")
            seal = sealing.seal_at(cursor, last)
        assert seal  # it was there when we began, and is never deleted
        self.stdout.write(f"{folder}: check it with\n  python {folder / 'verify_bundle.py'} {folder}")
        self.stdout.write(f"Tell whoever gets it by other means: --key {fingerprint(seal['key'])} --checkpoint {last}:{identity(seal)}")
