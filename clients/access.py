"""Who may open what of a client. Each function is a queryset; its first line says who in a sentence.

Roles open menus, never records: clinical text needs a live grant. The front desk sees contact data only; an admin sees
codes and care teams, no names. Every rule leaves out clients on whose deny list the person stands.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from audit import clock, trail
from audit.models import Event
from practice.limits import PORTAL_TRIES
from practice.models import Practice, User
from practice.roles import Role

from .emergency import policy
from .models import (
    UNITS,
    BreakGlass,
    Client,
    ClientPermission,
    Codename,
    ComingOfAge,
    ContactPoint,
    Denial,
    GlassReview,
    Member,
    Merge,
    PortalInvitation,
    ProxyRefusal,
    Representative,
    StatusStep,
    UnitAgreement,
)
from .models.steps import BEFORE
from .models.team import CLINICAL, PORTAL

# What such lines are about is not told to the rest of the care team; a duplicate of the client may be out of their sight.
AUTHORS_ALONE = ["records.psychotherapy", "clients.merge"]


def live_grants(codenames: list[Codename]) -> QuerySet[ClientPermission]:
    """Grants in force now with one of ``codenames``."""
    now = clock.now()
    grants = ClientPermission.objects.filter(permission__codename__in=codenames, since__lte=now)
    return grants.filter(Q(until=None) | Q(until__gt=now))


def granted(user: Any, codenames: list[Codename], client: str = "pk") -> Exists:
    """A condition: ``user`` holds a live grant on the row's client (``client`` is the path to its id)."""
    return Exists(live_grants(codenames).filter(user=user.pk, content_object=OuterRef(client)))


def _one_person(row: Any, kept: Any) -> Coalesce:
    """The id that stands for a person: of the client kept where ``row`` is a duplicate, else its own. ``kept``: ``row`` seen from Merge."""
    return Coalesce(Subquery(Merge.objects.filter(duplicate=kept).values("kept")), row, output_field=UUIDField())


def denied(user: Any, client: str = "pk") -> Exists:
    """A condition: ``user`` stands on the deny list of the row's client, or of a member where it is a couple, family or group.

    A denial of one row of a person is one of every row of that person (ADR 0011).
    """
    return _denied(user.pk, client)


@lru_cache(256)  # nearly every rule asks for it, some several times
def _denied(user: UUID, client: str) -> Exists:
    here = _one_person(OuterRef(client), OuterRef(OuterRef(client)))
    members = Member.objects.filter(unit=OuterRef(OuterRef(client))).values(whom=_one_person(F("person"), OuterRef("person")))
    whom = _one_person(F("client"), OuterRef("client"))
    return Exists(Denial.objects.filter(user=user).annotate(whom=whom).filter(Q(whom=here) | Q(whom__in=members)))


def _none_of_the_denied(clients: QuerySet[Client], user: Any) -> QuerySet[Client]:
    return clients.filter(~denied(user), ~Q(status=Client.Status.DESTROYED))  # of those a code and a certificate are left


def readable_clients(user: Any) -> QuerySet[Client]:
    """The care team: counselor, supervisor, or someone covering, while their grant is in force."""
    return _none_of_the_denied(Client.objects.filter(granted(user, CLINICAL)), user).order_by("-recent_at", "pk")


def counseled_clients(user: Any) -> QuerySet[Client]:
    """The client's counselor (or who covers for them), while their grant is in force."""
    return readable_clients(user).filter(granted(user, [Codename.COUNSEL, Codename.COVER]))


def agreeing_units(user: Any) -> QuerySet[Client]:
    """The counselor of a couple, family or group, for what its members agree about its record (IC-33)."""
    return counseled_clients(user).filter(kind__in=UNITS)


def agreements(user: Any, unit: Client) -> QuerySet[UnitAgreement]:
    """The unit's care team: what was agreed, the one that counts (or will count) latest first."""
    team = UnitAgreement.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"), client=unit.pk)
    return team.select_related("recorded_by").order_by("-since", "-recorded_at", "-pk")


