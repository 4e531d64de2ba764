"""Agreeing to sign on screen, and signing: the answers that a paper asks for, the name, and that it is of one's own will."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consent.clauses import Clause

LONGEST_NAME = 120
LONGEST_ANSWER = {"short": 300, "long": 6000}
MOST_STROKES, MOST_POINTS = 60, 600  # of a drawn signature, and of each stroke of it


def field_of(clause: Clause) -> str:
    """The name of the field under which ``clause`` is answered."""
    return f"answer-{clause.anchor}"


class AgreeForm(forms.Form):
    """The six points were read, and the sample could be opened."""

    edition = forms.CharField(max_length=20, widget=forms.HiddenInput)
    word = forms.CharField(
        label=_("The word in the sample paper"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Open the sample paper and type the word it shows.")},
    )
    agree = forms.BooleanField(
        label=_("I have read these six points, and I want to read and sign papers on screen"),
        error_messages={"required": _("Tick this if you want to sign on screen. If you do not, ask us for the papers on paper.")},
    )


class RightAnswer(forms.MultipleChoiceField):
    """An understanding check: exactly the right options, and a kind word where it is not those."""

    def __init__(self, clause: Clause, **kwargs: Any) -> None:
        self.right = {str(place) for place, option in enumerate(clause.options) if option.right}
        missing = {"required": _("Choose what the paper says.")}
        super().__init__(widget=forms.CheckboxSelectMultiple, error_messages=missing, **kwargs)

    def clean(self, value: Any) -> list[str]:
        """The chosen options; raises ValidationError where they are not the right ones (IC-22)."""
        chosen: list[str] = super().clean(value)
        if set(chosen) != self.right:
            raise ValidationError(_("That is not quite what the paper says. Read that part again, or ask a question about it."))
        return chosen


class AnswersForm(forms.Form):
    """What the clauses of a paper ask. ``kept``: as a draft, where nothing has to be there or be right yet."""

    def __init__(self, clauses: Sequence[Clause], data: Any = None, *, kept: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.asked = [clause for clause in clauses if clause.answer]
        asking = {field_of(clause): _field(clause, kept=kept) for clause in self.asked}
        self.fields = {**asking, **self.fields}

    def answers(self) -> dict[str, Any]:
        """The answers as a signature keeps them: anchor -> text, or the chosen options."""
        return {clause.anchor: _said(clause, self.cleaned_data.get(field_of(clause))) for clause in self.asked}

    def typed(self) -> dict[str, Any]:
        """What stands in the fields, to be put into them again; nothing that does not fit them."""
        return {name: _plain(self.cleaned_data[name]) for name in map(field_of, self.asked) if self.cleaned_data.get(name)}

    def words_of(self, clause: Clause, value: Any) -> str:
        """What ``value``, as ``typed`` keeps it, says in words."""
        said = _said(clause, value) if value else ""
        return ", ".join(said) if isinstance(said, list) else str(said)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | list) else value.isoformat()


def _said(clause: Clause, value: Any) -> Any:
    if clause.answer == "check":
        return [clause.options[int(place)].text for place in value or []]
    if clause.answer == "choice":
        return clause.options[int(value)].text if value else ""
    return _plain(value) if value else ""


def _field(clause: Clause, *, kept: bool) -> forms.Field:
    common: dict[str, Any] = {"label": clause.title, "required": not kept and (clause.required or clause.answer == "check")}
    options = [(str(place), option.text) for place, option in enumerate(clause.options)]
    if clause.answer == "check":
        if kept:
            return forms.MultipleChoiceField(choices=options, **common)
        return RightAnswer(clause, choices=options, **common)
    missing = {"required": _("This needs an answer.")}
    if clause.answer == "choice":
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, error_messages=missing, **common)
    if clause.answer == "date":
        missing["invalid"] = _("Enter a day, such as 2024-03-09.")
        widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, error_messages=missing, **common)
    attrs = {"autocomplete": "off", "dir": "auto"}
    box = forms.Textarea(attrs={**attrs, "rows": 5}) if clause.answer == "long" else forms.TextInput(attrs=attrs)
    return forms.CharField(max_length=LONGEST_ANSWER[clause.answer], widget=box, error_messages=missing, **common)


class SignForm(AnswersForm):
    """A signature: the answers, the typed name, what one is to the client, a drawing, and that it is freely given."""

    shown = forms.CharField(max_length=128, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    voluntary = forms.BooleanField(
        label=_("I agree of my own free will"),
        help_text=_("Nobody is making you sign. You can say no, and you can change your mind later."),
        error_messages={"required": _("Tick that you agree of your own free will. If you do not, choose “I do not agree”.")},
    )
    name = forms.CharField(
        label=_("Your full name"),
        max_length=LONGEST_NAME,
        help_text=_("Typing your name here is your signature."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": _("Type your name to sign.")},
    )
    relationship = forms.CharField(
        label=_("What you are to the person you sign for"),
        max_length=LONGEST_NAME,
        help_text=_("Such as: mother, legal guardian, caseworker."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Say what you are to the person you sign for.")},
    )
    drawing = forms.CharField(required=False, max_length=60_000, widget=forms.HiddenInput(attrs={"data-drawing-points": ""}))

    def __init__(self, *args: Any, for_another: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_another:
            del self.fields["relationship"]

    def clean_drawing(self) -> str:
        """The strokes as points, and nothing else; raises ValidationError for what no pen can have drawn (attack 67)."""
        text: str = self.cleaned_data["drawing"]
        if not text:
            return ""
        try:
            strokes = json.loads(text)
        except (ValueError, RecursionError):
            strokes = None
        if not _is_drawn(strokes):
            raise ValidationError(_("The drawing could not be read. Clear it and draw again, or leave it out: your typed name is enough."))
        return json.dumps(strokes, separators=(",", ":"))


def _is_drawn(strokes: Any) -> bool:
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        return False
    return all(isinstance(stroke, list) and 0 < len(stroke) <= MOST_POINTS and all(map(_is_point, stroke)) for stroke in strokes)


def _is_point(point: Any) -> bool:
    """Whether ``point`` is [x, y], each a number from 0 to 1 of the canvas."""
    return isinstance(point, list) and len(point) == 2 and all(type(each) in (int, float) and 0 <= each <= 1 for each in point)
