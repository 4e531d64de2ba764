"""Papers of the file, reports of hours, and samples."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from clients.forms.fields import day
from supervision.actions.samples import MOST
from supervision.law.boards import best
from supervision.models import Paper
from supervision.papers import PLANS, Field

from .words import line, words


class DaysForm(forms.Form):
    """From which day to which."""

    begins = day("From", required=True)
    ends = day("To", required=True)

    def clean(self) -> dict[str, Any]:
        """In their order."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("begins") and found.get("ends") and found["ends"] < found["begins"]:
            self.add_error("ends", "This day is before the first.")
        return found

    def days(self) -> tuple[datetime.date, datetime.date]:
        """The two."""
        return self.cleaned_data["begins"], self.cleaned_data["ends"]


class PaperForm(DaysForm):
    """One paper, with the fields of its kind."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = PLANS[Paper.Kind(kind)]
        for name, label in zip(("begins", "ends"), self.plan.days, strict=True):
            self.fields[name].label = label
        for each in self.plan.fields:
            self.fields[each.key] = _field(each)

    def content(self) -> dict[str, Any]:
        """What it says, by key."""
        return {each.key: self.cleaned_data[each.key] for each in self.plan.fields}


def _field(each: Field) -> forms.Field:
    if each.kind == "rating":
        marks = [(str(number), str(number)) for number in range(1, best() + 1)]
        return forms.ChoiceField(label=each.label, choices=[("", "Choose…"), *marks, ("not seen", "Not seen")])
    if each.kind == "choice":
        return forms.ChoiceField(label=each.label, choices=[("", "Choose…"), *each.choices])
    made = line if each.kind == "line" else words
    return made(each.label, required=each.required, help_text=each.help)


class SignForm(forms.Form):
    """The fingerprint of what the page showed, and a comment on an evaluation."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
    comment = words("Your comment", required=False, help_text="It is part of the evaluation. Without one, sign as it is.")


class SampleForm(DaysForm):
    """How many, of which days, and why."""

    size = forms.IntegerField(label="How many notes", min_value=1, max_value=MOST, initial=3)
    reason = words("Why", rows=2, help_text="Such as: the review of each quarter. Both of you can see it.")
    field_order = ["size", "begins", "ends", "reason"]


class LookForm(forms.Form):
    """What one says to a note that was drawn."""

    remark = words("Remark", required=False, rows=2, help_text="For the file of the supervision, apart from the client's record.")
