"""Asking a colleague, and answering for each place that looks like an identifier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from clients.forms.fields import StaffField, text
from clients.forms.team import StaffForm
from practice.models import User
from records.models import Note
from supervision import law
from supervision.actions import Asked, Settled
from supervision.deidentify import Finding
from supervision.models import Consultation

Relation = Consultation.Relation
KEEP, REPLACE = "keep", "replace"
_PLAIN = {"autocomplete": "off", "dir": "auto"}


class AskForm(StaffForm):
    """Whom, what, which notes, for how long."""

    question = forms.CharField(label="Your question", max_length=4000, widget=forms.Textarea(attrs=_PLAIN | {"rows": 3}))
    notes = forms.MultipleChoiceField(label="Which notes", widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label="For how many days")
    relation = forms.ChoiceField(
        label="What they are", required=False, choices=[("", "-"), ("lawyer", "a lawyer"), ("expert", "an expert from outside")],
        help_text="Of somebody from outside. They read it on a page that opens once, with words you tell them.",
    )  # fmt: skip
    who = text("Their name and profession", longest=200, help_text="Of somebody from outside.")
    about = forms.ChoiceField(label="What it is needed for", required=False)
    field_order = ["person", "relation", "who", "question", "notes", "days", "about"]

    def __init__(self, *args: Any, people: Iterable[User], notes: Iterable[Note], about: dict[str, str], **kwargs: Any) -> None:
        least, offered, most = law.limits()
        super().__init__(*args, people=people, label="Whom do you ask?", initial={"days": offered}, **kwargs)
        self.fields["days"] = forms.IntegerField(
            label="For how many days", min_value=least, max_value=most, help_text="Then it ends by itself."
        )
        staff = self.fields["person"]
        assert isinstance(staff, StaffField)
        staff.required = False
        staff.offer(people, nobody="Somebody from outside")
        self.fields["about"].choices = [("", "Nothing in particular"), *about.items()]  # type: ignore[attr-defined]  # a choice field
        if not about:
            del self.fields["about"]
        self.fields["notes"].choices = [(str(note.pk), self._words(note)) for note in notes]  # type: ignore[attr-defined]  # a choice field

    def _words(self, note: Note) -> str:
        at = note.session.starts_at if note.session else note.created_at
        return f"{str(note.get_kind_display()).capitalize()}, {timezone.localdate(at):%-d %b %Y}"

    def asked(self) -> Asked:
        """What was asked."""
        found = self.cleaned_data
        relation = Relation.COLLEAGUE if found["person"] else found["relation"]
        who = "" if found["person"] else found["who"]
        return Asked(found["person"], found["question"], found["notes"], found["days"], relation, who, found.get("about", ""))


class SettleForm(forms.Form):
    """One pair of fields for each place found, and further words to replace."""

    also = text("Further words to replace", longest=200, help_text="Such as an employer or a school: as they stand in the text.")
    also_with = text("With", longest=60)

    def __init__(self, *args: Any, found: Sequence[tuple[int, Finding]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        for number, (_, finding) in enumerate(found):
            choices = [(REPLACE, "Replace"), (KEEP, "Keep")]
            self.fields[f"do_{number}"] = forms.ChoiceField(label="What becomes of it", choices=choices, initial=REPLACE)
            words = text("With what, or why it is kept", longest=200)
            words.initial = finding.kind.instead
            self.fields[f"words_{number}"] = words

    @property
    def places(self) -> list[dict[str, Any]]:
        """Each place with its fields."""
        return [
            {"number": number + 1, "finding": finding, "do": self[f"do_{number}"], "words": self[f"words_{number}"]}
            for number, (_, finding) in enumerate(self.found)
        ]

    def settled(self) -> list[Settled]:
        """What becomes of each place."""
        said = self.cleaned_data
        made = []
        for number, (part, finding) in enumerate(self.found):
            words = said[f"words_{number}"]
            if said[f"do_{number}"] == KEEP:
                made.append(Settled(part, finding, reason="" if words == finding.kind.instead else words))
            else:
                made.append(Settled(part, finding, instead=words or finding.kind.instead))
        return made

    def also_replaced(self) -> list[tuple[str, str]]:
        """Further words, and what stands instead."""
        word = self.cleaned_data["also"].strip()
        return [(word, self.cleaned_data["also_with"].strip() or "[left out]")] if word else []
