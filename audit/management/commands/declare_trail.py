"""``manage.py declare_trail``: a person at the machine says why the next seals do not follow from what is kept outside."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import anchors, clock, doors, keeping, sealing
from audit.keeping import looking
from audit.models import Act, Watch
from audit.trail import Line

from .verify_trail import require_worker


class Command(BaseCommand):
    help = "Declare a restored backup, a lost key or file of anchors, or known findings, with the reason. It stays in the anchors."

    def add_arguments(self, parser: CommandParser) -> None:
        """What happened, and why."""
        parser.add_argument("what", choices=anchors.KINDS)
        parser.add_argument("reason", help="one sentence, without anybody's name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Leave the line, write the declaration, seal."""
        require_worker()
        reason = " ".join(options["reason"].split())
        if not 10 <= len(reason) <= 300:
            raise CommandError("Say why, in a sentence of 10 to 300 characters.")
        if options["what"] == "new_anchors" and anchors.path().exists():
            raise CommandError(f"{anchors.path()} is there. Put it away first, and keep it: it is evidence.")
        findings = [str(each) for each in keeping.verify().findings] if options["what"] == "known" else []
        if options["what"] == "known" and not findings:
            raise CommandError("A verification finds nothing that is not known.")
        with doors.system("declare_trail") as opening:
            opening.write(Line(Act.CHANGE, "audit.seal", options["what"]))
        with looking() as cursor:
            last = sealing.seal_at(cursor)
        if options["what"] == "new_anchors":
            Watch.objects.update(anchored=0)
        anchors.declare(options["what"], reason, sealing.moment(clock.now()), sealing.ring()[0], last, findings)
        word = keeping.seal_and_anchor()
        if word:
            raise CommandError(f"Declared, but sealing still stops: {keeping.WORDS.get(word, word)}")
        self.stdout.write("Declared, sealed and anchored. Run verify_trail now.")
