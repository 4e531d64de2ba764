"""Acts on an account, tasks, and urgent calls."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit import clock
from breaches.actions.contain import ACTS
from breaches.models import Call
from clients.access import in_portal
from clients.models import Client
from practice.models import User
from review.forms.asked import sentences

from .incidents import day, moment, over

PORTAL, LINKS = "portal", "links"
# Acts on what somebody sent, or on what is a client's: no account is touched.
SENT = {
    PORTAL: "Withdraw open invitations to the portal: those they sent, or those of the client.",
    LINKS: "Stop every link of a release: those they sent, or those to the client's record.",
}
# What the house cannot do from a page: a task with its words ready. Keys are rotated with the owner's rights, which no page has.
GUIDED = {
    "keys": (
        "Rotate the keys of a client's record",
        "At the machine, rotate the keys of client CODE: python manage.py vault rotate-client CODE. Then tick this off and write down who "
        "ran it, when, and what it said.",
    ),
    "masters": (
        "Rotate the master key",
        "At the machine: python -m ops add-master; python manage.py vault rotate-master; python manage.py vault verify; python -m ops "
        "drop-master (docs/operations.md). Then tick this off and write down who ran it, and when.",
    ),
    "back": (
        "Get papers, mail or a file back",
        "Ask whoever got it to send it back or destroy it, to pass nothing on, and to confirm that in writing. Do not say what is in it.",
    ),
    "device": (
        "Find or wipe a lost device",
        "Report it as lost, have it locked and wiped from afar, and write down whether it was encrypted, how, and where the key was.",
    ),
    "mailbox": (
        "Change the password of a mailbox or a service outside",
        "Change the password, end every sign-in there, look for rules that forward mail, and switch a second factor on.",
    ),
}
_FARTHEST = datetime.timedelta(days=366)


def people_choices(people: dict[str, User]) -> list[tuple[str, str]]:
    """The names of ``people`` in order, after a choice of none."""
    return [("", "Choose…"), *((key, name) for name, key in sorted((str(person.name), key) for key, person in people.items()))]


class ContainForm(forms.Form):
    """Whose account, and what to do with it at once."""

    act = forms.ChoiceField(
        label="What to do now",
        choices=[*((key, act.words) for key, act in ACTS.items()), *SENT.items()],
        widget=forms.RadioSelect,
    )
    person = forms.ChoiceField(label="Account of a colleague", required=False)
    code = forms.CharField(
        label="Or what is a client's, by code: their portal accounts, invitations and links",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, people: list[User], clients: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.clients = {str(person.pk): person for person in people}, clients
        self.fields["person"].choices = people_choices(self.people)  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """One account or the accounts of one client; raises ValidationError."""
        found = super().clean() or {}
        person, code = self.people.get(found.get("person") or ""), (found.get("code") or "").strip().casefold()
        if bool(person) == bool(code):
            raise ValidationError("Choose a colleague, or type the code of a client.")
        self.sent_of = (person or self._client(code)) if found.get("act") in SENT else None
        if not self.sent_of and found.get("act") not in SENT:
            self.accounts = [(person, str(person.name))] if person else self._of_the_client(code)
        return found

    def _client(self, code: str) -> Client | None:
        found: Client | None = self.clients.filter(code=code).first()
        if found is None:
            self.add_error("code", "No client has this code.")
        return found

    def _of_the_client(self, code: str) -> list[tuple[User, str]]:
        client: Client | None = self.clients.filter(code=code).first()
        grants = in_portal(client).select_related("user") if client else []
        accounts = {grant.user_id: grant.user for grant in grants}
        if not accounts:
            self.add_error("code", "No portal account belongs to this code.")
        return [(account, f"a portal account of {code}") for account in accounts.values()]


class TaskForm(forms.Form):
    """What is to be done, by whom, until when."""

    words = sentences("What is to be done?", help_text="Whoever you give it to reads this sentence, and nothing else of the incident.")
    owner = forms.ChoiceField(label="By whom?")
    due_on = day("Until when?")

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["owner"].choices = people_choices(self.people)  # type: ignore[attr-defined]  # a choice field
        self.initial.setdefault("due_on", clock.today() + datetime.timedelta(days=1))

    def clean_owner(self) -> User:
        """The person chosen, from those offered."""
        return self.people[self.cleaned_data["owner"]]

    def clean_due_on(self) -> datetime.date:
        """Today or a day within a year; raises ValidationError."""
        found: datetime.date = self.cleaned_data["due_on"]
        today = clock.today()
        if not today <= found <= today + _FARTHEST:
            raise ValidationError("Choose today or a day within a year.")
        return found


class DoneForm(forms.Form):
    """What came of a task."""

    outcome = sentences("What came of it?", required=False, help_text="Who did it and when; or why it was not needed.")


class CallForm(forms.Form):
    """Who called, when, and what came of it (BR-10)."""

    outcome = forms.ChoiceField(
        label="What came of it?", choices=[(key, words.capitalize()) for key, words in Call.Outcome.choices], widget=forms.RadioSelect
    )
    caller = forms.ChoiceField(label="Who called?")
    at = moment("When?")
    words = sentences("Anything to add?", required=False, help_text="What they asked for. If nobody called: why not.")

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["caller"].choices = people_choices(self.people)  # type: ignore[attr-defined]  # a choice field
        self.initial.setdefault("at", timezone.localtime(clock.now()))

    def clean_caller(self) -> User:
        """The person chosen, from those offered."""
        return self.people[self.cleaned_data["caller"]]

    def clean_at(self) -> datetime.datetime | None:
        """A moment that is over; raises ValidationError."""
        return over(self.cleaned_data["at"])
