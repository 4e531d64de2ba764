"""The fields these forms share: bounded text, a date of birth, a person of the staff, and the code typed to confirm."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit import clock
from clients.models import Client
from practice.models import User

EARLIEST = datetime.date(1900, 1, 1)


def text(label: str, *, longest: int = 120, required: bool = False, help_text: str = "", **attrs: str) -> forms.CharField:
    """One line of text, at most ``longest`` letters; browsers are asked to remember nothing of it."""
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text, widget=widget)


def day(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    """A calendar day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=widget, error_messages={"invalid": "Enter a day, such as 2024-03-09."}
    )


def check_birthday(born: datetime.date | None) -> datetime.date | None:
    """``born`` if it can be a date of birth; raises ValidationError."""
    if born and not EARLIEST <= born <= clock.today():
        raise ValidationError("This cannot be a date of birth: it must lie between 1900 and today.")
    return born


def midnight(value: datetime.date | None) -> datetime.datetime | None:
    """The beginning of a day in the practice, aware."""
    return timezone.make_aware(datetime.datetime.combine(value, datetime.time())) if value else None


class StaffField(forms.ChoiceField):
    """Somebody of the staff, by name; the value is that User. Only those offered pass."""

    def offer(self, people: Iterable[User], *, nobody: str = "") -> None:
        """Offer ``people``, in order of their names; ``nobody`` names an empty choice."""
        self.people = {str(person.pk): person for person in people}
        named = sorted((str(person.name).casefold(), key, self._words(person)) for key, person in self.people.items())
        self.choices = ([("", nobody)] if nobody or not self.required else []) + [(key, words) for _, key, words in named]

    def _words(self, person: User) -> str:
        return f"{person.name}, {person.credentials}" if person.credentials else str(person.name)

    def clean(self, value: Any) -> User | None:
        key = super().clean(value)
        return self.people[key] if key else None


class ConfirmedForm(forms.Form):
    """A danger, confirmed by typing the client's code."""

    confirm = forms.CharField(label="Code", max_length=60, error_messages={"required": "Type the code to confirm."})

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = client.code

    def clean_confirm(self) -> str:
        """The code; raises ValidationError if another was typed."""
        typed: str = self.cleaned_data["confirm"]
        if typed.strip().casefold() != self.code.casefold():
            raise ValidationError("This is not the client's code. Type it as it is shown.")
        return typed
