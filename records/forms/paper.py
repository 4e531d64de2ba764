"""Which part of a record goes on paper."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from audit import clock
from clients.forms.fields import EARLIEST
from records.models import Kind

from . import FARTHEST_AHEAD, capitalised


class ChartForm(forms.Form):
    """Which part of a record goes on paper: the list of sessions, kinds of notes, and the days they are of.

    Nothing is chosen beforehand but the list and the last three months: nobody gets the whole chart by not looking.
    """

    sessions = forms.BooleanField(label="The list of sessions", required=False, initial=True)
    kinds = forms.MultipleChoiceField(
        label="Signed notes",
        required=False,
        choices=[choice for choice in capitalised(Kind.choices) if choice[0] != Kind.PSYCHOTHERAPY],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the kinds shown: no other kind of note is ever part of this (REC-1)."},
    )
    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label="To, that day included", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        """Checks that something is chosen and that the days are days, in their order."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not data["sessions"] and not data["kinds"]:
            self.add_error(None, "Choose the list of sessions, or at least one kind of note.")
        if {"since", "until"} <= data.keys():
            self._clean_days(data["since"], data["until"])
        return data

    def _clean_days(self, since: datetime.date, until: datetime.date) -> None:
        last = clock.today() + FARTHEST_AHEAD
        if not EARLIEST <= since <= last:
            self.add_error("since", "Choose a day between 1900 and two years from now.")
        elif not EARLIEST <= until <= last:
            self.add_error("until", "Choose a day between 1900 and two years from now.")
        elif until < since:
            self.add_error("until", "This day comes before the first one.")

    def span(self) -> tuple[datetime.datetime, datetime.datetime]:
        """The first moment of the days chosen, and the first one after them, by the practice's clock."""
        first, last = self.cleaned_data["since"], self.cleaned_data["until"] + datetime.timedelta(days=1)
        start, end = (datetime.datetime.combine(day, datetime.time()) for day in (first, last))
        return timezone.make_aware(start), timezone.make_aware(end)


def fresh_chart() -> dict[str, Any]:
    """What an empty form shows: the last three months."""
    today = clock.today()
    return {"sessions": True, "since": today - datetime.timedelta(days=91), "until": today}
