"""A plan is written, signed, accepted by both, and confirmed each year (RET-26, REV-14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import BooleanField, F, Func

from audit import clock, trail
from executor import law
from executor.models import TEXTS, Acceptance, Part, Plan
from executor.models.plans import PEOPLE
from practice.actions import outbox
from practice.actions.credentials import site_link
from practice.models import Practice, User
from practice.refusals import Refused
from review.actions import record_evidence

SUBJECT = "Something waits for you"
BODY = "A colleague named you for something, and it waits for your answer. Please sign in:\n\n{url}\n"
WRITTEN = [*PEOPLE, *TEXTS, "custodian", "deputy", "opens"]
# What must be there before a plan is signed, in words. The newspaper is asked for by state (law/executor.toml).
NEEDED = {
    "places": "where paper, keys and devices are",
    "backups": "where the key of the backups is",
    "callback": "the number that clients may call",
    "transfer": "who could go on with which clients",
    "to_clients": "the words to clients",
    "to_colleagues": "the words to colleagues",
    "to_board": "the words to the licensing board",
}


def write(said: Mapping[str, Any], *, by: User) -> Plan:
    """Keep ``by``'s draft with what is ``said`` (fields of WRITTEN); a new edition where there is none yet. Raises Refused for a plan
    that names its own counselor, or one person twice."""
    plan = Plan.objects.filter(person=by.pk, signed_at=None).first() or Plan(person=by)
    for name in WRITTEN:
        setattr(plan, name, said[name])
    named = [each.pk for each in (plan.custodian, plan.deputy) if each]
    if by.pk in named or len(set(named)) < len(named):
        raise Refused("RET-26", "Custodian and deputy are two people, and neither is you.", "Choose somebody else.")
    plan.save(update_fields=None if plan._state.adding else WRITTEN)
    trail.change(plan, "write_plan")
    return plan


def missing(plan: Plan) -> list[str]:
    """What a plan lacks, in words."""
    found = [f"the {Part(part).label}" for part in Part.values if not plan.called(part).strip()]
    found += [words for name, words in NEEDED.items() if not str(getattr(plan, name)).strip()]
    if not plan.to_newspaper.strip() and (states := law.newspaper(Practice.objects.get().states)):
        found.append(f"the notice for a newspaper ({', '.join(states)})")
    return found


def sign(plan: Plan, *, by: User) -> None:
    """From now on its words are final, and both are asked. Raises Refused (RET-26) while something is missing, and once signed."""
    if plan.signed_at:
        raise Refused("RET-26", "This edition is signed already, and a signed one is final.", "Write a new one.")
    if lacks := missing(plan):
        raise Refused("RET-26", f"The plan lacks {', '.join(lacks)}.", "Write it in, then sign.")
    plan.signed_at = clock.now()
    plan.save(update_fields=["signed_at"])
    trail.change(plan, "sign_plan")
    for part in Part.values:
        if person := plan.account(part):
            outbox.queue("executor", person.email, SUBJECT, BODY.format(url=site_link("home")))


def accept(plan: Plan, part: str, words: str, *, by: User) -> Acceptance:
    """``part`` says yes, or (the custodian, later) that all still holds; it is evidence for REV-14. With the second yes the plan is in
    force. Raises Refused for anybody else's word, and for somebody from outside without how they said it."""
    _require_theirs(plan, part, words, by)
    row = Acceptance(plan=plan, part=part, by=by, words=words.strip())
    row.save(force_insert=True)
    trail.change(row, "accept_plan" if plan.in_force_at is None else "confirm_plan")
    given = set(Acceptance.objects.filter(plan=plan).values_list("part", flat=True))
    if part == Part.CUSTODIAN:
        plan.confirmed_at = row.at
    if given == set(Part.values) and plan.in_force_at is None:
        plan.in_force_at = row.at
    plan.save(update_fields=["confirmed_at", "in_force_at"])
    if part == Part.CUSTODIAN:
        record_evidence("REV-14", "confirmed", f"{plan.called(part)} confirmed the plan of {plan.person.name}.", by=by)
    return row


def _require_theirs(plan: Plan, part: str, words: str, by: User) -> None:
    account = plan.account(part)
    if plan.signed_at is None or plan.replaced_at:
        raise Refused("RET-26", "There is nothing to say yes to: this edition is a draft, or was replaced.", "Look at the list of plans.")
    if by.pk != (account.pk if account else plan.person_id):
        raise Refused("RET-26", "Nobody says yes for somebody else.", "Ask them to sign in.")
    if account is None and not words.strip():
        raise Refused("RET-26", "How they said it is missing.", "Write down when and how, such as by a letter, and where it is kept.")
    if part == Part.DEPUTY and Acceptance.objects.filter(plan=plan, part=part).exists():
        raise Refused("RET-26", "The deputy said yes already.", "")


def require_plan(counselor: User) -> None:
    """Raises Refused (RET-26) where ``counselor`` works here for longer than the warning without a plan in force: nobody new then.

    Whom they counsel already is not asked about: care that began goes on.
    """
    if clock.now() < counselor.joined_at + law.WARN:
        return
    planned = Func(F("pk"), function="executor_planned", output_field=BooleanField())  # the plan itself may be out of sight
    if not User.objects.filter(pk=counselor.pk).values_list(planned, flat=True).get():
        words = f"{counselor.name} has no professional executor, and worked here longer than {law.WARN.days} days without one."
        raise Refused("RET-26", words, "They write a plan under Professional executor; custodian and deputy say yes. Then it goes on.")
