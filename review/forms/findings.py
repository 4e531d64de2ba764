"""Explaining, deciding, and signing a month."""

from __future__ import annotations

from django import forms

from review.models import Decision

from .asked import sentences


class ExplainForm(forms.Form):
    """What the colleague says."""

    words = sentences("What did you need there?", help_text="Whoever reviews it reads your words as you write them. They are sealed.")


class DecideForm(forms.Form):
    """What was found."""

    outcome = forms.ChoiceField(label="What is it?", choices=Decision.Outcome.choices, widget=forms.RadioSelect)
    finding = sentences("What you found", help_text="What you looked at, whom you asked, why it is so. It is final.")


class MonthForm(forms.Form):
    """Which month is signed."""

    begins = forms.DateField(widget=forms.HiddenInput)
