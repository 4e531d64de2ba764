"""What a release names: who gives what to whom, what for, and until when; and the event with which one ends."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from audit import clock
from consent import law
from consent.models import Authorization, Version
from consent.particulars import Particulars
from consent.reach import Reach
from consent.signers import Possible

from .sending import AskingForm, capital

Kind, Purpose = Authorization.Kind, Authorization.Purpose
LONGEST = {"description": 1000, "from_party": 200, "to_party": 200, "to_address": 400, "purpose_words": 400, "expiry_event": 300}
FARTHEST = datetime.timedelta(days=36525)
_ON, _EVENT, _NEVER = "on", "event", "never"


def _line(label: str, name: str, *, required: bool = True, help_text: str = "", rows: int = 0, missing: str = "") -> forms.CharField:
    attrs = {"autocomplete": "off", "dir": "auto"}
    widget: Any = forms.Textarea(attrs={**attrs, "rows": rows}) if rows else forms.TextInput(attrs=attrs)
    said = {"required": missing} if missing else None
    return forms.CharField(
        label=label, required=required, max_length=LONGEST[name], help_text=help_text, widget=widget, error_messages=said
    )


def _day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class ReleaseForm(AskingForm):
    """The particulars of a release beside who signs it (AU-1, P2-2). Which fields there are follows from the kind of form."""

    kind = forms.ChoiceField(label="What this consent is for", widget=forms.RadioSelect)
    information = forms.TypedMultipleChoiceField(
        label="Kinds of information", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Tick at least one kind (AU-1)."}
    )
    description = _line(
        "What is shared", "description", rows=3, missing="Say what is shared, so that the client can tell what it is (AU-1).",
        help_text="In words the client understands. Not “all records”.",
    )  # fmt: skip
    from_date = _day("Information from", "Where only some days are meant.")
    to_date = _day("Information up to")
    from_party = _line("Who shares it", "from_party", missing="Name who shares it (AU-1).")
    to_party = _line("Who receives it", "to_party", missing="Name who receives it (AU-1).", help_text="A person, office or group by name.")
    to_address = _line("Their address", "to_address", required=False, rows=2)
    purpose = forms.ChoiceField(label="What for", widget=forms.RadioSelect, error_messages={"required": "Choose what it is for (AU-1)."})
    purpose_words = _line("What for, in words", "purpose_words", required=False, help_text="Needed where none of these fits.")
    ends = forms.ChoiceField(label="It ends", widget=forms.RadioSelect, error_messages={"required": "Choose when it ends (AU-1)."})
    expires_on = _day("Last day")
    expiry_event = _line("Event", "expiry_event", required=False, help_text="Such as: the end of treatment. Mark here when it happened.")

    def __init__(self, version: Version, people: Sequence[Possible], reach: Sequence[Reach], *args: Any, **kwargs: Any) -> None:
        super().__init__(people, reach, *args, **kwargs)
        self.kinds = law.release_kinds(version.form.kind)
        part2 = version.form.kind == "part2"
        self._choose("kind", [(value, label) for value, label in Kind.choices if value in self.kinds])
        self._choose("information", [(key, words) for key, words in law.information().items() if key not in _apart()])
        self._choose("purpose", [(value, label) for value, label in Purpose.choices if part2 or value != Purpose.TPO])
        never = [(_NEVER, "never: only for treatment, payment and operations (P2-2)")] if part2 else []
        self._choose("ends", [(_ON, "on a day"), (_EVENT, "with an event"), *never])
        for name in ["kind"] * (len(self.kinds) == 1) + ["information"] * bool(law.names_only(self.kinds[0])):
            del self.fields[name]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = capital(choices)  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """What is chosen fits together; each error stands beside its field."""
        said = super().clean() or self.cleaned_data
        today = clock.today()
        if said.get("purpose") == Purpose.OTHER and not said.get("purpose_words"):
            self.add_error("purpose_words", "Say what it is for.")
        if said.get("ends") == _ON and "expires_on" in said and not today <= (said["expires_on"] or today - FARTHEST) <= today + FARTHEST:
            self.add_error("expires_on", "Choose the last day, from today on.")
        if said.get("ends") == _EVENT and "expiry_event" in said and not said["expiry_event"]:
            self.add_error("expiry_event", "Say with which event it ends.")
        first, last = said.get("from_date"), said.get("to_date")
        if first and last and last < first:
            self.add_error("to_date", "This day comes before the first.")
        return said

    def particulars(self) -> Particulars:
        """What was said, as it is asked."""
        said = self.cleaned_data
        kind = said.get("kind") or self.kinds[0]
        only, ends = law.names_only(kind), said["ends"]
        rest = {name: said[name] for name in ("description", "from_party", "to_party", "to_address", "purpose", "purpose_words")}
        return Particulars(
            kind=kind,
            information=[only] if only else said["information"],
            from_date=said["from_date"],
            to_date=said["to_date"],
            expires_on=said["expires_on"] if ends == _ON else None,
            expiry_event=said["expiry_event"] if ends == _EVENT else "",
            endless=ends == _NEVER,
            **rest,
        )


def _apart() -> set[str]:
    """Kinds of information that have forms of their own."""
    return {law.names_only(kind) for kind in Kind.values} - {""}


_AS_BEFORE = (
    "kind", "information", "description", "from_date", "to_date", "from_party", "to_party", "to_address", "purpose", "purpose_words",
    "expiry_event",
)  # fmt: skip


def as_before(former: Authorization) -> dict[str, Any]:
    """What the form holds where a release is asked anew, but for the day on which it ends."""
    return {name: getattr(former, name) for name in _AS_BEFORE} | {"ends": _EVENT if former.expiry_event else _ON}


class EventForm(forms.Form):
    """That the event happened with which a release ends."""

    what = forms.CharField(
        label="What happened, and how you know",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "dir": "auto"}),
        error_messages={"required": "Write down what happened and how you know."},
    )
