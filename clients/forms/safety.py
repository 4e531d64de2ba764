"""How somebody may be reached: one form for each way, what holds for all of them, an address, and the code said back."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import validate_email

from clients.actions import Terms
from clients.models import Channel, ContactPoint, Level, Purpose, SafetyProfile, SafeWay
from clients.reaching import KIND_OF
from clients.risks import risks

from .fields import text

DAYS = [("0", "Monday"), ("1", "Tuesday"), ("2", "Wednesday"), ("3", "Thursday"), ("4", "Friday"), ("5", "Saturday"), ("6", "Sunday")]
ALLOWED, NEVER, EVERY = "allowed", "never", "every"


def _many(label: str, choices: Iterable[tuple[str, str]], **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple, **more)


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def _capital(choices: Any) -> list[tuple[str, str]]:
    return [(each.value, str(each.label).capitalize()) for each in choices]


class WayForm(forms.Form):
    """One way: for what, where, when, how much, and which of its risks were gone through. ``own``: the client fills it in themself."""

    use = forms.ChoiceField(
        label="May it be used?", widget=forms.RadioSelect, choices=[(ALLOWED, "Yes, for what is ticked below"), (NEVER, "Never")]
    )
    point = forms.ChoiceField(label="Which one", widget=forms.RadioSelect)
    purposes = _many("What for", _capital(Purpose))
    level = forms.ChoiceField(label="How much a message may say", choices=_capital(Level), widget=forms.RadioSelect, initial=Level.NONE)
    days = _many("Safe days", DAYS, help_text="None ticked: every day.")
    opens, closes = _time("Safe from"), _time("Safe until")
    ticked = _many("Its risks", [])
    heard = forms.BooleanField(
        label="I know that this is theirs", required=False, help_text="They said it back to me, or I reached them there myself (CM-6)."
    )

    def __init__(self, channel: Channel, points: Iterable[ContactPoint], *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = {str(point.pk): point for point in points if point.kind == KIND_OF.get(channel)}
        self.channel = channel
        said = "I know each of these." if own else "Tick each as you go through it together. None may be left out (CM-3)."
        self._choices("ticked", risks(channel).items(), said)
        self._fit(own)

    def _choices(self, name: str, choices: Iterable[tuple[str, str]], help_text: str = "") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices, field.help_text = list(choices), help_text

    def _fit(self, own: bool) -> None:
        if self.channel in KIND_OF:
            where = [(key, f"{point.address}{f', {point.label}' if point.label else ''}") for key, point in self.points.items()]
            self._choices("point", [*where, (EVERY, "None of them, and none to come (only for “Never”)")])
        else:
            for name in ("point", "level", "days", "opens", "closes"):
                del self.fields[name]
        if own or self.channel not in KIND_OF:
            del self.fields["heard"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begin, end = found.get("opens"), found.get("closes")
        if begin and end and end <= begin:
            self.add_error("closes", "It must end after it begins, on the same day.")
        if found.get("use") == ALLOWED and not found.get("purposes"):
            self.add_error("purposes", "Say what for, or choose “Never”.")
        if found.get("use") == ALLOWED and found.get("point") == EVERY:
            self.add_error("point", "Choose which one may be used.")
        return found

    @property
    def chosen(self) -> ContactPoint | None:
        """The address it is about; None for the whole channel."""
        return self.points.get(self.cleaned_data.get("point", ""))

    @property
    def terms(self) -> Terms:
        """What was agreed."""
        found = self.cleaned_data
        if found["use"] == NEVER:
            return Terms(self.channel, never=True)
        days = [int(day) for day in found.get("days", [])]
        more: dict[str, Any] = {"level": found.get("level") or Level.NONE, "opens": found.get("opens"), "closes": found.get("closes")}
        return Terms(self.channel, found["purposes"], days=days, ticked=found["ticked"], **more)


def way_values(row: SafeWay | None, point: ContactPoint | None) -> dict[str, Any]:
    """What WayForm shows to begin with: what holds now, or nothing allowed."""
    if row is None:
        return {"point": str(point.pk) if point else None, "level": Level.NONE}
    values: dict[str, Any] = {name: getattr(row, name) for name in ("purposes", "level", "opens", "closes")}
    point_key = str(row.point) if row.point else EVERY
    return values | {"use": NEVER if row.never else ALLOWED, "point": point_key, "days": [str(day) for day in row.days]}


class OwnMailForm(forms.Form):
    """A representative says of their own address whether and when it may be written to."""

    use = forms.ChoiceField(
        label="May we write to the address you sign in with?",
        widget=forms.RadioSelect,
        choices=[(ALLOWED, "Yes, that there is something to read"), (NEVER, "Never")],
    )
    days = _many("Safe days", DAYS, help_text="None ticked: every day.")
    opens, closes = _time("Safe from"), _time("Safe until")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begin, end = found.get("opens"), found.get("closes")
        if begin and end and end <= begin:
            self.add_error("closes", "It must end after it begins, on the same day.")
        return found

    @property
    def terms(self) -> Terms:
        """What they said; they know the risks of their own mailbox as little or as well as before."""
        found = self.cleaned_data
        if found["use"] == NEVER:
            return Terms(Channel.MAIL, never=True)
        days = [int(day) for day in found["days"]]
        return Terms(Channel.MAIL, Purpose.values, days=days, opens=found["opens"], closes=found["closes"])


class ProfileForm(forms.Form):
    """What holds for every way."""

    voicemail_name = text("Name to ask for on the phone", help_text="What we say when somebody else answers, or on a voicemail.")
    avoid = forms.CharField(
        label="Words not to use", max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text="One on each line.",
    )  # fmt: skip
    zone = forms.ChoiceField(label="Time zone of the safe hours", required=False)
    session_contact = text(
        "Whom to call when something happens in a session by video or phone",
        longest=200,
        help_text="Name and number. Empty: the emergency contact.",
    )
    quick_exit = forms.BooleanField(
        label="Show a button to leave the portal quickly", required=False,
        help_text="It stands on each page of the portal, signs out, and shows a calendar instead.",
    )  # fmt: skip

    def __init__(self, *args: Any, now: SafetyProfile | None, **kwargs: Any) -> None:
        names = ("voicemail_name", "avoid", "zone", "session_contact", "quick_exit")
        kwargs["initial"] = {name: getattr(now, name) for name in names} if now else {}
        super().__init__(*args, **kwargs)
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [("", "The time of the practice"), *((name, name) for name in sorted(zoneinfo.available_timezones()) if "/" in name)]


class AddressForm(forms.Form):
    """A new address, or another for one that is there."""

    kind = forms.ChoiceField(label="Kind", choices=_capital(ContactPoint.Kind), widget=forms.RadioSelect)
    address = text("Number or address", longest=300, required=True)
    label = text("What you call it", longest=60, help_text="Such as: work, my sister's.")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("address") and found.get("kind") == ContactPoint.Kind.MAIL:
            try:
                validate_email(found["address"])
            except forms.ValidationError as error:
                self.add_error("address", error)
        return found


class CodeForm(forms.Form):
    """The code that came to an address."""

    code = text("The code that came there", longest=12, inputmode="numeric")
