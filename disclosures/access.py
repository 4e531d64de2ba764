"""Who may read the accounting and answer requests. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit import clock
from clients.access import care_team, denied, granted
from clients.models import UNITS, Client, Codename
from clients.models.team import CLINICAL, PORTAL
from consent.access import recipient_token, same_person, stands
from consent.models import Authorization, Request
from practice.models import User
from practice.roles import Role

from . import law
from .models import (
    AccountingRequest,
    Consult,
    Disclosure,
    ExceptionEvent,
    LegalProcess,
    LegalReply,
    Look,
    Package,
    Release,
    Report,
    Restriction,
    RightsReply,
    RightsRequest,
    RightsReview,
    Sending,
    Suspension,
)

_COUNSEL = [Codename.COUNSEL, Codename.COVER]


def _today() -> datetime.date:
    return clock.today()


# --- the accounting -----------------------------------------------------------------------------------------------------


def readable_disclosures(user: Any) -> QuerySet[Disclosure]:
    """The care team, while their grant is in force."""
    mine = Disclosure.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("made_by", "reverses", "reversal__made_by", "client").order_by("-on", "-made_at", "pk")


def reversible_disclosures(user: Any) -> QuerySet[Disclosure]:
    """The client's counselor (or who covers): entries that nobody took back."""
    mine = readable_disclosures(user).filter(granted(user, _COUNSEL, "client"))
    return mine.filter(reverses=None, reversal=None)


def running_suspension() -> Exists:
    """A condition on disclosures: an agency had it kept out of the accounting, today (ACC-7)."""
    running = Suspension.objects.filter(client=OuterRef("client"), whom=OuterRef("whom"), ended_at=None, until__gte=_today())
    return Exists(running.filter(stated_on__lte=_today()))


def suspendable() -> list[str]:
    """The bases of which entries can be kept out for a time."""
    return [basis.key for basis in law.bases().values() if basis.suspendable]


def suspended() -> Q:
    """A condition on disclosures: of such a basis, and kept out today."""
    return Q(running_suspension(), basis__in=suspendable())


def accountable(rows: Collection[UUID], since: datetime.date, until: datetime.date, user: Any) -> QuerySet[Disclosure]:
    """The care team: what goes into the accounting of these clients, whom a door gave, for these days; the oldest first (ACC-1, ACC-2)."""
    found = readable_disclosures(user).filter(client__in=rows, on__gte=since, on__lte=until, accountable=True, reverses=None)
    return found.filter(~suspended()).order_by("on", "made_at", "pk")


def own_disclosures(user: Any) -> QuerySet[Disclosure]:
    """The client, and who represents them: the accounting, and what they themselves authorized; the oldest first."""
    mine = Disclosure.objects.filter(granted(user, PORTAL, "client"), ~denied(user, "client"), in_portal=True, reverses=None)
    shown = mine.filter(Q(accountable=True) | Q(excluded="authorization")).filter(~suspended())
    return shown.select_related("reversal").order_by("on", "made_at", "pk")


# --- suspensions --------------------------------------------------------------------------------------------------------


def suspensions(user: Any) -> QuerySet[Suspension]:
    """The care team: what agencies had kept out of the accounting, and until when."""
    mine = Suspension.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("recorded_by").order_by("-stated_on", "-recorded_at", "pk")


def unended_suspensions(user: Any) -> QuerySet[Suspension]:
    """The client's counselor (or who covers): those that were not ended."""
    return suspensions(user).filter(granted(user, _COUNSEL, "client"), ended_at=None)


def suspendable_disclosures(user: Any, client: Client) -> QuerySet[Disclosure]:
    """The care team: entries of ``client``, which a door gave, that an agency may have kept out."""
    mine = readable_disclosures(user).filter(client=client.pk, reverses=None, reversal=None, whom__isnull=False)
    return mine.filter(basis__in=suspendable())


# --- requests for it ----------------------------------------------------------------------------------------------------


def kept_accountings(user: Any) -> QuerySet[AccountingRequest]:
    """The care team: who asked for the accounting, and what they were given (ACC-9)."""
    mine = AccountingRequest.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("client", "recorded_by", "given_by").order_by("-received_on", "-recorded_at", "pk")


def open_accountings(user: Any) -> QuerySet[AccountingRequest]:
    """The client's counselor (or who covers): those that wait to be answered; what is due first stands first."""
    mine = kept_accountings(user).filter(granted(user, _COUNSEL, "client"), given_at=None, withdrawn_at=None)
    return mine.order_by("due_on", "pk")


