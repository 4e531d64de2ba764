"""Reporting in one minute, telling what happened, who knew when, and the finding of a near miss."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit import clock
from breaches.models import Incident
from clients.models import Client
from practice.models import User
from review.forms.asked import sentences

_EARLIEST = datetime.timedelta(days=3652)
_MINUTE = "%Y-%m-%dT%H:%M"


def moment(label: str, *, help_text: str = "", required: bool = True) -> forms.DateTimeField:
    """A day and an hour that are over."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE)
    return forms.DateTimeField(
        label=label, required=required, help_text=help_text, widget=widget, input_formats=[_MINUTE, "%Y-%m-%d %H:%M"]
    )


def day(label: str, *, help_text: str = "", required: bool = True) -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def over(found: datetime.datetime | None) -> datetime.datetime | None:
    """``found``, if it is over and not ages ago; raises ValidationError."""
    if found and found > clock.now() + datetime.timedelta(minutes=1):
        raise ValidationError("That moment is still to come.")
    if found and found < clock.now() - _EARLIEST:
        raise ValidationError("That is more than ten years ago.")
    return found


class ReportForm(forms.Form):
    """Three answers; the rest can wait."""

    what = sentences("What happened?", help_text="In your words. One sentence is enough: we ask for the rest later.")
    noticed_at = moment("When did you notice it?")
    going_on = forms.ChoiceField(label="Is it still going on?", choices=Incident.GoingOn.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("noticed_at", timezone.localtime(clock.now()))

    def clean_noticed_at(self) -> datetime.datetime | None:
        """A moment that is over; raises ValidationError."""
        return over(self.cleaned_data["noticed_at"])


class PortalReportForm(ReportForm):
    """The same, about one's own record; who may see several says whose."""

    about = forms.ChoiceField(label="Whose data is it about?", required=False)

    def __init__(self, *args: Any, records: list[Client], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.records = {str(record.pk): record for record in records}
        if len(records) < 2:
            del self.fields["about"]
        else:
            choices = [("", "I do not know"), *((key, str(record.name)) for key, record in self.records.items())]
            self.fields["about"].choices = choices  # type: ignore[attr-defined]  # a choice field

    @property
    def about_whom(self) -> Client | None:
        """Whose record it is about, if that is known."""
        one = next(iter(self.records.values())) if len(self.records) == 1 else None
        return self.records.get(self.cleaned_data.get("about", "")) or one


class StaffReportForm(ReportForm):
    """The same, and who or what may be behind it, where somebody has an idea."""

    cause = sentences("Who or what may be behind it?", required=False, help_text="Only if you know or suspect something.")
    suspects = forms.MultipleChoiceField(
        label="Colleagues who should not see this report",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Whoever may be the cause. Nothing of it will be there for them, also if they look after such reports.",
    )
    drill = forms.BooleanField(label="This is a drill: we rehearse, nothing happened", required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        names = sorted((str(person.name), key) for key, person in self.people.items())
        self.fields["suspects"].choices = [(key, name) for name, key in names]  # type: ignore[attr-defined]  # a choice field

    def clean_suspects(self) -> list[User]:
        """The people chosen, from those offered."""
        return [self.people[key] for key in self.cleaned_data["suspects"]]


class TellForm(forms.Form):
    """A part of the story, and when it happened."""

    words = sentences("Go on", help_text="What you saw and did. What you make of it belongs into the assessment.")
    at = moment("When?", required=False, help_text="Left empty, now.")

    def clean_at(self) -> datetime.datetime | None:
        """A moment that is over, or None; raises ValidationError."""
        return over(self.cleaned_data["at"])


class KnowledgeForm(forms.Form):
    """Who knew on which day."""

    day = day("On which day did they know?")
    words = sentences("Who knew, and how?")
    alone = forms.BooleanField(
        label="Only the one who did it knew", required=False, help_text="Then that day does not count as discovery (BR-5)."
    )

    def clean_day(self) -> datetime.date:
        """A day that is over or today; raises ValidationError."""
        found: datetime.date = self.cleaned_data["day"]
        if not clock.today() - _EARLIEST <= found <= clock.today():
            raise ValidationError("Choose today or a day before it, within the last ten years.")
        return found


class AwareForm(forms.Form):
    """When the practice was certain of it."""

    at = moment("When were you certain that data was affected?")
    words = sentences(
        "Why not before?", required=False, help_text="Needed where it is more than 24 hours after somebody here first knew (SB-12)."
    )

    def clean_at(self) -> datetime.datetime | None:
        """A moment that is over; raises ValidationError."""
        return over(self.cleaned_data["at"])


class StrikeForm(forms.Form):
    """Why a statement of who knew when was wrong."""

    words = sentences(
        "Why is it wrong?", help_text="What was written stays to be read. If the day of discovery moves, every clock moves with it."
    )


class SuspectForm(forms.Form):
    """Who may be the cause."""

    person = forms.ChoiceField(label="Who may be the cause?")

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        names = sorted((str(person.name), key) for key, person in self.people.items())
        self.fields["person"].choices = [("", "Choose…"), *((key, name) for name, key in names)]  # type: ignore[attr-defined]  # a choice field

    def clean_person(self) -> User:
        """The person chosen, from those offered."""
        return self.people[self.cleaned_data["person"]]


class MissForm(forms.Form):
    """Why it was a near miss, and what is learned."""

    words = sentences("What stopped it, and how do you know that nobody's data was reached?")
    lesson = sentences("What do we change, so that it does not come so near again?")
