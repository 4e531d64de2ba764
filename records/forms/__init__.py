"""The forms of the record. They parse and bound what was typed; whether it may be done is for access and actions.

Sessions and notes stand here, the papers and the search next door.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

from audit import clock
from clients.calling import called
from clients.models import Client
from records.kinds import KEPT, PROGRESS_ONLY, elsewhere, written_parts
from records.models import Format, Goal, Kind, Note, NoteRules, Session

LONGEST_PART = 100_000  # characters; a page of print holds some 3,000
LONGEST_SESSION = 12 * 60  # minutes
FARTHEST_BACK = datetime.timedelta(days=366 * 10)
FARTHEST_AHEAD = datetime.timedelta(days=366 * 2)


class LongText(forms.CharField):
    """Words of a note: kept as typed, in one way of ending lines. The browser must not cut what is too long, so it is not told."""

    def __init__(self, **kwargs: Any) -> None:
        # Some browsers send what they check the spelling of to their maker.
        attrs = {"class": "note-text note-part", "dir": "auto", "spellcheck": "false", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.Textarea(attrs=attrs))
        message = f"This is longer than {LONGEST_PART:,} characters. Nothing was cut: shorten it here, or put the rest into a second note."
        super().__init__(strip=False, error_messages={"max_length": message}, max_length=LONGEST_PART, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: a browser cuts a paste to it in silence."""
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}

    def to_python(self, value: Any) -> str:
        """The text with every line ending as one newline."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class Reason(forms.CharField):
    """Why a session is held without a consent that a rule asks for."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
        super().__init__(max_length=500, help_text="A colleague reviews this reason. It is not part of the record.", **kwargs)


# --- sessions -----------------------------------------------------------------------------------------------------------


