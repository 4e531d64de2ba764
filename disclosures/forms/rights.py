"""What clients ask: writing it down, more time, the answer, a review, what they say later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from clients.actions import Elsewhere
from clients.models import ContactPoint
from disclosures import rights
from disclosures.actions import Answer, Wish
from disclosures.models import AccountingRequest, RightsRequest, RightsReview

from .accounting import day, line, words

Kind, Form, Decision = RightsRequest.Kind, RightsRequest.Form, RightsRequest.Decision
KINDS = [(value, label.capitalize()) for value, label in Kind.choices]
FORMS = [(value, label.capitalize()) for value, label in Form.choices]
_LIKED = "Only where they would like to see or copy the record."


def _kind(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=KINDS, widget=forms.RadioSelect)


def _form(label: str, help_text: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=FORMS, widget=forms.RadioSelect, required=False, help_text=help_text, initial=Form.ELECTRONIC
    )


class WishForm(forms.Form):
    """What somebody asks, in a call, a letter or across the desk."""

    kind = _kind("They ask to")
    whom = forms.ChoiceField(
        label="Who asks", choices=[(value, label.capitalize()) for value, label in AccountingRequest.Whom.choices], widget=forms.RadioSelect
    )
    name = line("Their name")
    verified = words("How you know that it is them", rows=2, help_text="Such as: known in person, or an ID that you looked at (AU-9).")
    words = words("What exactly", help_text="In their words. Do not ask why (CM-2).")
    form = _form("How they would like it", _LIKED)
    paid_in_full = forms.BooleanField(
        label="It is about a health plan, and was paid in full out of pocket", required=False,
        help_text="Only where something shall be withheld: then it must be (RG-10).",
    )  # fmt: skip
    received_on = day("When the request came in")

    def wish(self) -> Wish:
        """What was said."""
        return Wish(**self.cleaned_data)


class OwnWishForm(forms.Form):
    """What the client, or who represents them, asks in the portal."""

    kind = _kind("I would like to")
    words = words("What exactly", help_text="You need not say why.")
    form = _form("How you would like it", "Only if you would like to see or copy the record.")
    paid_in_full = forms.BooleanField(
        label="It is about my health plan, and I paid in full myself", required=False, help_text="Only if something shall be withheld."
    )


class ReasonsForm(forms.Form):
    """Why it takes longer."""

    reasons = words("Why it takes longer", help_text="The letter says it in these words, with the new day.")


class AnswerForm(forms.Form):
    """What was decided; of a denial, on which ground of the list."""

    decision = forms.ChoiceField(label="The answer", choices=Decision.choices, widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label="The ground, where any of it is denied", choices=[], widget=forms.RadioSelect, required=False,
        help_text="There are no others: that something upsets is none.",
    )  # fmt: skip
    answer = words("What the person is told", help_text="In plain words. The letter adds their rights: review, disagreement, complaint.")
    why = words("What your judgment rests on", required=False, help_text="Only the practice reads it.")
    fee = forms.DecimalField(
        label="What the copy costs, in dollars", min_value=Decimal(0), max_value=Decimal(999), decimal_places=2, initial=Decimal(0),
        help_text="Labor of copying, supplies, postage. Never for searching or retrieving (RG-5).",
    )  # fmt: skip

    def __init__(self, row: RightsRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        represents = row.whom == AccountingRequest.Whom.REPRESENTATIVE
        found = {key: each for key, each in rights.grounds(row.kind).items() if represents or not each.of_representatives}
        self.fields["ground"].choices = [(key, each.words) for key, each in found.items()]  # type: ignore[attr-defined]  # a choice field
        if row.kind == Kind.COMPLAINT:
            self.fields["decision"].choices = [(Decision.GRANTED, "Looked into and answered")]  # type: ignore[attr-defined]  # as above
        if not found:
            del self.fields["ground"]
        if not any(each.why for each in found.values()):
            del self.fields["why"]
        if row.kind != Kind.ACCESS:
            del self.fields["fee"]

    def said(self) -> Answer:
        """What was said."""
        return Answer(**{name: value for name, value in self.cleaned_data.items() if value is not None})


class ElsewhereForm(AnswerForm):
    """The answer to being reached in another way or place, and what holds from then on (CM-1, CM-5). Nobody is asked why."""

    away = forms.MultipleChoiceField(
        label="No longer used", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="From the answer on nothing goes there: no letter, no bill, no reminder, whoever sends it (CM-5).",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Used instead", choices=[("", "Nothing more"), *ContactPoint.Kind.choices], required=False, widget=forms.RadioSelect
    )
    address = line("Which number or address", required=False)
    payment = line("How payment is handled", required=False, help_text="Such as: paid in the room, no bills by post.")

    def __init__(self, row: RightsRequest, points: Iterable[ContactPoint], *args: Any, **kwargs: Any) -> None:
        super().__init__(row, *args, **kwargs)
        self.points = {str(point.pk): point for point in points}
        self.fields["away"].choices = [  # type: ignore[attr-defined]  # a choice field
            (key, f"{point.address} ({point.get_kind_display()})") for key, point in self.points.items()
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("address") and not found.get("kind"):
            self.add_error("kind", "Say what kind of address that is.")
        if found.get("decision") != Decision.DENIED and not found.get("away") and not found.get("address"):
            self.add_error("away", "Say what is no longer used, or what is used instead.")
        return found

    def said(self) -> Answer:
        """What was said."""
        found = {name: self.cleaned_data.pop(name) for name in ("away", "kind", "address", "payment")}
        wish = Elsewhere([self.points[key] for key in found["away"]], found["kind"], found["address"], found["payment"])
        return replace(super().said(), elsewhere=wish)


class ReviewForm(forms.Form):
    """What came of looking again."""

    outcome = forms.ChoiceField(label="What came of it", choices=RightsReview.Outcome.choices, widget=forms.RadioSelect)
    words = words("What the person is told")
    reviewer = line("If somebody of outside reviewed it: their name and licence", required=False, help_text="Empty: you did.")


class ReplyForm(forms.Form):
    """What the person says later; ``kinds`` is what they may still say."""

    kind = forms.ChoiceField(label="What they said", widget=forms.RadioSelect)
    words = words("In their words", rows=4, required=False)

    def __init__(self, kinds: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a choice field


class DoneForm(forms.Form):
    """What was done."""

    done = words("What was done, when and how", help_text="Of an amendment: who was told of it, and where it stands (RG-9).")
