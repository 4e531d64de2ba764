"""The facts of an incident for its clocks, and how each clock stands now."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from audit import clock
from practice.models import Practice
from practice.profile import zone_of

from . import access, facts
from .letters import own_letters
from .models import Affected, Assessment, Awareness, ClockRow, ClockRun, Delay, Incident, Mark, Told, Wording
from .reach import home_country

_SOON = datetime.timedelta(days=7)


def current(incident: Incident) -> Assessment | None:
    """The newest assessment: it counts, and those before stay to be read."""
    return Assessment.objects.filter(incident=incident).select_related("made_by", "approved_by").order_by("-made_at", "-pk").first()


def facts_of(incident: Incident) -> facts.Facts:
    """Everything that is known of ``incident``, which a door gave, for its clocks: numbers and days, no name."""
    practice, found = Practice.objects.get(), current(incident)
    told = {audience: _told(incident, audience) for audience in ("individuals", "hhs")}
    return facts.Facts(
        discovered=incident.discovered_on, noticed_at=certain_at(incident), zone=zone_of(practice.timezone),
        practice_states=tuple(practice.states), country=home_country(practice), affected=_affected(incident),
        flags=frozenset(flag for flag in facts.FLAGS if getattr(practice, flag)), delays=_delays(incident),
        extensions=_extensions(incident),
        individuals_told=told["individuals"], hhs_told=told["hhs"], determined=_determined(incident), **_assessed(found),
    )  # fmt: skip


def first_known(incident: Incident) -> datetime.datetime:
    """When anybody of the workforce first knew, as far as is said: on a day of which no hour is known, its beginning (BR-5)."""
    day = incident.discovered_on
    known = [at for at in (incident.noticed_at, incident.reported_at) if timezone.localdate(at) == day]
    return min(known) if known else timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def certain_at(incident: Incident) -> datetime.datetime:
    """From when hours run: since the practice was certain, as was said last; else since anybody here first knew (SB-12, SB-15)."""
    said = Awareness.objects.filter(incident=incident).order_by("-recorded_at", "-pk").values_list("at", flat=True).first()
    return max(said, first_known(incident)) if said else first_known(incident)


def is_urgent(incident: Incident) -> bool:
    """Whether misuse is likely to come soon, as the newest assessment says: then people are called, too (BR-10)."""
    newest = Assessment.objects.filter(incident=incident).order_by("-made_at", "-pk").values_list("imminent", flat=True).first()
    return newest == Assessment.Soon.YES


def unplanned(incident: Incident, clients: Iterable[UUID]) -> list[tuple[UUID, Wording]]:
    """Which approved letter is still to be planned for which of ``clients``: everybody's, and that of their state (SB-9)."""
    known = set(Told.objects.filter(incident=incident).values_list("client_id", "place"))
    homes = {
        client: facts.Place(*home) for client, *home in access.affected(incident).order_by().values_list("client_id", "country", "state")
    }
    letters = access.letters_of(incident)
    return [
        (client, letter)
        for client in clients
        for place, letter in letters.items()
        if (client, place) not in known and (not place or (client in homes and own_letters()[place].is_for(homes[client])))
    ]


def _affected(incident: Incident) -> tuple[facts.Affected, ...]:
    rows = Affected.objects.filter(incident=incident, removed_at=None).order_by().values("country", "state")
    counted = rows.annotate(people=Count("pk"), minors=Count("pk", filter=Q(minor=True))).order_by("country", "state")
    return tuple(facts.Affected(facts.Place(row["country"] or "US", row["state"]), row["people"], row["minors"]) for row in counted)


def _assessed(found: Assessment | None) -> dict[str, Any]:
    if found is None:
        return {}
    told = {"kinds": frozenset(found.kinds), "conclusion": cast("facts.Conclusion", found.counts_as)}
    told["risk_to_rights"] = found.risk_to_rights  # type: ignore[assignment]  # one of its words
    if found.associate_discovered:
        told["associate"] = facts.Associate(found.associate_discovered, found.associate_agent, found.associate_told)  # type: ignore[assignment]  # as above
    return told


