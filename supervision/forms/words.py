"""The fields that the forms of this room share."""

from __future__ import annotations

from django import forms

LONGEST = 8000
_PLAIN = {"autocomplete": "off", "dir": "auto", "spellcheck": "false"}


def line(label: str, *, required: bool = True, help_text: str = "", most: int = 200) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, required=required, max_length=most, help_text=help_text, widget=forms.TextInput(attrs=_PLAIN))


def words(label: str, *, required: bool = True, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A few sentences, kept as typed."""
    widget = forms.Textarea(attrs=_PLAIN | {"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONGEST, help_text=help_text, widget=widget)
