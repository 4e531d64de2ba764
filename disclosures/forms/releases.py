"""Beginning a release, choosing what leaves, the second look, and sending."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from consent.models import Authorization
from disclosures import law
from disclosures.actions import Begun
from disclosures.choosing import Chosen, Offer
from disclosures.law import Basis
from disclosures.letters import paper_of
from disclosures.models import LegalProcess, Release
from practice.files import SORTS

from .accounting import add_asked, answered, day, line, words

LONGEST_TEXT = 50_000
MOST_REDACTIONS = 100


class BeginForm(forms.Form):
    """Who asks and how that is known; without an authorization also to whom and what for, and what the basis asks."""

    asked = words("Who asks, when and how", rows=2, help_text="Such as: Dr. Osei's office, by letter of 3 May.")
    verified = words("How you know that it is them", rows=2, help_text="Such as: called back at the number in the register (AU-9).")
    recipient = line("To whom it goes", help_text="A person or office by name.")
    address = line("Their address", required=False, most=400)
    purpose = words("What for", rows=2)
    part2 = forms.BooleanField(label="Substance use records are in it, or may be", required=False)
    apart = forms.BooleanField(label="It is about psychotherapy notes, and nothing else", required=False)

    def __init__(
        self, basis: Basis, named: Authorization | None, data: Any = None, *, paper: LegalProcess | None, asks_part2: bool = False
    ) -> None:
        super().__init__(data, initial=_answering(paper) if paper else {})
        self.basis, self.named, self.paper = basis, named, paper
        for name in ("recipient", "address", "purpose", "part2", "apart") if named else ():
            del self.fields[name]
        if not named and not asks_part2:
            del self.fields["part2"]
        if not named and not basis.psychotherapy:
            del self.fields["apart"]
        if not paper:
            add_asked(self, basis)

    def begun(self) -> Begun:
        """What was said."""
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith("ask_")}
        details = {} if self.paper else answered(self, self.basis)
        return Begun(basis=self.basis.key, authorization=self.named, process=self.paper, details=details, **said)


def _answering(paper: LegalProcess) -> dict[str, str]:
    """What is known of whoever asks, from the paper's own page."""
    return {"asked": f"By {paper_of(paper)}", "verified": paper.valid_how, "recipient": paper.issuer}


class ChooseForm(forms.Form):
    """What leaves: only what the scope offers is here, and nothing is chosen beforehand."""

    notes = forms.MultipleChoiceField(label="Signed notes", required=False, widget=forms.CheckboxSelectMultiple)
    documents = forms.MultipleChoiceField(
        label="Documents", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="They leave whole: nothing in a file is blacked out. Leave one out rather than hope.",
    )  # fmt: skip
    looked = forms.BooleanField(label="I looked through each document that I chose: it names nobody it should not", required=False)
    redact = forms.CharField(
        label="Black out", required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
        help_text="Names and passages about others, one a line, as they stand there. They are gone from the PDF and the data.",
    )  # fmt: skip
    justification = words("Why it is no more than necessary", required=False, rows=2)

    def __init__(self, release: Release, offer: Offer, chosen: Chosen, data: Any = None) -> None:
        super().__init__(data, initial=_initial(release, chosen))
        self.offer = offer
        self._offer("notes", [(str(note.pk), _note_words(note)) for note in offer.notes])
        self._offer("documents", [(str(row.pk), _document_words(row)) for row in offer.documents])
        if offer.sessions:
            self.fields["sessions"] = forms.BooleanField(label=_SESSIONS[offer.sessions], required=False)
        self.fields |= {f"text_{key}": _text(title, chosen.texts.get(key, "")) for key, title in offer.texts.items()}
        for name in _absent(release, offer):
            del self.fields[name]
        texts = [f"text_{key}" for key in offer.texts]
        self.order_fields(["sessions", "notes", *texts, "documents", "looked", "redact", "justification"])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Documents were looked through; the list of what is blacked out is not endless."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("documents") and not said.get("looked"):
            self.add_error("looked", "Look through each document first: they leave whole.")
        if len(self._lines()) > MOST_REDACTIONS:
            self.add_error("redact", f"That is more than {MOST_REDACTIONS} lines. Leave a note out instead.")
        return said

    def _lines(self) -> list[str]:
        return [row.strip() for row in self.cleaned_data.get("redact", "").splitlines() if row.strip()]

    def chosen(self) -> Chosen:
        """What was chosen."""
        said = self.cleaned_data
        texts = {key: said[f"text_{key}"].replace("\r\n", "\n") for key in self.offer.texts if said[f"text_{key}"].strip()}
        return Chosen(bool(said.get("sessions")), said.get("notes", []), said.get("documents", []), texts, self._lines())


