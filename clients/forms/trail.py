"""What to look for in the trail. What is typed is turned into ids before it may stand in an address."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from audit.models import Act
from clients.models import Client
from practice.models import User

from .fields import day, text

NOBODY, SYSTEM = "anonymous", "system"


class TrailForm(forms.Form):
    """Person, client by code, act, days, refused only; all of them optional."""

    person = forms.ChoiceField(label="Who", required=False)
    code = text("Client's code", longest=40, spellcheck="false", autocapitalize="none")
    act = forms.ChoiceField(label="What was done", required=False, choices=[("", "Anything"), *Act.choices])
    since = day("From")
    until = day("To", help_text="This day included.")
    refused = forms.BooleanField(label="Refused only", required=False)

    def __init__(self, *args: Any, people: Iterable[User], clients: Any, whole: Callable[[list[UUID]], list[UUID]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clients, self.whole = clients, whole
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        named = sorted(((str(person.pk), str(person.name)) for person in people), key=lambda pair: pair[1].casefold())
        field.choices = [("", "Anybody"), *named, (NOBODY, "Nobody signed in"), (SYSTEM, "The system")]

    def clean_code(self) -> Client | None:
        code = self.cleaned_data["code"].strip().casefold()
        found: Client | None = self.clients.filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError("No client has this code.")
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", "This day is before the first one.")
        if found.get("refused") and found.get("act") not in ("", None, Act.REFUSED):
            self.add_error("refused", "Choose either one thing that was done, or only what was refused.")
        return found

    @property
    def address(self) -> dict[str, str]:
        """The filter as it may stand in an address: ids, days and acts, no names and no codes."""
        found = self.cleaned_data
        client = found.get("code")
        wanted = {"person": found.get("person"), "client": client and client.pk, "since": found.get("since"), "until": found.get("until")}
        wanted |= {"act": found.get("act"), "refused": found.get("refused") and "on"}
        return {name: str(value) for name, value in wanted.items() if value}

    @cached_property
    def rows(self) -> list[UUID]:
        """The ids of the client asked for and of the rows that are the same person."""
        client = self.cleaned_data.get("code")
        return self.whole([client.pk]) if client else []

    @property
    def conditions(self) -> Q:
        """What the lines must fulfil."""
        found = self.cleaned_data
        wanted = _by(found.get("person", ""))
        if found.get("code"):
            wanted &= Q(client_id__in=self.rows)
        if act := Act.REFUSED if found.get("refused") else found.get("act"):
            wanted &= Q(act=act)
        return wanted & _days(found.get("since"), found.get("until"))


def _by(person: str) -> Q:
    if person == NOBODY:
        return Q(role="anonymous")
    if person == SYSTEM:
        return Q(role__startswith="system:")
    return Q(actor_id=UUID(person)) if person else Q()


def _midnight(value: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(value, datetime.time()))


def _days(since: datetime.date | None, until: datetime.date | None) -> Q:
    wanted = Q(at__gte=_midnight(since)) if since else Q()
    # The day after the last one there is needs no bound.
    return wanted & Q(at__lt=_midnight(until + datetime.timedelta(days=1))) if until and until < datetime.date.max else wanted
