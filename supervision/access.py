"""Who consults with whom. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import DateField, Exists, F, Func, JSONField, OuterRef, Q, QuerySet, UUIDField, Value

from audit import clock
from clients.access import counseled_clients, denied, granted, live_grants, readable_clients, whole_of
from clients.models import Client, Codename
from clients.models.team import CLINICAL
from consent.access import same_person, stands
from consent.models import Authorization, Request
from practice.actions.supervision import standing
from practice.models import Practice, Supervision, User
from practice.roles import Role
from records.access import charted_notes, readable_notes
from records.models import CoSignature, Kind, Note

from . import law
from .models import (
    Advice,
    Agreement,
    Consultation,
    DeidentifiedView,
    Meeting,
    OutsidePage,
    Paper,
    Part,
    Sample,
    Sampled,
    Signature,
)  # fmt: skip

_COUNSEL = [Codename.COUNSEL, Codename.COVER]
SIDES = ("supervisor", "supervisee")
ENDS_SOON = datetime.timedelta(days=30)


def own_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The counselor who made it, while they counsel the client: their de-identified views, the latest first."""
    mine = DeidentifiedView.objects.filter(granted(user, _COUNSEL, "client"), ~denied(user, "client"), made_by=user.pk)
    return mine.select_related("client", "colleague").order_by("-made_at", "pk")


def own_drafts(user: Any) -> QuerySet[DeidentifiedView]:
    """The same, of those that are not shared yet and were not put away."""
    return own_views(user).filter(shared_at=None, ended_at=None)


def standing_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The same, of those that a colleague can read now."""
    return own_views(user).filter(shared_at__isnull=False, ended_at=None, until__gt=clock.now())


def shared_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The colleague who was asked, until the view ends: its words, and nothing else of the client."""
    clinical = user.pk if user.holds(Role.COUNSELOR, Role.SUPERVISOR) else None
    mine = DeidentifiedView.objects.filter(~denied(user, "client"), colleague=clinical, colleague__isnull=False)
    return (
        mine.filter(shared_at__isnull=False, ended_at=None, until__gt=clock.now())
        .defer("work")
        .select_related("made_by")
        .order_by("until", "pk")
    )


def viewable_notes(user: Any, client: Client) -> QuerySet[Note]:
    """The client's care team: signed notes of ``client``, whom a door gave; never a psychotherapy note (SU-2, REC-3)."""
    return charted_notes(user).filter(client__in=whole_of(client, readable_clients, user))


def colleagues(user: Any, client: Client) -> QuerySet[User]:
    """Whom the client's counselor may ask: counselors and supervisors here, but themself, and nobody on the client's deny list."""
    people = User.objects.working().filter(roles__overlap=[Role.COUNSELOR, Role.SUPERVISOR]).exclude(pk=user.pk)
    people = people.filter(Exists(counseled_clients(user).filter(pk=client.pk)))
    return people.exclude(denials__client__in=whole_of(client, readable_clients, user)).order_by("joined_at")


# --- consultations ------------------------------------------------------------------------------------------------------


def consulting_practice(user: Any) -> QuerySet[Practice]:
    """Counselors, supervisors and admins: to write down a consultation about no client."""
    may = user.holds(Role.COUNSELOR, Role.SUPERVISOR, Role.ADMIN)
    return Practice.objects.all() if may else Practice.objects.none()


def fellows(user: Any) -> QuerySet[User]:
    """Whom one may ask about no client: everybody else who counsels or supervises here."""
    people = User.objects.working().filter(roles__overlap=[Role.COUNSELOR, Role.SUPERVISOR]).exclude(pk=user.pk)
    return people.filter(Exists(consulting_practice(user))).order_by("joined_at")