def agreement_in_force(user: Any, unit: Client) -> UnitAgreement | None:
    """Of those the one that counts today, if any."""
    return agreements(user, unit).filter(since__lte=clock.today()).first()


def contact_clients(user: Any) -> QuerySet[Client]:
    """The care team, and the front desk: contact data, never a clinical tab."""
    mine = Client.objects.all() if user.holds(Role.DESK) else Client.objects.filter(granted(user, CLINICAL))
    return _none_of_the_denied(mine, user).order_by("-recent_at", "pk")


def contact_points(rows: list[UUID]) -> QuerySet[ContactPoint]:
    """The addresses of these clients, whom a door of ``contact_clients`` gave (``together``)."""
    return ContactPoint.objects.filter(client__in=rows).order_by("kind", "pk")


def representatives(rows: list[UUID]) -> QuerySet[Representative]:
    """Those who stand, or stood, for these clients, whom a door of ``contact_clients`` gave (``together``)."""
    return Representative.objects.filter(client__in=rows).order_by("since")


def contact_changeable_clients(user: Any) -> QuerySet[Client]:
    """The client's counselor, and the front desk."""
    who = granted(user, [Codename.COUNSEL, Codename.COVER])
    mine = Client.objects.all() if user.holds(Role.DESK) else Client.objects.filter(who)
    return _none_of_the_denied(mine, user).order_by("-recent_at", "pk")


def _enquiries(user: Any) -> QuerySet[Client]:
    ever = ClientPermission.objects.filter(permission__codename__in=CLINICAL, content_object=OuterRef("pk"))
    every = Client.objects.filter(~Exists(ever)) if user.holds(Role.DESK) else Client.objects.none()
    return _none_of_the_denied(every, user).order_by("-recent_at", "pk")


def open_enquiries(user: Any) -> QuerySet[Client]:
    """The front desk: enquiries, and those at intake, whom nobody has ever counseled."""
    return _enquiries(user).filter(status__in=BEFORE)


def closed_enquiries(user: Any) -> QuerySet[Client]:
    """The front desk: such enquiries that were closed."""
    return _enquiries(user).filter(status=Client.Status.ARCHIVED)


def governed_clients(user: Any) -> QuerySet[Client]:
    """Admins, for care teams and the trail: codes, never names."""
    every = Client.objects.all() if user.holds(Role.ADMIN) else Client.objects.none()
    return every.filter(~denied(user)).order_by("-recent_at", "pk")


def assignable_clients(user: Any) -> QuerySet[Client]:
    """The client's counselor, and admins: those who may change the care team."""
    mine = Client.objects.all() if user.holds(Role.ADMIN) else Client.objects.filter(granted(user, [Codename.COUNSEL]))
    return _none_of_the_denied(mine, user).order_by("-recent_at", "pk")


def watched_clients(user: Any) -> QuerySet[Client]:
    """The care team and admins: who opened this record."""
    mine = Client.objects.all() if user.holds(Role.ADMIN) else Client.objects.filter(granted(user, CLINICAL))
    return mine.filter(~denied(user)).order_by("-recent_at", "pk")


def mergeable_clients(user: Any) -> QuerySet[Client]:
    """The client's counselor: whoever counsels two rows of one person may merge them, and take that back."""
    return readable_clients(user).filter(granted(user, [Codename.COUNSEL])).exclude(kind__in=UNITS)


def portal_clients(user: Any) -> QuerySet[Client]:
    """The client, and representatives while their authority is in force."""
    return _none_of_the_denied(Client.objects.filter(granted(user, PORTAL)), user).order_by("since", "pk")


def own_clients(user: Any) -> QuerySet[Client]:
    """The client themself."""
    return portal_clients(user).filter(granted(user, [Codename.PORTAL_SELF]))


def care_team(client: Client) -> QuerySet[ClientPermission]:
    """The live grants on ``client``, staff only, counselors first. Call it with a client that a door gave."""
    return (
        live_grants(CLINICAL).filter(content_object=client).select_related("user", "permission").order_by("permission__codename", "since")
    )


