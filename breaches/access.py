"""Who may work with incidents. Each function is a queryset; its first line says who in a sentence.

Whoever may be the cause of an incident finds nothing of it anywhere (attack 97): not here, and by the policies of the database not in
the trail either.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Case, CharField, Exists, F, Func, OuterRef, Q, QuerySet, UUIDField, Value, When

from clients.access import denied, granted, kept_emergencies, open_invitations, portal_clients
from clients.models import BreakGlass, Codename, PortalInvitation
from disclosures.access import working_links
from disclosures.models import Sending
from practice.access import staffed_practice
from practice.models import Practice, User
from practice.roles import Role
from review.access import signals
from review.models import Decision, Signal

from .models import (
    OPEN,
    Affected,
    Assessment,
    Awareness,
    Batch,
    Call,
    ClientLetter,
    ClockRow,
    ClockRun,
    Closing,
    Delay,
    Draft,
    Entry,
    FollowUp,
    Incident,
    Knowledge,
    Mark,
    State,
    Suspect,
    Task,
    Told,
    Wording,
)


def _officers() -> QuerySet[User]:
    return User.objects.working().filter(roles__contains=[Role.ADMIN])


def _suspected(incident: Any, user: Any) -> Exists:
    """A condition: ``user`` (an id or a column) may be the cause."""
    return Exists(Suspect.objects.filter(incident=incident, user=user, cleared_at=None))


def kept_incidents(user: Any) -> QuerySet[Incident]:
    """Privacy officers, but nobody who may be the cause; where none is left, supervisors and whoever reported it.

    The only privacy officer keeps what they reported of themself: there is nobody else (the page says so).
    """
    me = _suspected(OuterRef("pk"), user.pk)
    if user.holds(Role.ADMIN):
        alone = Q(reported_by=user.pk) & ~Exists(_officers().exclude(pk=user.pk))
        return Incident.objects.filter(~me | alone).order_by("-reported_at", "pk")
    if not user.is_staff_member:
        return Incident.objects.none()
    free = _officers().filter(~_suspected(OuterRef(OuterRef("pk")), OuterRef("pk")))
    rows = Incident.objects.filter(~Exists(free), ~me)
    return (rows if user.holds(Role.SUPERVISOR) else rows.filter(reported_by=user.pk)).order_by("-reported_at", "pk")


def open_incidents(user: Any) -> QuerySet[Incident]:
    """Of those the ones that are still worked on; what was known first stands first."""
    return kept_incidents(user).filter(state__in=OPEN).order_by("discovered_on", "pk")


def own_reports(user: Any) -> QuerySet[Incident]:
    """Whoever reported something: that it arrived and where it stands, unless they may be the cause."""
    return Incident.objects.filter(~_suspected(OuterRef("pk"), user.pk), reported_by=user.pk).order_by("-reported_at", "pk")


def reporting_practice(user: Any) -> QuerySet[Practice]:
    """Everyone who works here: to report that something may have gone wrong."""
    return staffed_practice(user)


def suspects(incident: Incident) -> QuerySet[Suspect]:
    """Who may be the cause of ``incident``, which a door gave."""
    return Suspect.objects.filter(incident=incident).select_related("user", "named_by", "cleared_by").order_by("named_at", "pk")


def knowledge(incident: Incident) -> QuerySet[Knowledge]:
    """Who knew when, of ``incident``, which a door gave; the newest statement first."""
    return Knowledge.objects.filter(incident=incident).select_related("recorded_by", "struck").order_by("-recorded_at", "pk")


def awareness(incident: Incident) -> QuerySet[Awareness]:
    """Since when the practice was certain of ``incident``, which a door gave; the newest statement first."""
    return Awareness.objects.filter(incident=incident).select_related("recorded_by").order_by("-recorded_at", "pk")


def calls(user: Any) -> QuerySet[Call]:
    """Those who work on the incident: who was called at once, but for a client who denies them access (BR-10)."""
    mine = Call.objects.filter(incident__in=kept_incidents(user).order_by().values("pk"))
    return mine.filter(~denied(user, "client")).select_related("caller").order_by("-at", "-pk")


def ended_invitations(user: Any) -> QuerySet[PortalInvitation]:
    """Admins who work on an incident: every invitation to the portal that is still open, to be withdrawn; nothing of it is shown."""
    rows = open_invitations().filter(~denied(user, "client"))
    return rows if user.holds(Role.ADMIN) and open_incidents(user).exists() else rows.none()


def ended_links(user: Any) -> QuerySet[Sending]:
    """Admins who work on an incident: every link of a release that still works, to be stopped; nothing of it is shown."""
    rows = working_links().filter(~denied(user, "client")).defer("where")
    return rows if user.holds(Role.ADMIN) and open_incidents(user).exists() else rows.none()


def entries(incident: Incident) -> QuerySet[Entry]:
    """The timeline of ``incident``, which a door gave."""
    return Entry.objects.filter(incident=incident).select_related("by").order_by("at", "written_at", "pk")


def own_suspicion(incident: Incident, person: User) -> QuerySet[Suspect]:
    """Whether ``person`` may be the cause of ``incident``, which a door gave."""
    return suspects(incident).filter(user=person, cleared_at=None)


def sole_officer(user: User) -> bool:
    """Whether there is no other privacy officer."""
    return not _officers().exclude(pk=user.pk).exists()


# --- tasks ----------------------------------------------------------------------------------------------------------------


def tasks(incident: Incident) -> QuerySet[Task]:
    """What is to be done about ``incident``, which a door gave; what is due first stands first."""
    return Task.objects.filter(incident=incident).select_related("owner", "done_by", "outcome").order_by("done_at", "due_on", "pk")


def open_tasks(user: Any) -> QuerySet[Task]:
    """Whoever it was given to, unless they may be the cause; and those who work on the incident."""
    mine = Q(owner=user.pk) & ~_suspected(OuterRef("incident"), user.pk)
    kept = Exists(kept_incidents(user).order_by().filter(pk=OuterRef("incident")))
    rows = Task.objects.filter(mine | kept, done_at=None)
    return rows.select_related("owner", "given_by").order_by("due_on", "pk")


def own_tasks(user: Any) -> QuerySet[Task]:
    """Whoever it was given to, unless they may be the cause."""
    return open_tasks(user).filter(owner=user.pk)


def affected(incident: Incident) -> QuerySet[Affected]:
    """Whom ``incident``, which a door gave, concerns; those taken out as well."""
    return Affected.objects.filter(incident=incident).select_related("confirmed_by", "removed_by").order_by("-found_at", "-pk")


def with_reach(rows: QuerySet[Affected], incident: Incident) -> QuerySet[Affected]:
    """``rows`` with ``reach``: by which ways each client agreed to be reached, kinds and no address. Only those who work on it are told."""
    asked = Func(Value(incident.pk, UUIDField()), F("client_id"), function="subrosa_incident_reach", output_field=ArrayField(CharField()))
    return rows.annotate(reach=asked)


def assessments(incident: Incident) -> QuerySet[Assessment]:
    """Every assessment of ``incident``, which a door gave, the newest first."""
    return Assessment.objects.filter(incident=incident).select_related("made_by", "approved_by").order_by("-made_at", "-pk")


def runs(incident: Incident) -> QuerySet[ClockRun]:
    """Each working out of the clocks of ``incident``, which a door gave, the newest first."""
    return ClockRun.objects.filter(incident=incident).order_by("-number")


def delays(incident: Incident) -> QuerySet[Delay]:
    """Why clocks of ``incident``, which a door gave, may run longer."""
    return Delay.objects.filter(incident=incident).select_related("recorded_by").order_by("stated_on", "recorded_at")


def clock_marks(incident: Incident, clock: ClockRow) -> QuerySet[Mark]:
    """What was done about a clock of ``incident``, which a door gave, the newest first."""
    return Mark.objects.filter(incident=incident, key=clock.key, whom=clock.whom).select_related("by").order_by("-at", "-pk")


# --- what a review escalated ----------------------------------------------------------------------------------------------


def _unopened(kind: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of ``rows`` those of which no incident came, not even one that is not theirs to see."""
    opened = Func(Value(kind), F("pk"), function="subrosa_incident_from", output_field=BooleanField())
    return rows.alias(opened=opened).filter(opened=False)


