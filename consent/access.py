"""Who may open what of consent. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from audit import clock
from clients.access import contact_clients, denied, granted, live_grants, whole_of
from clients.models import Client, Codename, ProxyRefusal, Representative
from clients.models.team import CLINICAL
from practice.models import User
from practice.roles import Role
from vault.tokens import token

from . import law
from .models import (
    Authorization,
    ElectronicConsent,
    Ending,
    Form,
    NoticeDelivery,
    Override,
    Packet,
    Paper,
    Question,
    Request,
    Signature,
    Signer,
    Step,
    Version,
)

_COUNSEL = [Codename.COUNSEL, Codename.COVER]
# consent/campaigns.py says why
_NOT_ASKED_ANEW = [Form.Kind.NOTICE, Form.Kind.REACHING, *(kind for kind in Form.Kind if law.is_release(kind))]
RETURNED = datetime.timedelta(days=3)  # how long what came back shows at home


# --- the practice's papers ----------------------------------------------------------------------------------------------


def forms(user: Any) -> QuerySet[Form]:
    """Everyone who works here sees the practice's forms."""
    return Form.objects.all() if user.is_staff_member else Form.objects.none()


def governed_forms(user: Any) -> QuerySet[Form]:
    """Admins write, review and approve them."""
    return Form.objects.all() if user.holds(Role.ADMIN) else Form.objects.none()


def versions(user: Any) -> QuerySet[Version]:
    """Everyone who works here reads every version."""
    found = Version.objects.all() if user.is_staff_member else Version.objects.none()
    return found.select_related("form").order_by("-number", "language")


def governed_versions(user: Any) -> QuerySet[Version]:
    """Admins write them, approve them and put them in force."""
    found = Version.objects.all() if user.holds(Role.ADMIN) else Version.objects.none()
    return found.select_related("form").order_by("-number", "language")


def sendable_versions(user: Any) -> QuerySet[Version]:
    """Counselors and the front desk send what is in force; admins hold no key to a client's papers."""
    found = Version.objects.all() if user.holds(Role.COUNSELOR, Role.DESK) else Version.objects.none()
    return found.filter(state=Version.State.IN_FORCE, form__retired_at=None).select_related("form")


def versions_in_force() -> QuerySet[Version]:
    """What may be sent: approved, in force, of a form that is not retired. Asked for under a staff door."""
    return Version.objects.filter(state=Version.State.IN_FORCE, form__retired_at=None).select_related("form").order_by("form__created_at")


def releases_in_force() -> list[Version]:
    """Those that ask for an authorization, each on a page of its own. Asked for under a staff door."""
    return [each for each in versions_in_force() if law.is_release(each.form.kind)]


def packets(user: Any) -> QuerySet[Packet]:
    """Everyone who works here; admins change them."""
    return Packet.objects.all() if user.is_staff_member else Packet.objects.none()


def governed_packets(user: Any) -> QuerySet[Packet]:
    """Admins say what a new client is sent."""
    return Packet.objects.all() if user.holds(Role.ADMIN) else Packet.objects.none()


def governed_requests(user: Any) -> QuerySet[Request]:
    """Admins: which version each client was asked and where that stands, by code; never what was shown, asked or answered."""
    found = Request.objects.filter(~denied(user, "client")) if user.holds(Role.ADMIN) else Request.objects.none()
    return found.select_related("wording", "client").defer("shown").order_by("client__code", "pk")


def counted_requests(user: Any) -> QuerySet[Request]:
    """Admins count over every client, the front desk and the care team over those whose papers they see."""
    return governed_requests(user) if user.holds(Role.ADMIN) else kept_requests(user)


# --- staff --------------------------------------------------------------------------------------------------------------


def kept_requests(user: Any) -> QuerySet[Request]:
    """The care team and the front desk: which papers were asked, and where each stands."""
    who = Q() if user.holds(Role.DESK) else Q(granted(user, CLINICAL, "client"))
    found = Request.objects.filter(who, ~denied(user, "client"))
    return found.select_related("wording__form", "client", "counselor").order_by("-asked_at", "pk")


