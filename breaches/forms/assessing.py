"""The assessment, a delay, and what was done about a clock."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from audit import clock
from breaches.assessing import CONSULTED, RATINGS, exemptions, factors, harbor
from breaches.facts import KINDS
from breaches.law import rules
from breaches.models import Assessment, Delay, Mark
from review.forms.asked import sentences

from .incidents import day

_CONSULTED = {
    "who": "Whom did you ask?", "relation": "Who are they to the practice?", "asked": "What did you ask? Leave out names.",
    "advice": "What did they advise?", "decision": "What did you decide, and why?",
}  # fmt: skip


def _line(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def _past(found: datetime.date | None) -> datetime.date | None:
    if found and found > clock.today():
        raise ValidationError("That day is still to come.")
    return found


class AssessForm(forms.Form):
    """Four factors, the exceptions part by part, encryption, and what is concluded. Prefilled with the newest assessment."""

    kinds = forms.MultipleChoiceField(
        label="What kinds of data", choices=[(key, words[:1].upper() + words[1:]) for key, words in KINDS.items()], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="Nothing chosen counts as all of them.",
    )  # fmt: skip
    exception = forms.ChoiceField(
        label="Does an exception hold?", choices=Assessment.Exception_.choices, required=False, widget=forms.RadioSelect
    )
    algorithm = sentences("How was it encrypted, or destroyed?", required=False, help_text=harbor()["hint"])
    key_place = sentences("Where was the key?", required=False)
    key_compromised = forms.ChoiceField(
        label="Was the key compromised?", choices=Assessment.Answer.choices, required=False, widget=forms.RadioSelect
    )
    consulted_on = day("When?", required=False)
    risk_to_rights = forms.ChoiceField(
        label="Risk to their rights and freedoms (GDPR, UK)", choices=Assessment.Risk.choices, required=False, widget=forms.RadioSelect
    )
    imminent = forms.ChoiceField(
        label="Is misuse likely to come soon?", choices=Assessment.Soon.choices, required=False, widget=forms.RadioSelect,
        help_text="Such as somebody who threatens, stalks or sells. Then people are called, too (BR-10).",
    )  # fmt: skip
    associate_discovered = day("A business associate discovered it on", required=False)
    associate_told = day("and told us on", required=False)
    associate_agent = forms.BooleanField(label="They act as our agent: what they know, we know", required=False)
    conclusion = forms.ChoiceField(label="What do you conclude?", choices=Assessment.Conclusion.choices, widget=forms.RadioSelect)
    reasons = sentences("Your reasons", required=False, help_text="The analysis. What happened stands in the timeline.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for factor in factors():
            name = f"factor_{factor.number}"
            self.fields[name] = sentences(f"{factor.number}. {factor.title}", required=False)
            self.fields[name].help_text = f"{factor.hint} ({factor.citation})"
            label = f"Factor {factor.number} speaks for"
            self.fields[f"rating_{factor.number}"] = forms.ChoiceField(label=label, choices=RATINGS, required=False)
        for code, chosen in exemptions().items():
            for key, question in chosen.limbs:
                self.fields[f"limb_{code}_{key}"] = sentences(question, required=False)
        for key, label in _CONSULTED.items():
            self.fields[f"consulted_{key}"] = _line(label) if key in ("who", "relation") else sentences(label, required=False)

    def clean(self) -> dict[str, Any]:
        """Days that are over, and in order; raises ValidationError."""
        found = super().clean() or {}
        for name in ("consulted_on", "associate_discovered", "associate_told"):
            try:
                _past(found.get(name))
            except ValidationError as error:
                self.add_error(name, error)
        discovered, told = found.get("associate_discovered"), found.get("associate_told")
        if told and discovered and told < discovered:
            self.add_error("associate_told", "They told us before they discovered it?")
        return found

    @property
    def found(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        given, chosen = self.cleaned_data, exemptions().get(self.cleaned_data["exception"])
        plain = (
            "kinds", "exception", "algorithm", "key_place", "key_compromised", "consulted_on", "risk_to_rights", "imminent",
            "associate_discovered", "associate_told", "associate_agent", "conclusion", "reasons",
        )  # fmt: skip
        return {name: given[name] for name in plain} | {
            "ratings": [given[f"rating_{factor.number}"] for factor in factors()],
            "factors": {factor.number: given[f"factor_{factor.number}"] for factor in factors()},
            "limbs": {key: given[f"limb_{chosen.code}_{key}"] for key, _ in chosen.limbs} if chosen else {},
            "consultation": {key: given[f"consulted_{key}"] for key in CONSULTED},
        }

    def groups(self) -> dict[str, Any]:
        """The fields that go together, for the template."""
        return {
            "factors": [(self[f"factor_{each.number}"], self[f"rating_{each.number}"]) for each in factors()],
            "limbs": [(each, [self[f"limb_{code}_{key}"] for key, _ in each.limbs]) for code, each in exemptions().items()],
            "consulted": [self[f"consulted_{key}"] for key in CONSULTED],
        }


def filled_in(found: Assessment | None) -> dict[str, Any]:
    """The newest assessment as the form's initial values."""
    if found is None:
        return {"conclusion": Assessment.Conclusion.PRESUMED}
    plain = {name: getattr(found, name) for name in AssessForm.base_fields}
    plain |= {f"factor_{number}": words for number, words in found.factors.items()}
    plain |= {f"rating_{factor.number}": rating for factor, rating in zip(factors(), found.ratings, strict=False)}
    plain |= {f"limb_{found.exception}_{key}": words for key, words in found.limbs.items()}
    return plain | {f"consulted_{key}": words for key, words in found.consultation.items()}


class DelayForm(forms.Form):
    """Why a clock may run longer."""

    kind = forms.ChoiceField(label="Who asks for more time?", choices=Delay.Kind.choices, widget=forms.RadioSelect)
    official = _line("Name and office of the official")
    agency = _line("Which agency?")
    stated_on = day("When was it said?")
    until = day("Until when?", required=False, help_text="Spoken, or without a day, it holds 30 days (BR-15).")
    key = forms.ChoiceField(label="For good cause: which clock?", required=False)
    words = sentences("Why?", required=False, help_text="For good cause: what the cause is.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longer = [(rule.key, f"{rule.whom} ({rule.rule}, {rule.extension} days more)") for rule in rules() if rule.extension]
        self.fields["key"].choices = [("", "None"), *longer]  # type: ignore[attr-defined]  # a choice field

    def clean_stated_on(self) -> datetime.date | None:
        """A day that is over; raises ValidationError."""
        return _past(self.cleaned_data["stated_on"])

    def clean(self) -> dict[str, Any]:
        """An end after the beginning; raises ValidationError."""
        found = super().clean() or {}
        if found.get("until") and found.get("stated_on") and found["until"] < found["stated_on"]:
            self.add_error("until", "The end comes before the beginning.")
        return found


class MarkForm(forms.Form):
    """What was done about a clock."""

    state = forms.ChoiceField(
        label="What was done?", choices=[(key, words.capitalize()) for key, words in Mark.State.choices], widget=forms.RadioSelect
    )
    on = day("When?")
    words = sentences("How, with which proof; or why not?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", clock.today())

    def clean_on(self) -> datetime.date | None:
        """A day that is over; raises ValidationError."""
        return _past(self.cleaned_data["on"])
