"""Looking for whom it concerns, adding and taking out, and where they live."""

from __future__ import annotations

import datetime
import re
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit import clock
from breaches.reach import ACTS, NARROW, WIDE, Sought
from clients.access import in_portal
from practice.models import User
from practice.states import STATES
from review.forms.asked import sentences

from .contain import people_choices
from .incidents import moment

HOMES = [
    ("", "Choose…"), *((f"US-{code}", name) for code, name in STATES), ("US", "United States, state not known"),
    ("CA-ON", "Canada: Ontario"),
    ("CA-QC", "Canada: Québec"), ("CA", "Canada: elsewhere"), ("GB", "United Kingdom"), ("EU", "European Union"), ("AU", "Australia"),
    ("XX", "Another country"),
]  # fmt: skip


def plain(label: str, *, help_text: str = "", longest: int = 40) -> forms.CharField:
    """A word that is copied from somewhere."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=label, required=False, max_length=longest, help_text=help_text, widget=widget)


class SeekForm(forms.Form):
    """What is looked for in the trail. Everything that is filled in must hold."""

    person = forms.ChoiceField(label="Account of a colleague", required=False)
    code = plain("Portal accounts of a client, by code")
    session = plain("One sign-in", help_text="As the trail names it. Show their sign-ins first to choose one.", longest=12)
    address = forms.GenericIPAddressField(label="From one address", required=False)
    thing = forms.UUIDField(
        label="One document, note, export or release",
        required=False,
        help_text="Its id: the column what_id in the CSV file of the trail. Fetched by its link: under the release.",
    )
    since = moment("From")
    until = moment("To")
    acts = forms.MultipleChoiceField(
        label="What was done",
        choices=[(name, words) for name, (words, _) in ACTS.items()],
        widget=forms.CheckboxSelectMultiple,
        initial=["read", "list", "export"],
    )

    def __init__(self, *args: Any, people: list[User], clients: Any, noticed_at: datetime.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.clients = {str(person.pk): person for person in people}, clients
        self.fields["person"].choices = people_choices(self.people)  # type: ignore[attr-defined]  # a choice field
        self.initial.setdefault("since", timezone.localtime(noticed_at - datetime.timedelta(days=1)))
        self.initial.setdefault("until", timezone.localtime(clock.now()))

    def clean_code(self) -> list[UUID]:
        """The portal accounts of that client; raises ValidationError where there is none."""
        code = self.cleaned_data["code"].strip().casefold()
        client = self.clients.filter(code=code).first() if code else None
        accounts = [grant.user_id for grant in in_portal(client)] if client else []
        if code and not accounts:
            raise ValidationError("No portal account belongs to this code.")
        return accounts

    def clean(self) -> dict[str, Any]:
        """Something to look for, and a span that can be looked through; raises ValidationError."""
        found = super().clean() or {}
        whom = [found.get(name) for name in ("person", "code")]
        if not self.errors and not any([*whom, *(found.get(name) for name in ("session", "address", "thing"))]):
            raise ValidationError("Say whose account, which sign-in, which address or which thing.")
        since, until, longest = found.get("since"), found.get("until"), WIDE if any(whom) else NARROW
        if since and until and since >= until:
            self.add_error("until", "The end comes before the beginning.")
        elif since and until and until - since > longest:
            self.add_error("since", f"Choose at most {longest.days} days at a time.")
        return found

    @property
    def sought(self) -> Sought:
        """What was filled in."""
        found = self.cleaned_data
        accounts = (*([UUID(found["person"])] if found["person"] else []), *found["code"])
        rest = (found["session"], found["address"] or "", found["thing"])
        return Sought(found["since"], found["until"], tuple(found["acts"]), accounts, *rest)

    @property
    def words(self) -> str:
        """What was filled in, for the timeline; a client stands there as their code."""
        found = self.cleaned_data
        said = [
            str(self.people[found["person"]].name) if found["person"] else "", self.data.get("code", "").strip(),
            f"sign-in {found['session']}" if found["session"] else "", found["address"] or "",
            f"thing {found['thing']}" if found["thing"] else "", ", ".join(ACTS[name][0].lower() for name in found["acts"]),
        ]  # fmt: skip
        span = " to ".join(f"{timezone.localtime(found[name]):%-d %b %Y %H:%M}" for name in ("since", "until"))
        return "; ".join([*filter(None, said), span])


class AddForm(forms.Form):
    """Clients by code, and how it is known: for papers, misdirected letters, and what no line tells."""

    codes = forms.CharField(
        label="Codes of the clients", max_length=8000, help_text="One a line. You find a code on each page of a record.",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    words = sentences(
        "How do you know?", help_text="A folder that was lost, a letter to the wrong person, a list that somebody photographed."
    )

    def __init__(self, *args: Any, clients: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clients = clients

    def clean_codes(self) -> list[Any]:
        """The clients; raises ValidationError naming the codes that are nobody's."""
        typed = {code.casefold() for code in re.split(r"[\s,;]+", self.cleaned_data["codes"]) if code}
        found = {client.code: client for client in self.clients.filter(code__in=typed)}
        if missing := sorted(typed - found.keys()):
            raise ValidationError(f"No client has the code {', '.join(missing[:5])}.")
        return list(found.values())


class HomeForm(forms.Form):
    """Where everybody lives of whom nobody said so yet."""

    home = forms.ChoiceField(label="Those without a known place live in", choices=HOMES)


class DescribeForm(forms.Form):
    """Where one of them lives, and whom a letter goes to."""

    home = forms.ChoiceField(label="Where they live", choices=HOMES)
    minor = forms.BooleanField(label="A minor: the letter goes to whoever stands for them", required=False)
    deceased = forms.BooleanField(label="They died: the letter goes to the next of kin or the representative", required=False)


class OutForm(forms.Form):
    """Why somebody is not affected."""

    words = sentences("Why are they not affected?", help_text="The row stays on the list, with this reason.")


def place_of(home: str) -> tuple[str, str]:
    """Country and state of a choice of HOMES."""
    country, _, state = home.partition("-")
    return country, state
