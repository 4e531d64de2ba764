"""Something to look after: a record that a colleague opened in an emergency last night, and that nobody has reviewed yet."""

from __future__ import annotations

import datetime

from audit import clock, doors
from audit.models import Act
from audit.trail import Line
from clients import actions
from clients.models import Client
from practice.models import Practice
from review import actions as review
from review.access import portal_lines

from .people import People, ident
from .traces import leave_lines

STORY, WHO, COUNSELOR = "cleo", "ben", "ana"
AGO = datetime.timedelta(hours=20)
WHY = (
    "Her friend Odile rang the practice: Cleo had not come home and did not answer. Ana was on a plane. I looked for the safety plan and "
    "for whom to call, and reached her mother."
)

ASKED = "Why did the front desk look at my contacts that morning? I had not called."


def ask_about_a_line(people: People) -> None:
    """The client saw in the portal that the front desk opened their contacts, and asks why."""
    who, client = people[STORY], Client(pk=ident("client", STORY))
    with clock.at(clock.now() - AGO / 2), doors.system("demo", on_behalf_of=who):
        line = portal_lines(who).filter(actor_id=people["dee"].pk, part="client_contacts").first()
        if line:
            review.ask_about_line(client, line, ASKED, by=who)


def open_last_night(people: People) -> None:
    """Open the record as the colleague did, and leave the lines of what was looked at."""
    who, client_id, moment = people[WHO], ident("client", STORY), clock.now() - AGO
    with doors.system("demo", on_behalf_of=people[COUNSELOR]):
        code = Client.objects.values_list("code", flat=True).get(pk=client_id)
    with clock.at(moment), doors.system("demo", on_behalf_of=who):
        actions.open_in_emergency(Practice.objects.get(), by=who, sought=code, reason=WHY, minutes=60)
    for minutes, part in ((2, "client_detail"), (3, "client_contacts"), (5, "session_list")):
        line = Line(Act.READ, "clients.client", part, client_id, client_id)
        leave_lines(who, moment + datetime.timedelta(minutes=minutes), line)
