"""What a locked page sends to be opened again."""

from __future__ import annotations

from django import forms

from practice.limits import LONGEST_PASSWORD


class AgainForm(forms.Form):
    """The mark of the page's person, with a password (first step) or a code (second step); and what the session was set to."""

    person = forms.CharField(max_length=200)
    password = forms.CharField(max_length=LONGEST_PASSWORD, strip=False, required=False)
    code = forms.CharField(max_length=100, required=False)
    open_room = forms.BooleanField(required=False)
    shortcuts_off = forms.BooleanField(required=False)
