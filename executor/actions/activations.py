"""A plan is put to use by two persons, waits while the counselor may stop it, and ends (RET-26, IC-3)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from audit import clock, trail
from clients.models import Client
from executor import law
from executor.models import Activation, Case, Part, Plan
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role

SUBJECT = "Something needs your attention now"
ALARM = """Somebody said that you cannot go on with your work, and asked to open what you look after to the person whom you named for that.
If this is not so, sign in and stop it at once:

{url}
"""
ASKED = "A colleague asks for something that a second person decides. Please sign in:\n\n{url}\n"
DECIDED = "Something that you look after has changed. Please sign in:\n\n{url}\n"


@dataclass(frozen=True)
class Asking:
    """Why, how it is known, and which of the two acts."""

    ground: str
    evidence: str
    part: str = Part.CUSTODIAN


def ask(plan: Plan, said: Asking, *, by: User) -> Activation:
    """``by`` says that the counselor cannot go on. Nothing opens: the counselor is told at once, and whoever may release it.

    Raises Refused (RET-26) for one's own plan, without evidence in words, for an executor without an account, and while one is open.
    """
    executor = plan.account(said.part)
    if by.pk == plan.person_id:
        raise Refused("RET-26", "Nobody asks for this about themself.", "Prepare your leaving instead: an admin begins it.")
    if len(said.evidence.split()) < 3:
        raise Refused("RET-26", "How it is known is missing.", "Say in a sentence what happened, who says so, and where the papers are.")
    if executor is None or executor.has_left:
        raise Refused(
            "RET-26", f"The {said.part} has no account here.", "An admin invites them as professional executor, or the other acts."
        )
    if _open(plan).exists():
        raise Refused("RET-26", "One is under way already for this counselor.", "Look at its page.")
    row = Activation(plan=plan, person=plan.person, executor=executor, ground=said.ground, evidence=said.evidence.strip(), asked_by=by)
    row.save(force_insert=True)
    trail.change(row, "ask_activation")
    _mail(row.person, ALARM)
    for person in _deciding(row):
        _mail(person, ASKED)
    return row


def _open(plan: Plan) -> QuerySet[Activation]:
    return Activation.objects.filter(Q(until=None) | Q(until__gt=clock.now()), person=plan.person_id, ended_at=None)


def _deciding(row: Activation) -> list[User]:
    """Who may release it: named in the plan, or an admin; never who asked, who would act, or whom it is about."""
    people = User.objects.staff().filter(Q(roles__contains=[Role.ADMIN]) | Q(pk__in=[row.plan.custodian_id, row.plan.deputy_id]))
    return list(people.exclude(pk__in=[row.asked_by_id, row.executor_id, row.person_id]))


def release(row: Activation, *, by: User) -> None:
    """A second person says yes: after a wait, in which the counselor may still stop it, the list opens to the executor, for a time.

    Raises Refused (RET-26) for whoever asked, would act by it, or is meant; and once it is released or over.
    """
    if by.pk in (row.asked_by_id, row.executor_id, row.person_id) or not _may_decide(row, by):
        raise Refused(
            "RET-26", "A second person releases it: not who asked, who acts, or whom it is about.", "Ask the other one, or an admin."
        )
    if row.released_at or row.is_over:
        raise Refused("RET-26", "This is decided already.", "Look at its page.")
    now = clock.now()
    row.released_by, row.released_at, row.opens_at, row.until = by, now, now + law.WAIT, now + law.WAIT + law.LASTS
    row.save(update_fields=["released_by", "released_at", "opens_at", "until"])
    trail.change(row, "release_activation")
    _mail(row.person, ALARM)
    _mail(row.executor, DECIDED)


def _may_decide(row: Activation, by: User) -> bool:
    return by.pk in {person.pk for person in _deciding(row)}


def end(row: Activation, why: str, *, by: User) -> None:
    """It is over now, and with it each grant by it (the database sees to that). The counselor stops it without a reason.

    Raises Refused without one for anybody else, and once it is over.
    """
    if row.is_over:
        raise Refused("RET-26", "This is over.", "")
    if by.pk != row.person_id and not why.strip():
        raise Refused("RET-26", "Why it ends is not said.", "One sentence is enough.")
    listed = list(Case.objects.filter(activation=row.pk).values_list("client", flat=True))
    row.ended_by, row.ended_at, row.why_ended = by, clock.now(), why.strip() or None
    row.save(update_fields=["ended_by", "ended_at", "why_ended"])
    trail.change(row, "stop_activation" if by.pk == row.person_id else "end_activation")
    for ident in listed:
        trail.change(row.executor, "end_execute", client=Client(pk=ident))
    for person in {row.person, row.executor, row.asked_by} - {by}:
        _mail(person, DECIDED)


def _mail(person: User, body: str) -> None:
    outbox.queue("executor", person.email, SUBJECT, body.format(url=site_link("home")))