def renewable_requests(user: Any) -> QuerySet[Request]:
    """The client's counselor and the front desk: the consents in force that they may ask anew."""
    who = Q() if user.holds(Role.DESK) else Q(granted(user, _COUNSEL, "client"))
    return kept_requests(user).filter(in_force(), who)


def campaigns(user: Any) -> QuerySet[Version]:
    """Those who send papers: wordings in force with a change that matters, while a client of theirs has an earlier one (IC-37)."""
    asked = Request.objects.filter(replaces=OuterRef("pk"), wording=OuterRef(OuterRef("pk")))
    earlier = renewable_requests(user).filter(
        ~Exists(asked), wording__form=OuterRef("form"), wording__language=OuterRef("language"), wording__number__lt=OuterRef("number")
    )
    found = sendable_versions(user).filter(Exists(earlier), material=True).exclude(form__kind__in=_NOT_ASKED_ANEW)
    return found.order_by("in_force_at", "pk")


def readable_requests(user: Any) -> QuerySet[Request]:
    """The care team: also what was asked about a paper, answered and signed."""
    return kept_requests(user).filter(granted(user, CLINICAL, "client"))


def counseled_requests(user: Any) -> QuerySet[Request]:
    """The client's counselor, or who covers for them."""
    return readable_requests(user).filter(granted(user, _COUNSEL, "client"))


def sent_requests(user: Any) -> QuerySet[Request]:
    """Those who send papers: the client's counselor, who covers for them, and the front desk."""
    who = Q() if user.holds(Role.DESK) else Q(granted(user, _COUNSEL, "client"))
    return kept_requests(user).filter(who)


def listed_requests(requests: QuerySet[Request], rows: list[UUID]) -> QuerySet[Any]:
    """Those of ``rows`` (``together``) among ``requests``, which a rule gave, with signers, and ``asks``: whether a question waits."""
    waits = Question.objects.filter(request=OuterRef("pk"), answers=None, settled_at=None)
    signers = Prefetch("signers", Signer.objects.select_related("representative", "person", "signature").order_by("named_at", "pk"))
    return requests.filter(client__in=rows).defer("shown").annotate(asks=Exists(waits)).prefetch_related(signers)


def latest_notice(rows: list[UUID]) -> NoticeDelivery | None:
    """What came last of giving the notice to the clients ``rows`` (``together``); its words stay shut."""
    return NoticeDelivery.objects.filter(client__in=rows).order_by("-at").defer("effort", "reason").first()


def unasked(client: Client, versions: Sequence[Version], by: User) -> list[Version]:
    """Of ``versions`` those that the packet for such a client holds and nobody asked ``client``, which a door gave ``by``, for yet."""
    packet = Packet.objects.filter(client_kinds__contains=[client.kind]).first()
    in_packet = set(packet.forms.values_list("pk", flat=True)) if packet else set()
    asked = set(Request.objects.filter(client__in=same_person(client, by), ended_at=None).values_list("wording__form_id", flat=True))
    return [each for each in versions if each.form_id in in_packet - asked]


def release_of(user: Any, request: Request) -> Authorization | None:
    """The care team: what a release names, that ``user`` may read."""
    return Authorization.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"), request=request.pk).first()


def ending_of(user: Any, request: Request) -> Ending | None:
    """The care team: how a request ended, who said so and why."""
    mine = Ending.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"), request=request.pk)
    return mine.select_related("user").first()


def readable_papers(user: Any) -> QuerySet[Paper]:
    """The care team: the signed papers of their clients."""
    found = Paper.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return found.select_related("signature__request", "client").order_by("made_at", "pk")


def overrides_to_review(user: Any) -> QuerySet[Override]:
    """Somebody other than who decided: the client's care team, and admins. The oldest first."""
    who = Q() if user.holds(Role.ADMIN) else Q(granted(user, CLINICAL, "client"))
    found = Override.objects.filter(who, ~denied(user, "client"), ~Q(by=user.pk), reviewed_at=None)
    return found.select_related("client", "by").order_by("at", "pk")


