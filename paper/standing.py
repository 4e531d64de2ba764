"""How paper stands: for a client's page, for the claims, and for the review of locks and keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from audit import clock
from clients.models import Client
from review.claims import Answer, Claim, active_if, counted

from . import access
from .models import KeyHolder, PaperFile

_GONE = (PaperFile.State.DESTROYED,)


def where(user: Any, client: Client) -> dict[str, str]:
    """The line of a client's page: where their paper is."""
    files = access.paper_files(user).filter(client=client).exclude(state__in=_GONE)
    places = sorted({_place(file) for file in files[:10]})
    return {"label": "Paper", "words": ", ".join(places) or "none kept", "url": reverse("client_paper", kwargs={"pk": client.pk})}


def _place(file: PaperFile) -> str:
    return f"in cabinet {file.cabinet.name}" if file.state == PaperFile.State.IN else str(file.get_state_display())


def holders() -> set[UUID]:
    """Whoever has a key: the review of locks and keys looks at their work (REV-12)."""
    return set(KeyHolder.objects.filter(returned_at=None).values_list("person", flat=True))


def _late(user: Any) -> Answer:
    out = access.open_checkouts(user)
    late = out.filter(due_at__lt=clock.now()).count()
    said = f"{counted(out.count(), 'file')} out of their cabinets by the log, {late} of them overdue."
    kept = access.paper_files(user).exists()
    return active_if(not late, said) if kept else Answer("Off", "No paper is kept by this log.")


CLAIMS = (
    Claim("paper", "SE-19", "Paper behind locks, and its way in and out", "How many files are out, and whether one is overdue.", _late),
)
