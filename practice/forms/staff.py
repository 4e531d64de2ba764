"""Forms of the staff pages. A form names the fields it takes; nothing else of a person can be set by a request."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from audit import clock
from practice.models import User
from practice.roles import STAFF, WHAT_THEY_DO, Role

_FARTHEST = datetime.timedelta(days=3652)
ROLE_CHOICES = [(role.value, f"{str(role.label).capitalize()}. {WHAT_THEY_DO[role]}") for role in Role if role in STAFF]


def _roles() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label="Roles", choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple)


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    roles = _roles()


class RolesForm(forms.Form):
    """Roles and credentials of somebody on the staff."""

    roles = _roles()
    credentials = forms.CharField(label="Credentials", max_length=80, required=False, help_text="Such as LPC-A; clients see them.")


class LeaveForm(forms.Form):
    """When access ends. Empty means now."""

    at = forms.DateTimeField(
        label="Last day and hour",
        required=False,
        help_text="Left empty, access ends now. Sessions and links end at that minute.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def clean_at(self) -> Any:
        """The moment, aware; now if none was given; raises ValidationError for the past and for a date beyond reach."""
        at = self.cleaned_data["at"] or clock.now()
        if at > clock.now() + _FARTHEST:  # the end of all calendars, in another time zone, could not be read again
            raise forms.ValidationError("Choose a moment within the next ten years.")
        if at < clock.now() and self.cleaned_data["at"]:
            raise forms.ValidationError("This moment is over. Leave it empty to end access now.")
        return at


class SupervisionForm(forms.Form):
    """Who supervises somebody from now on."""

    supervisor = forms.ChoiceField(label="Supervisor")

    def __init__(self, *args: Any, supervisee: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.staff().filter(roles__contains=[Role.SUPERVISOR]).exclude(pk=supervisee.pk)
        self.people = {str(person.pk): person for person in people}
        field = self.fields["supervisor"]
        assert isinstance(field, forms.ChoiceField)
        names = sorted((str(person.name), key) for key, person in self.people.items())
        field.choices = [(key, name) for name, key in names]

    def clean_supervisor(self) -> User:
        """The person chosen, from those offered."""
        return self.people[self.cleaned_data["supervisor"]]
