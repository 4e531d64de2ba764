"""What the room of supervision adds to the things of the matrix: Sofia supervises Ana by an agreement, and they met."""

from __future__ import annotations

import datetime
from typing import Any

from audit import clock
from supervision.actions import agreements, meetings, papers, samples
from supervision.models import Agreement, Paper
from tests.cast import acting
from tests.committed import House
from tests.supervision.agreed import agreed, met, sign, terms

OF_SUPERVISION = (
    "agreement", "new_agreement", "half_agreement", "meeting", "half_meeting", "new_meeting", "anas_plan", "new_paper", "hours_report",
    "sample", "sampled",
)  # fmt: skip


def supervised(house: House) -> dict[str, Any]:
    """An agreement in force with its file, one that nobody has signed, and one that waits for Ana."""
    ana, sofia, today = house.ana, house.sofia, clock.today()
    row = agreed(sofia, ana)
    with acting(sofia):
        made: dict[str, Any] = {"agreement": row, "new_agreement": agreements.prepare(sofia, house.ben, terms(), by=sofia)}
        next_year = terms(since=today + datetime.timedelta(days=400), until=today + datetime.timedelta(days=700))
        made["half_agreement"] = agreements.prepare(sofia, ana, next_year, by=sofia)
    sign(Agreement(pk=made["half_agreement"].pk), sofia)
    made |= {"meeting": met(row), "half_meeting": met(row, days=2, signed=False), "new_meeting": met(row, days=3, signed=False)}
    with acting(sofia):
        meetings.sign(made["half_meeting"], by=sofia, shown=meetings.seen_hash(made["half_meeting"], by=sofia).hex())
        said = {"concern": "The saffron lantern went out.", "plan": "Reading."}
        made["anas_plan"] = papers.write_paper(row, "remediation", (today, today), said, by=sofia)
        made["new_paper"] = papers.write_paper(row, "licence", (today, today), {"number": "1", "state": "TX", "where": "Drawer"}, by=sofia)
        made["hours_report"] = papers.report(row, (today - datetime.timedelta(days=9), today), by=sofia)
        made["sample"] = samples.draw(row, today - datetime.timedelta(days=2), today, 1, "The saffron lantern.", by=sofia)
        made["sampled"] = made["sample"].notes.get()
    for person in (ana, sofia):
        with acting(person):
            paper = Paper.objects.get(pk=made["hours_report"].pk)
            papers.sign(paper, by=person, shown=papers.shown_hash(paper).hex())
    return made
