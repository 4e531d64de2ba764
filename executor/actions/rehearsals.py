"""A plan is gone through as if it were needed. Clients are counted by the database, and none is opened (RET-26)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import F, Func, JSONField, Q

from audit import clock, trail
from executor.models import Part, Plan, Rehearsal
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role

from .plans import missing

Finding = tuple[str, bool, str]


def rehearse(plan: Plan, *, by: User) -> Rehearsal:
    """Ask everything that would be asked on the day, and keep what was found with its date. Raises Refused for a plan not in force."""
    if plan.in_force_at is None or plan.replaced_at:
        raise Refused("RET-26", "Only a plan in force is rehearsed.", "Have it accepted first.")
    found = [*_people(plan), _releasers(plan), *_list(plan), *_words(plan)]
    findings = [{"asked": asked, "good": good, "said": said} for asked, good, said in found]
    row = Rehearsal(plan=plan, by=by, findings=findings, amiss=sum(not good for _, good, _ in found))
    row.save(force_insert=True)
    trail.change(row, "rehearse_plan")
    return row


def _people(plan: Plan) -> Iterator[Finding]:
    for part in Part.values:
        account = plan.account(part)
        yield (f"Can the {part} sign in?", *_account(account))
    due = plan.confirm_by
    late = due is None or due <= clock.now()
    yield (
        "Did the custodian confirm within a year?",
        not late,
        f"{'Was due' if late else 'Holds until'} {due:%-d %b %Y}." if due else "Never.",
    )


def _account(account: User | None) -> tuple[bool, str]:
    if account is None:
        return False, "They have no account here: an admin invites them as professional executor before anything can open to them."
    if account.has_left or not account.is_staff_member:
        return False, "Their account ended, or is no longer one of the staff."
    if not Authenticator.objects.filter(user=account.pk).exists():
        return False, "They have an account and no second step for signing in yet."
    return True, "They have an account with a second step."


def _releasers(plan: Plan) -> Finding:
    """Whoever asks, a second person must be left besides them, the executor and the counselor."""
    people = User.objects.staff().filter(Q(roles__contains=[Role.ADMIN]) | Q(pk__in=[plan.custodian_id, plan.deputy_id]))
    many = people.exclude(pk__in=[plan.person_id]).count()
    return "Is there a second person to release it?", many >= 2, f"{many} people may ask or release; two are needed, and one of them acts."


def _list(plan: Plan) -> Iterator[Finding]:
    counted = Func(F("pk"), function="executor_counts", output_field=JSONField())
    numbers: dict[str, Any] = Plan.objects.filter(pk=plan.pk).values_list(counted, flat=True).get() or {}
    clients, unreachable, denied = (int(numbers.get(key, 0)) for key in ("clients", "unreachable", "denied"))
    yield "Could the list be made?", bool(numbers), f"It would hold {clients} clients."
    yield "Can each of them be reached safely?", not unreachable, f"{unreachable} of {clients} have no way that they allowed."
    yield "Is nobody kept from them?", not denied, f"{denied} of {clients} denied the custodian or the deputy: an admin tells those."
    reaches = Plan.Opens.CONTACT in plan.opens
    yield (
        "Does the plan open how they are reached?",
        reaches,
        "Yes." if reaches else "No: the executor sees names and must ask somebody else.",
    )


def _words(plan: Plan) -> Iterator[Finding]:
    lacks = missing(plan)
    yield "Are all texts written?", not lacks, f"Missing: {', '.join(lacks)}." if lacks else "Yes."
    backups = bool(plan.backups.strip())
    yield "Is it written where the key of the backups is?", backups, "Yes: go and look that it is there." if backups else "No."
