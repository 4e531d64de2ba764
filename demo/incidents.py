"""Three incidents of the demo: one that is closed, one that is worked on, and a drill. Each says that it is invented."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from audit import clock, doors
from breaches import access, actions
from breaches.models import Incident, Mark, State, Told
from breaches.standing import standing
from clients.access import governed_clients
from practice.models import Practice
from practice.profile import zone_of
from safeguards import actions as lists
from safeguards.actions import Charge

from .people import People, days_ago, ident

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
MISSENT, BAG = ("solomon",), ("cleo", "whitlock", "juniper")  # stories
LETTER = {
    "happened": "On one of our letters we wrote the wrong house number. We found out two days later. The neighbor opened it and rang us.",
    "kinds": "It held your name and the day of one visit. It did not hold your notes.",
    "protect": "You need not do anything. If somebody you do not know speaks to you about your visits, please call us.",
    "doing": "The neighbor gave the letter back. A second person now looks at each address before a letter goes out.",
    "contact": "Call us free of charge at 800 555 0199, or write to 12 Willow Street, Portland, OR 97201.",
}


def report(people: People) -> None:
    """All three, at the hours of the practice."""
    with timezone.override(zone_of(Practice.objects.get().timezone)):
        _closed(people)
        _under_way(people)
        _drill(people)


def _reported(people: People, by: str, days: int, what: str, **more: Any) -> Incident:
    """``by`` reports it, that many days ago; as those who look after it see it."""
    with clock.at(days_ago(days)), doors.system("demo", on_behalf_of=people[by]):
        row = actions.report(what, by=people[by], noticed_at=clock.now() - HOUR, **more)
    with doors.system("demo", on_behalf_of=people["ada"]):
        return access.kept_incidents(people["ada"]).get(pk=row.pk)


def _concerns(row: Incident, people: People, stories: tuple[str, ...], words: str) -> None:
    """Put the clients of these stories on the list."""
    found = governed_clients(people["ada"]).filter(pk__in=[ident("client", key) for key in stories])
    actions.add_affected(row, found, words, by=people["ada"])


def _closed(people: People) -> None:
    ada, what = people["ada"], "Invented: a letter went to the house next door. The neighbor opened it and rang us."
    row = _reported(people, "dee", 74, what, going_on="no")
    with _later(people, 73):
        actions.tell(row, "The neighbor brought the letter back to the front desk, and says she stopped at the first line.", by=ada)
        actions.move(row, State.CONTAINED, by=ada)
    with _later(people, 73, 20):
        _concerns(row, people, MISSENT, "The letter was to this client.")
        actions.say_home(row, access.affected(row), "US", "OR", by=ada)
    with _later(people, 73, 40):
        actions.move(row, State.ASSESSING, by=ada)
    with _later(people, 72):
        actions.assess(row, by=ada, conclusion="breach", kinds=["name", "medical"], reasons="It was opened and partly read.")
        actions.approve_wording(actions.save_wording(row, LETTER, by=ada), by=ada)
    with _later(people, 72, 10):
        actions.move(row, State.NOTIFYING, by=ada)
        actions.plan(row, access.confirmed(row).values_list("client", flat=True), by=ada)
    with _later(people, 70):
        for told in access.told(ada).filter(incident=row):
            Told.objects.filter(pk=told.pk).update(state=Told.State.UNREACHABLE)
            actions.told_otherwise(Told.objects.get(pk=told.pk), "Told in session and given the letter by hand; signed for it.", by=ada)
        for each in [each for each in standing(row) if each.runs and each.clock.audience != "individuals"]:
            actions.mark(row, each, Mark.State.NOT_REQUIRED, clock.today(), "Invented: nobody is told in a demo.", by=ada)
    with _later(people, 70, 30):
        fault = Charge("Sent a letter without looking at the address again.", row.discovered_on, row)
        lists.decide_sanction(
            lists.record_sanction(people["dee"], fault, by=ada), "trained", "Went through addresses again, together.", by=ada
        )
        ending = actions.Ending("The letter is back, and the client was told in person.", "Two people look at each address.", "trained", "")
        actions.close(row, ending, by=ada)
    with _later(people, 52):
        actions.analysed(access.follow_ups(ada).get(incident=row), by=ada)


def _under_way(people: People) -> None:
    ada, what = (
        people["ada"],
        "Invented: a bag with a phone and a paper diary was left on a train. The diary names clients by their initials.",
    )
    row = _reported(people, "ana", 6, what, going_on="unknown", cause="Ana, on her way home.")
    with _later(people, 6, 60):
        actions.tell(row, "Rang the lost property office. The phone was locked from afar within the hour; the diary was not found.", by=ada)
        today = clock.today()
        wiped = actions.give_task(row, people["ana"], "Have the phone wiped from afar, and write down when.", today + DAY, by=ada)
        actions.give_task(row, people["dee"], "Ring the lost property office each morning.", today + 14 * DAY, by=ada)
    with _later(people, 6, 90):
        actions.move(row, State.CONTAINED, by=ada)
    with _later(people, 5):
        actions.finish_task(wiped, by=ada, outcome="Wiped at 18:40; it was encrypted.")
        _concerns(row, people, BAG, "The diary holds their appointments of that week.")
    with _later(people, 2):
        actions.move(row, State.ASSESSING, by=ada)
        evidence = {"1": "Initials and hours, and what each session was about in a word.", "2": "", "3": "", "4": "The phone was wiped."}
        actions.assess(row, by=ada, conclusion="presumed", kinds=["name", "medical"], factors=evidence, ratings=["high", "", "", "low"])


@contextmanager
def _later(people: People, days: int, minutes: int = 0) -> Iterator[None]:
    """The privacy officer works on it, that many days ago."""
    with clock.at(days_ago(days) + datetime.timedelta(minutes=minutes)), doors.system("demo", on_behalf_of=people["ada"]):
        yield


def _drill(people: People) -> None:
    ada, what = people["ada"], "Invented, and a drill: somebody signs in as a colleague from another country, at night."
    row = _reported(people, "sofia", 3, what, going_on="yes", drill=True)
    with _later(people, 3, 60):
        actions.contain(row, people["ben"], "sessions", by=ada, called=str(people["ben"].name))
        actions.move(row, State.CONTAINED, by=ada)
