"""The bare views: one plain row, the very template of the note's page, and none of the walls. They exist here alone.

What they leave out is what is measured: permission, second lock, line of the trail, sealing, signatures, form rules.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from records.forms import LongText
from records.kinds import FORMATS
from records.models import Format
from records.views.frame import inside
from vault import gate

PARTS = FORMATS[Format.SOAP]
TABLE = """CREATE TABLE IF NOT EXISTS bench_row (id uuid PRIMARY KEY, parts jsonb NOT NULL, version int NOT NULL, client_id uuid NOT NULL,
    session_id uuid NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, created_at timestamptz NOT NULL,
    signed_at timestamptz NOT NULL, client text NOT NULL, code text NOT NULL, author text NOT NULL);
    GRANT SELECT, UPDATE ON bench_row TO subrosa_web"""


class Row(models.Model):
    """A note as it would be without any wall: everything in one row, in plain text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    parts = models.JSONField()
    version = models.IntegerField()
    client_id = models.UUIDField()
    session_id = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField()
    client = models.TextField()
    code = models.TextField()
    author = models.TextField()

    objects: ClassVar[models.Manager[Row]] = models.Manager()

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_row"

    def __str__(self) -> str:
        return f"row {self.pk}"


@dataclass(frozen=True)
class _Person:
    pk: uuid.UUID
    name: str
    code: str = ""
    status: str = "active"
    pronouns: str = ""
    credentials: str = "LPC"


def _page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = Row.objects.get(pk=pk)
    client, author = _Person(row.client_id, row.client, row.code), _Person(row.pk, row.author)
    session = {
        "pk": row.session_id, "starts_at": row.starts_at, "ends_at": row.ends_at, "get_modality_display": "in person",
        "outcome": "attended", "get_outcome_display": "attended", "counselor": author,
    }  # fmt: skip
    note = {
        "pk": row.pk, "get_kind_display": "progress note", "kind": "progress", "session": session, "session_id": row.session_id,
        "created_at": row.created_at, "signed_at": row.signed_at, "author": author, "signed_by": author, "late_entry": False,
    }  # fmt: skip
    parts = [{"heading": part.heading, "text": row.parts.get(part.key, "")} for part in PARTS]
    found = {"note": note, "parts": parts, "holds": True, "addenda": [], "cosigned": None, "mine": True}
    return render(request, "records/note_detail.html", inside(client) | found)  # type: ignore[arg-type]  # stands in for a Client


def bare_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One row and the page, under the product's whole middleware."""
    return _page(request, pk)


def light_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same under sessions and sign-in alone. The reader's name in the header is sealed, so the vault is opened by hand."""
    with gate.open_by(gate.Opening(practice_only=True)):
        if not request.user.is_authenticated:
            return HttpResponse(status=403)
        return _page(request, pk)


class _Form(forms.Form):
    version = forms.IntegerField(min_value=1)
    key = forms.UUIDField()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields |= {part.key: LongText(required=False) for part in PARTS}


def bare_save(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same fields into one plain row, in one transaction with the row locked, under the product's whole middleware."""
    form = _Form(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=422)
    with transaction.atomic():
        row = Row.objects.select_for_update().get(pk=pk)
        row.parts, row.version = {part.key: form.cleaned_data[part.key] for part in PARTS}, row.version + 1
        row.save()
    return JsonResponse({"saved": f"{row.created_at:%H:%M}", "fields": {"version": str(row.version)}})
