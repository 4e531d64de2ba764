"""What is asked of paper: cabinets and keys, a new file, taking out, bringing back, scanning."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from audit import clock
from practice.models import User
from review.forms.asked import sentences
from review.forms.reviews import PersonField

from .models import Cabinet, KeyHolder, Lock
from .rules import same_day

_MINUTE = "%Y-%m-%dT%H:%M"


class RowField(forms.ChoiceField):
    """One of some rows; ``clean`` gives the row."""

    def among(self, rows: list[Any], words: Any) -> None:
        """Offer ``rows``, each called as ``words`` says."""
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [("", "Choose…"), *((key, words(row)) for key, row in self.rows.items())]

    def clean(self, value: Any) -> Any:
        """The row; raises ValidationError for one that was not offered."""
        found = super().clean(value)
        return self.rows[found] if found else None


class LockForm(forms.Form):
    """A lock."""

    lock_name = forms.CharField(label="Name of the lock", max_length=40, help_text="What is stamped on it, such as “L3”.")
    originator = PersonField(label="For the psychotherapy notes of", required=False, help_text="Then nobody else is given a key (PA-6).")

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["originator"].among(people)  # type: ignore[attr-defined]  # ours


class CabinetForm(forms.Form):
    """A cabinet behind a lock."""

    name = forms.CharField(label="Name of the cabinet", max_length=40)
    place = forms.CharField(label="Where it stands", max_length=60)
    lock = RowField(label="Behind which lock", help_text="There is no cabinet without a lock (PA-1).")

    def __init__(self, *args: Any, locks: list[Lock], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lock"].among(locks, lambda row: row.name)  # type: ignore[attr-defined]  # ours


class KeyForm(forms.Form):
    """Who is given a key."""

    key_lock = RowField(label="Key of which lock")
    person = PersonField(label="Who is given it")

    def __init__(self, *args: Any, locks: list[Lock], people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key_lock"].among(locks, lambda row: row.name)  # type: ignore[attr-defined]  # ours
        self.fields["person"].among(people)  # type: ignore[attr-defined]  # ours


class ReturnedKeyForm(forms.Form):
    """Which key is back."""

    key = RowField(label="Which key is back")

    def __init__(self, *args: Any, keys: list[KeyHolder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].among(keys, lambda row: f"{row.lock.name}, {row.person.name}")  # type: ignore[attr-defined]  # ours


class FileForm(forms.Form):
    """A new file of a client."""

    cabinet = RowField(label="In which cabinet")
    apart = forms.BooleanField(
        label="My psychotherapy notes", required=False, help_text="Behind a lock of their own, of which you alone have the key (PA-6)."
    )

    def __init__(self, *args: Any, cabinets: list[Cabinet], counsels: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cabinet"].among(cabinets, lambda row: f"{row.name}, {row.place}")  # type: ignore[attr-defined]  # ours
        if not counsels:
            del self.fields["apart"]


class OutForm(forms.Form):
    """Why a file is taken, where to, how, until when."""

    purpose = forms.CharField(label="What for", max_length=200)
    destination = forms.CharField(label="Where to", max_length=200, required=False, help_text="Needed where it leaves the house.")
    off_site = forms.BooleanField(
        label="It leaves the house", required=False, help_text="An admin approves it first. It travels in a locked bag (PA-2)."
    )
    locked = forms.BooleanField(label="In a locked bag", required=False)
    due_at = forms.DateTimeField(
        label="Back by", input_formats=[_MINUTE, "%Y-%m-%d %H:%M"], help_text="The same day if nothing else is said; 24 hours at most.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("due_at", same_day(timezone.localtime(clock.now())))

    def clean_due_at(self) -> datetime.datetime:
        """A moment of these years; raises ValidationError."""
        found: datetime.datetime = self.cleaned_data["due_at"]
        if not 2000 < found.year < 2200:
            raise forms.ValidationError("Choose a moment within the next day.")
        return found


class BackForm(forms.Form):
    """In which state it came back."""

    condition = sentences("In which state", required=False, help_text="Left empty: whole, as it went.")


class PagesForm(forms.Form):
    """How many pages were counted."""

    pages = forms.IntegerField(label="Pages that you counted", min_value=1, max_value=100_000)


class VerifyForm(forms.Form):
    """What the second person found."""

    counted = forms.IntegerField(label="Pages of the scan that you counted", min_value=1, max_value=100_000)
    legible = forms.BooleanField(label="I looked at every page, and can read it", required=False)
