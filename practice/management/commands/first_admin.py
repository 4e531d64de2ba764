"""The way in for the first admin of a practice, and back in for a sole admin who lost every second factor."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import doors
from practice.actions import factors, invitations
from practice.models import Practice, User
from practice.refusals import Refused
from practice.roles import Role


class Command(BaseCommand):
    """Prints a link; whoever opens it chooses a password and sets up a second step."""

    help = "Make the first admin's invitation, or with --lost-factor remove an admin's second step."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the e-mail address they sign in with")
        parser.add_argument("--name", default="", help="their name")
        parser.add_argument("--practice", default="", help="the practice's name, shown on every page")
        parser.add_argument("--counselor", action="store_true", help="they counsel, too: a solo practice")
        parser.add_argument("--lost-factor", action="store_true", help="remove the second step of this admin, who lost it")

    def handle(self, *args: Any, **options: Any) -> None:
        with doors.system("first_admin"):
            if options["lost_factor"]:
                self._lost(options["address"])
            else:
                self._first(options)

    def _first(self, options: dict[str, Any]) -> None:
        roles = [Role.ADMIN, Role.COUNSELOR] if options["counselor"] else [Role.ADMIN]
        try:
            url = invitations.invite_first(options["address"], options["name"] or options["address"], roles)
        except Refused as refusal:
            raise CommandError(f"{refusal.words} {refusal.todo}") from refusal
        if options["practice"]:
            Practice.objects.update(name=options["practice"][:80])
        self.stdout.write(f"Open this within 7 days, on a device of your own:\n\n  {url}\n")

    def _lost(self, address: str) -> None:
        person = User.objects.staff().filter(roles__contains=[Role.ADMIN]) & User.objects.at_address(address)
        found = person.first()
        if found is None:
            raise CommandError("No admin signs in with this address.")
        factors.remove_at_the_machine(found)
        self.stdout.write("Removed. They sign in with their password and set up a new second step.")
