"""Explaining, deciding, and signing a month."""

from __future__ import annotations

from django import forms

from review.models import Decision

from .asked import sentences

OUTCOMES = [(value, label[:1].upper() + label[1:]) for value, label in Decision.Outcome.choices]


class ExplainForm(forms.Form):
    """What the colleague says."""

    words = sentences("What did you need there?", help_text="Whoever reviews it reads your words as you write them. They are sealed.")


class DecideForm(forms.Form):
    """What was found."""

    outcome = forms.ChoiceField(label="What is it?", choices=OUTCOMES, widget=forms.RadioSelect)
    finding = sentences("What you found", help_text="What you looked at, whom you asked, why it is so. It is final.")


class MonthForm(forms.Form):
    """Which month is signed."""

    begins = forms.DateField(widget=forms.HiddenInput)