def given_accountings(user: Any) -> QuerySet[AccountingRequest]:
    """The care team: those that were answered."""
    return kept_accountings(user).filter(given_at__isnull=False)


def extended_accountings(user: Any) -> QuerySet[AccountingRequest]:
    """The care team: those that take longer."""
    return kept_accountings(user).filter(extended_on__isnull=False)


# --- what it may rest on ------------------------------------------------------------------------------------------------


def authorizations_on(client: Client, day: datetime.date, *, recipient: str, by: User) -> QuerySet[Authorization]:
    """Those of ``client``, whom a door gave ``by``, that name ``recipient`` and stood at some moment of ``day`` (AU-6)."""
    first, last = (timezone.make_aware(datetime.datetime.combine(day, hour)) for hour in (datetime.time.min, datetime.time.max))
    given = Q(request__active_from__lte=last) & (Q(request__until=None) | Q(request__until__gt=first))
    stood = given & (Q(request__ended_at=None) | Q(request__ended_at__gt=first)) & (Q(event_at=None) | Q(event_at__gt=first))
    return Authorization.objects.filter(stood, recipient=recipient_token(recipient), client__in=same_person(client, by))


# --- releases -----------------------------------------------------------------------------------------------------------


def authorizations_now(client: Client, user: Any) -> QuerySet[Authorization]:
    """Those of ``client``, whom a door gave, that are signed and in force now; each is asked again when something is sent."""
    given = Request.objects.filter(stands(), pk=OuterRef("request"))
    named = Authorization.objects.filter(
        Exists(given), Q(event_at=None) | Q(event_at__gt=clock.now()), client__in=same_person(client, user)
    )
    return named.select_related("request").order_by("-request__active_from", "pk")


def releases(user: Any) -> QuerySet[Release]:
    """The care team: what was asked for and what was sent; psychotherapy notes are their author's alone (REC-1)."""
    mine = Release.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    shown = mine.filter(Q(apart=False) | Q(made_by=user.pk))
    return shown.select_related("client", "authorization__request", "made_by", "sending").order_by("-made_at", "pk")


def listed_releases(user: Any) -> QuerySet[Release]:
    """The same, each with ``packed``: whether a package of it was made."""
    return releases(user).annotate(packed=Exists(Package.objects.filter(release=OuterRef("pk")))).defer("chosen", "details")


def open_releases(user: Any) -> QuerySet[Release]:
    """The client's counselor (or who covers): those that are neither sent nor given up."""
    return releases(user).filter(granted(user, _COUNSEL, "client"), ended_as="")


def package_of(user: Any, release: Release) -> Package | None:
    """The care team: what would leave, or left, with ``release``, which a door gave."""
    return Package.objects.filter(release=release.pk, release__in=releases(user).order_by().values("pk")).first()


def packed_releases(user: Any) -> QuerySet[Release]:
    """Of those the ones of which a package was made."""
    return releases(user).filter(Exists(Package.objects.filter(release=OuterRef("pk"))))


def _second_look() -> Q:
    """A condition on releases: policy asks that another person looks first; as disclosures.checks says of one."""
    policy = law.looked_at_twice()
    found = {"part2": Q(part2=True), "whole": Q(whole=True), "unit": Q(client__kind__in=UNITS)}
    asked = Q(basis__in=[basis.key for basis in law.bases().values() if basis.second_look])
    for key, condition in found.items():
        asked |= condition if policy[key] else Q()
    return asked


def lookable_releases(user: Any) -> QuerySet[Release]:
    """The care team, but whoever made it: packages that nobody looked at yet. The oldest first."""
    looked = Look.objects.filter(package=OuterRef("pk"))
    waiting = Package.objects.filter(~Exists(looked), release=OuterRef("pk"))
    others = releases(user).exclude(made_by=user.pk)  # and so no psychotherapy notes: those only whoever made it finds
    return others.filter(_second_look(), Exists(waiting), ended_as="").order_by("made_at", "pk")


def looks(user: Any, release: Release) -> QuerySet[Look]:
    """The care team: who looked at ``release``, which a door gave, and what they said; the latest first."""
    return Look.objects.filter(release=release.pk, client=release.client_id).select_related("by").order_by("-at", "pk")


def others_on_the_team(client: Client, user: Any) -> bool:
    """Whether anybody else of the practice may open the record of ``client``, whom a door gave."""
    return care_team(client).exclude(user=user.pk).exists()


