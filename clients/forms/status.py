"""Where a client stands: the plain steps, discharge, archive and coming back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.clock import today
from clients.models import Client
from clients.models.steps import ENDED, STEPS

from .fields import day

Status = Client.Status

# Why the work ended, as it is offered and kept.
ENDINGS = {
    "reached": "Goals reached",
    "wish": "The client's wish",
    "referred": "Referred elsewhere",
    "silent": "No contact any more",
    "moved": "Moved away",
    "scope": "Outside what we can offer",
    "died": "The client died",
    "other": "Another reason",
}
# Why an enquiry came to nothing.
CLOSINGS = {
    "silent": "They did not answer any more",
    "wish": "They changed their mind",
    "place": "No place was free",
    "scope": "Outside what we can offer",
    "referred": "Referred elsewhere",
    "twice": "Entered by mistake, or twice",
    "other": "Another reason",
}
_WORDS = 1000  # letters


def sentences(label: str, *, required: bool, help_text: str = "") -> forms.CharField:
    """Some sentences, which are sealed."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=_WORDS,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


def _reason(chosen: str, words: str) -> str:
    said = words.strip()
    return f"{chosen}. {said}" if said else chosen


def _choices(statuses: Iterable[Status]) -> list[tuple[str, str]]:
    return [(status.value, str(status.label).capitalize()) for status in statuses]


class StatusForm(forms.Form):
    """The steps that need no reason: those that neither end the work nor begin it again."""

    status = forms.ChoiceField(label="Status", widget=forms.RadioSelect)

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = Status(client.status)
        plain = () if now in ENDED else [status for status in STEPS[now] if status not in ENDED]
        self.fields["status"].choices = _choices(plain)  # type: ignore[attr-defined]  # a choice field


class ArchiveForm(forms.Form):
    """Why the record is put away."""

    reason = sentences("Why", required=True, help_text="Sealed; the care team can read it.")


class EnquiryCloseForm(forms.Form):
    """Why an enquiry is closed: a choice, and words where they help."""

    ending = forms.ChoiceField(label="Why", choices=[("", "Choose…"), *CLOSINGS.items()])
    words = sentences("In your words", required=False, help_text="Sealed; the front desk can read it, and whoever may counsel them later.")

    @property
    def reason(self) -> str:
        """What is kept as the reason: the choice in words, and the words."""
        return _reason(CLOSINGS[self.cleaned_data["ending"]], self.cleaned_data["words"])


class EnquiryReopenForm(forms.Form):
    """Why a closed enquiry is opened again."""

    reason = sentences("Why", required=True, help_text="Sealed; the front desk can read it, and whoever may counsel them later.")


class ReopenForm(forms.Form):
    """As what the client comes back, and why."""

    status = forms.ChoiceField(label="They come back as", widget=forms.RadioSelect)
    reason = sentences("Why", required=True, help_text="Sealed; the care team can read it.")

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = _choices([Status.ACTIVE, Status.INTAKE])
        if client.status == Status.ARCHIVED:
            offered.append((Status.DISCHARGED.value, "Discharged: only out of the archive"))
        self.fields["status"].choices = offered  # type: ignore[attr-defined]  # a choice field


class DischargeForm(forms.Form):
    """The day and the reason, which planned sessions go, and that what is unfinished is left knowingly."""

    on = day("Day of discharge", required=True)
    ending = forms.ChoiceField(label="Why", choices=[("", "Choose…"), *ENDINGS.items()])
    words = sentences("In your words", required=False, help_text="Sealed; the care team can read it.")
    cancel = forms.MultipleChoiceField(
        label="Planned sessions to cancel",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Those you leave ticked are cancelled with the discharge.",
    )
    leave = forms.BooleanField(
        label="I leave this unfinished, and know that it stays in the list of what needs attention",
        error_messages={"required": "Finish what is listed above first, or say that you leave it."},
    )

    def __init__(self, *args: Any, client: Client, coming: list[tuple[str, str]], unfinished: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begun = timezone.localdate(client.since)
        self.fields["cancel"].choices = coming  # type: ignore[attr-defined]  # a choice field
        self.initial.setdefault("cancel", [key for key, _ in coming])
        self.initial.setdefault("on", today())
        for name, needed in (("cancel", bool(coming)), ("leave", unfinished)):
            if not needed:
                del self.fields[name]

    def clean_on(self) -> datetime.date:
        """A day since the client came and not to come; raises ValidationError."""
        chosen: datetime.date = self.cleaned_data["on"]
        if not self.begun <= chosen <= today():
            raise ValidationError(f"Choose a day between {self.begun:%-d %b %Y}, when they came, and today.")
        return chosen

    @property
    def reason(self) -> str:
        """What is kept as the reason: the choice in words, and the words."""
        return _reason(ENDINGS[self.cleaned_data["ending"]], self.cleaned_data["words"])

    @property
    def cancelled(self) -> list[str]:
        """The ids of the planned sessions to cancel."""
        found: list[str] = self.cleaned_data.get("cancel", [])
        return found
