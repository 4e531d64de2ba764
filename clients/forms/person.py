"""Who the client is: intake, identity, status, members of a unit, and the words of a search."""

from __future__ import annotations

from typing import Any

from django import forms

from clients.actions import Terms
from clients.models import Channel, Client, ContactPoint, Purpose
from clients.risks import risks
from practice.models import User

from .fields import StaffField, check_birthday, day, text

Kind = ContactPoint.Kind
EMERGENCY = ("name", "relation", "phone")


class SearchForm(forms.Form):
    """What somebody looks for. Sent by POST, so that it stands in no address and no log."""

    words = forms.CharField(label="Name, phone, mail or code", max_length=100, required=False)
    archived = forms.BooleanField(label="Archived clients, too", required=False)


class PersonForm(forms.Form):
    """What is known of the person. Two names are enough."""

    given_name = text("Given name", required=True, help_text="For a couple, family or group: what they are called together.")
    family_name = text("Family name", required=True)
    preferred_name = text("Preferred name", help_text="The name to use in the room and on the phone.")
    pronouns = text("Pronouns", longest=60)
    born_on = day("Date of birth")
    languages = text("Languages", help_text="The ones they would like to speak here.")
    emergency_name = text("Emergency contact", help_text="Whom to call if they are in danger.")
    emergency_relation = text("Relation")
    emergency_phone = text("Phone of the emergency contact", longest=40, inputmode="tel")

    def clean_born_on(self) -> Any:
        """A possible date of birth, or nothing."""
        return check_birthday(self.cleaned_data["born_on"])

    @property
    def identity(self) -> dict[str, Any]:
        """The fields of ``actions.person.IDENTITY``."""
        found = {
            name: self.cleaned_data[name] for name in ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages")
        }
        known = {part: self.cleaned_data[f"emergency_{part}"] for part in EMERGENCY}
        return found | {"emergency": known if any(known.values()) else {}}


def person_values(client: Client) -> dict[str, Any]:
    """What PersonForm shows of ``client`` to begin with."""
    found = {name: getattr(client, name) for name in ("given_name", "family_name", "preferred_name", "pronouns", "born_on", "languages")}
    return found | {f"emergency_{part}": client.emergency.get(part, "") for part in EMERGENCY}


def _permission(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


_CHANNELS = {Kind.PHONE: (Channel.VOICE, Channel.SMS), Kind.MAIL: (Channel.MAIL,), Kind.POST: (Channel.POST,)}


def _risks(kind: str) -> forms.MultipleChoiceField:
    """What is gone through of every way to such an address (CM-3)."""
    ways = [*_CHANNELS[Kind(kind)], *([Channel.VOICEMAIL] if kind == Kind.PHONE else [])]
    choices = [(f"{way.value}:{key}", words) for way in ways for key, words in risks(way).items()]
    said = "Not used before all of them are. You can do it later, under Contacts."
    return forms.MultipleChoiceField(
        label="What we went through together", choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=said
    )


class IntakeForm(PersonForm):
    """A new client. Permission is asked beside each address, never assumed."""

    kind = forms.ChoiceField(
        label="Who comes?", choices=[(kind.value, str(kind.label).capitalize()) for kind in Client.Kind], widget=forms.RadioSelect
    )
    phone = text("Phone", longest=40, inputmode="tel")
    phone_may = _permission("We may call or text this number")
    phone_safe = _permission("It is safe to leave a message")
    mail = forms.EmailField(label="E-mail", max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    mail_may = _permission("We may write to this address")
    mail_safe = _permission("Nobody else reads this mail")
    post = text("Post address", longest=300)
    post_may = _permission("We may send letters here")
    post_safe = _permission("Nobody else opens these letters")
    phone_risks = _risks(Kind.PHONE)
    mail_risks = _risks(Kind.MAIL)
    post_risks = _risks(Kind.POST)
    heard = _permission("I read all of these back to them, and they are right")
    counselor = StaffField(label="Counselor", required=False)
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, counselors: Any, chooses: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["counselor"]
        assert isinstance(field, StaffField)
        if chooses:
            field.offer(counselors, nobody="Not yet")
        else:
            del self.fields["counselor"]

    def clean(self) -> dict[str, Any]:
        """A message is safe only where there is permission at all."""
        found = super().clean() or {}
        for kind in Kind.values:
            if found.get(f"{kind}_safe") and not found.get(f"{kind}_may"):
                self.add_error(f"{kind}_safe", "Permission to use this address comes first.")
            if found.get(f"{kind}_may") and not found.get(kind) and kind not in self.errors:
                self.add_error(kind, "The permission is for an address: which one?")
            if missing := self._left_out(kind, found):
                self.add_error(f"{kind}_risks", f"Not yet gone through: {missing}")
        return found

    def _left_out(self, kind: str, found: dict[str, Any]) -> str:
        """A risk that was left out where others were ticked."""
        ticked = found.get(f"{kind}_risks") or []
        wanted = [(f"{way.value}:{key}", words) for way in self._ways(kind, found) for key, words in risks(way).items()]
        return next((words for key, words in wanted if key not in ticked), "") if ticked else ""

    def _ways(self, kind: str, found: dict[str, Any]) -> list[Channel]:
        left = [Channel.VOICEMAIL] if kind == Kind.PHONE and found.get("phone_safe") else []
        return [*_CHANNELS[Kind(kind)], *left] if found.get(f"{kind}_may") else []

    def agreed(self, kind: str) -> list[Terms]:
        """What they allowed for the address of ``kind``: for everything, and saying nothing but that there is something."""
        ticked = [key.partition(":") for key in self.cleaned_data[f"{kind}_risks"]]
        return [
            Terms(way, Purpose.values, ticked=[key for name, _, key in ticked if name == way])
            for way in self._ways(kind, self.cleaned_data)
        ]

    @property
    def addresses(self) -> list[dict[str, Any]]:
        """The contact points given, as ``add_contact_point`` takes them."""
        data = self.cleaned_data
        return [
            {"kind": kind, "address": data[kind], "may_contact": data[f"{kind}_may"], "safe_to_leave_message": data[f"{kind}_safe"]}
            for kind in Kind.values
            if data[kind]
        ]

    def counselor_for(self, asker: User) -> User | None:
        """Who is assigned: the one chosen, or the asker where there is nothing to choose."""
        chosen: User | None = self.cleaned_data["counselor"] if "counselor" in self.fields else asker
        return chosen
