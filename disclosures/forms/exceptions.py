"""An exception to confidentiality: what was learned, consulting, deciding, the client, a report, the end."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from audit import clock
from disclosures import law
from disclosures.actions import Opened, Reported
from disclosures.law import reports
from disclosures.models import ExceptionEvent, Report
from practice.states import STATES

from .accounting import line, words

_MINUTE = "%Y-%m-%dT%H:%M"
_EARLIEST = datetime.timedelta(days=3652)
_KNOWN = ("agency", "law", "informed", "belief")  # what the page knows already


def moment(label: str, help_text: str = "") -> forms.DateTimeField:
    """A day and an hour that are over."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "autocomplete": "off"}, format=_MINUTE)
    return forms.DateTimeField(label=label, help_text=help_text, widget=widget, input_formats=[_MINUTE, "%Y-%m-%d %H:%M"])


def _over(found: datetime.datetime) -> datetime.datetime:
    if not clock.now() - _EARLIEST <= found <= clock.now() + datetime.timedelta(minutes=1):
        raise ValidationError("Choose a moment that is over, of the last ten years.")
    return min(found, clock.now())


def _capital(choices: Any) -> list[tuple[str, str]]:
    return [(value, label[:1].upper() + label[1:]) for value, label in choices]


class OpenForm(forms.Form):
    """What was learned. One page, so that a report can be made at once."""

    kind = forms.ChoiceField(label="What is it about?", choices=_capital(ExceptionEvent.Kind.choices), widget=forms.RadioSelect)
    letter = forms.ChoiceField(label="Something else: which paragraph of 45 CFR 164.512 permits it?", required=False)
    place = forms.ChoiceField(label="Which state's law holds?", required=False)
    learned_at = moment("When did you learn of it?")
    facts = words("What you know", rows=5, help_text="What was said or seen, apart from what you think of it.")
    source = words("From whom, and how", rows=2)
    part2 = forms.BooleanField(label="I know it from substance use treatment (42 CFR Part 2)", required=False)

    def __init__(self, states: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, name) for code, name in [*STATES, ("GB", "United Kingdom")] if code in states]
        self.fields["letter"].choices = [(key, law.bases()[key].words) for key in reports.letters()]  # type: ignore[attr-defined]  # as below
        self.fields["place"].choices = [*named, ("", "Another one")]  # type: ignore[attr-defined]  # a choice field

    def clean_learned_at(self) -> datetime.datetime:
        """A moment that is over."""
        return _over(self.cleaned_data["learned_at"])

    def opened(self) -> Opened:
        """What was said."""
        return Opened(**self.cleaned_data)


class AskSupervisorForm(forms.Form):
    """A question to one's supervisor; none is needed."""

    question = words("A question to them", required=False, rows=2)


class ConsultForm(forms.Form):
    """Whom one consulted elsewhere."""

    whom = line(
        "Whom you consulted", help_text="A peer, counsel, the agency's own line. Nothing that tells who the client is, unless it must be."
    )
    advice = words("What they advised")


class AnswerForm(forms.Form):
    """A supervisor's advice."""

    advice = words(
        "What do you advise?", help_text="Advice: who learned of it decides and reports, and an oral report waits for nobody (REP-1)."
    )


class DecideForm(forms.Form):
    """The decision, and why."""

    decision = forms.ChoiceField(label="You decide to", choices=_capital(ExceptionEvent.Decision.choices), widget=forms.RadioSelect)
    standard = words(
        "Which standard, and is it met?", rows=2, help_text="Such as: reasonable cause to suspect. Name what meets it, or does not."
    )
    rationale = words("Why", help_text="Also where you do not report (REP-5).")
    at_once = forms.BooleanField(
        label="It could not wait for a consultation", required=False, help_text="Then consult somebody within two business days (SU-7)."
    )


class ToldForm(forms.Form):
    """Whether the client was told."""

    told = forms.ChoiceField(label="The client is told", choices=_capital(ExceptionEvent.Told.choices), widget=forms.RadioSelect)
    why = forms.ChoiceField(label="If not: why", required=False)
    discussion = words("When, what you told them, and how they took it", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = [("", "They are told"), *_capital(ExceptionEvent.Why.choices)]  # type: ignore[attr-defined]  # a choice field


class ReportForm(forms.Form):
    """A report that was made (REP-2, REP-4)."""

    how = forms.ChoiceField(label="How", choices=_capital(Report.How.choices), widget=forms.RadioSelect)
    made_at = moment("When")
    agency = line("To which agency, or whom")
    person = line("Who took it", help_text="Their name, and their number there.")
    phone = line("Phone or address", required=False, most=400)
    number = line("Number of the report", help_text="None was given? Write so, and why.")
    given = words("What you told them, one thing a line", rows=5, help_text="Only what is essential (REP-4).")
    withheld = words("What you did not tell, and why", required=False, rows=2)

    def __init__(self, event: ExceptionEvent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = [key for key in law.bases()[reports.basis(event.kind, event.letter)].asks if key not in _KNOWN]
        for key in self.asks:
            self.fields[f"ask_{key}"] = words(law.asked()[key].words, rows=2)

    def clean_made_at(self) -> datetime.datetime:
        """A moment that is over."""
        return _over(self.cleaned_data["made_at"])

    def reported(self) -> Reported:
        """What was said."""
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith("ask_")}
        details = {key: self.cleaned_data[f"ask_{key}"] for key in self.asks}
        return Reported(**(said | {"given": said["given"].splitlines(), "details": details}))


class CloseForm(forms.Form):
    """What follows."""

    follow_up = words("What follows", help_text="What comes next and who does it, or that nothing does.")
