"""Who goes on for whom in the demo: a plan of every counselor; that of Ben waits for Ana's yearly word."""

from __future__ import annotations

from audit import doors
from executor import actions
from executor.models import Plan
from review.actions import plan_reviews

from .chronicle import acting
from .people import People, days_ago

# Whose, custodian, deputy, signed so many days ago. Priya's and Tomas's custodians looked at them since.
PLANS = (("ana", "sofia", "ben", 290), ("ben", "ana", "sofia", 380), ("sofia", "ben", "priya", 210), ("priya", "sofia", "ana", 160))
LEFT = ("tomas", "ben", "sofia", 300)  # whose clients are with colleagues by now
BLANK = {f"{part}_{what}": "" for part in ("custodian", "deputy") for what in ("name", "licence", "contact")}
WORDS = {
    "places": "Paper: cabinet A in the front office, key with the front desk. Laptop and phone: locked drawer in my room.",
    "backups": "Sealed envelope with the practice's lawyer, Marsh & Tolliver, and a second one in the safe of the bank.",
    "callback": "503 555 0100",
    "transfer": "Adults: the colleague with room; couples: Sofia Lindqvist. Nobody is handed over without being asked.",
    "to_clients": "I am calling for the counselor you see, who cannot work at the moment. Your next hour will not take place. "
    "You are not alone with this: may I tell you who could see you soon, and ask what you would like?",
    "to_colleagues": "From today I look after the clients. Please tell nobody before I have called them.",
    "to_board": "To the licensing board: as named custodian I hold the records of the practice from this day. Address and number below.",
    "to_newspaper": "",
}


def plan(people: People) -> None:
    """Write, sign and accept each plan that is not there yet. Before any story: who has none takes in nobody new (RET-26)."""
    with doors.system("demo"):
        plan_reviews()  # due from now on, and not from the day of the oldest plan
    for whose, custodian, deputy, ago in (*PLANS, LEFT):
        person = people[whose]
        with acting(person, days_ago(ago)):
            if Plan.objects.filter(person=person.pk).exists():
                continue
            named = {"custodian": people[custodian], "deputy": people[deputy], "opens": ["contact", "sessions", "record"]}
            row = actions.write(BLANK | WORDS | named, by=person)
            actions.sign(row, by=person)
        for part, key in (("deputy", deputy), ("custodian", custodian)):
            with acting(people[key], days_ago(ago - 3)):
                actions.accept(Plan.objects.get(pk=row.pk), part, "", by=people[key])
