"""How a client may be reached, and who stands for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_email

from audit.clock import today
from clients.models import ContactPoint, Representative

from .fields import day, midnight, text

Kind = ContactPoint.Kind


class ContactPointForm(forms.Form):
    """One address and what it may be used for. The kind of an address that is there does not change."""

    kind = forms.ChoiceField(label="Kind", choices=[(kind.value, str(kind.label).capitalize()) for kind in Kind], widget=forms.RadioSelect)
    address = text("Number or address", longest=300, required=True)
    label = text("What they call it", longest=60, help_text="Such as: work, my sister's.")
    may_contact = forms.BooleanField(label="We may use it", required=False, help_text="Ask; never assume.")
    safe_to_leave_message = forms.BooleanField(
        label="It is safe to leave a message", required=False, help_text="Somebody else may hear or read it."
    )

    def __init__(self, *args: Any, point: ContactPoint | None = None, **kwargs: Any) -> None:
        if point:
            kwargs["initial"] = {name: getattr(point, name) for name in ("address", "label", "may_contact", "safe_to_leave_message")}
        super().__init__(*args, **kwargs)
        self.known_kind = point.kind if point else ""
        if point:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("safe_to_leave_message") and not found.get("may_contact"):
            self.add_error("safe_to_leave_message", "Permission to use this address comes first.")
        if found.get("address") and (self.known_kind or found.get("kind")) == Kind.MAIL:
            try:
                validate_email(found["address"])
            except forms.ValidationError as error:
                self.add_error("address", error)
        return found


class RepresentativeForm(forms.Form):
    """Who stands for the client, by what authority, from when to when (RG-12)."""

    relation = forms.ChoiceField(
        label="Who they are", choices=[(each.value, str(each.label).capitalize()) for each in Representative.Relation]
    )
    name = text("Name", required=True)
    phone = text("Phone", longest=40, inputmode="tel")
    authority = text(
        "Authority", longest=300, required=True, help_text="What it rests on, such as: joint legal custody, order of 12 March."
    )
    since = day("From", help_text="Left empty: from today.")
    until = day("Until", help_text="Left empty: until it is ended.")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begin, end = found.get("since") or today(), found.get("until")
        if "since" in found and end and end <= begin:
            self.add_error("until", "The authority must end after it begins.")
        if not self.errors:
            found["since"], found["until"] = midnight(begin), midnight(end)
        return found
