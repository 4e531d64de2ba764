"""What is asked of who wants a bundle, and of who approves it."""

from __future__ import annotations

from typing import Any

from django import forms

from clients.forms.fields import ConfirmedForm
from clients.models import Client
from moving.actions import Wish
from moving.models import MoveOut


def _reason() -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return forms.CharField(
        label="Why", max_length=2000, widget=widget, help_text="One sentence. The second person reads it before they answer."
    )


class PracticeForm(forms.Form):
    """A bundle of the whole practice: why, and a word typed."""

    reason = _reason()
    confirm = forms.CharField(label="Type the word “everything”", max_length=20, error_messages={"required": "Type the word to confirm."})

    def clean_confirm(self) -> str:
        """The word; raises ValidationError for another."""
        typed: str = self.cleaned_data["confirm"]
        if typed.strip().casefold() != "everything":
            raise forms.ValidationError("This is not the word. Type: everything")
        return typed

    def wish(self) -> Wish:
        """What is asked."""
        return Wish(self.cleaned_data["reason"])


class ClientForm(ConfirmedForm):
    """A bundle of one client: what for, why, and the code typed. Whoever does not counsel them has less to choose."""

    purpose = forms.ChoiceField(
        label="What for", choices=[(each.value, str(each.label).capitalize()) for each in MoveOut.Purpose], widget=forms.RadioSelect
    )
    reason = _reason()
    private = forms.BooleanField(
        label="With my own psychotherapy notes",
        required=False,
        help_text="They lie in a folder of their own, apart from the record. Colleagues' never go along, and a client's copy holds none.",
    )
    field_order = ("purpose", "reason", "private", "confirm")

    def __init__(self, *args: Any, client: Client, counsels: bool, **kwargs: Any) -> None:
        super().__init__(*args, client=client, initial={"purpose": "own"}, **kwargs)
        if not counsels:
            del self.fields["private"], self.fields["purpose"]

    def wish(self) -> Wish:
        """What is asked."""
        said = self.cleaned_data
        return Wish(said["reason"], said.get("purpose", MoveOut.Purpose.OWN), said.get("private", False))