def stoppable(user: Any) -> QuerySet[Sending]:
    """The client's counselor (or who covers): links that still work."""
    mine = Sending.objects.filter(granted(user, _COUNSEL, "client"), ~denied(user, "client"), way=Sending.Way.LINK, stopped_at=None)
    return mine.filter(Q(apart=False) | Q(sent_by=user.pk)).select_related("client", "release").order_by("-sent_at", "pk")


def working_links() -> QuerySet[Sending]:
    """Links that still open something, for whoever came as far as to stop them."""
    return Sending.objects.filter(way=Sending.Way.LINK, stopped_at=None, until__gt=clock.now())


def fetchable(user: Any, link: bytes) -> QuerySet[Sending]:
    """Whoever holds the link, through the grants of whoever sent it: the sending behind it, while it works."""
    tries = law.link_limits()["tries"]
    found = stoppable(user).filter(link=link, sent_by=user.pk, until__gt=clock.now(), taken__lt=F("most"), tries__lt=tries)
    return found.select_related("client", "release__authorization__request", "release__client", "package")


def sender_of(link: bytes) -> User | None:
    """Whoever holds the link: who sent it, if they still work here. The database says no more of it."""
    sender = Func(Value(link), function="subrosa_release_sender", output_field=UUIDField())
    return User.objects.staff().filter(pk=sender).first()


# --- restrictions -------------------------------------------------------------------------------------------------------


def restrictions(user: Any) -> QuerySet[Restriction]:
    """The care team: what the practice agreed to withhold, and from whom (RG-10, RG-11)."""
    mine = Restriction.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("recorded_by").order_by("-agreed_on", "-recorded_at", "pk")


def endable_restrictions(user: Any) -> QuerySet[Restriction]:
    """The client's counselor (or who covers): those in force, but for what was paid in full out of pocket (RG-10)."""
    return restrictions(user).filter(granted(user, _COUNSEL, "client"), ended_at=None, paid_in_full=False).select_related("client")


# --- what clients ask (section 10) --------------------------------------------------------------------------------------


def kept_rights(user: Any) -> QuerySet[RightsRequest]:
    """The care team: what was asked and answered; complaints are the admins' alone (RG-16)."""
    complaint = Q(kind=RightsRequest.Kind.COMPLAINT)
    team = granted(user, CLINICAL, "client") & ~complaint
    mine = RightsRequest.objects.filter(team | complaint if user.holds(Role.ADMIN) else team, ~denied(user, "client"))
    mine = mine.annotate(withdrawn=_withdrawn())
    return mine.select_related("client", "decided_by", "recorded_by", "review__recorded_by").order_by("-received_on", "-recorded_at", "pk")


def _withdrawn() -> Exists:
    return Exists(RightsReply.objects.filter(request=OuterRef("pk"), kind=RightsReply.Kind.WITHDRAWN))


def open_rights(user: Any) -> QuerySet[RightsRequest]:
    """The client's counselor (or who covers), of complaints the admins: requests that are not closed; what is due first stands first."""
    hands = granted(user, _COUNSEL, "client") | Q(kind=RightsRequest.Kind.COMPLAINT)
    return kept_rights(user).filter(hands, ~_withdrawn(), closed_at=None).order_by("due_on", "pk")


def reviewable_rights(user: Any) -> QuerySet[RightsRequest]:
    """The care team: denials that somebody asked to have reviewed; by another than whoever denied it (RG-4), or somebody from outside."""
    asked = RightsReply.objects.filter(request=OuterRef("pk"), kind=RightsReply.Kind.REVIEW)
    return kept_rights(user).filter(Exists(asked), review=None)


def answered_rights(user: Any) -> QuerySet[RightsRequest]:
    """The care team, of complaints the admins: requests that were answered, for their letter."""
    return kept_rights(user).exclude(decision="")


def extended_rights(user: Any) -> QuerySet[RightsRequest]:
    """The care team, of complaints the admins: requests that take longer, for their letter."""
    return kept_rights(user).filter(extended_on__isnull=False)


def own_rights(user: Any) -> QuerySet[RightsRequest]:
    """Whoever asked in the portal, while they may open it; and the client, what was asked for them as themselves."""
    mine = Q(asker=user.pk) | Q(granted(user, [Codename.PORTAL_SELF], "client"), whom=AccountingRequest.Whom.CLIENT)
    found = RightsRequest.objects.filter(granted(user, PORTAL, "client"), mine, ~denied(user, "client"))
    return found.select_related("client").order_by("-received_on", "-recorded_at", "pk")


def own_answered_rights(user: Any) -> QuerySet[RightsRequest]:
    """The same, of those that were answered: for the letter."""
    return own_rights(user).exclude(decision="")