def escalated_signals(user: Any) -> QuerySet[Signal]:
    """Admins: signals that were escalated and of which no incident came yet; about themselves only as the only admin."""
    return _unopened("signal", signals(user).filter(decision__outcome=Decision.Outcome.ESCALATED))


def escalated_emergencies(user: Any) -> QuerySet[BreakGlass]:
    """Admins: openings in an emergency whose review opens an incident, while none came of it; never of one's own."""
    rows = kept_emergencies(user) if user.holds(Role.ADMIN) else kept_emergencies(user).none()
    return _unopened("emergency", rows.filter(review__opens_incident=True).select_related("review"))


# --- letters and the end --------------------------------------------------------------------------------------------------


def notifying_incidents(user: Any) -> QuerySet[Incident]:
    """Of those the ones about which people are being told."""
    return open_incidents(user).filter(state=State.NOTIFYING)


def uncalled(incident: Incident) -> QuerySet[Affected]:
    """Of those confirmed as affected by ``incident``, which a door gave, whom nobody called, and of whom nobody said why not (BR-10)."""
    return confirmed(incident).filter(~Exists(Call.objects.filter(incident=incident, client=OuterRef("client"))))


def confirmed(incident: Incident) -> QuerySet[Affected]:
    """Whom ``incident``, which a door gave, concerns, as somebody confirmed."""
    return Affected.objects.filter(incident=incident, confirmed_at__isnull=False).order_by("confirmed_at", "pk")


