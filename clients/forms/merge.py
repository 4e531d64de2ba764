"""Which row is a duplicate, confirmed by its code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet

from clients.models import Client

from .fields import ConfirmedForm


class OtherForm(forms.Form):
    """The client chosen from those offered, by id."""

    other = forms.UUIDField()

    def __init__(self, *args: Any, clients: QuerySet[Client], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clients = clients

    def clean_other(self) -> Client:
        """The client meant; raises ValidationError where it is none of those offered."""
        ident: UUID = self.cleaned_data["other"]
        found = self.clients.filter(pk=ident).first()
        if found is None:
            raise forms.ValidationError("That client could not be found. Please look for them again.")
        return found


class MergeForm(ConfirmedForm):
    """The code of the duplicate, typed."""
