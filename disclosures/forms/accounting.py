"""Writing down a disclosure, taking one back, keeping one out for a time."""

from __future__ import annotations

from typing import Any

from django import forms

from audit import clock
from disclosures import law
from disclosures.actions import Entry
from disclosures.law import Basis
from disclosures.models import Disclosure

LONGEST = 4000
_PLAIN = {"autocomplete": "off", "dir": "auto"}


def line(label: str, *, required: bool = True, help_text: str = "", most: int = 200) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, required=required, max_length=most, help_text=help_text, widget=forms.TextInput(attrs=_PLAIN))


def words(label: str, *, required: bool = True, help_text: str = "", rows: int = 3) -> forms.CharField:
    """A few sentences."""
    widget = forms.Textarea(attrs=_PLAIN | {"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONGEST, help_text=help_text, widget=widget)


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day."""
    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def add_asked(form: forms.Form, basis: Basis) -> None:
    """The fields that ``basis`` asks for, each by its words in the law file."""
    for key in basis.asks:
        asked = law.asked()[key]
        if asked.choices:
            choices = [(value, label.capitalize()) for value, label in asked.choices]
            form.fields[f"ask_{key}"] = forms.ChoiceField(label=asked.words, choices=choices, widget=forms.RadioSelect)
        else:
            form.fields[f"ask_{key}"] = words(asked.words, rows=2)


def answered(form: forms.Form, basis: Basis) -> dict[str, str]:
    """What was said to them."""
    return {key: form.cleaned_data[f"ask_{key}"] for key in basis.asks}


class DisclosureForm(forms.Form):
    """What an entry says (ACC-3), and what its basis asks for."""

    on = day("On which day")
    recipient = line("To whom", help_text="A person or office by name.")
    address = line("Their address", required=False, most=400, help_text="If known.")
    description = words("What it was", help_text="Briefly, such as: dates of sessions in October, by phone.")
    purpose = words("What for", rows=2)
    psychotherapy = forms.BooleanField(label="Psychotherapy notes were in it", required=False)
    part2 = forms.BooleanField(label="Substance use records were in it", required=False)

    def __init__(self, basis: Basis, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basis = basis
        add_asked(self, basis)

    def entry(self) -> Entry:
        """What was said, as an entry."""
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith("ask_")}
        return Entry(basis=self.basis.key, details=answered(self, self.basis), **said)


class ReverseForm(forms.Form):
    """Why an entry was wrong."""

    why = words("What was wrong with it?", help_text="The client reads it beside the entry.")


class SuspendForm(forms.Form):
    """What an agency said, and until when (ACC-7)."""

    entry = forms.ChoiceField(label="Which disclosures", widget=forms.RadioSelect)
    official = line("Who said it: name, office, number")
    how = forms.ChoiceField(
        label="How", choices=[("written", "In writing"), ("said", "By word of mouth: for 30 days at most")], widget=forms.RadioSelect,
        initial="written",
    )  # fmt: skip
    words = words("What they said", help_text="That telling the client would likely impede them, and for how long.")
    stated_on = day("On which day they said it")
    until = day("Until which day, that day included")

    def __init__(self, entries: list[Disclosure], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        once = {bytes(row.whom or b""): row for row in reversed(entries)}
        self.entries = {str(row.pk): row for row in once.values()}
        choices = [(key, f"To {row.recipient}") for key, row in self.entries.items()]
        self.fields["entry"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.fields["stated_on"].initial = clock.today()

    def given(self) -> dict[str, Any]:
        """What was said, for the action."""
        said = dict(self.cleaned_data)
        written = said.pop("how") == "written"
        return said | {"entry": self.entries[said["entry"]], "written": written}