def expiring(user: Any) -> QuerySet[Request]:
    """The counselor (or who covers): consents that end soon and are not asked anew, or that end in days all the same; the next first."""
    last = clock.now() + datetime.timedelta(days=min(law.reminder_days()))
    waits = Request.objects.filter(replaces=OuterRef("pk"), ended_at=None)
    return ending_soon(user).filter(Q(until__lte=last) | ~Exists(waits))


def notices_to_give(user: Any) -> QuerySet[NoticeDelivery]:
    """The client's counselor (or who covers) and the front desk: notices put off by an emergency (NPP-3), and those never acknowledged,
    for one more try (NPP-2). What came last of each client counts; the oldest first."""
    who = Q() if user.holds(Role.DESK) else Q(granted(user, _COUNSEL, "client"))
    of_client = NoticeDelivery.objects.filter(client=OuterRef("client"))
    tried = of_client.filter(status=NoticeDelivery.Status.REFUSED, at__lt=OuterRef("at"))
    long_ago = clock.now() - datetime.timedelta(days=law.notice_days())
    gone = Q(client__status__in=[Client.Status.DISCHARGED, Client.Status.ARCHIVED])
    once = Q(status=NoticeDelivery.Status.REFUSED, at__lte=long_ago) & ~gone & ~Q(Exists(tried))
    due = Q(status=NoticeDelivery.Status.EMERGENCY) | once
    found = NoticeDelivery.objects.filter(who, due, ~denied(user, "client"), ~Exists(of_client.filter(at__gt=OuterRef("at"))))
    return found.select_related("client").defer("effort", "reason").order_by("at", "pk")


def returned(user: Any) -> QuerySet[Request]:
    """The counselor (or who covers): papers signed or declined in the last days; the latest first."""
    since = clock.now() - RETURNED
    came = Q(active_from__gte=since, ended_at=None) | Q(ended_as=Request.End.DECLINED, ended_at__gte=since)
    return counseled_requests(user).filter(came).defer("shown")


def open_questions(user: Any) -> QuerySet[Question]:
    """The care team's queue: questions nobody has answered, their asker not satisfied otherwise; the oldest first (IC-21)."""
    waiting = Question.objects.filter(answers=None, settled_at=None, request__ended_at=None)
    mine = waiting.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("request__wording", "client").order_by("asked_at", "pk")


def questions(user: Any) -> QuerySet[Question]:
    """The care team: every question of their clients about a paper, answered or not."""
    mine = Question.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return mine.select_related("request__wording__form", "signer", "client").order_by("asked_at", "pk")


def ending_soon(user: Any) -> QuerySet[Request]:
    """The counselor (or who covers): consents in force that end within the first reminder's days; the next first."""
    now = clock.now()
    soon = now + datetime.timedelta(days=max(law.reminder_days()))
    return counseled_requests(user).filter(in_force(now), until__lte=soon).defer("shown").order_by("until", "pk")


# --- portal -------------------------------------------------------------------------------------------------------------


def _theirs(user: Any, person: str, representative: str) -> Q:
    """A condition: ``user`` is the person who signs, or the representative named while their authority is in force."""
    now = clock.now()
    theirs = live_grants([Codename.PORTAL_SELF]).filter(user=user.pk, content_object=OuterRef(person))
    stands = live_grants([Codename.PORTAL_REPRESENT]).filter(user=user.pk, content_object=OuterRef(person))
    named = Representative.objects.filter(Q(until=None) | Q(until__gt=now), pk=OuterRef(representative), user=user.pk, since__lte=now)
    return Q(Exists(theirs), **{f"{representative}__isnull": True}) | Q(Exists(stands), Exists(named))


def own_signers(user: Any) -> QuerySet[Signer]:
    """The person named to sign, or their representative while that authority lasts; never another signer's (attack 54)."""
    found = Signer.objects.filter(_theirs(user, "person", "representative"), ~denied(user, "person"))
    # The client is not joined: where it is a couple, its members are not shown each other's unit (clients' second lock).
    return found.select_related("request__wording__form", "representative", "person").order_by("-named_at", "pk")