def capitalised(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """The choices with a capital letter, as a form shows them."""
    return [(value, f"{label[:1].upper()}{label[1:]}") for value, label in choices]


class SessionForm(forms.Form):
    """When, how and where a session is or was; for a couple, family or group, who comes. ``members`` are those who may be chosen."""

    ident = forms.UUIDField(widget=forms.HiddenInput)
    date = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label="Start", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=1,
        max_value=LONGEST_SESSION,
        error_messages={"max_value": "A session is at most 12 hours long.", "min_value": "A session is at least one minute long."},
    )
    modality = forms.ChoiceField(label="How you meet", choices=capitalised(Session.Modality.choices), widget=forms.RadioSelect)
    place = forms.CharField(
        label="Place",
        required=False,
        max_length=200,
        help_text="The room; for video and phone, where the client was.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    outcome = forms.ChoiceField(label="Did it take place?", choices=capitalised(Session.Outcome.choices))
    crisis = forms.BooleanField(label="A crisis: it could not wait for papers", required=False)
    recorded = forms.BooleanField(
        label="It is recorded, in sound or picture", required=False, help_text="Only with a permission to record that was signed before."
    )
    without = Reason(label="Why it is held without", required=False)
    participants = forms.TypedMultipleChoiceField(label="Who comes", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, members: Iterable[Client] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._members = {str(member.pk): member for member in members}
        self.fields["participants"].choices = [(pk, called(member)) for pk, member in self._members.items()]  # type: ignore[attr-defined]  # a choice field
        if not self._members:
            del self.fields["participants"]

    def clean(self) -> dict[str, Any]:
        """Adds ``starts_at`` and ``ends_at``, by the practice's clock."""
        data: dict[str, Any] = super().clean() or {}
        if {"date", "start", "minutes"} <= data.keys():
            self._clean_times(data)
        return data

    def _clean_times(self, data: dict[str, Any]) -> None:
        try:
            starts_at = from_current_timezone(datetime.datetime.combine(data["date"], data["start"]))
        except (ValidationError, OverflowError):
            self.add_error("start", "That hour does not exist, or exists twice, on this day: the clocks are changed. Choose another.")
            return
        if not clock.now() - FARTHEST_BACK < starts_at < clock.now() + FARTHEST_AHEAD:
            self.add_error("date", "Choose a day within the last ten years or the next two.")
            return
        if data.get("outcome") in (Session.Outcome.ATTENDED, Session.Outcome.ABSENT) and starts_at > clock.now():
            self.add_error("outcome", "This session has not begun yet. Leave it planned, and say afterwards whether it took place.")
        data |= {"starts_at": starts_at, "ends_at": starts_at + datetime.timedelta(minutes=data["minutes"])}

    def facts(self) -> dict[str, Any]:
        """What the actions take: times, modality, place, crisis, recording, participants, and why it is held without a consent."""
        chosen = [self._members[pk] for pk in self.cleaned_data.get("participants", [])]
        return {name: self.cleaned_data[name] for name in _FACTS} | {"participants": chosen}


_FACTS = ("starts_at", "ends_at", "modality", "place", "outcome", "crisis", "recorded", "without")


def fresh_session(members: Iterable[Client] = ()) -> dict[str, Any]:
    """What an empty session form shows: the hour that is running now, in the room, with every one of ``members``."""
    now = timezone.localtime(clock.now())
    start = now.replace(minute=0, second=0, microsecond=0)
    return {
        "ident": uuid4(), "date": start.date(), "start": start.time(), "minutes": 50,
        "modality": Session.Modality.IN_PERSON, "outcome": Session.Outcome.PLANNED,
        "participants": [str(member.pk) for member in members],
    }  # fmt: skip


def stored_session(session: Session, participants: Iterable[Client]) -> dict[str, Any]:
    """What the form shows of a session that is there."""
    start = timezone.localtime(session.starts_at)
    return {
        "ident": session.pk, "date": start.date(), "start": start.time(), "modality": session.modality, "place": session.place,
        "minutes": (session.ends_at - session.starts_at) // datetime.timedelta(minutes=1), "outcome": session.outcome,
        "crisis": session.crisis, "recorded": session.recorded, "participants": [str(person.pk) for person in participants],
    }  # fmt: skip


class OutcomeForm(forms.Form):
    """Whether a session took place, and which of our pages to go back to."""

    outcome = forms.ChoiceField(choices=Session.Outcome.choices)
    back = forms.ChoiceField(choices=[("home", "home"), ("session_detail", "session_detail")], required=False)


class WithoutForm(forms.Form):
    """The reason why a session that is there is held without a consent."""

    reason = Reason(label="Why it is held without")


# --- notes --------------------------------------------------------------------------------------------------------------


class BeginForm(forms.Form):
    """Which kind of note, about which of the writer's own ``sessions`` with this client (or none).

    ``attended`` comes from the queue at home, whose other button says that nobody came.
    """

    ident = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="Kind of note", choices=capitalised(Kind.choices), widget=forms.RadioSelect)
    format = forms.ChoiceField(label="Format of a progress note", required=False)
    session = forms.ChoiceField(label="Session", required=False)
    attended = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sessions: Iterable[Session] = (), rules: NoteRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = offered(rules)  # type: ignore[attr-defined]  # a choice field
        self.initial.setdefault("format", rules.default_format)
        self._sessions = {str(session.pk): session for session in sessions}
        named = [(pk, _when(session)) for pk, session in self._sessions.items()]
        self.fields["session"].choices = [("", "None: not about one session"), *named]  # type: ignore[attr-defined]  # a choice field

    def chosen_session(self) -> Session | None:
        """The session chosen, if any."""
        return self._sessions.get(self.cleaned_data["session"])


def _when(session: Session) -> str:
    start = timezone.localtime(session.starts_at)
    return f"{start:%-d %b %Y, %H:%M}, {session.get_modality_display()}, {session.get_outcome_display()}"


def offered(rules: NoteRules) -> list[tuple[str, str]]:
    """The formats that the practice offers, as choices."""
    return [choice for choice in capitalised(Format.choices) if choice[0] in rules.formats]


class NoteForm(forms.Form):
    """The parts of one note as fields; the version that was seen, and a key that makes sending twice harmless.

    ``goals`` are those that a progress note may name.
    """

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, note: Note, data: Mapping[str, Any] | None = None, *, goals: Iterable[Goal] = ()) -> None:
        super().__init__(data, initial=None if data is not None else stored_note(note))
        self._parts = [*written_parts(note)]
        sent = data if data is not None else {}
        # From a page left open while the format was changed: no word of it is lost (records.actions.notes).
        self._strays = [part for part in elsewhere(note) if part.key in sent and part not in self._parts]
        for part in (*self._parts, *self._strays):
            self.fields[part.key] = LongText(label=part.heading, help_text=part.help, required=False)
        if KEPT in self._strays:
            self._parts.append(KEPT)
        self._add_goals(note, {str(goal.pk): goal for goal in goals})

    def _add_goals(self, note: Note, goals: dict[str, Goal]) -> None:
        self._goals = goals if note.kind == Kind.PROGRESS else {}
        if not self._goals:
            return
        choices = [(pk, goal.text) for pk, goal in self._goals.items()]
        field = forms.MultipleChoiceField(label="Goals worked on", required=False, choices=choices, widget=forms.CheckboxSelectMultiple)
        self.fields |= {"goals": field, "goals_shown": forms.BooleanField(required=False, widget=forms.HiddenInput)}
        self.initial.update(goals=[str(pk) for pk in note.goal_links.values_list("goal", flat=True)], goals_shown=True)

    @property
    def parts(self) -> list[forms.BoundField]:
        """The fields of the parts, in the order they are written."""
        return [self[part.key] for part in self._parts]

    def content(self) -> dict[str, str]:
        """What was written, by part, with whatever was sent under a name that only a progress note may hold: the action refuses it."""
        own = {part.key: self.cleaned_data[part.key] for part in (*self._parts, *self._strays) if part.key in self.data}
        return {name: self.data[name] for name in PROGRESS_ONLY if name in self.data and name not in own} | own

    def goals(self) -> list[Goal] | None:
        """The goals that are named; None where the page did not ask."""
        if not self.cleaned_data.get("goals_shown"):
            return None
        return [goal for pk, goal in self._goals.items() if pk in self.cleaned_data["goals"]]

    def renewed(self, version: int) -> Mapping[str, Any]:
        """The same words as data of a form that saves on top of ``version``, under a key of its own."""
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["version"], data["key"] = str(version), str(uuid4())
        return data


