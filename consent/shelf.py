"""The practice's forms as a shelf: what is in force, what is being written, and how many clients are on which version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count

from consent import access
from consent.models import Form, Version


@dataclass
class Shelved:
    """One form: its versions by state, and clients with a paper in force, on the wording of now and on earlier ones."""

    form: Form
    in_force: list[Version] = field(default_factory=list)
    drafts: list[Version] = field(default_factory=list)
    approved: list[Version] = field(default_factory=list)
    clients: int = 0
    behind: int = 0

    @property
    def asked_anew(self) -> Version | None:
        """The version in force with which those on an earlier one are asked anew, if its change is material."""
        return next((version for version in self.in_force if version.material), None)

    @property
    def languages(self) -> list[str]:
        """The languages it can be sent in."""
        return [version.language for version in self.in_force]


def clients_on(user: Any) -> dict[UUID, int]:
    """For each version: how many clients have it in force, among those whose papers ``user`` may know of."""
    rows = access.counted_requests(user).filter(access.in_force()).order_by().values("wording")
    return {row["wording"]: row["number"] for row in rows.annotate(number=Count("client", distinct=True))}


def shelf(user: Any, *, retired: bool = False) -> list[Shelved]:
    """Every form that ``user`` may see, by kind and name; ``retired``: those that are not used any more."""
    forms = access.forms(user).filter(retired_at__isnull=not retired).prefetch_related("versions")
    numbers, kinds = clients_on(user), [kind.value for kind in Form.Kind]
    return [_shelved(form, numbers) for form in sorted(forms, key=lambda form: (kinds.index(form.kind), form.title.casefold()))]


def _shelved(form: Form, numbers: dict[UUID, int]) -> Shelved:
    found = Shelved(form)
    lists = {Version.State.DRAFT: found.drafts, Version.State.APPROVED: found.approved, Version.State.IN_FORCE: found.in_force}
    for version in form.versions.all():
        lists.get(Version.State(version.state), []).append(version)
        found.clients += numbers.get(version.pk, 0)
        found.behind += numbers.get(version.pk, 0) if version.state == Version.State.SUPERSEDED else 0
    return found
