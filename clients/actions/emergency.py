"""Opening a record in an emergency, ending it, and what somebody else finds (SE-2)."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import BinaryField, F, Func, Q, UUIDField, Value
from django.db.models.functions import Greatest

from audit import clock, trail
from audit.models import Act
from audit.trail import Line
from clients.access import emergencies_to_review, live_grants, own_emergencies
from clients.emergency import policy, review_due
from clients.models import BreakGlass, Client, ClientPermission, Codename, GlassReview
from clients.models.glass import opened_with
from clients.models.team import CLINICAL
from clients.search import exactly
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import Practice, User
from practice.refusals import Refused
from practice.roles import Role

from .team import _end, _keep, _row

SUBJECT = "Something needs your attention now"
BODY = """A colleague has opened something that you look after, outside the usual way. Sign in to see what and why:

{url}
"""
_PART = "open_in_emergency"
_MINUTE = datetime.timedelta(minutes=1)


def open_in_emergency(
    practice: Practice, *, by: User, sought: str, reason: str, minutes: int, untold_reason: str = ""
) -> BreakGlass | None:
    """Open to ``by`` the record of the client whose code or whole name is ``sought``, for ``minutes``; None where that is nobody's.

    Of a person who was taken in twice every row opens, each with an opening of its own; the first is returned.
    The client is told unless ``untold_reason`` says why not. Counselor, supervisor and admins have a notice in this transaction.
    Raises Refused (SE-2) without a reason in words, for longer than a day, for too many at once, and to go on without a review.
    """
    _require(by, reason, minutes)
    found = _whom(sought)
    if not found:
        trail.recorder().write(Line(Act.REFUSED, "clients.client", _PART))
        return None
    now, shut = clock.now(), _shut(found, by)
    until = min(now + minutes * _MINUTE, *(_latest(client, by, now) for client in shut))
    due, why_untold = review_due(now, practice), untold_reason.strip()
    given = {"reason": reason.strip(), "tells_client": not why_untold, "untold_reason": why_untold}
    rows = [BreakGlass(client_id=client, user=by, opened_at=now, until=until, review_due=due, **given) for client in shut]
    for row in rows:
        _open(row, by)
    User.objects.filter(pk=by.pk).update(emergency_until=Greatest(until, F("emergency_until")))
    _tell_them(shut, by)
    return rows[0]


def _open(row: BreakGlass, by: User) -> None:
    row.save(force_insert=True)
    _keep([_row(Client(pk=row.client_id), by, Codename.COVER, by, "emergency", row.until)])
    trail.recorder().write(trail.line_for(Act.BREAK_GLASS, row, _PART))


def _require(by: User, reason: str, minutes: int) -> None:
    rules, now = policy(), clock.now()
    if len(reason.split()) < 2 or len(reason.strip()) < rules.shortest_reason:
        raise Refused("SE-2", "An emergency is opened for a reason, and it is written down.", "Say in a sentence what happened.")
    if not 1 <= minutes <= rules.longest // _MINUTE:
        raise Refused("SE-2", "An emergency ends: within a day at the latest.", "Choose a shorter time.")
    if own_emergencies(by).order_by().values("opened_at").distinct().count() >= rules.at_once:
        raise Refused("SE-2", f"{rules.at_once} records are open to you already.", "End one of them first.")
    recent = trail.lines().filter(actor_id=by.pk, act=Act.REFUSED, part=_PART, at__gt=now - datetime.timedelta(days=1))
    if recent.count() >= rules.misses_a_day:
        raise Refused("SE-2", "Too many tries found nobody today.", "Call the client's counselor or an admin.")


def _whom(sought: str) -> list[UUID]:
    """The rows of the one person whose code or whole name that is, as the database tells those whose role may ask; a denial hides them."""
    tokens = Value(exactly(sought), output_field=ArrayField(BinaryField()))
    asked = Func(tokens, function="subrosa_in_emergency", output_field=ArrayField(UUIDField()))
    found: list[UUID] | None = Practice.objects.values_list(asked, flat=True).get()
    return found or []


def _shut(rows: list[UUID], by: User) -> list[UUID]:
    """Those of ``rows`` that are not open to ``by`` by any grant. Raises Refused where all of them are."""
    known = set(live_grants(CLINICAL).filter(content_object__in=rows, user=by).values_list("content_object_id", flat=True))
    if known.issuperset(rows):
        raise Refused("SE-2", "This record is open to you already.", "You find it in your list of clients. An opening is not made longer.")
    return [ident for ident in rows if ident not in known]


def _latest(client: UUID, by: User, now: datetime.datetime) -> datetime.datetime:
    """No opening of this record to ``by`` lasts beyond this: a day from the first that nobody has reviewed. Raises Refused."""
    first = BreakGlass.objects.filter(client=client, user=by, review=None).order_by("opened_at").first()
    latest = (first.opened_at if first else now) + policy().longest
    if latest <= now:
        words = "You opened this record before, and nobody has reviewed that yet."
        raise Refused("SE-2", words, "Ask an admin or the client's counselor to review it, or to assign you.")
    return latest


def _tell_them(rows: list[UUID], by: User) -> None:
    """A notice to the counselors and supervisors and to every admin, but not to ``by``; it says nothing of anybody."""
    team = live_grants([Codename.COUNSEL, Codename.SUPERVISE]).filter(content_object__in=rows).values("user")
    people = User.objects.working().filter(Q(pk__in=team) | Q(roles__contains=[Role.ADMIN])).exclude(pk=by.pk)
    for person in people:
        outbox.queue("emergency", person.email, SUBJECT, BODY.format(url=site_link("home")))


def end_emergency(row: BreakGlass, *, by: User) -> None:
    """The record closes to whoever opened it, now, with every row of that person; what is over stays as it is."""
    for each in own_emergencies(row.user).filter(opened_at=row.opened_at):
        for grant in _cover(each):
            _end(grant)
    rest = own_emergencies(row.user).exclude(opened_at=row.opened_at).order_by("-until").values_list("until", flat=True).first()
    User.objects.filter(pk=row.user_id).update(emergency_until=rest)


def _cover(row: BreakGlass) -> list[ClientPermission]:
    live = live_grants([Codename.COVER]).filter(content_object=row.client_id, user=row.user_id)
    return list(live.select_related("user", "permission"))


def review_emergency(
    row: BreakGlass, *, by: User, findings: str, upheld: bool, opens_incident: bool = False, untold_reason: str = ""
) -> GlassReview:
    """What ``by`` found about ``row``; final. ``opens_incident`` is a state that the breach workbench takes up.

    It counts for the other rows of that person as well, as far as ``by`` may review them.

    The client is told with it, unless they were before or ``untold_reason`` says why not. Raises Refused (SE-2) for one's own, while
    it lasts, without findings, and once reviewed.
    """
    _require_another(row, by)
    if not findings.strip():
        raise Refused("SE-2", "A review says what was found.", "Write it down, also where all was right.")
    told = row.tells_client or not untold_reason.strip()
    given = {"findings": findings.strip(), "untold_reason": "" if told else untold_reason.strip(), "tells_client": told}
    given |= {"upheld": upheld, "opens_incident": opens_incident, "reviewed_by": by}
    reviews = [
        GlassReview(glass=each, client_id=each.client_id, **given)
        for each in [row, *(other for other in opened_with(row, emergencies_to_review(by)) if other.is_over)]
    ]
    for found in reviews:
        found.save(force_insert=True)
        trail.change(found, "uphold_emergency" if upheld else "question_emergency")
    return reviews[0]


def _require_another(row: BreakGlass, by: User) -> None:
    if row.user_id == by.pk:
        raise Refused("SE-2", "Nobody reviews their own opening.", "An admin or the client's counselor does.")
    if not row.is_over:
        raise Refused("SE-2", "It is still open.", "End the access under Care team, or wait until it is over.")
    if GlassReview.objects.filter(glass=row).exists():
        raise Refused("SE-2", "This was reviewed already, and a review is final.", "")
