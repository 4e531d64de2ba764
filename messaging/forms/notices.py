"""Reaching somebody in danger, what a review of it found, and a line of the contact log."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from audit import clock
from clients.forms.fields import text
from clients.models import Channel, ContactPoint
from messaging.actions import Line
from messaging.models import ContactLine

_LEAVING = (Channel.SMS, Channel.VOICE, Channel.VOICEMAIL, Channel.MAIL, Channel.POST)


def words(label: str, *, longest: int = 1000, help_text: str = "") -> forms.CharField:
    """Some sentences."""
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, help_text=help_text, widget=widget)


def _labels(channels: Iterable[Channel]) -> list[tuple[str, str]]:
    return [(channel.value, str(channel.label).capitalize()) for channel in channels]


class DangerForm(forms.Form):
    """Reaching somebody in danger by a way that was not agreed (CM-7)."""

    channel = forms.ChoiceField(label="Which way", choices=_labels(_LEAVING), widget=forms.RadioSelect)
    address = text("Number or address", longest=300, required=True)
    text = words("What it says", longest=500, help_text="Others may read or hear it. Say as little as will do.")
    reason = words("What the danger is", help_text="The privacy officer reads it, and reviews what you did.")


class FindingsForm(forms.Form):
    """What a review found."""

    findings = words("What you found", longest=2000, help_text="Final. Also where all was right.")


class NoteForm(forms.Form):
    """Nothing but that somebody saw it."""


class LineForm(forms.Form):
    """One contact in a line."""

    channel = forms.ChoiceField(label="How", choices=_labels(Channel), widget=forms.RadioSelect, initial=Channel.VOICE)
    direction = forms.ChoiceField(
        label="Who reached whom", choices=[(each.value, str(each.label).capitalize()) for each in ContactLine.Direction],
        widget=forms.RadioSelect, initial=ContactLine.Direction.OUT,
    )  # fmt: skip
    on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label="Time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label="Minutes", min_value=0, max_value=1440, required=False)
    who = text("With whom, if not with the client")
    address = text("Number or address, where it matters", longest=300, help_text="Of a letter always: where it went.")
    words = text(
        "What it was about, in a line",
        longest=300,
        required=True,
        help_text="The front desk reads it: clinical words belong in a note.",
    )

    def __init__(self, points: Iterable[ContactPoint], *args: Any, **kwargs: Any) -> None:
        now = timezone.localtime(clock.now())
        kwargs["initial"] = {"on": now.date(), "time": now.time()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.known = [point.address for point in points]

    def line(self) -> Line:
        """What was written."""
        found = self.cleaned_data
        at = timezone.make_aware(datetime.datetime.combine(found["on"], found["time"]))
        return Line(found["channel"], found["direction"], at, found["words"], found["minutes"], found["who"], found["address"])


def line_values(row: ContactLine) -> dict[str, Any]:
    """What LineForm shows of a line that is corrected."""
    at = timezone.localtime(row.at)
    names = ("channel", "direction", "minutes", "who", "address", "words")
    return {name: getattr(row, name) for name in names} | {"on": at.date(), "time": at.time()}
