"""Who is invited to the portal and how; what the invited type; and why somebody is kept out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from clients.calling import hushed
from clients.models import ContactPoint, Representative

from .fields import day, midnight

SELF, BY_HAND = "self", "hand"


def addressed(point: ContactPoint) -> str:
    """A mail address to choose, or that it is hidden."""
    address = hushed(point.address, "mail address hidden")
    return f"Mail to {address} ({point.label})" if point.label else f"Mail to {address}"


class PortalInviteForm(forms.Form):
    """Whom to invite, and by which allowed address or by hand."""

    who = forms.ChoiceField(label="Whom do you invite?", widget=forms.RadioSelect)
    how = forms.ChoiceField(
        label="How do they get the link?",
        widget=forms.RadioSelect,
        help_text="Only addresses that the client allowed are here. The mail says nothing of the practice, the client or counseling.",
    )

    def __init__(self, *args: Any, people: Iterable[Representative], points: Iterable[ContactPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.points = {str(point.pk): point for point in points}
        self._offer("who", [(SELF, "The client"), *[(key, self._named(person)) for key, person in self.people.items()]])
        self._offer("how", [*[(key, addressed(point)) for key, point in self.points.items()], (BY_HAND, "A link that I hand over myself")])

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _named(self, person: Representative) -> str:
        return f"{hushed(person.name, 'name hidden')}, {person.get_relation_display()}"

    @property
    def representative(self) -> Representative | None:
        """Who was chosen; None for the client."""
        return self.people.get(self.cleaned_data["who"])

    @property
    def point(self) -> ContactPoint | None:
        """The address chosen; None where the link is handed over."""
        return self.points.get(self.cleaned_data["how"])


class WordsForm(forms.Form):
    """The three words that were told in person or by phone."""

    words = forms.CharField(
        label=_("Your three words"),
        max_length=80,
        help_text=_("They were told to you in person or by phone. Small or capital letters: both are fine."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class OwnAddressForm(forms.Form):
    """The address to sign in with, named by its owner."""

    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("You sign in with it. We write to it when your account changes or something waits there, and never what it is about."),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        """An address; raises ValidationError."""
        email: str = self.cleaned_data["email"].strip()
        validate_email(email)
        return email


class DatesForm(forms.Form):
    """When an authority ends."""

    until = day("Until", help_text="Left empty: until it is ended. What they see in the portal ends on that day.")

    def clean_until(self) -> Any:
        """The beginning of that day, aware; None: open."""
        return midnight(self.cleaned_data["until"])


class RefusalForm(forms.Form):
    """Why a representative is kept out of the portal."""

    reason = forms.CharField(
        label="Your reasons",
        max_length=4000,
        required=False,  # the rule says that it is needed, and why (RG-13)
        help_text="What you know, and how you weighed it. The care team reads this; nobody who represents the client does.",
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
