"""Asking about a line, and answering."""

from __future__ import annotations

from django import forms

LONGEST = 4000


def sentences(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """A few sentences."""
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=LONGEST, required=required, help_text=help_text, widget=widget)


class AskForm(forms.Form):
    """What the client would like to know."""

    question = sentences("What would you like to know?", help_text="The practice's privacy officers read it and answer you here.")


class AnswerForm(forms.Form):
    """What the client is answered."""

    answer = sentences("Your answer", help_text="The client reads it in the portal, beside the line. It cannot be changed afterwards.")