def status_steps(user: Any) -> QuerySet[StatusStep]:
    """The care team: when and why the work ended, was put away, or began again; the latest first."""
    team = StatusStep.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"))
    return team.select_related("taken_by", "client").order_by("-taken_at", "pk")


def enquiry_steps(user: Any) -> QuerySet[StatusStep]:
    """The front desk: when and why an enquiry was closed or opened again, and no other step; the latest first."""
    closed = Q(was__in=BEFORE, became=Client.Status.ARCHIVED) | Q(was=Client.Status.ARCHIVED, became=Client.Status.ENQUIRY)
    steps = StatusStep.objects.filter(closed, ~denied(user, "client")) if user.holds(Role.DESK) else StatusStep.objects.none()
    return steps.select_related("taken_by", "client").order_by("-taken_at", "pk")


def in_portal(client: Client) -> QuerySet[ClientPermission]:
    """The live grants of the client and their representatives in the portal. Call it with a client that a door gave."""
    return live_grants(PORTAL).filter(content_object=client)


def kept_invitations(user: Any) -> QuerySet[PortalInvitation]:
    """The client's counselor, and the front desk: who was invited to the portal."""
    mine = PortalInvitation.objects.filter(Exists(contact_changeable_clients(user).filter(pk=OuterRef("client"))))
    return mine.select_related("client", "representative", "invited_by").order_by("-invited_at", "pk")


def closed_invitations(user: Any) -> QuerySet[PortalInvitation]:
    """The client's counselor, and the front desk: invitations that wrong words closed, and that nobody has dealt with yet."""
    return kept_invitations(user).filter(used_at=None, withdrawn_at=None, tries__gte=PORTAL_TRIES, expires_at__gt=clock.now())


def kept_refusals(user: Any) -> QuerySet[ProxyRefusal]:
    """The client's counselor, and the front desk: which representatives are kept out now. The reason is the care team's."""
    mine = ProxyRefusal.objects.filter(Exists(contact_changeable_clients(user).filter(pk=OuterRef("client"))), lifted_at=None)
    return mine.select_related("representative", "decided_by").order_by("decided_at", "pk")


def coming_of_age(user: Any) -> QuerySet[ComingOfAge]:
    """The client's counselor: minors who come of age within 90 days, and those who did within the last 30 and are not in the portal."""
    mine = ComingOfAge.objects.filter(Exists(counseled_clients(user).filter(pk=OuterRef("client"))))
    inside = live_grants([Codename.PORTAL_SELF]).filter(content_object=OuterRef("client"))
    recent = Q(done_at__gt=clock.now() - datetime.timedelta(days=30)) & ~Exists(inside)
    return mine.filter(Q(done_at=None) | recent).select_related("client").order_by("at", "pk")


# --- opened in an emergency (SE-2) ----------------------------------------------------------------------------------------


def emergency_practice(user: Any) -> QuerySet[Practice]:
    """Counselors and supervisors: to open a record in an emergency, one at a time, by its code or name."""
    return Practice.objects.all() if user.holds(*policy().roles) else Practice.objects.none()


def own_emergencies(user: Any) -> QuerySet[BreakGlass]:
    """Whoever opened a record in an emergency: their own openings that are in force."""
    mine = BreakGlass.objects.filter(~denied(user, "client"), user=user.pk, ended_at=None, until__gt=clock.now())
    return mine.select_related("client").order_by("until", "pk")


def kept_emergencies(user: Any) -> QuerySet[BreakGlass]:
    """Admins, and the client's counselor and supervisor: what somebody else opened in an emergency. Nobody reviews themself."""
    team = granted(user, [Codename.COUNSEL, Codename.SUPERVISE], "client")
    rows = BreakGlass.objects.all() if user.holds(Role.ADMIN) else BreakGlass.objects.filter(team)
    return rows.filter(~denied(user, "client")).exclude(user=user.pk).select_related("client", "user").order_by("-opened_at", "pk")


