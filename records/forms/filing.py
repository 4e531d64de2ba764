"""Which messages of a thread go into the record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from messaging.models import Message


class FileForm(forms.Form):
    """The chosen messages. ``ident`` makes a second press the same filing."""

    ident = forms.UUIDField(widget=forms.HiddenInput)
    messages = forms.MultipleChoiceField(
        label="Messages",
        error_messages={
            "required": "Choose at least one message.",
            "invalid_choice": "One of these is in the record already, or is not here.",
        },
    )

    def __init__(self, *args: Any, rows: Iterable[Message], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["messages"].choices = [(str(row.pk), "") for row in rows]  # type: ignore[attr-defined]  # a choice field
