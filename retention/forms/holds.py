"""Placing a hold and releasing it."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst

from audit.clock import today
from clients.forms.fields import day
from disclosures.forms.accounting import words
from retention.models import Hold


class HoldForm(forms.Form):
    """Why, on what ground, since when."""

    ground = forms.ChoiceField(
        label="Because of", choices=[(key, capfirst(said)) for key, said in Hold.Ground.choices], widget=forms.RadioSelect
    )
    reason = words("Why", help_text="Who asked, or what may come. The care team and the admins read it.")
    since = day("From", help_text="Today, or the day on which you learned of it.")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as a form is made
        self.fields["since"].initial = today


class ReleaseForm(forms.Form):
    """Why it is over."""

    reason = words("Why it is released", help_text="What is over, and who says so. It stays with the hold.")
