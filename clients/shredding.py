"""A client's data keys are destroyed: for good, after the last work with them, and only where nothing speaks against it.

How long a record must be kept is counted (records/keeping.py); whether a payer or a court wants it longer whoever runs this knows.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from audit import clock
from vault import resealing
from vault.models import DataKey

from .models import Client, ClientPermission, Merge, SearchToken

REASONS = ("retention-over", "client-request", "court-order", "never-a-client")
WARNING = (
    "This cannot be undone. The law of the practice's states lets go of this record; of a payer, a court or a promise that wants it "
    "longer Sub Rosa does not know: look that up first, and write down who decided."
)
AFTERWARDS = (
    "Backups and copies from before still hold them, wrapped by the master of their day: destroy those, or run vault rotate-master, "
    "drop-master, and destroy the old master. docs/operations.md, Keys, says what else is left of a client."
)

# Why a client's keys are needed still, in words. Rooms to the right add theirs as the house starts.
hindrances: list[Callable[[Client], list[str]]] = []
# Raise Refused where nothing may be taken out of a record, such as one on hold (RET-22). Rooms to the right add theirs.
holding: list[Callable[[Client], None]] = []


def reasons_against(client: Client) -> list[str]:
    """Everything the house knows that forbids it."""
    keys = DataKey.objects.filter(owner=client.pk)
    now = clock.now()
    granted = ClientPermission.objects.filter(Q(until=None) | Q(until__gt=now), content_object=client).count()
    ours = [
        (client.status != Client.Status.ARCHIVED, f"{client.code} is {client.get_status_display()}. Only what is archived is shredded."),
        (bool(granted), f"Grants on {client.code} in force or to come: {granted}. End them first; nobody may be reading."),
        (
            resealing.retired().filter(owner=client.pk).exists(),
            "New keys for this client are under way. End that first: vault rotate-client.",
        ),
        (not keys.filter(shredded_at=None).exists(), f"There is no key of {client.code} left."),
    ]
    return [words for holds, words in ours if holds] + [words for asks in hindrances for words in asks(client)]


def require_free(client: Client) -> None:
    """Nothing is taken out of the record of ``client`` while it is held. Raises Refused."""
    for asks in holding:
        asks(client)


def merged_with(client: Client) -> list[str]:
    """Codes of the rows that are the same person, each with keys of its own (ADR 11)."""
    both = Merge.objects.filter(Q(duplicate=client) | Q(kept=client)).values_list("duplicate__code", "kept__code")
    return sorted({code for pair in both for code in pair} - {client.code})


def shred(client: Client) -> int:
    """Destroy the keys and what the client was found by, in the transaction of the caller; returns how many keys. Empty rows stay."""
    SearchToken.objects.filter(client=client).delete()
    return DataKey.objects.filter(owner=client.pk, shredded_at=None).update(wrapped=b"", master="", shredded_at=clock.now())