def stored_note(note: Note) -> dict[str, Any]:
    """What the editor shows of a draft."""
    return {**note.content, "version": note.version, "key": uuid4()}


class FormatForm(forms.Form):
    """Another of the ``offered`` formats for a draft, and the version of it that was seen."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    format = forms.ChoiceField()

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = offered  # type: ignore[attr-defined]  # a choice field


class DraftCommentForm(forms.Form):
    """What a supervisor asks to have changed in a draft, under an id that makes sending twice harmless."""

    ident = forms.UUIDField(widget=forms.HiddenInput)
    comment = LongText(
        label="What is missing or needs correcting", help_text="Only the author and you read it. It is no part of the record."
    )


class NamesForm(forms.Form):
    """Ticks beside ``words`` of the text that look like another member's name, and are not (IC-34)."""

    cleared = forms.MultipleChoiceField(
        label="Not the name of somebody else who was there", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, words: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(word, f"“{word}” is not a person here") for word in words]
        self.fields["cleared"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if not choices:
            del self.fields["cleared"]

    def ticked(self) -> list[str]:
        """The words that were ticked; whatever else was sent counts for nothing."""
        return list(self.cleaned_data.get("cleared", []))


class SignForm(NamesForm):
    """The fingerprint of the text that was shown."""

    shown = forms.RegexField(r"^[0-9a-f]{64}\Z", widget=forms.HiddenInput, strip=False)


class ShareForm(NamesForm):
    """The version of a draft that was shown."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class AddendumForm(NamesForm):
    """An addendum, under an id that makes sending twice harmless."""

    ident = forms.UUIDField(widget=forms.HiddenInput)
    text = LongText(
        label="Addendum", help_text="What is corrected or added, and why. It is signed as it is saved, and then as final as the note."
    )


class EditRequestForm(forms.Form):
    """What a supervisor asks the author to add or correct, under an id that makes sending twice harmless."""

    ident = forms.UUIDField(widget=forms.HiddenInput)
    comment = LongText(
        label="What is missing or needs correcting",
        help_text="Only the author and those who supervise this client read it. It is no part of the record.",
    )


# --- rules and snippets -------------------------------------------------------------------------------------------------

_COSIGNABLE = [choice for choice in capitalised(Kind.choices) if choice[0] != Kind.PSYCHOTHERAPY]


class RulesForm(forms.Form):
    """Which formats are offered, and what of everybody supervised needs a co-signature."""

    formats = forms.MultipleChoiceField(
        label="Formats offered",
        choices=capitalised(Format.choices),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Offer at least one format."},
    )
    default_format = forms.ChoiceField(label="Default", choices=capitalised(Format.choices))
    cosign_kinds = forms.MultipleChoiceField(
        label="Kinds that need a co-signature, of everybody who is supervised",
        required=False,
        choices=_COSIGNABLE,
        widget=forms.CheckboxSelectMultiple,
    )
    cosign_days = forms.IntegerField(label="Days to co-sign", min_value=1, max_value=60)

    def clean(self) -> dict[str, Any]:
        """Checks that the default is offered."""
        data: dict[str, Any] = super().clean() or {}
        if {"formats", "default_format"} <= data.keys() and data["default_format"] not in data["formats"]:
            self.add_error("default_format", "Choose one of the formats you offer.")
        return data


class CosignRuleForm(forms.Form):
    """Which kinds of one supervised person need a co-signature."""

    kinds = forms.MultipleChoiceField(label="Kinds of note", required=False, choices=_COSIGNABLE, widget=forms.CheckboxSelectMultiple)


class SnippetForm(forms.Form):
    """A snippet: what it is called, its text, and whether every counselor sees it."""

    ident = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="Name", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}))
    text = LongText(
        label="Text",
        help_text="No client's words or name. {client} becomes what the client is called, {date} the day of the session, "
        "{next} the next session; ___ is a gap to fill in, and Tab goes to the next one.",
    )
    shared = forms.BooleanField(label="Share it with every counselor here", required=False)
