"""Offering a client, telling them, answering."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from clients.forms.fields import ConfirmedForm, day
from clients.forms.team import StaffForm
from clients.models.team import REASONS, TRANSFERS, WITHHELD
from disclosures.forms.accounting import words
from practice.deadlines import after_days
from practice.models import User
from transfers import law
from transfers.actions import Offer, Telling
from transfers.models import Transfer

_TOLD = [
    (Transfer.Told.NOT_YET, "Not yet: I write it down here later. The colleague can accept once it is done."),
    (Transfer.Told.TOLD, "Told"),
    (Transfer.Told.AGREES, "Told, and agrees in writing"),
    (Transfer.Told.UNTOLD, "Cannot be told"),
]


class TellForm(forms.Form):
    """Whether the client is told: when, how, and what they said, or why they cannot be."""

    told = forms.ChoiceField(label="Is the client told?", choices=_TOLD, widget=forms.RadioSelect)
    told_on = day("When")
    told_how = forms.ChoiceField(
        label="How", required=False, choices=[("", "Choose…"), *((v, w.capitalize()) for v, w in Transfer.How.choices)]
    )
    told_words = words("What they said to it, or why they cannot be told", required=False, rows=2)

    def telling(self) -> Telling:
        """What was said of it."""
        found = self.cleaned_data
        return Telling(found["told"], found["told_on"], found["told_how"], found["told_words"])


class OfferForm(TellForm, StaffForm):
    """To whom, why, what of the record, until when, and whether the client is told."""

    ground = forms.ChoiceField(label="Why", choices=[(code, REASONS[code].capitalize()) for code in TRANSFERS])
    reason = words(
        "The reason, in a sentence or two",
        help_text="The colleague reads it before they answer, with the client's code and no name. Write nothing that tells who it is.",
    )
    parts = forms.MultipleChoiceField(
        label="What they will be able to open of what is there", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(part, label.capitalize()) for part, label in WITHHELD],
        help_text="Name, contacts, consents, sessions and disclosures go along. Psychotherapy notes never do: they stay with their author.",
    )  # fmt: skip
    ends_on = day("Last day of the former access", required=True)
    field_order = ["person", "ground", "reason", "parts", "ends_on", "told", "told_on", "told_how", "told_words"]

    def __init__(self, *args: Any, people: Iterable[User], today: Any, **kwargs: Any) -> None:
        days, most = law.ending()
        initial = {"ends_on": after_days(today, days), "parts": [part for part, _ in WITHHELD], "told": Transfer.Told.NOT_YET}
        super().__init__(*args, people=people, label="To whom", initial=initial, **kwargs)
        help_text = f"Yours, and that of everybody else of the team. From the day they accept, at most {most} days from now."
        self.fields["ends_on"].help_text = help_text

    def offer(self) -> Offer:
        """What was asked."""
        found = self.cleaned_data
        shut = [part for part, _ in WITHHELD if part not in found["parts"]]
        return Offer(found["person"], found["ground"], found["reason"], found["ends_on"], shut, self.telling())


class DeclineForm(forms.Form):
    """Why somebody does not take a client."""

    why = words("Why", rows=2, help_text="Whoever offers the client reads it.")


class EarlierForm(ConfirmedForm):
    """Opening what a transfer left shut, confirmed by the client's code."""
