"""Who looks after who looks. Each function is a queryset; its first line says who in a sentence. Nobody reviews themself."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from audit import clock, trail
from audit.models import Event
from clients.access import AUTHORS_ALONE, denied, governed_clients, granted, live_grants, own_clients, trail_lines
from clients.models import ClientPermission, Codename
from clients.models.team import CLINICAL
from practice.access import governed_practice, staff
from practice.models import Practice, User
from practice.roles import Role

from .models import Evidence, GrantCheck, LineQuestion, Month, Quarter, Reply, ReviewAction, ReviewTask, Signal
from .periods import month, quarter, slept, start

# Pages of a client's that the portal's list of openings says nothing of: a report, or what an agency had kept quiet, would show (REP-6).
QUIET_PARTS = [
    "disclosure_new", "suspension_new", "exception_list", "exception_new", "process_list", "process_new", "release_begin",
]  # fmt: skip
QUIET_THINGS = [*AUTHORS_ALONE, "messaging.represented"]  # that a parent writes to the care team is the parent's to say


def other_admins(user: Any) -> Exists:
    """A condition: somebody else is an admin here now."""
    return Exists(User.objects.working().filter(roles__contains=[Role.ADMIN]).exclude(pk=user.pk))


def portal_lines(user: Any) -> QuerySet[Event]:
    """The client themself: who opened their record. Not what is an author's alone, nor an emergency they are not told of yet.

    What was disclosed stands in the accounting, and what of it is kept quiet is not given away here (ACC-7, REP-6).
    """
    quiet = Func(F("actor_id"), F("client_id"), F("at"), function="subrosa_is_quiet", output_field=BooleanField())
    mine = trail.lines().filter(Exists(own_clients(user).filter(pk=OuterRef("client_id")))).exclude(what__in=QUIET_THINGS)
    looked = Q(part__startswith="own_thread") | Q(part__startswith="own_attachment")
    mine = mine.exclude(looked & ~Q(actor_id=user.pk))  # nor that a parent looked at messages
    mine = mine.exclude(what__startswith="disclosures.").exclude(part__in=QUIET_PARTS)
    return mine.alias(quiet=quiet).filter(quiet=False)


def own_line_questions(user: Any) -> QuerySet[LineQuestion]:
    """The client themself: what they asked about lines, and what they were answered."""
    mine = LineQuestion.objects.filter(granted(user, [Codename.PORTAL_SELF], "client"), ~denied(user, "client"), asked_by=user.pk)
    return mine.select_related("reply__answered_by").order_by("-asked_at", "pk")


def line_questions(user: Any) -> QuerySet[LineQuestion]:
    """Admins: what clients ask about lines and nobody answered. About oneself only where there is no other admin."""
    rows = LineQuestion.objects.filter(Exists(governed_clients(user).filter(pk=OuterRef("client"))), answered_at=None)
    return rows.exclude(other_admins(user), about=user.pk).select_related("client").order_by("asked_at", "pk")


# --- signals (REV-1) ------------------------------------------------------------------------------------------------------


def signals(user: Any) -> QuerySet[Signal]:
    """Admins: what the rules noticed in the trail; about themselves only where there is no other admin."""
    rows = Signal.objects.filter(~denied(user, "client")) if user.holds(Role.ADMIN) else Signal.objects.none()
    return rows.exclude(other_admins(user), person=user.pk).select_related("person", "client", "decision").order_by("-line_at", "pk")


def open_signals(user: Any) -> QuerySet[Signal]:
    """Of those the ones that nobody decided; the oldest first."""
    return signals(user).filter(decided_at=None).order_by("line_at", "pk")


def signals_to_explain(user: Any) -> QuerySet[Signal]:
    """Whoever is asked about something they did, until they answered or it was decided."""
    mine = Signal.objects.filter(person=user.pk, asked_at__isnull=False, decided_at=None)
    return mine.filter(~Exists(Reply.objects.filter(signal=OuterRef("pk")))).select_related("client", "asked_by").order_by("asked_at", "pk")


def months(user: Any) -> QuerySet[Month]:
    """Admins: the months whose review was signed."""
    return Month.objects.select_related("signed_by").order_by("-begins") if user.holds(Role.ADMIN) else Month.objects.none()


def unsigned_months(user: Any) -> QuerySet[Practice]:
    """Admins, while the month before this one has lines and its review is not signed."""
    begins = (month() - datetime.timedelta(days=1)).replace(day=1)
    lines = trail.lines().order_by().filter(at__gte=start(begins), at__lt=start(month()))
    return governed_practice(user).filter(Exists(lines), ~Exists(Month.objects.filter(begins=begins)))


def reply_to(signal: Signal) -> Reply | None:
    """What the colleague said about ``signal``, which a door gave."""
    return Reply.objects.filter(signal=signal).first()


# --- grants, each quarter (REV-2) -----------------------------------------------------------------------------------------


def governed_grants(user: Any) -> QuerySet[ClientPermission]:
    """Admins: who may open which record now. Their own only as the sole admin."""
    rows = live_grants(CLINICAL).filter(Exists(governed_clients(user).filter(pk=OuterRef("content_object"))))
    return rows.exclude(other_admins(user), user=user.pk)


def grants_to_check(user: Any) -> QuerySet[ClientPermission]:
    """Of those the ones that were there when the quarter began, until somebody looked at them."""
    checked = GrantCheck.objects.filter(begins=quarter(), grant=OuterRef("pk"))
    rows = governed_grants(user).filter(~Exists(checked), since__lt=start(quarter()))
    return rows.select_related("user", "permission").order_by("since", "pk")


def checks(user: Any) -> QuerySet[GrantCheck]:
    """Admins: what was kept and ended."""
    rows = GrantCheck.objects.filter(~denied(user, "client")) if user.holds(Role.ADMIN) else GrantCheck.objects.none()
    return rows.order_by("-checked_at", "pk")


def dormant_accounts(user: Any) -> QuerySet[User]:
    """Admins: who works here and has not signed in for the period of the rule, nor joined within it."""
    seen = Coalesce("last_login", "joined_at")
    return staff(user).filter(pk__in=User.objects.working()).alias(seen=seen).filter(seen__lt=clock.now() - slept()).order_by("joined_at")


def quarters(user: Any) -> QuerySet[Quarter]:
    """Admins: the quarters whose review was signed."""
    return Quarter.objects.select_related("signed_by").order_by("-begins") if user.holds(Role.ADMIN) else Quarter.objects.none()


def unsigned_quarters(user: Any) -> QuerySet[Practice]:
    """Admins, while this quarter is not signed and the trail is older than it."""
    lines = trail.lines().order_by().filter(at__lt=start(quarter()))
    return governed_practice(user).filter(Exists(lines), ~Exists(Quarter.objects.filter(begins=quarter())))


def quarters_to_sign(user: Any) -> QuerySet[Practice]:
    """Of those the one of which every grant they may look at was looked at."""
    return unsigned_quarters(user).filter(~Exists(grants_to_check(user)))


def reviewers() -> QuerySet[User]:
    """Whoever may have to review something: everyone working here now. For the job that reminds them."""
    return User.objects.staff().order_by("joined_at")


def lines_of(user: Any, person: User) -> QuerySet[Event]:
    """Admins: what ``person``, whom a door gave, did; not about clients on whose deny list the admin stands."""
    return trail_lines(user).filter(actor_id=person.pk)


# --- the review of safeguards (REV-1 to REV-15) -----------------------------------------------------------------------------


def reviews(user: Any) -> QuerySet[ReviewTask]:
    """Admins: every review of safeguards; anybody who works here: those that were handed to them."""
    rows = ReviewTask.objects.select_related("reviewer", "completed_by").order_by("due_on", "kind")
    if user.holds(Role.ADMIN):
        return rows
    return rows.filter(reviewer=user.pk) if user.is_staff_member else rows.none()


def due_reviews(user: Any) -> QuerySet[ReviewTask]:
    """Of those the ones that are due or overdue; of what was handed to somebody else, admins see it once it is overdue."""
    today = clock.today()
    mine = Q(reviewer=None) | Q(reviewer=user.pk) | Q(due_on__lt=today)
    return reviews(user).filter(mine, completed_at=None, due_on__lte=today)


def evidence(user: Any) -> QuerySet[Evidence]:
    """Whoever sees a review sees what it rests on."""
    return Evidence.objects.filter(Exists(reviews(user).order_by().filter(pk=OuterRef("task")))).select_related("task", "given_by")


def review_actions(user: Any) -> QuerySet[ReviewAction]:
    """Admins, and whoever sees to it: what is to be done because of a review."""
    rows = ReviewAction.objects.filter(done_at=None).select_related("task", "owner").order_by("due_on", "pk")
    if user.holds(Role.ADMIN):
        return rows
    return rows.filter(owner=user.pk) if user.is_staff_member else rows.none()


def own_review_actions(user: Any) -> QuerySet[ReviewAction]:
    """Whoever sees to it: what of it is theirs."""
    return review_actions(user).filter(owner=user.pk)


def working() -> set[UUID]:
    """Everyone who works here: a review of the staff looks at their work."""
    return set(User.objects.staff().values_list("pk", flat=True))