def replies(user: Any, request: RightsRequest) -> QuerySet[RightsReply]:
    """What was said later to ``request``, which a door gave."""
    return RightsReply.objects.filter(request=request.pk).order_by("recorded_at", "pk")


def review_of(user: Any, request: RightsRequest) -> RightsReview | None:
    """What came of looking at ``request``, which a door gave, again."""
    return RightsReview.objects.filter(request=request.pk).select_related("recorded_by").first()


def travelling(user: Any, client: Client) -> QuerySet[RightsRequest]:
    """The care team: amendments asked of ``client``, whom a door gave, that later releases carry with them (RG-8, RG-9)."""
    disagrees = RightsReply.objects.filter(request=OuterRef("pk"), kind=RightsReply.Kind.DISAGREES)
    carried = Q(decision__in=["granted", "partial"]) | Exists(disagrees)
    return kept_rights(user).filter(carried, client=client.pk, kind=RightsRequest.Kind.AMEND)


# --- exceptions ---------------------------------------------------------------------------------------------------------


def exceptions(user: Any) -> QuerySet[ExceptionEvent]:
    """The care team: what may override confidentiality. Never in the portal, the search, the chart or a release (REP-6)."""
    mine = ExceptionEvent.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("client", "opened_by").order_by("-learned_at", "pk")


def own_exceptions(user: Any) -> QuerySet[ExceptionEvent]:
    """Whoever learned of it, while they counsel the client (or cover) and it is not over: nobody decides for them (REP-1)."""
    return exceptions(user).filter(granted(user, _COUNSEL, "client"), opened_by=user.pk, closed_at=None).order_by("learned_at", "pk")


def consults(event: ExceptionEvent) -> QuerySet[Consult]:
    """Who was consulted about ``event``, which a door gave, the first one first."""
    return Consult.objects.filter(event=event.pk).order_by("asked_at", "pk")


def advice(event: ExceptionEvent) -> QuerySet[Consult]:
    """Of those the ones that were answered."""
    return consults(event).filter(answered_at__isnull=False)


def consults_asked(user: Any) -> QuerySet[Consult]:
    """The supervisor who was asked, while they supervise the client's counselor: what they have not answered yet."""
    mine = Consult.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"), asked=user.pk, answered_at=None)
    return mine.filter(event__closed_at=None).select_related("event", "client", "asked_by").order_by("asked_at", "pk")


def reports(event: ExceptionEvent) -> QuerySet[Report]:
    """The reports that were made about ``event``, which a door gave, the first one first."""
    return Report.objects.filter(event=event.pk).order_by("made_at", "pk")


# --- legal process ------------------------------------------------------------------------------------------------------


def processes(user: Any) -> QuerySet[LegalProcess]:
    """The care team: papers that were served, what is due first first. Never in the portal, the search, the chart or a release (LP-5)."""
    mine = LegalProcess.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    due = Coalesce("return_on", "objection_until", Value(datetime.date.max))
    return mine.select_related("client", "recorded_by").order_by(F("closed_at").asc(nulls_first=True), due, "served_at", "pk")


def open_processes(user: Any) -> QuerySet[LegalProcess]:
    """The client's counselor (or who covers): those that are not over."""
    return processes(user).filter(granted(user, _COUNSEL, "client"), closed_at=None)


def waiting_processes(user: Any) -> QuerySet[LegalProcess]:
    """The client's counselor (or who covers): those that were not answered yet; what is due first stands first."""
    return open_processes(user).exclude(state=LegalProcess.State.RESPONDED)


def answerable_processes(user: Any) -> QuerySet[LegalProcess]:
    """The client's counselor (or who covers): those that a court ordered to answer, or that may be; each is asked again by rule."""
    return open_processes(user).filter(state__in=[LegalProcess.State.AUTHORIZED, LegalProcess.State.ORDERED])


def process_of(release: Release, *, lock: bool = False) -> LegalProcess | None:
    """The paper that ``release``, which a door gave, answers; ``lock`` waits for whoever changes it now."""
    if release.process_id is None:
        return None
    rows = LegalProcess.objects.filter(pk=release.process_id)
    return (rows.select_for_update() if lock else rows).first()


def legal_replies(user: Any) -> QuerySet[LegalReply]:
    """The care team: letters that answered a paper."""
    mine = LegalReply.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("process", "client", "made_by").order_by("made_at", "pk")


def answers_to(user: Any, process: LegalProcess) -> QuerySet[Release]:
    """The care team: what was released, or is being prepared, in answer to ``process``, which a door gave."""
    return listed_releases(user).filter(process=process.pk)
