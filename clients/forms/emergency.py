"""Opening a record in an emergency, and reviewing that somebody did."""

from __future__ import annotations

from typing import Any

from django import forms

from clients.emergency import policy

from .fields import text

LONGEST = 4000
_MINUTE = 60


def _sentences(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST, required=required, help_text=help_text, widget=widget)


class EmergencyForm(forms.Form):
    """Whose record, why, for how long, and whether the client is told."""

    who = text(
        "The client's code or name", required=True, spellcheck="false", autocapitalize="none",
        help_text="The whole code, or given and family name as they are on file. Nothing is guessed and nothing is listed.",
    )  # fmt: skip
    reason = _sentences(
        "What happened", help_text="Why you need this record now and cannot wait for the care team. Whoever reviews this reads it."
    )
    minutes = forms.IntegerField(label="For how many minutes", min_value=1)
    quiet = forms.BooleanField(label="Do not tell the client in the portal yet", required=False)
    untold_reason = _sentences(
        "Why they should not be told", required=False, help_text="Only where you ticked the box. The reviewer decides again."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = int(policy().longest.total_seconds() // _MINUTE)
        field = forms.IntegerField(label="For how many minutes", min_value=1, max_value=longest, initial=policy().minutes)
        field.help_text = "It ends by itself, after a day at the latest."
        field.widget.attrs["inputmode"] = "numeric"
        self.fields["minutes"] = field

    def clean_reason(self) -> str:
        """The reason; raises ValidationError unless it is words."""
        words: str = self.cleaned_data["reason"].strip()
        if len(words) < policy().shortest_reason or len(words.split()) < 2:
            raise forms.ValidationError("Say it in a sentence: the reviewer was not there. (SE-2)")
        return words

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        found["untold_reason"] = found.get("untold_reason", "").strip() if found.get("quiet") else ""
        if found.get("quiet") and not found["untold_reason"]:
            self.add_error("untold_reason", "The client is told by default. Say why not.")
        return found


class EmergencyReviewForm(forms.Form):
    """What the reviewer found, and what follows."""

    findings = _sentences("What you found", help_text="What was opened, whether the reason holds, whom you asked.")
    upheld = forms.ChoiceField(
        label="Was it right?", widget=forms.RadioSelect,
        choices=[("yes", "Yes: there was an emergency, and what was opened was needed"), ("no", "No: or not all of it")],
    )  # fmt: skip
    incident = forms.BooleanField(
        label="This opens an incident", required=False, help_text="The privacy officer assesses it as a possible breach."
    )
    quiet = forms.BooleanField(label="The client is still not to be told", required=False)
    untold_reason = _sentences("Why they should not be told", required=False)

    def __init__(self, *args: Any, told: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if told:  # what was told is told
            del self.fields["quiet"], self.fields["untold_reason"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        found["untold_reason"] = found.get("untold_reason", "").strip() if found.get("quiet") else ""
        if found.get("quiet") and not found["untold_reason"]:
            self.add_error("untold_reason", "The client is told by default. Say why not.")
        return found
