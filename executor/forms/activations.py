"""Asking for a plan to be put to use, ending it, and how far it is with one client."""

from __future__ import annotations

from typing import Any

from django import forms

from disclosures.forms.accounting import words
from executor.actions.activations import Asking
from executor.actions.cases import Telling
from executor.models import Activation, Case


class AskForm(forms.Form):
    """Why, how it is known, and who acts."""

    ground = forms.ChoiceField(label="Why", choices=[(value, str(label).capitalize()) for value, label in Activation.Ground.choices])
    evidence = words("What happened, who says so, and where the papers are that show it")
    part = forms.ChoiceField(label="Who acts", widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, offered: dict[str, str]) -> None:
        super().__init__(data, initial={"part": next(iter(offered), "")})
        self.fields["part"].choices = list(offered.items())  # type: ignore[attr-defined]  # a choice field

    def asking(self) -> Asking:
        """What was said."""
        return Asking(**self.cleaned_data)


class EndForm(forms.Form):
    """Why it ends; whom it is about need not say."""

    why = words("Why it ends", rows=2)

    def __init__(self, data: Any = None, *, mine: bool) -> None:
        super().__init__(data)
        self.fields["why"].required = not mine


class TellForm(forms.Form):
    """Whether they were told, where they go, what they want with the record."""

    told = forms.ChoiceField(label="Told", required=False, choices=[(v, str(w).capitalize()) for v, w in Case.Told.choices])
    onward = forms.ChoiceField(label="Where they go", required=False, choices=[(v, str(w).capitalize()) for v, w in Case.Onward.choices])
    wish = forms.ChoiceField(label="Their record", required=False, choices=[(v, str(w).capitalize()) for v, w in Case.Wish.choices])
    words = words("What was said and agreed", required=False, help_text="For whoever goes on with them. Sealed with the client's own key.")

    def telling(self) -> Telling:
        """What was said."""
        return Telling(**self.cleaned_data)


class WriteForm(forms.Form):
    """By which of the ways that are open."""

    channel = forms.ChoiceField(label="By", widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, offered: dict[str, str]) -> None:
        super().__init__(data, initial={"channel": next(iter(offered), "")})
        self.fields["channel"].choices = list(offered.items())  # type: ignore[attr-defined]  # a choice field


class ReasonForm(forms.Form):
    """Why a record must be opened."""

    reason = words("What you need from the record", rows=2)
