"""``manage.py backup``: the state of this moment, sealed to a key that is not here. Killed, it leaves nothing; run it again."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from upkeep import actions, sealing, sets, taking
from upkeep.management.progress import Progress
from upkeep.models import Run
from upkeep.refusing import CannotBackUp, NotSetUp


class Command(BaseCommand):
    help = "Make a backup, sealed to a key whose other half is not here; or make that key; or list the backups."

    def add_arguments(self, parser: CommandParser) -> None:
        """Without anything: a backup."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--new-key", type=Path, metavar="FILE", help="make the key: FILE opens backups, and belongs somewhere else")
        what.add_argument("--list", action="store_true", help="the sets that are there")
        parser.add_argument("--passphrase", action="store_true", help="with --new-key: lock FILE with a passphrase, which is asked for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; fails with the reason."""
        if options["new_key"]:
            self._make_key(options["new_key"].absolute(), options["passphrase"])
        elif options["list"]:
            self._list()
        else:
            self._take()

    def _take(self) -> None:
        require_owner()
        progress = Progress(self.stdout)
        try:
            sealing.recipient()
            with actions.kept(Run.Kind.BACKUP) as run:
                taken = taking.take(progress.add, progress.of)
                run.name, run.bytes, run.rows = taken.name, taken.bytes, taken.rows
        except (CannotBackUp, NotSetUp, OSError) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{taken.name}: {taken.rows:,} rows of {taken.tables} tables in {taken.bytes / 1e6:,.1f} MB.")
        self.stdout.write(f"Data: {sets.place(sets.DATA) / taken.name}\nKeys: {sets.place(sets.KEYS) / taken.name}")
        for each in taken.gone:
            self.stdout.write(f"Taken away: {each}")

    def _list(self) -> None:
        for kind in (sets.DATA, sets.KEYS):
            self.stdout.write(f"{kind}, in {sets.place(kind)}:")
            for one in sets.every(kind):
                words = "cannot be read" if "unreadable" in one.said else f"{one.bytes / 1e6:>10,.1f} MB  {one.said['rows']:,} rows"
                self.stdout.write(f"  {one.name}  {words}")

    def _make_key(self, path: Path, locked: bool) -> None:
        if path.resolve().is_relative_to(Path(settings.VAR).resolve()) or path.resolve().is_relative_to(settings.ROOT):
            raise CommandError("The key must not lie with what it opens. Name a file on another disk, such as a stick that you take away.")
        if settings.BACKUP_RECIPIENT_KEPT.exists():
            raise CommandError(
                f"There is a key already. To change it, put {settings.BACKUP_RECIPIENT_KEPT} away: older backups need the old one."
            )
        text, public = sealing.new_identity(_asked_twice() if locked else "")
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
                file.write(text)
        except OSError as error:
            raise CommandError(f"{path} could not be written: {error.strerror}.") from None
        settings.BACKUP_RECIPIENT_KEPT.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings.BACKUP_RECIPIENT_KEPT.write_text(public + "\n")
        self.stdout.write(f"{path} opens the backups from now on. Copy it to two places away from this machine, then delete it here.")
        self.stdout.write(f"What seals them stays here: {public}")


def _asked_twice() -> str:
    phrase = passphrase("Passphrase: ")
    if len(phrase) < 15:
        raise CommandError("The passphrase needs 15 characters or more: whoever has the file can try as often as they like.")
    if passphrase("Once more: ") != phrase:
        raise CommandError("These were two different ones. Nothing was made.")
    return phrase


def passphrase(prompt: str) -> str:
    """From the file that BACKUP_PASSPHRASE_FILE names, or asked for. Never an argument: others see those."""
    if path := os.environ.get("BACKUP_PASSPHRASE_FILE"):
        return Path(path).read_text().rstrip("\n")
    return getpass.getpass(prompt)


def require_owner() -> None:
    """Raises CommandError in a process that does not see every row."""
    if settings.PROCESS != "owner" and not settings.TESTING:
        raise CommandError("Run it as the owner: python -m ops manage does, or set SUBROSA_AS=owner with the owner's address.")
