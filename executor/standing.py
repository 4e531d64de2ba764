"""How the plans stand: for the claims."""

from __future__ import annotations

from typing import Any

from audit import clock
from practice.models import User
from practice.roles import Role
from review.claims import Answer, Claim, active_if, counted

from . import access, law
from .models import Plan


def _planned(user: Any) -> Answer:
    """Active where each counselor has a plan in force that was confirmed within the year."""
    many = User.objects.staff().filter(roles__contains=[Role.COUNSELOR]).count()
    without = access.counselors_without(user).count()
    late = Plan.objects.filter(in_force_at__isnull=False, replaced_at=None, confirmed_at__lte=clock.now() - law.CONFIRM).count()
    said = f"{many - without} of {counted(many, 'counselor')} have a plan in force; {late} of them were not confirmed within a year."
    return active_if(bool(many) and not without and not late, said)


CLAIMS = (
    Claim("executor", "RET-26", "Somebody goes on if a counselor cannot",
        "Who has a plan that two people accepted, and if it is a year old.",
        _planned),
)  # fmt: skip
