"""Consultations of the demo: a lawyer about the subpoena, decided; and one about an incident, which the privacy officer reads."""

from __future__ import annotations

import datetime

from django.utils import timezone

from audit import clock, doors
from clients.access import counseled_clients
from disclosures.access import processes
from practice.models import Practice
from practice.profile import zone_of
from supervision import actions

from .people import People, days_ago, ident
from .served import STORY

GROUNDS = "She advises the practice since May; the insurer pays."
QUESTION = "A lawyer's subpoena asks for everything. Do we confirm that there is a record?"
ADVICE = "No. There is neither an order nor an assurance. Answer that you neither confirm nor deny, and tell your client first if you may."
STUCK = "How long do I wait before I say aloud that we have not moved for a month?"


def _today() -> datetime.date:
    return clock.today()


def ask(people: People) -> None:
    """What Ana asked of a lawyer and of an expert. It says that it is invented."""
    ana = people["ana"]
    with timezone.override(zone_of(Practice.objects.get().timezone)):
        with clock.at(days_ago(3)), doors.system("demo", on_behalf_of=ana):
            client = counseled_clients(ana).filter(pk=ident("client", STORY)).first()
            paper = processes(ana).filter(client=client).first() if client else None
            if client and paper:
                told = ["That the paper asks for a whole record", "The name on the paper"]
                held = actions.Held(
                    _today(), "lawyer", "counsel", QUESTION, told, "Imogen Roa, attorney (invented)", None, GROUNDS, None,
                    f"process:{paper.pk}", ADVICE,
                )  # fmt: skip
                row = actions.record(client, held, by=ana)
        if client and paper:
            with clock.at(days_ago(3) + datetime.timedelta(minutes=30)), doors.system("demo", on_behalf_of=ana):
                actions.decide(row, "Answer neutrally, confirm nothing.", "Without order or assurance nothing may leave.", by=ana)
        with clock.at(days_ago(9)), doors.system("demo", on_behalf_of=ana):
            who = "Dr. Ito, psychologist (invented)"
            free = actions.Held(_today(), "expert", "deidentified", STUCK, who=who, advice="Say it early, and ask.")
            actions.record(None, free, by=ana)
