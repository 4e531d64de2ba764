"""Putting off, proposing, approving, taking back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import capfirst

from clients.forms.fields import StaffField, day, text
from disclosures.forms.accounting import words
from practice.models import User
from retention.models import Batch, Item, Standing


class SnoozeForm(forms.Form):
    """Until when, and why."""

    until = day("Do not ask before", required=True)
    reason = words("Why", help_text="It stays with the record.")


class CodeField(forms.CharField):
    """The code of one client, typed to confirm."""

    def __init__(self, code: str) -> None:
        errors = {"required": "Type the code to confirm."}
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(label=f"Code of {code}", max_length=60, help_text="Type it as it is shown.", error_messages=errors, widget=widget)
        self.code = code

    def clean(self, value: object) -> str:
        """The code; raises ValidationError if another was typed."""
        typed: str = super().clean(value)
        if typed.strip().casefold() != self.code.casefold():
            raise forms.ValidationError("This is not the client's code. Type it as it is shown.")
        return typed


class ProposeForm(forms.Form):
    """How, whom to ask, and the code of each record that was ticked."""

    method = forms.ChoiceField(
        label="How", choices=[(key, capfirst(said)) for key, said in Batch.Method.choices], widget=forms.RadioSelect,
        initial=Batch.Method.CRYPTO,
    )  # fmt: skip
    asked = StaffField(label="Who approves", help_text="An admin or a counselor, and not you (RET-25).")

    def __init__(self, data: Any, *, rows: Sequence[Standing], people: Iterable[User]) -> None:
        super().__init__(data)
        people = list(people)
        self.rows = rows
        if people:
            self.fields["asked"].offer(people, nobody="Choose")  # type: ignore[attr-defined]  # a StaffField
        else:
            del self.fields["asked"]
        for row in rows:
            self.fields[f"code-{row.client_id}"] = CodeField(row.client.code)

    def typed(self) -> dict[UUID, str]:
        """What was typed for each."""
        return {row.client_id: self.cleaned_data[f"code-{row.client_id}"] for row in self.rows}


class ApproveForm(forms.Form):
    """The code of each; a witness or a vendor's certificate where nobody else is here."""

    witness = text("Witness", longest=200, help_text="Who was there, by name and role.")
    vendor = text("Vendor's certificate", longest=200, help_text="Who issued it, its number and day.")

    def __init__(self, data: Any, *, items: Sequence[Item], outside: bool) -> None:
        super().__init__(data)
        self.items = items
        if not outside:
            del self.fields["witness"]  # the second person is one
        for item in items:
            self.fields[f"code-{item.client_id}"] = CodeField(item.code)

    def typed(self) -> dict[UUID, str]:
        """What was typed for each."""
        return {item.client_id: self.cleaned_data[f"code-{item.client_id}"] for item in self.items}


class TakeBackForm(forms.Form):
    """Which, and why."""

    items = forms.MultipleChoiceField(label="Which records", widget=forms.CheckboxSelectMultiple)
    why = words("Why it is taken back")

    def __init__(self, data: Any, *, items: Sequence[Item]) -> None:
        super().__init__(data)
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(item.pk), item.code) for item in items]
        field.initial = [str(item.pk) for item in items]

    def chosen(self) -> list[UUID]:
        """The items that were ticked."""
        return [UUID(key) for key in self.cleaned_data["items"]]
