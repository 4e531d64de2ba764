"""Invented people have a published password: they never stand beside a real practice's."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from practice.models import User
from practice.models.people import address_token

from .people import ACCOUNTS


def refuse_demo_accounts() -> None:
    """Stop a start outside the demo while the database holds demo accounts; raises ImproperlyConfigured.

    A database that does not answer yet is no reason to stop: /healthz says so, and the next start asks again.
    """
    if settings.DEMO or settings.TESTING:
        return
    try:
        tokens = [address_token(account.mail) for account in ACCOUNTS.values()]
        found = User.objects.working().filter(username__in=tokens).exists()
    except OperationalError:
        return
    if found:
        raise ImproperlyConfigured(
            "This database holds the demo's accounts, whose password is published. Start a practice of your own on an empty database."
        )