def standing(signers: QuerySet[Signer]) -> QuerySet[Signer]:
    """``signers`` of a person, each with ``signed``, ``asks`` (a question holds it), ``answered`` and ``said_no``: no text is opened."""
    theirs = Question.objects.filter(signer=OuterRef("pk"), settled_at=None)
    held = theirs.filter(answers=None)
    return signers.annotate(
        signed=Exists(Signature.objects.filter(signer=OuterRef("pk"))),
        asks=Exists(held),
        answered=Exists(theirs.filter(answers__isnull=False)),
        said_no=Exists(Step.objects.filter(signer=OuterRef("pk"), what="declined")),
    )


def own_requests(user: Any) -> QuerySet[Request]:
    """Those who are named to sign it, as themselves or for another."""
    found = Request.objects.filter(Exists(own_signers(user).filter(request=OuterRef("pk"))))
    return found.select_related("wording__form").order_by("-asked_at", "pk")


def signable(user: Any) -> QuerySet[Signer]:
    """Those named to sign what is neither signed by them, nor ended, nor past its day."""
    now = clock.now()
    waiting = own_signers(user).filter(signature=None, request__ended_at=None)
    return waiting.filter(Q(request__reply_by=None) | Q(request__reply_by__gt=now))


def own_signatures(user: Any) -> QuerySet[Signature]:
    """Whoever signed may read what they signed, for as long as the portal is theirs."""
    mine = own_signers(user).filter(pk=OuterRef("signer"))
    return Signature.objects.filter(Exists(mine)).select_related("request__wording__form", "signer").order_by("-signed_at", "pk")


def own_agreements(user: Any) -> QuerySet[ElectronicConsent]:
    """Whoever agreed to read and sign on screen: their own agreements that stand, the latest first."""
    return ElectronicConsent.objects.filter(user=user.pk, withdrawn_at=None).order_by("-given_at", "pk")


def notices_open_to(user: Any) -> QuerySet[NoticeDelivery]:
    """Clients and representatives: that a notice reached the clients for whom they sign."""
    mine = own_signers(user).filter(client=OuterRef("client"))
    return NoticeDelivery.objects.filter(Exists(mine))


def electronic_consents(user: Any, client: Client) -> QuerySet[ElectronicConsent]:
    """Whoever gave it: their consent to sign on screen for ``client``, while it stands."""
    return ElectronicConsent.objects.filter(user=user.pk, client=client.pk, withdrawn_at=None)


def unanswered(signer: Signer) -> bool:
    """Whether a question of ``signer`` still holds their signature (IC-21)."""
    return Question.objects.filter(signer=signer, answers=None, settled_at=None).exists()


# --- what other rooms ask -----------------------------------------------------------------------------------------------


def in_force(at: datetime.datetime | None = None) -> Q:
    """A condition on requests: given, not past its end and not withdrawn, at ``at`` (aware; now by default)."""
    at = at or clock.now()
    return Q(active_from__lte=at) & (Q(until=None) | Q(until__gt=at)) & (Q(ended_at=None) | Q(ended_at__gt=at))


def _decided() -> QuerySet[Signature]:
    """The signatures on which a request rests, seen from it: a minor's assent is not among them (IC-30)."""
    return Signature.objects.filter(request=OuterRef("pk")).exclude(signer__capacity=Signer.Capacity.ASSENT)


def lapsed(at: datetime.datetime) -> Q:
    """A condition on requests: only representatives decided, and the authority that it rests on has ended by ``at`` (IC-24, RG-12)."""
    own = _decided().filter(signer__representative=None)
    ended = _decided().filter(signer__representative__until__lte=at)
    standing = _decided().exclude(signer__representative__until__lte=at)
    return Q(Exists(ended)) & (~Q(Exists(standing)) | Q(rule=Request.Rule.ALL) & ~Q(Exists(own)))