def _determined(incident: Incident) -> datetime.date | None:
    first = Assessment.objects.filter(incident=incident, conclusion=Assessment.Conclusion.BREACH).order_by("made_at").first()
    return timezone.localdate(first.made_at) if first else None


def _delays(incident: Incident) -> tuple[facts.Delay, ...]:
    rows = Delay.objects.filter(incident=incident).exclude(kind=Delay.Kind.CAUSE).order_by("stated_on", "recorded_at")
    return tuple(facts.Delay(cast("Any", row.kind), row.stated_on, row.until) for row in rows)


def _extensions(incident: Incident) -> tuple[facts.Extension, ...]:
    rows = Delay.objects.filter(incident=incident, kind=Delay.Kind.CAUSE).order_by("recorded_at")
    return tuple(facts.Extension(row.key, "recorded") for row in rows)


def _told(incident: Incident, audience: str) -> datetime.date | None:
    """When the last of the notices to ``audience`` was sent, once all of them were."""
    marks = [each.mark for each in standing(incident) if each.clock.audience == audience and each.clock.fixed]
    days = [mark.on for mark in marks if mark and mark.state == Mark.State.SENT]
    return max(days) if days and len(days) == len(marks) else None


# --- how each clock stands ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """One clock of the last run, and the newest that was done about it."""

    clock: ClockRow
    mark: Mark | None

    @property
    def stage(self) -> str:
        """ "sent", "not_required", "over" (its day is gone), "red" (within a week, or half of what is left), "amber", or "calm"."""
        now, due = clock.now(), self.clock.due
        if self.mark and self.mark.state != Mark.State.OPEN:
            return self.mark.state
        if now >= due:
            return "over"
        if now >= due - min(_SOON, (due - self.clock.amber) / 2):
            return "red"
        return "amber" if now >= self.clock.amber else "calm"

    @property
    def runs(self) -> bool:
        """Whether it still waits for something to be done."""
        return self.stage not in (Mark.State.SENT, Mark.State.NOT_REQUIRED)

    @property
    def days(self) -> int:
        """Days left until its day, where the practice is."""
        return (self.clock.due_on - clock.today()).days


def last_run(incidents: Any) -> QuerySet[ClockRow]:
    """The clocks of the last run of each of ``incidents`` (rows, ids or a queryset), the first due first."""
    runs = ClockRun.objects.filter(incident=OuterRef("incident")).order_by().values("incident")
    newest = runs.annotate(last=Max("number")).values("last")
    return ClockRow.objects.filter(incident__in=incidents, run=Subquery(newest)).order_by("due", "key", "whom")


def standings(incidents: Iterable[Incident]) -> dict[Any, list[Standing]]:
    """How the clocks of each of ``incidents`` stand, by the incident's id. Two questions, however many there are."""
    idents = [incident.pk for incident in incidents]
    marks: dict[tuple[Any, str, str], Mark] = {}
    for mark in Mark.objects.filter(incident__in=idents).defer("words").order_by("at", "pk"):
        marks[mark.incident_id, mark.key, mark.whom] = mark
    found: dict[Any, list[Standing]] = {ident: [] for ident in idents}
    for row in last_run(idents):
        found[row.incident_id].append(Standing(row, marks.get((row.incident_id, row.key, row.whom))))
    return found


def standing(incident: Incident) -> list[Standing]:
    """How the clocks of ``incident`` stand, the first due first."""
    return standings([incident])[incident.pk]


def next_of(found: list[Standing]) -> Standing | None:
    """The clock that runs out first; one the law names no day for only where there is no other."""
    running = [each for each in found if each.runs]
    return next((each for each in running if each.clock.fixed), running[0] if running else None)
