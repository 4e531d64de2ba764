"""Whether the last backup is young enough, for /healthz."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from practice.models import Practice

from .access import late


def backed_up() -> bool:
    """Whether no backup is late (SE-16)."""
    return bool(settings.DEMO) or not Practice.objects.filter(Q(late())).exists()