def consultations(user: Any) -> QuerySet[Consultation]:
    """The client's care team; of those about no client who asked; of those about an incident admins too: the latest first (SU-7)."""
    staff = user.pk if user.holds(Role.COUNSELOR, Role.SUPERVISOR, Role.ADMIN) else None
    officer = Q(serves="incident") if user.holds(Role.ADMIN) else Q(pk=None)
    free = Q(client=None) & (Q(asked_by=staff) | officer)
    bound = Q(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return (
        Consultation.objects.filter(bound | free)
        .select_related("client", "asked_by", "consultant", "view", "outcome")
        .order_by("-asked_at", "pk")
    )


def own_consultations(user: Any) -> QuerySet[Consultation]:
    """Who asked, while they counsel the client if it is about one: what is not decided yet."""
    mine = Q(granted(user, _COUNSEL, "client")) | Q(client=None)
    return consultations(user).filter(mine, asked_by=user.pk, outcome=None)


def free_consultations(user: Any) -> QuerySet[Consultation]:
    """Who asked: their consultations about no client; admins also those about an incident."""
    return consultations(user).filter(client=None)


def advised_consultations(user: Any) -> QuerySet[Consultation]:
    """Who asked: those that somebody advised on, and that are not decided yet, the oldest first."""
    return own_consultations(user).filter(Exists(Advice.objects.filter(consultation=OuterRef("pk")))).order_by("asked_at", "pk")


def advisable_views(user: Any) -> QuerySet[DeidentifiedView]:
    """The colleague who was asked, until it ends: to advise, while whoever asked has not decided."""
    return shared_views(user).filter(consultation__isnull=False, consultation__outcome=None)


def advice(consultation: Consultation) -> QuerySet[Advice]:
    """What was advised on ``consultation``, which a door gave, the first one first."""
    return Advice.objects.filter(consultation=consultation.pk).select_related("by").order_by("at", "pk")


def own_advice(user: Any, view: DeidentifiedView) -> QuerySet[Advice]:
    """What the colleague ``user`` advised on ``view``, which a door gave."""
    return Advice.objects.filter(consultation__view=view.pk, by=user.pk).order_by("at", "pk")


def pages(user: Any, consultation: Consultation) -> QuerySet[OutsidePage]:
    """Who asked: the pages for somebody of outside that were made for ``consultation``, which a door gave."""
    return OutsidePage.objects.filter(consultation=consultation.pk, made_by=user.pk).order_by("-made_at", "pk")


def open_pages(user: Any) -> QuerySet[OutsidePage]:
    """Who made it, while they counsel the client if it is about one: pages of outside that can still be used."""
    mine = Q(granted(user, _COUNSEL, "client"), ~denied(user, "client")) | Q(client=None)
    found = OutsidePage.objects.filter(mine, made_by=user.pk, stopped_at=None, answered_at=None, until__gt=clock.now())
    return found.select_related("consultation__view", "client")


def knocked_on(user: Any, link: bytes) -> QuerySet[OutsidePage]:
    """Whoever holds the link, through the grants of whoever made it: the page behind it, while it works."""
    return open_pages(user).filter(link=link, tries__lt=law.page_limits()["tries"], consultation__outcome=None)


def maker_of(link: bytes) -> User | None:
    """Whoever holds the link: who made the page, if they still work here. The database says no more of it."""
    maker = Func(Value(link), function="subrosa_page_maker", output_field=UUIDField())
    return User.objects.staff().filter(pk=maker).first()


def signed_for(user: Any, client: Client) -> QuerySet[Authorization]:
    """The care team: authorizations of ``client``, whom a door gave, on which something may be told now (AU-3)."""
    given = Request.objects.filter(stands(), pk=OuterRef("request"))
    mine = Authorization.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    found = mine.filter(Exists(given), client__in=same_person(client, user))
    return found.filter(Q(event_at=None) | Q(event_at__gt=clock.now())).order_by("-request__asked_at", "pk")


# --- agreements ---------------------------------------------------------------------------------------------------------


def supervision_practice(user: Any) -> QuerySet[Practice]:
    """Counselors, supervisors and admins: those who prepare agreements."""
    allowed = user.holds(Role.COUNSELOR, Role.SUPERVISOR, Role.ADMIN)
    return Practice.objects.all() if allowed else Practice.objects.none()


def _clinical(user: Any) -> Any:
    """The id of ``user``, or nobody's where they hold no clinical role any more."""
    return user.pk if user.holds(Role.COUNSELOR, Role.SUPERVISOR) else None


def _signed_by(whose: str, **under: Any) -> Exists:
    """A condition on agreements (or rows with an ``agreement``): the one named by the field ``whose`` signed."""
    return Exists(Signature.objects.filter(**under, person=OuterRef(whose)))


def _both(agreement: str = "pk", path: str = "") -> Q:
    """A condition: both signed the agreement; ``agreement`` is the path to its id, ``path`` that to its people."""
    plain = {"agreement": OuterRef(agreement), "part": None, "paper": None}
    return Q(_signed_by(f"{path}supervisor", **plain)) & Q(_signed_by(f"{path}supervisee", **plain))


def agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor, the supervisee, and admins."""
    mine = Q(supervisor=_clinical(user)) | Q(supervisee=_clinical(user))
    rows = Agreement.objects.filter(Q() if user.holds(Role.ADMIN) else mine)
    return rows.select_related("supervisor", "supervisee").order_by("-since", "-prepared_at", "pk")


def own_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor and the supervisee."""
    return agreements(user).filter(Q(supervisor=_clinical(user)) | Q(supervisee=_clinical(user)))


def editable_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor, the supervisee and admins, while nobody has signed."""
    return agreements(user).filter(~Exists(Signature.objects.filter(agreement=OuterRef("pk"))), ended_at=None)


def signable_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor first, then the supervisee, whose cases it opens; each for themself, while its last day is not over."""
    plain = {"agreement": OuterRef("pk"), "part": None, "paper": None}
    mine = own_agreements(user).filter(ended_at=None, until__gte=clock.today())
    turn = Q(supervisor=user.pk) | Q(_signed_by("supervisor", **plain))
    return mine.exclude(Exists(Signature.objects.filter(**plain, person=user.pk))).filter(turn)


def endable_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor, the supervisee and admins, until it is over."""
    return agreements(user).filter(ended_at=None, until__gte=clock.today())


def signed_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor, the supervisee and admins: what both signed, also when it is over."""
    return agreements(user).filter(_both())


def standing_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor, the supervisee and admins: what both signed, on the days it is in force."""
    today = clock.today()
    return signed_agreements(user).filter(ended_at=None, since__lte=today, until__gte=today)


def led_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor: their agreements that are in force."""
    return standing_agreements(user).filter(supervisor=_clinical(user))


def due_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisee: what both signed, whose first day has come, and by which no supervision has begun."""
    return standing_agreements(user).filter(supervisee=_clinical(user), supervision=None)


def ending_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor, the supervisee and admins: what ends within 30 days, with nothing that both signed to follow it."""
    last = clock.today() + ENDS_SOON
    later = Agreement.objects.filter(_both(), supervisee=OuterRef("supervisee"), ended_at=None, until__gt=OuterRef("until"))
    return standing_agreements(user).filter(~Exists(later), until__lte=last).order_by("until", "pk")


def signatures(user: Any, agreement: Agreement) -> QuerySet[Signature]:
    """The two of ``agreement``, and admins: who signed the agreement itself."""
    mine = Signature.objects.filter(agreement__in=agreements(user).filter(pk=agreement.pk).values("pk"), part=None, paper=None)
    return mine.select_related("person").order_by("signed_at", "pk")


def cases(user: Any, agreement: Agreement) -> QuerySet[Client]:
    """Clients of the supervisee of ``agreement`` that both of the two may read; nobody else's (SU-5)."""
    both = readable_clients(user).filter(
        Exists(live_grants(_COUNSEL).filter(user=agreement.supervisee_id, content_object=OuterRef("pk"))),
        Exists(live_grants([Codename.SUPERVISE]).filter(user=agreement.supervisor_id, content_object=OuterRef("pk"))),
    )
    party = user.pk in (agreement.supervisor_id, agreement.supervisee_id)
    return (both if party else both.none()).only("pk", "code", "kind").order_by("code")


# --- meetings -----------------------------------------------------------------------------------------------------------


def meetings(user: Any) -> QuerySet[Meeting]:
    """Whoever wrote it and, once they have signed, all who met; no admin, and nobody of any client's care team (SU-9)."""
    came = Exists(Part.objects.filter(meeting=OuterRef("pk"), supervisee=_clinical(user)))
    mine = Meeting.objects.filter(Q(supervisor=_clinical(user)) | came).filter(Q(written_by=user.pk) | _touched())
    return mine.select_related("supervisor").order_by("-starts_at", "pk")


def parts(user: Any) -> QuerySet[Part]:
    """The supervisor, of every part, and a supervisee, of their own: while it is written whoever writes it alone (SU-9)."""
    mine = Q(supervisee=_clinical(user)) | Q(meeting__supervisor=_clinical(user))
    ready = Q(meeting__written_by=user.pk) | _touched("meeting")
    return Part.objects.filter(mine).filter(ready).select_related("meeting", "supervisee", "agreement").order_by("supervisee", "pk")


def _touched(meeting: str = "pk") -> Exists:
    return Exists(Signature.objects.filter(part__meeting=OuterRef(meeting)))


def editable_meetings(user: Any) -> QuerySet[Meeting]:
    """Whoever wrote it, while nobody has signed."""
    return meetings(user).filter(~_touched())  # until then nobody else finds it


def signable_meetings(user: Any) -> QuerySet[Meeting]:
    """Whoever wrote it first, then all who met, once each."""
    mine = Part.objects.filter(meeting=OuterRef("pk")).filter(Q(supervisee=user.pk) | Q(meeting__supervisor=user.pk))
    signed = Signature.objects.filter(part=OuterRef("pk"), person=user.pk)
    return meetings(user).filter(Exists(mine.filter(~Exists(signed))))


def amendable_meetings(user: Any) -> QuerySet[Meeting]:
    """The supervisor, and each supervisee who came, once somebody signed: what is added is an addendum."""
    return meetings(user).filter(_touched())


def held_parts(user: Any) -> QuerySet[Part]:
    """The supervisor, the supervisee and admins: that a meeting signed by both took place, and how long; never a word (SU-9)."""
    rows = Part.objects.filter(agreement__in=agreements(user).order_by().values("pk"))
    both = {side: Exists(Signature.objects.filter(part=OuterRef("pk"), person=OuterRef(f"agreement__{side}"))) for side in SIDES}
    found = rows.filter(*both.values()).select_related("meeting")
    return found.defer("cases", "directives", "follow_up", "concerns", "meeting__topics").order_by("meeting__starts_at", "pk")


# --- papers and samples -------------------------------------------------------------------------------------------------


def _of_mine(user: Any) -> Q:
    return Q(agreement__supervisor=_clinical(user)) | Q(agreement__supervisee=_clinical(user))


def filed_agreements(user: Any) -> QuerySet[Agreement]:
    """The supervisor and the supervisee: what both signed, also when it is over: papers are added to its file."""
    return own_agreements(user).filter(_both())


def papers(user: Any) -> QuerySet[Paper]:
    """The supervisor and the supervisee (SU-9)."""
    about = ("agreement__supervisor", "agreement__supervisee", "about")
    return Paper.objects.filter(_of_mine(user)).select_related(*about).order_by("-begins", "-written_at", "pk")


def editable_papers(user: Any) -> QuerySet[Paper]:
    """Whoever wrote it, while nobody has signed."""
    unsigned = ~Exists(Signature.objects.filter(paper=OuterRef("pk")))
    return papers(user).filter(unsigned, written_by=user.pk).exclude(kind=Paper.Kind.HOURS)


def reviewable_plans(user: Any) -> QuerySet[Paper]:
    """The supervisor: plans of which it is not written what came of them."""
    return papers(user).filter(agreement__supervisor=_clinical(user), kind=Paper.Kind.REMEDIATION, outcome=None)


def signable_papers(user: Any) -> QuerySet[Paper]:
    """The supervisor and the supervisee, once each."""
    return papers(user).filter(~Exists(Signature.objects.filter(paper=OuterRef("pk"), person=user.pk)))


def signed_reports(user: Any) -> QuerySet[Paper]:
    """The supervisor and the supervisee: reports of hours that both signed, to hand in."""
    both = [Exists(Signature.objects.filter(paper=OuterRef("pk"), person=OuterRef(f"agreement__{side}"))) for side in SIDES]
    return papers(user).filter(*both, kind=Paper.Kind.HOURS)


def samples(user: Any) -> QuerySet[Sample]:
    """The supervisor and the supervisee."""
    return Sample.objects.filter(_of_mine(user)).select_related("agreement", "drawn_by").order_by("-drawn_at", "pk")


def sampled(user: Any) -> QuerySet[Sampled]:
    """The supervisor and the supervisee, of clients that they may read now (SU-5)."""
    mine = Sampled.objects.filter(_of_mine(user), granted(user, CLINICAL, "note__client"), ~denied(user, "note__client"))
    return mine.select_related("note__client", "sample").defer("note__content").order_by("note__signed_at", "pk")


def unseen_sampled(user: Any) -> QuerySet[Sampled]:
    """The supervisor: notes of a sample that they have not looked at."""
    return sampled(user).filter(agreement__supervisor=user.pk, seen_at=None)


def sampleable_notes(user: Any, author: User) -> QuerySet[Note]:
    """The supervisor: signed notes of ``author`` that they may read, and no psychotherapy note (REC-1)."""
    notes = readable_notes(user).filter(granted(user, [Codename.SUPERVISE], "client"), author=author, signed_at__isnull=False)
    return notes.filter(copied_from=None).exclude(kind=Kind.PSYCHOTHERAPY)


# --- the supervisor's home ----------------------------------------------------------------------------------------------


def cosigned(user: Any) -> QuerySet[CoSignature]:
    """The supervisor: what they co-signed, of clients that they still supervise."""
    mine = CoSignature.objects.filter(granted(user, [Codename.SUPERVISE], "note__client"), ~denied(user, "note__client"))
    return mine.filter(supervisor=_clinical(user), note__cosign__isnull=False).order_by("-signed_at")


def supervisees(user: Any) -> QuerySet[User]:
    """The supervisor: whom they supervise now, with how many unsigned notes each has and since when (``drafts``); never which (SU-5)."""
    over = Supervision.objects.filter(standing(), supervisor=_clinical(user), since__lte=clock.now())
    counted = Func(F("pk"), function="supervision_drafts", output_field=JSONField())
    return User.objects.filter(pk__in=over.values("supervisee")).annotate(drafts=counted).order_by("joined_at")


def contact_minutes(user: Any, person: User, begins: datetime.date, ends: datetime.date) -> dict[str, int]:
    """Minutes with clients in sessions with a signed note, by "2026-11 individual": for the person, who supervises them, and admins."""
    asked = (F("pk"), Value(begins, DateField()), Value(ends, DateField()))
    counted = Func(*asked, function="supervision_contact", output_field=JSONField())
    return User.objects.filter(pk=person.pk).values_list(counted, flat=True).get() or {}
