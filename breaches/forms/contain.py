"""Acts on an account, and tasks."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit import clock
from breaches.actions.contain import ACTS
from clients.access import in_portal
from clients.models import Client
from practice.models import User
from review.forms.asked import sentences

from .incidents import day

_FARTHEST = datetime.timedelta(days=366)


def people_choices(people: dict[str, User]) -> list[tuple[str, str]]:
    """The names of ``people`` in order, after a choice of none."""
    return [("", "Choose…"), *((key, name) for name, key in sorted((str(person.name), key) for key, person in people.items()))]


class ContainForm(forms.Form):
    """Whose account, and what to do with it at once."""

    act = forms.ChoiceField(label="What to do now", choices=[(key, act.words) for key, act in ACTS.items()], widget=forms.RadioSelect)
    person = forms.ChoiceField(label="Account of a colleague", required=False)
    code = forms.CharField(
        label="Or the portal accounts of a client, by code",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, people: list[User], clients: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.clients = {str(person.pk): person for person in people}, clients
        self.fields["person"].choices = people_choices(self.people)  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """One account or the accounts of one client; raises ValidationError."""
        found = super().clean() or {}
        person, code = self.people.get(found.get("person") or ""), (found.get("code") or "").strip().casefold()
        if bool(person) == bool(code):
            raise ValidationError("Choose a colleague, or type the code of a client.")
        self.accounts = [(person, str(person.name))] if person else self._of_the_client(code)
        return found

    def _of_the_client(self, code: str) -> list[tuple[User, str]]:
        client: Client | None = self.clients.filter(code=code).first()
        grants = in_portal(client).select_related("user") if client else []
        accounts = {grant.user_id: grant.user for grant in grants}
        if not accounts:
            self.add_error("code", "No portal account belongs to this code.")
        return [(account, f"a portal account of {code}") for account in accounts.values()]


class TaskForm(forms.Form):
    """What is to be done, by whom, until when."""

    words = sentences("What is to be done?", help_text="Whoever you give it to reads this sentence, and nothing else of the incident.")
    owner = forms.ChoiceField(label="By whom?")
    due_on = day("Until when?")

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["owner"].choices = people_choices(self.people)  # type: ignore[attr-defined]  # a choice field
        self.initial.setdefault("due_on", timezone.localdate(clock.now()) + datetime.timedelta(days=1))

    def clean_owner(self) -> User:
        """The person chosen, from those offered."""
        return self.people[self.cleaned_data["owner"]]

    def clean_due_on(self) -> datetime.date:
        """Today or a day within a year; raises ValidationError."""
        found: datetime.date = self.cleaned_data["due_on"]
        today = timezone.localdate(clock.now())
        if not today <= found <= today + _FARTHEST:
            raise ValidationError("Choose today or a day within a year.")
        return found
