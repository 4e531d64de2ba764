"""Reporting, telling what happened, who knew when, who may be the cause, and the steps (BR-5, BR-17)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db.models import CharField, Func, QuerySet, Value
from django.utils import timezone

from audit import clock, trail
from breaches.models import STEPS, Assessment, Awareness, Entry, Finding, Incident, Knowledge, State, Suspect, Task
from breaches.standing import first_known
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import Practice, User
from practice.refusals import Refused
from practice.roles import Role

from .clocks import rework
from .timeline import write

SUBJECT = "Something needs your attention now"
BODY = """Something was reported that you look after. Sign in to see what:

{url}
"""
TITLE = 80  # letters
PAPER = "paper"  # the source of an incident about lost paper
LATE = datetime.timedelta(hours=24)  # between the first internal report and being certain, without an explanation (section 17, policy)


def report(
    what: str,
    *,
    by: User,
    noticed_at: datetime.datetime,
    going_on: str,
    cause: str = "",
    suspects: Iterable[User] = (),
    drill: bool = False,
    source: tuple[str, UUID | None] = ("report", None),
    reopens: Incident | None = None,
    unasked: bool = False,
) -> Incident:
    """``by`` reports ``what``; whoever is among ``suspects`` will not see it, and the other privacy officers have a mail.

    ``unasked``: a job reports it in the name of ``by``, who is told as well. Raises Refused without words, and for a moment to come.
    """
    _require(what, noticed_at)
    row = Incident(number=_number(drill), noticed_at=noticed_at, going_on=going_on, reported_by=by, drill=drill, source=source[0])
    row.reopens = reopens
    row.source_id, row.discovered_on = source[1], _day(noticed_at if by.is_staff_member else clock.now())
    row.what, row.cause, row.title = what.strip(), cause.strip(), _title(what)
    row.save(force_insert=True)
    named = {each.pk for each in suspects}
    Suspect.objects.bulk_create([Suspect(incident=row, user_id=each, named_by=by) for each in named])
    Knowledge(incident=row, day=row.discovered_on, recorded_by=by).save(force_insert=True)
    trail.change(row, "report_incident")
    rework(row, "reported", by=by)
    _tell_officers(named if unasked else {by.pk, *named})
    return row


def _require(what: str, noticed_at: datetime.datetime) -> None:
    if not what.strip():
        raise Refused("BR-5", "A report says what happened.", "One sentence is enough.")
    if noticed_at > clock.now() + datetime.timedelta(minutes=5):
        raise Refused("BR-5", "That moment is still to come.", "Say when you noticed it.")


def _number(drill: bool) -> str:
    year = clock.today().year
    asked = Func(Value(f"{'D' if drill else 'B'}-{year}-"), function="subrosa_incident_number", output_field=CharField())
    found: str = Practice.objects.values_list(asked, flat=True).get()
    return found


def _day(moment: datetime.datetime) -> datetime.date:
    """The day of ``moment``, where the practice is."""
    return timezone.localdate(moment)


def _title(what: str) -> str:
    first = " ".join(what.split())
    return first if len(first) <= TITLE else first[: TITLE - 1].rsplit(" ", 1)[0] + "…"


def _tell_officers(but: set[UUID]) -> None:
    """A mail that says nothing of anybody, to each privacy officer who may see it."""
    for person in User.objects.working().filter(roles__contains=[Role.ADMIN]).exclude(pk__in=but):
        outbox.queue("incident", person.email, SUBJECT, BODY.format(url=site_link("home")))


def tell(incident: Incident, words: str, *, by: User, at: datetime.datetime | None = None) -> Entry:
    """A part of the story, as a person tells it, at the moment it happened. Raises Refused without words and for a moment to come."""
    if not words.strip():
        raise Refused("BR-16", "An empty entry tells nothing.", "Say what happened.")
    if at and at > clock.now() + datetime.timedelta(minutes=5):
        raise Refused("BR-16", "That moment is still to come.", "Say when it happened.")
    return write(incident, Entry.Kind.TOLD, words.strip(), by=by, at=at)


# --- discovery (BR-5) -----------------------------------------------------------------------------------------------------


def note_knowledge(incident: Incident, day: datetime.date, words: str, *, by: User, counts: bool = True) -> Knowledge:
    """Somebody of the workforce knew on ``day``; if that is the earliest that counts, it is the day of discovery (BR-5).

    Raises Refused for a day to come and without words.
    """
    if day > _day(clock.now()):
        raise Refused("BR-5", "That day is still to come.", "Say on which day they knew.")
    return _know(incident, Knowledge(day=day, counts=counts), words, by)


def strike(former: Knowledge, words: str, *, by: User) -> Knowledge:
    """``former`` was wrong and counts no more; it stays to be read. A second person says so, where there is one.

    Raises Refused for one's own statement, twice, and where nothing would be left: then nobody knew, and there would be no incident.
    """
    if former.recorded_by_id == by.pk and _another_officer(by):
        raise Refused("BR-5", "Nobody takes back their own statement of who knew when.", "Another privacy officer does.")
    if former.strikes_id or Knowledge.objects.filter(strikes=former).exists():
        raise Refused("BR-5", "This was taken back already.", "")
    if not _counted(former.incident).exclude(pk=former.pk).exists():
        raise Refused("BR-5", "Somebody knew, or it would not have been reported.", "Say first who knew when, and then take this back.")
    return _know(former.incident, Knowledge(day=former.day, counts=False, strikes=former), words, by)


def _another_officer(by: User) -> bool:
    return User.objects.working().filter(roles__contains=[Role.ADMIN]).exclude(pk=by.pk).exists()


def _counted(incident: Incident) -> QuerySet[Knowledge]:
    return Knowledge.objects.filter(incident=incident, counts=True, struck=None)


def _know(incident: Incident, row: Knowledge, words: str, by: User) -> Knowledge:
    if not words.strip():
        raise Refused("BR-5", "Who knew, and how, is written down.", "One sentence is enough.")
    row.incident, row.recorded_by, row.words = incident, by, words.strip()
    row.save(force_insert=True)
    earliest = _counted(incident).order_by("day").values_list("day", flat=True).first()
    if earliest and earliest != incident.discovered_on:
        incident.discovered_on = earliest
        incident.save(update_fields=["discovered_on"])
    trail.change(incident, "incident_discovery")
    rework(incident, "taken back: who knew when" if row.strikes_id else "who knew when", by=by)
    return row


def note_awareness(incident: Incident, at: datetime.datetime, words: str, *, by: User) -> Awareness:
    """The practice was certain of it only at ``at``: hours run from then (SB-12, SB-15). What stood before stays to be read.

    Raises Refused for a moment to come or before anybody knew, and without words more than 24 hours after the first internal report.
    """
    first = first_known(incident)
    if at > clock.now() + datetime.timedelta(minutes=5):
        raise Refused("SB-12", "That moment is still to come.", "Say when you were certain.")
    if at < first.replace(second=0, microsecond=0):  # forms know minutes
        raise Refused("SB-12", "Nobody here knew of it then.", "Say first who knew when.")
    if at > first + LATE and not words.strip():
        late = "That is more than 24 hours after somebody here first knew, and why is not said."
        raise Refused("SB-12", late, "Say why nobody could be certain before, or leave it: hours run from the first day then.")
    row = Awareness(incident=incident, at=at, recorded_by=by)
    row.words = words.strip()
    row.save(force_insert=True)
    trail.change(incident, "incident_awareness")
    rework(incident, "when we were certain", by=by)
    return row


# --- who may be the cause -------------------------------------------------------------------------------------------------


def name_suspect(incident: Incident, person: User, *, by: User) -> None:
    """``person`` may be the cause: from now on nothing of it is there for them. Raises Refused for oneself."""
    if person.pk == by.pk:
        raise Refused("BR-5", "If it may be you, somebody else works on it.", "Ask another privacy officer to take it over.")
    if not Suspect.objects.filter(incident=incident, user=person, cleared_at=None).exists():
        Suspect.objects.create(incident=incident, user=person, named_by=by)
        trail.change(incident, "suspect_named")


def clear(suspect: Suspect, *, by: User) -> None:
    """``suspect`` was not the cause, and may see what their role shows them. Raises Refused for oneself."""
    if suspect.user_id == by.pk:
        raise Refused("BR-5", "Nobody clears themself.", "Another privacy officer does.")
    Suspect.objects.filter(pk=suspect.pk, cleared_at=None).update(cleared_at=clock.now(), cleared_by=by)
    trail.change(suspect.incident, "suspect_cleared")


# --- steps ----------------------------------------------------------------------------------------------------------------


def move(incident: Incident, to: str, *, by: User) -> None:
    """Take the incident to the state ``to``. Raises Refused where no step leads there, which says what comes first."""
    now, then = State(incident.state), State(to)
    if then not in STEPS[now] and STEPS[now]:
        raise Refused("BR-17", f"From “{now.label}” no step leads to “{then.label}”.")
    if then not in STEPS[now]:
        raise Refused("BR-17", "It is over, and what is over is never changed.", "Open it again as a new incident that points to this one.")
    write(incident, Entry.Kind.STEP, str(then.label), by=by)
    incident.state = then
    incident.save(update_fields=["state"])


def require_assessed(incident: Incident) -> None:
    """Lost paper is presumed a breach, and nothing ends that but an assessment. Raises Refused (PA-4)."""
    if incident.source == PAPER and not Assessment.objects.filter(incident=incident).exists():
        raise Refused("PA-4", "Lost paper is presumed a breach until it is assessed.", "Weigh the four factors first.")


def miss(incident: Incident, words: str, lesson: str, *, by: User) -> Finding:
    """It was a near miss: nobody's data was reached, and ``words`` say how that is known. It is over with that.

    Raises Refused without words and lesson, and where the incident is past it.
    """
    if not words.strip() or not lesson.strip():
        raise Refused("BR-1", "A near miss is a finding: what stopped it, and what is learned.", "Fill in both.")
    if Task.objects.filter(incident=incident, done_at=None).exists():
        raise Refused("BR-17", "A task is not done yet.", "Do it, or write down why it is not needed, and tick it off.")
    require_assessed(incident)
    row = Finding(incident=incident, found_by=by)
    row.words, row.lesson = words.strip(), lesson.strip()
    row.save(force_insert=True)
    move(incident, State.NEAR_MISS, by=by)
    return row
