"""What to look for in notes, and in which."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from clients import search as client_search
from clients.forms.fields import day, midnight, text
from clients.models import Client
from records.models import Kind
from records.search import MOST_WORDS, Term, terms, too_short

from . import capitalised

LONGEST = 200


class NoteSearchForm(forms.Form):
    """Words, and optionally a client, a kind of note and days. ``clients`` are those in whose notes the person may look.

    ``whole`` adds to the ids found those of rows that are the same persons.
    """

    words = text("Words in the note", longest=LONGEST, type="search", spellcheck="false")
    client = text(
        "Client", longest=100, help_text="Beginning of a name, or a code. Leave it empty to search in all of your clients' notes."
    )
    kind = forms.ChoiceField(label="Kind of note", required=False, choices=[("", "Any"), *capitalised(Kind.choices)])
    since = day("From")
    until = day("To", help_text="This day included.")
    further = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, clients: QuerySet[Client], whole: Callable[[list[UUID]], list[UUID]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clients, self.whole = clients, whole

    def clean_words(self) -> list[Term]:
        """What to find; raises ValidationError where it is nothing, too little or too much."""
        found = terms(self.cleaned_data["words"])
        if not found:
            raise ValidationError("Type a word, or several, to look for.")
        if short := [" ".join(term.words) for term in found if too_short(term)]:
            raise ValidationError(f"“{short[0]}” is too short: type two letters or more of each word, or put several into quotes.")
        if sum(len(term.words) for term in found) > MOST_WORDS:
            raise ValidationError(f"These are more than {MOST_WORDS} words. Type the rarest of them.")
        return found

    def clean_client(self) -> list[UUID]:
        """The ids of the clients meant, none for all; raises ValidationError where there is no such client."""
        typed = self.cleaned_data["client"]
        found = list(client_search.among(self.clients, typed).order_by().values_list("pk", flat=True)) if typed else []
        if typed and not found:
            raise ValidationError("None of your clients is found by this. Type two letters or more of a name, or the code.")
        return self.whole(found)

    def clean(self) -> dict[str, Any]:
        """The days stand in their order."""
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["until"] < found["since"]:
            self.add_error("until", "This day is before the first one.")
        return found

    @property
    def narrowed(self) -> bool:
        """Whether anything but words was given."""
        return any(self[name].value() for name in ("client", "kind", "since", "until"))

    @property
    def conditions(self) -> Q:
        """What the notes must fulfil, by ``dated`` where it is about days."""
        found = self.cleaned_data
        wanted = Q(client__in=found["client"]) if found["client"] else Q()
        if found["kind"]:
            wanted &= Q(kind=found["kind"])
        if found["since"]:
            wanted &= Q(dated__gte=midnight(found["since"]))
        if found["until"] and found["until"] < datetime.date.max:
            wanted &= Q(dated__lt=midnight(found["until"] + datetime.timedelta(days=1)))
        return wanted
