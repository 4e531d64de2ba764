"""A plan in words, for its page and for the lawyer's copy. No client is in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from audit import clock
from practice.models import Practice, User

from .law import LASTS, WAIT
from .models import Part, Plan

LABELS = {
    "places": "Paper, keys and devices",
    "backups": "Key of the backups",
    "callback": "Number that clients may call",
    "transfer": "Who could go on with which clients",
    "to_clients": "Words to clients",
    "to_colleagues": "Words to colleagues",
    "to_board": "Words to the licensing board",
    "to_newspaper": "Notice for a newspaper",
}
Facts = list[tuple[str, str]]


def parts(plan: Plan) -> list[dict[str, Any]]:
    """Custodian and deputy, with whether they have an account."""
    return [_part(plan, part) for part in Part.values]


def _part(plan: Plan, part: str) -> dict[str, Any]:
    account = plan.account(part)
    licence = account.credentials if account and account.credentials else getattr(plan, f"{part}_licence")
    contact = getattr(plan, f"{part}_contact") or (account.email if account else "")
    return {
        "label": str(Part(part).label).capitalize(),
        "name": plan.called(part),
        "licence": licence,
        "contact": contact,
        "account": account,
    }


def texts(plan: Plan) -> list[tuple[str, str]]:
    """Each text that is written, with its label."""
    return [(label, str(getattr(plan, name))) for name, label in LABELS.items() if str(getattr(plan, name)).strip()]


def opened(plan: Plan) -> str:
    """What the list opens, in words."""
    labels = [str(Plan.Opens(value).label) for value in plan.opens]
    return "; ".join(["code and name of each client", *labels])


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%-d %b %Y}" if moment else "not yet"


def _yes(plan: Plan, part: str) -> str:
    """When they said yes first, and last."""
    given = [row.at for row in plan.acceptances.filter(part=part).defer("words").order_by("at")]
    if not given:
        return "not yet"
    return _day(given[0]) if len(given) == 1 else f"{_day(given[0])}, last confirmed {_day(given[-1])}"


def _people(plan: Plan) -> Facts:
    rows: Facts = []
    for part, told in zip(Part.values, parts(plan), strict=True):
        said = ", ".join(str(each) for each in (told["name"], told["licence"], told["contact"]) if each)
        rows += [(told["label"], said or "not named"), (f"{told['label']} said yes", _yes(plan, part))]
    return rows


def plan_paper(plan: Plan, *, by: User) -> dict[str, Any]:
    """What templates/typst/plan.typ shows."""
    practice, now = Practice.objects.get(), timezone.localtime(clock.now())
    facts = [("Counselor", f"{plan.person.name}, {plan.person.credentials}".strip(", ")), ("Signed", _day(plan.signed_at)), *_people(plan)]
    facts += [("Opens to them", opened(plan)), ("Never opens", "psychotherapy notes (REC-1)"), ("How it opens", _how())]
    return {
        "title": "Plan for a professional executor", "heading": "Plan for a professional executor", "practice": practice.name, "code": "",
        "states": [], "draft": plan.signed_at is None, "demo": settings.DEMO,
        "confidential": "Of the practice's own papers; no client is named",
        "facts": facts, "texts": [{"heading": label, "text": text} for label, text in texts(plan)],
        "made": f"Printed by {by.name} on {now:%-d %b %Y, %H:%M}.",
    }  # fmt: skip


def _how() -> str:
    hours = int(WAIT.total_seconds() // 3600)
    opens = f"One person asks, a second one releases; {hours} hours later the list opens, for {LASTS.days} days."
    return f"{opens} The counselor can stop it at any time."
