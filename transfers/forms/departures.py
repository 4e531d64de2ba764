"""Preparing somebody's leaving, and ending it."""

from __future__ import annotations

from django import forms

from clients.forms.fields import day
from disclosures.forms.accounting import words


class BeginForm(forms.Form):
    """The last day."""

    last_day = day("Last day", required=True, help_text="Nothing ends by this. They and the admins see from now on what is left to do.")


class EndForm(forms.Form):
    """What is left, where something is."""

    left_words = words(
        "What is left, who sees to it, and why it cannot wait", required=False,
        help_text="Needed only where something is left. It stays with the leaving.",
    )  # fmt: skip