def emergencies_to_review(user: Any) -> QuerySet[BreakGlass]:
    """Of those the ones that nobody has reviewed yet; what is due first stands first."""
    return kept_emergencies(user).filter(~Exists(GlassReview.objects.filter(glass=OuterRef("pk")))).order_by("review_due", "pk")


def told_emergencies(user: Any) -> QuerySet[BreakGlass]:
    """The client themself: what was opened of their record in an emergency, unless somebody gave a reason not to tell."""
    told = Q(tells_client=True) | Q(review__tells_client=True)
    rows = BreakGlass.objects.filter(told, granted(user, [Codename.PORTAL_SELF], "client"), ~denied(user, "client"))
    return rows.select_related("user", "review", "client").order_by("-opened_at", "pk")


def knocked_on(secret: bytes) -> QuerySet[PortalInvitation]:
    """Whoever holds the link: the invitation behind it, while it is open. Nobody is signed in; what is sealed stays shut."""
    return open_invitations().filter(secret=secret)


def open_invitations() -> QuerySet[PortalInvitation]:
    """Invitations that still wait, for whoever came as far as to hold one."""
    return PortalInvitation.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=clock.now())


def kept_denials(user: Any) -> QuerySet[Denial]:
    """The client's counselor, and admins: who stands on the deny list, and why."""
    return Denial.objects.filter(Exists(assignable_clients(user).filter(pk=OuterRef("client")))).order_by("denied_at", "pk")


def every_denial(user: Any) -> QuerySet[Denial]:
    """Admins: the deny lists of every client, but of those on whose list they stand."""
    return Denial.objects.filter(Exists(governed_clients(user).filter(pk=OuterRef("client")))).order_by("-denied_at", "-pk")


def denied_people(user: Any) -> QuerySet[User]:
    """Admins: those who stand on some list that they may see."""
    return User.objects.filter(pk__in=every_denial(user).order_by().values("user")).order_by("joined_at")


def portal_contact_points(user: Any) -> QuerySet[ContactPoint]:
    """The client themself: a representative's authority does not reach the addresses a client gave for themself."""
    mine = ContactPoint.objects.filter(granted(user, [Codename.PORTAL_SELF], "client"), ~denied(user, "client"))
    return mine.order_by("kind", "pk")


# --- rows that are one person (ADR 0011) ----------------------------------------------------------------------------------

Rule = Callable[[Any], QuerySet[Client]]


def merges(rule: Rule, user: Any) -> QuerySet[Merge]:
    """Whoever passes ``rule`` for both rows: which is shown under which. A merge opens neither of them to anybody."""
    both = [Exists(rule(user).filter(pk=OuterRef(side))) for side in ("duplicate", "kept")]
    return Merge.objects.filter(*both).select_related("duplicate", "merged_by").order_by("merged_at", "pk")


def _merged(idents: set[UUID], rule: Rule, user: Any) -> list[tuple[UUID, UUID]]:
    """Kept and duplicate of the merges of the persons ``idents`` stand for, as far as ``user`` may open both by ``rule``.

    Hardly anybody was ever merged, so that is asked first; the rule is asked of those who were.
    """
    theirs = Merge.objects.filter(duplicate__in=idents).values("kept")
    every = list(Merge.objects.filter(Q(kept__in=idents) | Q(kept__in=theirs)).order_by("merged_at", "pk").values_list("kept", "duplicate"))
    may = (
        set(rule(user).filter(pk__in={ident for pair in every for ident in pair}).order_by().values_list("pk", flat=True))
        if every
        else set()
    )
    seen = [pair for pair in every if may.issuperset(pair)]
    shown = idents | {kept for kept, duplicate in seen if duplicate in idents}
    return [(kept, duplicate) for kept, duplicate in seen if kept in shown]


