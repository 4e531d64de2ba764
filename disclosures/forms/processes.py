"""Legal process: a paper as it was served, what it says, and each step after that."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit import clock
from consent.law import information
from disclosures import law
from disclosures.actions import Assured, Logged, Ordered, Served, ToldOf
from disclosures.law import process as rules
from disclosures.law.process import Scope
from disclosures.models import LegalProcess
from practice.states import STATES

from .accounting import day, line
from .accounting import words as text
from .exceptions import moment

_EARLIEST = datetime.timedelta(days=3652)
_FEDERAL, _ELSEWHERE = ("US", "A federal court or office"), ("other", "Somewhere else")


def _capital(choices: Any) -> list[tuple[str, str]]:
    return [(value, label[:1].upper() + label[1:]) for value, label in choices]


def _kinds() -> list[tuple[str, str]]:
    found = [key for key in law.parts() if not key.startswith("part2")]
    return _capital([(key, information().get(key, key)) for key in found])


class ServeForm(forms.Form):
    """A paper as it arrived: one page, so that it is written down while it is at hand."""

    kind = forms.ChoiceField(label="What is it?", choices=_capital(LegalProcess.Kind.choices), widget=forms.RadioSelect)
    issuer = line("Whose is it?", help_text="The court, lawyer or office that stands on it.")
    served_at = moment("When was it served?")
    served_how = text("How, and by whom", rows=2, help_text="Such as: handed to Dee at the front desk; by mail.")
    return_on = day("By when does it ask for an answer?", required=False, help_text="As it stands there. Empty: it names no day.")

    def clean_served_at(self) -> datetime.datetime:
        """A moment that is over."""
        found: datetime.datetime = self.cleaned_data["served_at"]
        if not clock.now() - _EARLIEST <= found <= clock.now() + datetime.timedelta(minutes=1):
            raise ValidationError("Choose a moment that is over, of the last ten years.")
        return min(found, clock.now())

    def served(self) -> Served:
        """What was said."""
        return Served(**self.cleaned_data)


class _ScopeForm(forms.Form):
    """What a paper names, item by item."""

    kinds = forms.MultipleChoiceField(
        label="Which parts of a record", widget=forms.CheckboxSelectMultiple, help_text="What it names, and nothing else (LP-1)."
    )
    first = day("From which day", required=False, help_text="Empty: it names none.")
    last = day("Until which day, that day included", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = _kinds()  # type: ignore[attr-defined]  # a choice field

    def scope(self) -> Scope:
        """What was said."""
        said = self.cleaned_data
        return Scope(tuple(said["kinds"]), said["first"], said["last"])


def _scope_initial(kept: dict[str, Any]) -> dict[str, Any]:
    found = rules.scope(kept)
    return {"kinds": list(found.kinds), "first": found.first, "last": found.last}


class LogForm(_ScopeForm):
    """What the paper says."""

    number = line("Its number and day", required=False)
    place = forms.ChoiceField(label="Where does it come from?")
    judge = forms.BooleanField(label="A judge signed it", required=False, help_text="Not a clerk, and not a lawyer.")
    words = text("What it asks for, in its words", rows=4)

    field_order = ("number", "place", "judge", "words", "kinds", "first", "last")

    def __init__(self, row: LegalProcess, states: list[str], data: Any = None) -> None:
        initial = {"number": row.number, "place": row.place, "judge": row.judge, "words": row.words} | _scope_initial(row.scope)
        super().__init__(data, initial=initial)
        own = [(code, name) for code, name in STATES if code in states]
        others = [(code, name) for code, name in STATES if code not in states]
        self.fields["place"].choices = [*own, _FEDERAL, *others, _ELSEWHERE]  # type: ignore[attr-defined]  # a choice field

    def logged(self) -> Logged:
        """What was said."""
        said = self.cleaned_data
        return Logged(said["number"], said["place"], said["judge"], said["words"], self.scope())


class ValidateForm(forms.Form):
    """How it is known to be genuine, and in force here."""

    how = text("How you know that it is genuine", help_text="Such as: called the clerk at the number in the court's register.")
    domesticated_on = day("From out of state: domesticated here on", required=False)
    cleared = forms.BooleanField(label="From out of state: counsel says it is to be answered", required=False)
    tested = forms.BooleanField(
        label="It is relevant and material, specific and limited, and de-identified information would not do", required=False,
        help_text="45 CFR 164.512(f)(1)(ii)(C) asks for all three.",
    )  # fmt: skip

    def __init__(self, row: LegalProcess, states: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not rules.is_foreign(row.place, states):
            del self.fields["domesticated_on"], self.fields["cleared"]
        if not rules.kinds()[row.kind].test:
            del self.fields["tested"]


class CounselForm(forms.Form):
    """Whom one consulted."""

    whom = line("Whom you consulted", help_text="A lawyer of the practice, your insurer's line, your supervisor.")
    advice = text("What they advised")


class ToldForm(forms.Form):
    """How the client was told, or what forbids it; and what they want."""

    prohibited = forms.BooleanField(label="A law or a court forbids telling them", required=False)
    words = text("How and when you told them; or what forbids it", rows=2)
    position = forms.ChoiceField(
        label="What they want", choices=_capital(LegalProcess.Position.choices), widget=forms.RadioSelect, required=False
    )
    position_words = text("In their words", required=False, rows=2)

    def told(self) -> ToldOf:
        """What was said."""
        return ToldOf(**self.cleaned_data)


class AssureForm(forms.Form):
    """Satisfactory assurance (LP-2)."""

    assurance = forms.ChoiceField(label="What came with it", choices=_capital(LegalProcess.Assurance.choices), widget=forms.RadioSelect)
    words = text("What shows it", required=False, rows=2, help_text="The written statement, and the documents with it.")
    notice_on = day("Notice: given on", required=False)
    days = forms.IntegerField(label="Notice: days to object", required=False, min_value=1, max_value=rules.objection_days()[1])
    objection = forms.ChoiceField(
        label="Notice: an objection", choices=_capital(LegalProcess.Objection.choices), widget=forms.RadioSelect, required=False
    )
    protected_on = day("Protective order: agreed or asked for on", required=False)

    def __init__(self, row: LegalProcess, data: Any = None) -> None:
        initial = {
            "assurance": row.assurance, "words": row.assured, "notice_on": row.notice_on,
            "days": row.objection_days or rules.objection_days()[0], "objection": row.objection, "protected_on": row.protected_on,
        }  # fmt: skip
        super().__init__(data, initial=initial)

    def assured(self) -> Assured:
        """What was said."""
        return Assured(**self.cleaned_data)


class WordsForm(forms.Form):
    """A step that needs a sentence."""

    words = text("In a sentence", rows=2)


class AuthorizeForm(forms.Form):
    """On what it may be answered without an order."""

    stands_on = forms.ChoiceField(
        label="On what", widget=forms.RadioSelect,
        choices=[("assurance", "Satisfactory assurance, and the time to object is over"), ("authorization", "The client signed for it")],
    )  # fmt: skip
    words = text("In a sentence", required=False, rows=2)


class OrderForm(_ScopeForm):
    """What a court orders, or law enforcement may demand."""

    ruling = text(
        "Which order: court, judge, day, number",
        required=False,
        rows=2,
        help_text="Where the paper itself is the order, its number is enough.",
    )
    part2 = forms.ChoiceField(label="Substance use records: the order is made under 42 CFR", required=False)
    mandate = forms.BooleanField(label="Substance use records: a subpoena or the like came with that order", required=False)
    confidences = forms.BooleanField(
        label="Substance use records: it finds what 2.63 asks for", required=False,
        help_text="Without that finding nothing leaves that the client said in confidence (LP-6).",
    )  # fmt: skip

    field_order = ("ruling", "kinds", "first", "last", "part2", "mandate", "confidences")

    def __init__(self, row: LegalProcess, data: Any = None, *, part2: bool = False) -> None:
        own = rules.kinds()[row.kind].stands_if(judge=row.judge) != LegalProcess.Stands.ASSURANCE  # else nothing is chosen beforehand
        super().__init__(data, initial={"ruling": row.number} | _scope_initial(row.granted or row.scope) if own else {})
        self.fields["part2"].choices = [("", "None"), *rules.part2_orders().items()]  # type: ignore[attr-defined]  # a choice field
        for name in () if part2 else ("part2", "mandate", "confidences"):
            del self.fields[name]

    def ordered(self) -> Ordered:
        """What was said."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("kinds", "first", "last")}
        return Ordered(scope=self.scope(), **said)


class ReplyForm(forms.Form):
    """Which letter, and to whom."""

    kind = forms.ChoiceField(label="Which letter", widget=forms.RadioSelect)
    to = line("To whom", help_text="The office by name. No name of a client: before a paper is validated none may leave (LP-5).")

    def __init__(self, row: LegalProcess, offered: list[rules.Reply], data: Any = None) -> None:
        super().__init__(data, initial={"kind": offered[0].key if offered else "", "to": row.issuer})
        self.fields["kind"].choices = [(reply.key, reply.words) for reply in offered]  # type: ignore[attr-defined]  # a choice field


class CloseForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(label="How it ended", choices=_capital(LegalProcess.Outcome.choices), widget=forms.RadioSelect)
    words = text("In a sentence", rows=2)


def issued_today() -> dict[str, Any]:
    """What a new paper's page begins with."""
    return {"served_at": timezone.localtime(clock.now())}
