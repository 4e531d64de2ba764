"""Keeping a record longer for a payer or by a promise, and the end of it."""

from __future__ import annotations

from django import forms

from clients.forms.fields import day
from disclosures.forms.accounting import words
from retention.payers import PROMISE, payers


def _choices() -> list[tuple[str, str]]:
    known = [(key, f"{each.name}: {each.years} years from the {_FROM[each.anchor]}") for key, each in payers().items()]
    return [*known, (PROMISE, "Another payer's contract, or a promise: until a day")]


_FROM = {"last": "last service", "contract": "end of the contract"}


class LongerForm(forms.Form):
    """Who asks, until when, and why."""

    asks = forms.ChoiceField(label="Who wants it kept longer", widget=forms.RadioSelect)
    day = day(
        "Day", help_text="Of a promise: until when. Of Medicare Advantage: when the contract ended; left out, the last service counts."
    )
    why = words("Why", help_text="Which contract, or what was promised to whom. The care team and the admins read it.")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as a form is made
        self.fields["asks"].choices = _choices()  # type: ignore[attr-defined]  # a choice field


class LongerEndForm(forms.Form):
    """Why it is over."""

    why = words("Why it ends", help_text="What was wrong, or who says that it is over. It stays with it.")
