"""Who may open what: assigning, ending, the supervisor, the deny list, and the filter of the Access tab."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from audit.models import Act
from practice.models import User

from .fields import ConfirmedForm, StaffField


class StaffForm(forms.Form):
    """One person of the staff, of those offered."""

    person = StaffField(label="Who")

    def __init__(self, *args: Any, people: Iterable[User], label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, StaffField)
        field.offer(people, nobody="Choose…")
        field.label = label or field.label


class DenyForm(ConfirmedForm, StaffForm):
    """Who must never open this record, and why."""

    reason = forms.CharField(
        label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Sealed; the client's counselor and the admins can read it.",
    )  # fmt: skip
    field_order = ["person", "reason", "confirm"]


class DeniedForm(StaffForm):
    """Whose entries to show: one person's, or everybody's."""

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, StaffField)
        field.required = False
        field.offer(people, nobody="Everybody")


class LinesForm(forms.Form):
    """Which lines of the trail to show."""

    person = forms.ChoiceField(label="Who", required=False)
    act = forms.ChoiceField(label="What", required=False, choices=[("", "Everything"), *Act.choices])

    def __init__(self, *args: Any, people: dict[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        named = sorted((name.casefold(), str(ident), name) for ident, name in people.items())
        field.choices = [("", "Everybody"), *((ident, name) for _, ident, name in named)]

    @property
    def conditions(self) -> dict[str, str]:
        """What to filter the lines by; nothing while the form does not pass."""
        chosen = self.cleaned_data if self.is_bound and self.is_valid() else {}
        wanted = {"actor_id": chosen.get("person"), "act": chosen.get("act")}
        return {name: value for name, value in wanted.items() if value}