def stands(at: datetime.datetime | None = None) -> Q:
    """A condition on requests: in force at ``at``, and who gave it for another still stands for them."""
    at = at or clock.now()
    return in_force(at) & ~lapsed(at)


def same_person(client: Client, user: Any) -> list[UUID]:
    """The ids of every row that is ``client``, as far as ``user`` may know of papers of them (ADR 0011). ``client`` came through a door."""
    return whole_of(client, contact_clients, user)


def covering(client: Client, modality: str, at: datetime.datetime | None = None, *, by: User | None = None) -> QuerySet[Request]:
    """The consents in force at ``at`` that cover sessions of ``client`` by ``modality`` (IC-23). Ask with a client that a door gave.

    The latest paper of each form alone: whoever took that one back has not agreed by an older one. ``by``: who asks; then what was
    signed under another row of the same person counts too.
    """
    at = at or clock.now()
    rows = same_person(client, by) if by else [client.pk]
    found = Request.objects.filter(stands(at), client__in=rows, modalities__contains=[modality])
    later = Request.objects.filter(client__in=rows, wording__form=OuterRef("wording__form"), active_from__gt=OuterRef("active_from"))
    return found.filter(~Exists(later.filter(active_from__lte=at)))


def ever_given(clients: Collection[UUID]) -> QuerySet[Request]:
    """The consents to counseling that these clients ever gave, in force or not (REC-6). Ask with clients that a door gave."""
    return Request.objects.filter(client__in=clients, wording__form__kind=Form.Kind.COUNSELING, active_from__isnull=False)


def recipient_token(name: str) -> bytes:
    """What a recipient's name is matched by: the same name gives the same token, whatever its case and spaces."""
    return token("recipient", " ".join(name.split()).casefold())


def _kept_out() -> Q:
    """A condition on requests: given by somebody whom the practice keeps out now (RG-13), or for a minor who consents alone (RG-12)."""
    refused = ProxyRefusal.objects.filter(Q(representative=None) | Q(representative=OuterRef("signer__representative")), lifted_at=None)
    by_them = _decided().filter(Exists(refused.filter(client=OuterRef("signer__person"))), signer__representative__isnull=False)
    return Q(Exists(by_them))


def authorizations(client: Client, *, recipient: str, purpose: str, information: str, by: User) -> QuerySet[Authorization]:
    """Authorizations of ``client``, whatever became of them, that name ``recipient``, ``purpose`` and ``information`` (a key of the
    law's list). Treatment and payment are named by "treatment, payment and operations" as well (P2-2)."""
    purposes = [purpose, Authorization.Purpose.TPO] if purpose in ("treatment", "payment") else [purpose]
    named = Authorization.objects.filter(recipient=recipient_token(recipient), purpose__in=purposes, information__contains=[information])
    return named.filter(client__in=same_person(client, by)).select_related("request__wording__form").order_by("-request__asked_at", "pk")


def authorizations_in_force(client: Client, *, recipient: str, purpose: str, information: str, by: User) -> QuerySet[Authorization]:
    """Those that allow, now, to give ``information`` to ``recipient`` for ``purpose``. ``by`` asks, with a client that a door gave.

    Asked at the moment of use: what was withdrawn, has expired by date or event, was given by somebody who stands for the client no
    more, or names somebody or something else is not among them (AU-3, AU-6). An action that gives something asks actions.authorized.
    """
    now = clock.now()
    given = Request.objects.filter(stands(now), ~_kept_out(), pk=OuterRef("request"))
    named = authorizations(client, recipient=recipient, purpose=purpose, information=information, by=by)
    return named.filter(Exists(given), Q(event_at=None) | Q(event_at__gt=now))


def eventful_requests(user: Any) -> QuerySet[Request]:
    """The client's counselor, or who covers: releases in force that end with an event, for the day it happens (AU-1)."""
    with_event = Authorization.objects.filter(request=OuterRef("pk"), event_at=None)
    return counseled_requests(user).filter(in_force(), Exists(with_event)).select_related("authorization")
