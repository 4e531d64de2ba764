"""Evidence, findings, actions and handing over, of a review of safeguards."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from practice.files import ACCEPTED, too_large
from practice.models import User
from review.schedule import kinds

from .asked import sentences


def day(label: str, help_text: str = "") -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PersonField(forms.ChoiceField):
    """One of some people, by name; ``clean`` gives the person."""

    def among(self, people: list[User]) -> None:
        """Offer ``people``."""
        self.people = {str(person.pk): person for person in people}
        names = sorted((str(person.name), key) for key, person in self.people.items())
        self.choices = [("", "Choose…"), *((key, name) for name, key in names)]

    def clean(self, value: Any) -> User | None:
        """The person; raises ValidationError for anybody who was not offered."""
        found = super().clean(value)
        return self.people[found] if found else None


class EvidenceForm(forms.Form):
    """What somebody held in hand: a line, or a file."""

    key = forms.ChoiceField(label="Evidence of")
    words = sentences("What you looked at", required=False, help_text="In figures and words, without any client.")
    file = forms.FileField(
        label="File", required=False, help_text="PDF, picture or plain text, at most 10 MB.", max_length=255, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = list(kinds()[kind].evidence.items())  # type: ignore[attr-defined]  # a choice field

    def clean_file(self) -> UploadedFile | None:
        """The file, if there is one; raises ValidationError if it is too large."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > settings.DOCUMENT_BYTES:
            refusal = too_large()
            raise forms.ValidationError(f"{refusal.words} {refusal.todo}")
        return file


class FindingsForm(forms.Form):
    """What was found."""

    findings = sentences("What you found", required=False, help_text="Leave it empty if nothing was wrong. It is final.")


class ActionForm(forms.Form):
    """What is to be done, by whom, by when."""

    words = sentences("What is to be done")
    owner = PersonField(label="Who sees to it")
    due_on = day("By when")

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].among(people)  # type: ignore[attr-defined]  # ours

    def clean_due_on(self) -> datetime.date:
        """A day within ten years; raises ValidationError."""
        found: datetime.date = self.cleaned_data["due_on"]
        if not 2000 < found.year < 2200:
            raise forms.ValidationError("Choose a day within the next years.")
        return found


class HandForm(forms.Form):
    """Who does the review."""

    person = PersonField(label="Who does it")

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].among(people)  # type: ignore[attr-defined]  # ours


class OutcomeForm(forms.Form):
    """What was done."""

    outcome = sentences("What was done")
