"""The letter, what became of it for one person, what goes to authorities and the public, and the end."""

from __future__ import annotations

from typing import Any

from django import forms

from breaches.letters import TITLES, parts_of
from breaches.models import Closing, Draft, Told
from review.forms.asked import sentences

from .incidents import day

_HELP = {
    "happened": "With the day it happened and the day you found out, if known.",
    "kinds": "Which kinds of information. No details: letters are opened by others, too.",
    "protect": "What they can do to protect themselves.",
    "doing": "What you do to look into it, to mend it, and so that it does not happen again.",
    "contact": "A toll-free number, a mail address, a web page or a post address.",
}


class WordingForm(forms.Form):
    """The five blocks of the letter (BR-7), or those of a state's own (SB-9). Empty ones may be saved; the letter is approved whole."""

    def __init__(self, *args: Any, place: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in parts_of(place):
            self.fields[name] = sentences(str(TITLES[name]), required=False, help_text=_HELP[name])

    @property
    def blocks(self) -> dict[str, str]:
        """What was typed, and nothing where the letter leaves a block out."""
        return {name: self.cleaned_data.get(name, "") for name in TITLES}


class ProofForm(forms.Form):
    """What shows that it happened (BR-16)."""

    proof = sentences(
        "What shows it?", help_text="Such as the number of the certificate of mailing, the receipt, or who said what to whom and when."
    )


class AddressForm(forms.Form):
    """Where a letter goes instead."""

    name = forms.CharField(label="Name on the letter", max_length=120)
    address = forms.CharField(label="Address", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    kin = forms.BooleanField(label="They died; this is their next of kin or personal representative", required=False)


class DraftForm(forms.Form):
    """To whom a notice goes."""

    kind = forms.ChoiceField(label="To", choices=Draft.Kind.choices)
    whom = forms.CharField(
        label="Their name",
        max_length=120,
        help_text="An authority, a newspaper, a page: never a person. Such as “the Attorney General of Oregon”.",
    )


class DraftTextForm(forms.Form):
    """What a notice says."""

    text = forms.CharField(label="What it says", max_length=20000, widget=forms.Textarea(attrs={"rows": 24}))


class SentForm(ProofForm):
    """On which day it went out."""

    on = day("When did it go out?")
    field_order = ("on", "proof")


class CloseForm(forms.Form):
    """With what an incident is closed (BR-17)."""

    mitigation = sentences("What was done for those affected?")
    lessons = sentences("What do we learn from it?")
    sanction = forms.ChoiceField(
        label="Was somebody of the workforce at fault?", choices=Closing.Sanction.choices, widget=forms.RadioSelect
    )
    reason = sentences("Why was nobody sanctioned?", required=False, help_text="Only where somebody was at fault and was not sanctioned.")
    recipient = forms.CharField(
        label="Who got the data, if it left the practice?", max_length=400, required=False,
        help_text="Name, and address if known. It goes into the accounting of each client. Leave it empty if nothing left.",
    )  # fmt: skip


class ReopenForm(forms.Form):
    """Why what was closed goes on."""

    why = sentences("What is known now that was not known then?")


WAYS = [(Told.Way.POST.value, "By post"), (Told.Way.PORTAL.value, "In the portal")]
