"""Preparing an agreement of supervision, and signing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from clients.forms.fields import StaffField, day
from practice.models import User
from practice.roles import Role
from practice.states import STATES
from supervision.actions.agreements import Terms
from supervision.law.boards import boards
from supervision.models import Agreement

from .words import line, words


class TermsForm(forms.Form):
    """On what terms."""

    board = forms.ChoiceField(label="Licensing board of the supervisee")
    formats = forms.MultipleChoiceField(
        label="How you meet", widget=forms.CheckboxSelectMultiple, choices=[(v, str(w).capitalize()) for v, w in Agreement.Format.choices]
    )
    since = day("First day", required=True)
    until = day("Last day", required=True, help_text="On it access and co-signature end by themselves.")
    licence_number = line("Supervisor's license number", most=40)
    licence_state = forms.ChoiceField(label="State of that license", choices=[("", "Choose…"), *STATES])
    licence_from = day("Issued on", required=True)
    licence_until = day("Expires on", required=True)
    cover = words("In an emergency", help_text="Who is asked when the supervisor cannot be reached, and how.")
    fees = words("Fees", help_text="What is paid and when, or that nothing is.", rows=2)
    terms = words("Anything else you agree on", required=False)
    self_employed = forms.BooleanField(label="The supervisee is self-employed", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].choices = [("", "Choose…"), *((key, board.words) for key, board in boards().items())]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        found: dict[str, Any] = super().clean() or {}
        for first, last in (("since", "until"), ("licence_from", "licence_until")):
            if found.get(first) and found.get(last) and found[last] < found[first]:
                self.add_error(last, "This day is before the first.")
        return found

    def terms_said(self) -> Terms:
        """What was typed."""
        return Terms(**{name: self.cleaned_data[name] for name in Terms.__dataclass_fields__})


class PrepareForm(TermsForm):
    """Between whom, and on what terms."""

    supervisor = StaffField(label="Supervisor")
    supervisee = StaffField(label="Supervisee")
    field_order = ["supervisor", "supervisee"]

    def __init__(self, *args: Any, people: Iterable[User], by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(people)
        for name, role in (("supervisor", Role.SUPERVISOR), ("supervisee", Role.COUNSELOR)):
            field = self.fields[name]
            assert isinstance(field, StaffField)
            field.offer([each for each in people if each.holds(role)], nobody="Choose…")
        self.by = by

    def clean(self) -> dict[str, Any]:
        """Two people; one of them prepares it, or an admin."""
        found = super().clean()
        pair = {found.get("supervisor"), found.get("supervisee")}
        if found.get("supervisor") and found.get("supervisor") == found.get("supervisee"):
            self.add_error("supervisee", "Nobody supervises themself.")
        elif None not in pair and self.by not in pair and not self.by.holds(Role.ADMIN):
            self.add_error("supervisee", "One of the two prepares it, or an admin: choose yourself on one side.")
        return found


class ShownForm(forms.Form):
    """The fingerprint of what the page showed."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