def _pairs(client: Client, rule: Rule, user: Any) -> list[tuple[UUID, UUID]]:
    """The merges of this person, asked for once for a client that a door gave."""
    known: dict[Any, list[tuple[UUID, UUID]]] = client.__dict__.setdefault("_merges", {})
    if (rule, user.pk) not in known:
        known[rule, user.pk] = _merged({client.pk}, rule, user)
    return known[rule, user.pk]


def together(client: Client, rule: Rule, user: Any) -> list[UUID]:
    """The ids of the rows shown as ``client``, which a door gave: its own, and those merged into it that ``user`` may open by ``rule``."""
    return [client.pk, *(duplicate for kept, duplicate in _pairs(client, rule, user) if kept == client.pk)]


def whole_of(client: Client, rule: Rule, user: Any) -> list[UUID]:
    """The ids of every row that is the same person as ``client``, whichever is kept, as far as ``user`` may open them by ``rule``."""
    return list({client.pk}.union(*_pairs(client, rule, user)))


def whole(found: Iterable[UUID], rule: Rule, user: Any) -> list[UUID]:
    """The ids of every row of the persons of whom one was ``found``, as far as ``user`` may open them by ``rule``."""
    idents = set(found)
    return list(idents.union(*_merged(idents, rule, user)))


def kept_instead(client: Client, rule: Rule, user: Any) -> UUID | None:
    """The id of the client under whom ``client`` is shown to ``user``, if there is one whom they may open by ``rule`` as well."""
    return next((kept for kept, duplicate in _pairs(client, rule, user) if duplicate == client.pk), None)


def unmerged(clients: QuerySet[Client], rule: Rule, user: Any) -> QuerySet[Client]:
    """``clients`` without those who are shown under another whom ``user`` may open by ``rule``."""
    elsewhere = Merge.objects.filter(Exists(rule(user).filter(pk=OuterRef("kept"))), duplicate=OuterRef("pk"))
    return clients.filter(~Exists(elsewhere))


def by_code(clients: QuerySet[Client], typed: str, rule: Rule, user: Any) -> QuerySet[Client]:
    """Those of ``clients`` whose code begins as ``typed``, and those under whom such a one is shown to ``user``."""
    merged = merges(rule, user).filter(kept=OuterRef("pk"), duplicate__code__startswith=typed)
    return clients.filter(Q(code__startswith=typed) | Q(Exists(merged)))


def _rows_denied(user: Any) -> Q:
    """A condition on lines: about a client on whose deny list ``user`` stands, under whichever row."""
    people = Denial.objects.filter(user=user.pk).values(whom=_one_person(F("client"), OuterRef("client")))
    return Q(client_id__in=people) | Q(client_id__in=Merge.objects.filter(kept__in=people).values("duplicate"))


def watched_lines(user: Any) -> QuerySet[Event]:
    """The care team and admins: the trail of the clients they watch over. Of what is an author's alone, only author and admins."""
    lines = trail.lines().filter(Exists(watched_clients(user).filter(pk=OuterRef("client_id"))))
    return lines if user.holds(Role.ADMIN) else lines.filter(~Q(what__in=AUTHORS_ALONE) | Q(actor_id=user.pk))


def supervisors() -> QuerySet[User]:
    """Who may be put in the place of a client's default supervisor: supervisors working here now."""
    return User.objects.working().filter(roles__contains=[Role.SUPERVISOR]).order_by("joined_at")


def counselors() -> QuerySet[User]:
    """Whom a client can be assigned to: counselors working here now. Names are asked for under a staff door."""
    return User.objects.working().filter(roles__contains=[Role.COUNSELOR]).order_by("joined_at")


def lines_about(client: Client) -> QuerySet[Event]:
    """Every line of the trail about ``client``, newest first. Call it with a client that a door gave."""
    return trail.lines().filter(client_id=client.pk)


def trail_lines(user: Any) -> QuerySet[Event]:
    """Admins read the whole trail, but for clients on whose deny list they stand."""
    if not user.holds(Role.ADMIN):
        return trail.lines().none()
    return trail.lines().exclude(_rows_denied(user))
