"""A request for the accounting: who asks, more time, the fee."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from disclosures.actions import Asked
from disclosures.models import AccountingRequest

from .accounting import day, line, words


class AskForm(forms.Form):
    """Who asks, how that is known, and for which days."""

    whom = forms.ChoiceField(
        label="Who asks", choices=[(value, label.capitalize()) for value, label in AccountingRequest.Whom.choices], widget=forms.RadioSelect
    )
    name = line("Their name")
    verified = words("How you know that it is them", rows=2, help_text="Such as: known in person, or an ID that you looked at (AU-9).")
    received_on = day("When the request came in")
    since = day("From", required=False, help_text="Empty: the last six years.")
    until = day("To, that day included", required=False, help_text="Empty: the day of the request.")

    def asked(self) -> Asked:
        """What was said."""
        return Asked(**self.cleaned_data)


class ExtendForm(forms.Form):
    """Why it takes longer."""

    reasons = words("Why it takes longer", help_text="The letter says it in these words, with the new day (ACC-5).")


class FeeForm(forms.Form):
    """What it costs."""

    fee = forms.DecimalField(
        label="What it costs, in dollars", min_value=Decimal("0.01"), max_value=Decimal(999), decimal_places=2,
        help_text="No more than it costs you. Tell them now: they may withdraw, or ask for fewer days (ACC-6).",
    )  # fmt: skip


class GiveForm(forms.Form):
    """That somebody looked."""

    looked = forms.BooleanField(
        label="I looked at the reports and warnings in it: giving them endangers nobody", required=False,
        help_text="Only where the page says that there are any.",
    )  # fmt: skip
