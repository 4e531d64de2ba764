"""Writing a plan, and saying yes to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from clients.forms.fields import StaffField
from disclosures.forms.accounting import line, words
from executor.models import Part, Plan
from practice.models import User

_OUTSIDE = "Somebody from outside: their name below"


class PlanForm(forms.Form):
    """Who, what they may open, where things are, and the words for the day. A draft may have gaps; signing asks for all of it."""

    custodian = StaffField(label="Custodian", required=False, help_text="Goes on for you. Whoever is to act needs an account here.")
    custodian_name = line("Custodian's name, if from outside", required=False)
    custodian_licence = line("Custodian's license", required=False, help_text="Kind, number and state.")
    custodian_contact = words("How to reach the custodian", required=False, rows=2)
    deputy = StaffField(label="Deputy", required=False, help_text="Acts if the custodian cannot, and is a second person otherwise.")
    deputy_name = line("Deputy's name, if from outside", required=False)
    deputy_licence = line("Deputy's license", required=False, help_text="Kind, number and state.")
    deputy_contact = words("How to reach the deputy", required=False, rows=2)
    opens = forms.MultipleChoiceField(
        label="What the list opens, once two persons released it", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(value, f"{str(label).capitalize()}") for value, label in Plan.Opens.choices],
        help_text="Codes and names are always on it. Psychotherapy notes never open (REC-1).",
    )  # fmt: skip
    places = words("Where paper, keys and devices are", required=False, help_text="No password: say where it is kept.")
    backups = words("Where the key of the backups is", required=False, rows=2)
    callback = line(
        "Number that clients are asked to call", required=False, help_text="It goes into mail and text messages: a number alone."
    )
    transfer = words("Who could go on with which clients", required=False, help_text="By kind of work, without a client's name.")
    to_clients = words(
        "Words to clients", required=False, rows=4, help_text="Read out when they are called. Letters say no more than they allowed."
    )
    to_colleagues = words("Words to colleagues", required=False)
    to_board = words("Words to the licensing board", required=False)
    to_newspaper = words("Notice for a newspaper", required=False, help_text="Where the state asks for one, such as Florida.")

    def __init__(self, data: Any = None, *, people: Iterable[User], plan: Plan | None) -> None:
        super().__init__(data, initial=self._kept(plan) if plan else {"opens": [Plan.Opens.CONTACT, Plan.Opens.SESSIONS]})
        people = list(people)
        for part in Part.values:
            field = self.fields[part]
            assert isinstance(field, StaffField)
            field.offer(people, nobody=_OUTSIDE)

    def _kept(self, plan: Plan) -> dict[str, Any]:
        named = {part: str(getattr(plan, f"{part}_id") or "") for part in Part.values}
        return {name: getattr(plan, name) for name in self.base_fields if name not in named} | named

    def clean(self) -> dict[str, Any]:
        """The fields; raises ValidationError for the same person twice."""
        found = super().clean() or {}
        custodian, deputy = found.get("custodian"), found.get("deputy")
        if custodian and deputy and custodian.pk == deputy.pk:
            self.add_error("deputy", "Custodian and deputy are two people: choose somebody else.")
        return found


class AcceptForm(forms.Form):
    """Yes, in whose name, and a word with it."""

    part = forms.ChoiceField(label="As", widget=forms.RadioSelect)
    words = words("A remark", required=False, rows=2)
    sure = forms.BooleanField(label="I have read the plan, and it holds as it is written")

    def __init__(self, data: Any = None, *, offered: dict[str, str], outside: bool) -> None:
        super().__init__(data, initial={"part": next(iter(offered), "")})
        self.fields["part"].choices = list(offered.items())  # type: ignore[attr-defined]  # a choice field
        if outside:
            self.fields["words"].label = "How they said it"
            self.fields["words"].help_text = "They have no account here: when, by letter or in person, and where it is kept."
            self.fields["sure"].label = "They have read the plan, and said yes to it as it is written"