_SESSIONS = {"attendance": "Attendance: days, and whether they took place", "full": "The list of sessions, with their hours"}


def _text(title: str, written: str) -> forms.CharField:
    """A text that is written for the release."""
    widget = forms.Textarea(attrs={"rows": 5, "dir": "auto", "autocomplete": "off"})
    help_text = "Written for this release. Empty, it is not in it."
    return forms.CharField(label=title, required=False, max_length=LONGEST_TEXT, initial=written, widget=widget, help_text=help_text)


def _absent(release: Release, offer: Offer) -> list[str]:
    """The fields that this release has no use for."""
    gone = ([] if offer.notes else ["notes"]) + ([] if offer.documents else ["documents", "looked"])
    return gone + ([] if law.bases()[release.basis].minimum else ["justification"])


def _initial(release: Release, chosen: Chosen) -> dict[str, Any]:
    found = {"sessions": chosen.sessions, "notes": chosen.notes, "documents": chosen.documents, "redact": "\n".join(chosen.redact)}
    return found | {"justification": release.justification}


def _note_words(note: Any) -> str:
    return f"{timezone.localtime(note.dated):%-d %b %Y}, {note.get_kind_display()}, {note.author.name}"


def _document_words(row: Any) -> str:
    return f"{timezone.localtime(row.added_at):%-d %b %Y}, {row.title} ({SORTS[row.sort].word})"


class LookForm(forms.Form):
    """What the second look says."""

    passed = forms.TypedChoiceField(
        label="What do you say?", choices=[("yes", "It may leave"), ("no", "Send it back")], coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = words("In words", required=False, rows=2, help_text="Where you send it back: what is wrong with it.")


class OutsideForm(forms.Form):
    """Who outside the practice looked, where nobody here may."""

    words = words(
        "Who looked, and what they said", rows=2, help_text="Nobody else of the practice may open this record, so say who outside did."
    )


class HandForm(forms.Form):
    """How it is handed over."""

    how = line("How it leaves", help_text="Such as: handed to Dr. Osei in person; by registered post; by fax to 503 555 0100.")


class LinkForm(forms.Form):
    """A link, for how long, how often, and where it is sent."""

    mail = forms.EmailField(label="Mail the link to", required=False, help_text="Empty: you are shown the link, and pass it on yourself.")
    days = forms.IntegerField(label="It works for how many days", min_value=1, max_value=14, initial=7)
    most = forms.IntegerField(label="How often it can be fetched", min_value=1, max_value=5, initial=1)


class FetchForm(forms.Form):
    """The words that were told another way."""

    words = forms.CharField(
        label="The three words you were told",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class RestrictForm(forms.Form):
    """What the practice agreed to withhold."""

    recipient = line("From whom it is withheld", help_text="By name, such as a health plan.")
    words = words("What was agreed")
    agreed_on = day("On which day")
    paid_in_full = forms.BooleanField(
        label="The client paid in full themself, and it is a health plan that must not know", required=False,
        help_text="The law then makes the practice agree, and it cannot end it (RG-10).",
    )  # fmt: skip
