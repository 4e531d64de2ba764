"""Beginning a meeting, writing it, adding to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

from clients.models import Client
from supervision.actions.meetings import Facts, Said, codes_of
from supervision.models import Agreement, Meeting, Part

from .words import words

_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_TEXTS = {
    "directives": ("Directives", "What the supervisee is to do, and by when."),
    "follow_up": ("What follows", "What you come back to."),
    "concerns": ("Concerns", "About the work. A plan is a paper of its own, in the file."),
}


class FactsForm(forms.Form):
    """When, how and by what."""

    date = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label="From", widget=_TIME)
    stop = forms.TimeField(label="To", widget=_TIME)
    kind = forms.ChoiceField(label="Kind", choices=[(value, str(label).capitalize()) for value, label in Agreement.Format.choices])
    medium = forms.ChoiceField(label="How you met", choices=[(value, str(label).capitalize()) for value, label in Meeting.Medium.choices])

    def clean(self) -> dict[str, Any]:
        """The two moments, aware."""
        found: dict[str, Any] = super().clean() or {}
        if {"date", "start", "stop"} <= found.keys():
            try:
                for name, time in (("starts_at", found["start"]), ("ends_at", found["stop"])):
                    found[name] = from_current_timezone(datetime.datetime.combine(found["date"], time))
            except (ValidationError, OverflowError):
                self.add_error("start", "That hour does not exist, or exists twice, on this day: the clocks are changed. Choose another.")
            if found["stop"] <= found["start"]:
                self.add_error("stop", "It ended before it began.")
        return found

    def facts(self) -> Facts:
        """What was typed."""
        return Facts(**{name: self.cleaned_data[name] for name in Facts.__dataclass_fields__})

    @staticmethod
    def of(row: Meeting) -> dict[str, Any]:
        """What the fields begin with."""
        start, stop = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
        return {"date": start.date(), "start": start.time(), "stop": stop.time(), "kind": row.kind, "medium": row.medium}


class BeginForm(FactsForm):
    """Who came, and when."""

    ident = forms.UUIDField(widget=forms.HiddenInput)
    people = forms.MultipleChoiceField(label="Who came", widget=forms.CheckboxSelectMultiple)
    field_order = ["people", "date", "start", "stop", "kind", "medium"]

    def __init__(self, *args: Any, agreements: Iterable[Agreement], of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreements = {str(row.pk): row for row in agreements}
        other = "supervisor" if of == "supervisee" else "supervisee"
        self.fields["people"].choices = [(key, str(getattr(row, other).name)) for key, row in self.agreements.items()]  # type: ignore[attr-defined]  # a choice field
        self.fields["people"].label = "Who supervised" if other == "supervisor" else "Who came"

    def chosen(self) -> list[Agreement]:
        """The agreements of those who came."""
        return [self.agreements[key] for key in self.cleaned_data["people"]]


class MeetingForm(FactsForm):
    """The meeting's words: what all share, and a part for each supervisee."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    topics = words("Topics", required=False, rows=5, help_text="What you talked about, in a few lines. Everybody who came reads this.")

    def __init__(self, *args: Any, row: Meeting, parts: Iterable[tuple[Part, list[Client]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.parts = row, list(parts)
        for part, clients in self.parts:
            self._add(part, clients)
        if not self.is_bound:
            self.initial = self.of(row) | {"version": row.version, "topics": row.topics}

    def _add(self, part: Part, clients: list[Client]) -> None:
        codes = sorted({client.code for client in clients} | {*codes_of(part)})
        cases = forms.MultipleChoiceField(
            label="Cases", required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(code, code) for code in codes], initial=codes_of(part),
            help_text="By code, of those you both may read. The meeting never stands in a client's record.",
        )  # fmt: skip
        if codes:
            self.fields[f"cases_{part.pk}"] = cases
        for name, (label, help_text) in _TEXTS.items():
            self.fields[f"{name}_{part.pk}"] = words(label, required=False, help_text=help_text)
            self.fields[f"{name}_{part.pk}"].initial = getattr(part, name)

    @property
    def sections(self) -> list[dict[str, Any]]:
        """Each part with its fields."""
        names = ("cases", *_TEXTS)
        return [
            {"part": part, "fields": [self[f"{name}_{part.pk}"] for name in names if f"{name}_{part.pk}" in self.fields]}
            for part, _ in self.parts
        ]

    def said(self) -> Said:
        """The words."""
        found = self.cleaned_data
        texts = {part.pk: {name: found[f"{name}_{part.pk}"] for name in _TEXTS} for part, _ in self.parts}
        cases = {part.pk: found[f"cases_{part.pk}"] for part, _ in self.parts if f"cases_{part.pk}" in found}
        return Said(found["topics"], texts, cases)


class RemarkForm(forms.Form):
    """What is added, and to whose part."""

    ident = forms.UUIDField(widget=forms.HiddenInput)
    part = forms.ChoiceField(label="About whom")
    text = words("What you add", rows=4, help_text="Signed as it is saved. The meeting stays as it is.")

    def __init__(self, *args: Any, parts: Iterable[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"ident": uuid4()}
        self.parts = {str(part.pk): part for part in parts}
        self.fields["part"].choices = [(key, str(part.supervisee.name)) for key, part in self.parts.items()]  # type: ignore[attr-defined]  # a choice field
        if len(self.parts) == 1:
            self.fields["part"].widget = forms.HiddenInput()
            self.fields["part"].initial = next(iter(self.parts))

    def about(self) -> tuple[Part, str, UUID]:
        """The part, the words, the id."""
        return self.parts[self.cleaned_data["part"]], self.cleaned_data["text"], self.cleaned_data["ident"]