def wordings(incident: Incident) -> QuerySet[Wording]:
    """The letters of ``incident``, which a door gave, the newest first."""
    return Wording.objects.filter(incident=incident).select_related("approved_by").order_by("-number")


def letters_of(incident: Incident) -> dict[str, Wording]:
    """Of those the one that was approved last for each place, everybody's under ""; in English, where there is one."""
    rows = wordings(incident).filter(approved_at__isnull=False).order_by(Case(When(language="en", then=1), default=0), "number")
    return {row.place: row for row in rows}


def approved_wording(incident: Incident) -> Wording | None:
    """Of those everybody's letter, as it was approved last."""
    return letters_of(incident).get("")


def told(user: Any) -> QuerySet[Told]:
    """Those who work on the incident: what became of the notice to each person, but for a client who denies them access."""
    mine = Told.objects.filter(incident__in=kept_incidents(user).order_by().values("pk"))
    return mine.filter(~denied(user, "client")).select_related("incident", "client", "notice").order_by("-planned_at", "-pk")


def tellable(user: Any) -> QuerySet[Told]:
    """Of those the ones of incidents about which people are being told."""
    return told(user).filter(incident__state=State.NOTIFYING)


def batches(user: Any) -> QuerySet[Batch]:
    """Those who work on the incident: its letters as they go to the post together."""
    mine = Batch.objects.filter(incident__in=kept_incidents(user).order_by().values("pk"))
    return mine.select_related("incident", "posted_by").order_by("number")


def postable(user: Any) -> QuerySet[Batch]:
    """Of those the ones that are not posted yet."""
    return batches(user).filter(posted_at=None, incident__state=State.NOTIFYING)


def drafts(user: Any) -> QuerySet[Draft]:
    """Those who work on the incident: what goes to authorities, the media and the public."""
    mine = Draft.objects.filter(incident__in=kept_incidents(user).order_by().values("pk"))
    return mine.select_related("incident", "sent_by").order_by("kind", "whom")


def open_drafts(user: Any) -> QuerySet[Draft]:
    """Of those the ones that were not sent, while people are being told."""
    return drafts(user).filter(sent_on=None, incident__state=State.NOTIFYING)


def follow_ups(user: Any) -> QuerySet[FollowUp]:
    """Those who work on incidents: the risk analyses that are due because of one (REV-4)."""
    mine = FollowUp.objects.filter(incident__in=kept_incidents(user).order_by().values("pk"), done_at=None)
    return mine.select_related("incident").order_by("due_on", "pk")


def letters_to_offer(user: Any) -> QuerySet[ClientLetter]:
    """The client's counselor, unless they may be the cause: a letter about a breach that nobody offered to talk about yet (BR-18)."""
    mine = ClientLetter.objects.filter(granted(user, [Codename.COUNSEL, Codename.COVER], "client"), ~denied(user, "client"))
    return mine.filter(~_suspected(OuterRef("incident"), user.pk), sent_at__isnull=False, offered_at=None).order_by("sent_at", "pk")


def own_letters(user: Any) -> QuerySet[ClientLetter]:
    """Clients in the portal, and who represents them: the letters about a breach that were sent to them."""
    mine = ClientLetter.objects.filter(client__in=portal_clients(user).order_by().values("pk"))
    return mine.filter(sent_at__isnull=False).order_by("-sent_at", "pk")


def closing(incident: Incident) -> Closing | None:
    """With what ``incident``, which a door gave, was closed."""
    return Closing.objects.filter(incident=incident).select_related("closed_by").first()
