"""What is asked of training, sanctions, vendors and devices."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator

from breaches.models import Incident
from paper.forms import RowField
from practice.files import ACCEPTED, too_large
from practice.models import User
from review.forms.asked import sentences
from review.forms.reviews import PersonField
from review.schedule import kinds

from .actions import Seen
from .actions.evidence import GIVES
from .actions.training import File
from .actions.vendors import LONGEST_BREACH_DAYS
from .inventory import SERVICES
from .models import Device, Sanction, Vendor
from .rules import courses

_YEARS = [MinValueValidator(datetime.date(1990, 1, 1)), MaxValueValidator(datetime.date(2199, 12, 31))]


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day of these two centuries."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget, validators=_YEARS)


class PaperField(forms.FileField):
    """A file that may be added; ``clean`` gives its name and its bytes. The sieve looks at it later."""

    def __init__(self, label: str) -> None:
        widget = forms.FileInput(attrs={"accept": ACCEPTED})
        help_text = "PDF, picture or plain text, at most 10 MB."
        super().__init__(label=label, required=False, help_text=help_text, max_length=255, allow_empty_file=True, widget=widget)

    def clean(self, data: Any, initial: Any = None) -> File | None:
        """Name and bytes, or None; raises ValidationError for one that is too large."""
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        if (file.size or 0) > settings.DOCUMENT_BYTES:
            refusal = too_large()
            raise forms.ValidationError(f"{refusal.words} {refusal.todo}")
        return str(file.name), file.read()


class AmongPeople(forms.Form):
    """A form that asks for a person, under ``person``."""

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].among(people)  # type: ignore[attr-defined]  # ours


class TrainingForm(AmongPeople):
    """In what somebody was trained."""

    person = PersonField(label="Who was trained")
    course = forms.ChoiceField(label="In what")
    held_on = day("On which day")
    given_by = forms.CharField(label="Who gave it", max_length=200, help_text="A person, a school, or the name of a course.")
    content = sentences("What was covered", required=False, help_text="Left empty: what the course names.")
    file = PaperField("Certificate")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = [(key, course.title) for key, course in courses().items()]  # type: ignore[attr-defined]  # a choice field


class SanctionForm(AmongPeople):
    """What somebody did."""

    person = PersonField(label="Who")
    violation = sentences("What was violated", help_text="Without any client's name. The person reads it once it is decided.")
    happened_on = day("On which day")
    incident = RowField(label="In which incident", required=False)

    def __init__(self, *args: Any, incidents: list[Incident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident"].among(incidents, lambda row: row.number)  # type: ignore[attr-defined]  # ours


class DecisionForm(forms.Form):
    """What comes of it."""

    decision = forms.ChoiceField(label="Decision", choices=Sanction.Decision.choices, widget=forms.RadioSelect)
    action = sentences("What is done, and why", help_text="The person reads it. It cannot be changed afterwards.")


class VendorForm(forms.Form):
    """Who does what for the practice."""

    name = forms.CharField(label="Name", max_length=80)
    services = sentences("What they do for us")
    sees_records = forms.BooleanField(label="Something of clients reaches them", required=False, help_text="Sealed or not (SE-18).")
    runs = forms.MultipleChoiceField(
        label="Services of this installation that are theirs", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each.key, each.title) for each in SERVICES.values()],
    )  # fmt: skip
    subcontractors = sentences("Whom they use in turn", required=False)


class AgreementForm(forms.Form):
    """An agreement."""

    signed_on = day("Signed on")
    ends_on = day("Ends on", required=False, help_text="Left empty: until one of the two ends it.")
    breach_days = forms.IntegerField(label="They tell us of a breach within how many days", min_value=0, max_value=LONGEST_BREACH_DAYS)
    words = sentences("Anything to add", required=False)
    file = PaperField("The agreement")


class EndForm(forms.Form):
    """The end of what a vendor did."""

    ended_on = day("Ended on")
    how = forms.ChoiceField(label="What they held of ours", choices=Vendor.Ending.choices, widget=forms.RadioSelect)
    how_known = sentences("Who confirmed it, and where that is kept")


class _SeenForm(forms.Form):
    """What somebody saw who looked at a device."""

    disk = forms.ChoiceField(
        label="Its disk is", choices=[(key, str(said).capitalize()) for key, said in Device.Disk.choices], initial=Device.Disk.YES
    )
    system = forms.CharField(label="System and version", max_length=60, required=False)
    patched_on = day("Updates are in, seen on", required=False)

    @property
    def seen(self) -> Seen:
        """What was seen."""
        return Seen(self.cleaned_data["disk"], self.cleaned_data["system"], self.cleaned_data["patched_on"])


class DeviceForm(_SeenForm, AmongPeople):
    """A device."""

    label = forms.CharField(label="Label", max_length=40, help_text="What stands on it, such as “WS-07”.")
    kind = forms.ChoiceField(label="Kind", choices=[(key, str(words).capitalize()) for key, words in Device.Kind.choices])
    person = PersonField(label="Who uses it", required=False)
    owned_here = forms.BooleanField(label="It belongs to the practice", required=False, initial=True)
    field_order = ("label", "kind", "person", "owned_here", "disk", "system", "patched_on")


class SeenForm(_SeenForm):
    """A look at a device."""


class MoveForm(AmongPeople):
    """Who uses a device from now on."""

    person = PersonField(label="Who uses it from now on", required=False, help_text="Left empty: nobody.")


class LoseForm(forms.Form):
    """A device is lost."""

    lost_words = sentences("What is known", required=False, help_text="Where it was last, and since when. Without any client's name.")


class EvidenceForm(forms.Form):
    """Of which review the list is evidence."""

    rule = forms.ChoiceField(label="Which list", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(rule, f"{kinds()[rule].title} ({rule})") for rule in GIVES]  # type: ignore[attr-defined]  # a choice field


class FindForm(forms.Form):
    """A device is back."""

    found_words = sentences("Where it was", required=False)


class RetireForm(AmongPeople):
    """The end of a device."""

    method = forms.ChoiceField(label="What was on it", choices=Device.Method.choices, widget=forms.RadioSelect)
    person = PersonField(label="Who saw it", required=False, help_text="Somebody else than you.")
    how_words = sentences("How, and where the proof is", required=False)
