"""What a couple, family or group agreed about its record (IC-33)."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from audit.clock import today
from clients.models import UnitAgreement

from .fields import EARLIEST, day

LONGEST = 5_000
FARTHEST_AHEAD = datetime.timedelta(days=366)
SHARED = [
    ("no", "No: it stays in the record they have together"),
    ("yes", "Yes: each person who was there gets a copy of its text in their own record"),
]


def _words(label: str, help_text: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=LONGEST, help_text=help_text, widget=widget)


class AgreementForm(forms.Form):
    """One agreement. Every field is asked: what was not talked about cannot be recorded as agreed."""

    who_is_client = _words(
        "Who the client is, in writing", "Such as: the two of them as a couple; neither is an individual client in these sessions."
    )
    secrets = _words(
        "What they were told about secrets",
        "What becomes of something that one of them says alone: whether you may bring it up, and what you keep to yourself.",
    )
    shared = forms.ChoiceField(
        label="Does the shared part go into each person's own record?",
        choices=SHARED,
        widget=forms.RadioSelect,
        help_text="Its documents stay where they are either way: a file cannot be searched for another member's name (IC-34).",
    )
    since = day("Since", required=True)
    how = _words("How it was agreed", "Such as: on paper, signed by both; or said in the first session, and by whom.")

    def clean_since(self) -> datetime.date:
        """A day that can be meant."""
        since: datetime.date = self.cleaned_data["since"]
        if not EARLIEST <= since <= today() + FARTHEST_AHEAD:
            raise forms.ValidationError("Choose a day between 1900 and a year from now.")
        return since

    def clean(self) -> dict[str, Any]:
        """Turns ``shared`` into ``shared_into_records``, as the action takes it."""
        data: dict[str, Any] = super().clean() or {}
        if "shared" in data:
            data["shared_into_records"] = data.pop("shared") == "yes"
        return data


def agreement_values(agreement: UnitAgreement | None) -> dict[str, Any]:
    """What AgreementForm shows to begin with: the words of ``agreement``, dated today; who agreed how is asked anew."""
    if agreement is None:
        return {"since": today()}
    shared = "yes" if agreement.shared_into_records else "no"
    return {"who_is_client": agreement.who_is_client, "secrets": agreement.secrets, "shared": shared, "since": today()}
