"""Two rows that are one person: saying so, and taking it back. Nothing that was written moves (ADR 0011)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import BooleanField, F, Func

from audit import trail
from clients.access import care_team, kept_denials, mergeable_clients, whole
from clients.models import Client, Merge
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role

_WAIT = "Somebody is changing one of the two at this moment."


@dataclass(frozen=True)
class Reach:
    """Somebody of either care team: their name, the codes of the rows they open today, and those they open after the merge."""

    name: str
    opens: list[str]
    will_open: list[str]

    @property
    def loses(self) -> bool:
        """Whether a denial of one row closes the other to them."""
        return self.opens != self.will_open


def reaches(duplicate: Client, kept: Client, *, by: User) -> list[Reach]:
    """Who opens what, before and after ``duplicate`` is merged into ``kept``: nobody more, and who is denied one row neither."""
    barred = set(kept_denials(by).filter(client__in=_rows(duplicate, kept, by)).values_list("user", flat=True))
    there: dict[User, set[str]] = {}
    for client in (kept, duplicate):
        for grant in care_team(client):
            there.setdefault(grant.user, set()).add(client.code)
    denied = {(row.user_id, row.client_id) for row in kept_denials(by).filter(client__in=[duplicate.pk, kept.pk])}
    found = []
    for person, codes in there.items():
        opens = [one.code for one in (kept, duplicate) if one.code in codes and (person.pk, one.pk) not in denied]
        found.append(Reach(str(person.name), opens, [] if person.pk in barred else opens))
    return sorted((reach for reach in found if reach.opens), key=lambda reach: reach.name.casefold())


def _rows(duplicate: Client, kept: Client, by: User) -> list[UUID]:
    return [duplicate.pk, *whole([kept.pk], mergeable_clients, by)]


def merge(duplicate: Client, kept: Client, *, by: User) -> None:
    """Show ``duplicate`` under ``kept`` from now on. Rows, keys, grants and lines stay where they are; a denial of one is one of both.

    Raises Refused: for one row twice, for a row that is in a merge already (a chain, a circle), where ``by`` does not counsel
    both, and SE-12 where no admin would be left to review who opened the record.
    """
    _lock(duplicate, kept, by)
    if duplicate.pk == kept.pk:
        raise Refused("", "This is the same client.", "Choose the other one of the two.")
    if Merge.objects.filter(duplicate=kept.pk).exists() or Merge.objects.filter(kept=duplicate.pk).exists():
        raise Refused("", "One of the two is merged already, and a chain would hide one behind the other.", "Undo that merge first.")
    if Merge.objects.filter(duplicate=duplicate.pk).exists():
        raise Refused("", f"{duplicate.code} is merged already.", "Open it: it leads to the client under whom it is shown.")
    _keep_an_admin(duplicate, kept, by)
    row = Merge(duplicate=duplicate, kept=kept, merged_by=by)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except DatabaseError as error:
        raise Refused("", "These two cannot be merged: one of them is merged already.", "Look at both of them again.") from error
    _tell(row, "merge")


def _lock(duplicate: Client, kept: Client, by: User) -> None:
    # Two merges at once could make a circle. The door holds one row; whoever holds the other is not waited for.
    try:
        with transaction.atomic():
            mine = mergeable_clients(by).filter(pk__in=[duplicate.pk, kept.pk]).order_by("pk")
            held = list(mine.select_for_update(of=("self",), nowait=True).values_list("pk", flat=True))
    except OperationalError as error:
        raise Refused("", _WAIT, "Wait a moment and try again.") from error
    if not {duplicate.pk, kept.pk} <= set(held):
        raise Refused("SE-10", "Only who counsels both clients may merge them.", "Ask their counselor, or an admin to assign you.")


def _keep_an_admin(duplicate: Client, kept: Client, by: User) -> None:
    admins = User.objects.working().filter(roles__contains=[Role.ADMIN])
    if admins.exists() and not admins.exclude(denials__client__in=_rows(duplicate, kept, by)).exists():
        words = "Every admin stands on the deny list of one of the two: nobody would be left to review who opened this record."
        raise Refused("SE-12", words, "Make somebody else an admin first.")


def undo_merge(row: Merge, *, by: User) -> None:
    """Show the two apart again; what was written in between stays where it was written.

    Raises Refused: SE-10 where a denial made since stands on one of the two alone, for it would no longer count for the other.
    """
    may_part = Func(F("duplicate"), function="subrosa_may_part", output_field=BooleanField())
    _tell(row, "undo_merge")
    if not Merge.objects.annotate(may_part=may_part).filter(pk=row.pk, may_part=True).delete()[0]:
        words = "Somebody was denied one of the two since they were merged, and would get at the other."
        raise Refused(
            "SE-10", words, "Put them on the other deny list as well, or take them off. Each of the two keeps its list under Care team."
        )


def _tell(row: Merge, part: str) -> None:
    # One line about each, which those who watch over one alone are not shown (access.AUTHORS_ALONE).
    trail.change(row, part, client=row.kept)
    trail.change(row, part, client=row.duplicate)
