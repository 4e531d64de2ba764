"""Whom it concerns: found in the trail, added and taken out by hand with a reason, confirmed; where they live."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, QuerySet, UUIDField, Value

from audit import clock, trail
from breaches.models import Affected, Entry, Incident
from breaches.reach import Sought, home_country, reached
from clients.models import UNITS, Client, Merge
from practice.models import Practice, User
from practice.refusals import Refused

from .clocks import rework
from .incidents import report
from .timeline import write

_KEPT = ["acts", "parts", "lines", "first_at", "last_at"]
_AT_ONCE = 1000


def find_affected(incident: Incident, sought: Sought, words: str, *, by: User) -> int:
    """Put the clients that ``sought`` reached on the incident's list, to be confirmed; ``words`` say in the timeline what was asked.

    Found again, a row learns what is new; one that was taken out stays out. A couple stands for its members. Returns how many were found.
    """
    found = _people(incident, list(reached(trail.lines(), sought)))
    there = {row.client_id: row for row in Affected.objects.filter(incident=incident, client__in=found)}
    rows = [_row(incident, client, told, there.get(client)) for client, told in found.items()]
    Affected.objects.bulk_create(
        rows, batch_size=_AT_ONCE, update_conflicts=True, unique_fields=["incident", "client"], update_fields=_KEPT
    )
    _describe(incident)
    write(incident, Entry.Kind.FACT, f"Looked in the trail: {words}. {len(found)} found.", by=by)
    rework(incident, "who is affected", by=by)
    return len(found)


def _people(incident: Incident, found: list[dict[str, Any]]) -> dict[UUID, dict[str, Any]]:
    """What was reached by person: units are their members, and a duplicate is the client kept."""
    idents = {told["client_id"] for told in found}
    units = {row.pk: _members(incident, row.pk) for row in Client.objects.filter(pk__in=idents, kind__in=UNITS).only("id")}
    kept = dict(Merge.objects.filter(duplicate__in=idents).values_list("duplicate", "kept"))
    people: dict[UUID, dict[str, Any]] = {}
    for told in found:
        for person in units.get(told["client_id"]) or [kept.get(told["client_id"], told["client_id"])]:
            people[person] = _both(people.get(person), told)
    return people


def _members(incident: Incident, unit: UUID) -> list[UUID]:
    asked = Func(
        Value(incident.pk, UUIDField()), Value(unit, UUIDField()), function="subrosa_incident_members", output_field=ArrayField(UUIDField())
    )
    return Practice.objects.values_list(asked, flat=True).get() or []


def _both(one: dict[str, Any] | None, other: dict[str, Any]) -> dict[str, Any]:
    """What two searches, or two records of one person, tell together."""
    if one is None:
        return {name: other[name] for name in _KEPT}
    moments = {"first_at": min, "last_at": max}
    joined: dict[str, Any] = {name: sorted({*one[name], *other[name]}) for name in ("acts", "parts")}
    for name, first in moments.items():
        joined[name] = first([value for value in (one[name], other[name]) if value], default=None)
    return joined | {"lines": max(one["lines"], other["lines"])}


def _row(incident: Incident, client: UUID, told: dict[str, Any], there: Affected | None) -> Affected:
    known = {name: getattr(there, name) for name in _KEPT} if there else None
    return Affected(incident=incident, client_id=client, source=Affected.Source.TRAIL, **_both(known, told))


def _describe(incident: Incident) -> None:
    """For those who are new: whether a minor, and the practice's own place, assumed until somebody says where they live."""
    new = Affected.objects.filter(incident=incident, country="", home_said=False)
    practice = Practice.objects.get()
    state = practice.states[0] if len(practice.states) == 1 else ""
    new.filter(client__in=Client.objects.filter(kind=Client.Kind.MINOR)).update(minor=True)
    new.update(country=home_country(practice), state=state)


def add_affected(incident: Incident, clients: Iterable[Client], words: str, *, by: User, source: str = Affected.Source.HAND) -> int:
    """Put ``clients`` on the list by hand, confirmed, with a reason. One that was taken out is in again. Returns how many are new.

    Raises Refused without a reason.
    """
    if not words.strip():
        raise Refused("BR-16", "Why they are affected is written down.", "Say how you know: a paper, a letter, a call.")
    added = 0
    for client in clients:
        row = Affected.objects.filter(incident=incident, client=client.pk).first()
        added += row is None
        row = row or Affected(incident=incident, client_id=client.pk, source=source)
        row.words, row.confirmed_by, row.confirmed_at, row.removed_by, row.removed_at = words.strip(), by, clock.now(), None, None
        _save(row, ["words", "confirmed_by", "confirmed_at", "removed_by", "removed_at"])
    _describe(incident)
    write(incident, Entry.Kind.FACT, f"{added} added by hand.", by=by)
    rework(incident, "who is affected", by=by)
    return added


def report_own(client: Client | None, *, by: User, **said: Any) -> Incident:
    """Somebody in the portal reports what concerns them: ``client``, where that is known, is on the list, to be confirmed.

    Raises Refused as report does.
    """
    row = report(by=by, source=("portal", None), **said)
    if client:
        Affected(incident=row, client_id=client.pk, source=Affected.Source.TOLD).save(force_insert=True)
    return row


def _save(row: Affected, fields: list[str]) -> None:
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save(update_fields=fields)


def take_out(row: Affected, words: str, *, by: User) -> None:
    """This client is not affected, for a reason; the row stays. Raises Refused without one."""
    if not words.strip():
        raise Refused("BR-16", "Why somebody is not affected is written down.", "Say how you know.")
    row.words, row.removed_by, row.removed_at, row.confirmed_by, row.confirmed_at = words.strip(), by, clock.now(), None, None
    row.save(update_fields=["words", "removed_by", "removed_at", "confirmed_by", "confirmed_at"])
    trail.change(row.incident, "affected_out")
    rework(row.incident, "somebody is not affected", by=by)


def confirm(incident: Incident, rows: QuerySet[Affected], *, by: User) -> int:
    """These are affected. Returns how many were not confirmed before."""
    done = rows.filter(confirmed_at=None, removed_at=None).update(confirmed_by=by, confirmed_at=clock.now())
    if done:
        write(incident, Entry.Kind.FACT, f"{done} confirmed as affected.", by=by)
    return done


def say_home(incident: Incident, rows: QuerySet[Affected], country: str, state: str, *, by: User) -> int:
    """Those in ``rows`` live there. Returns how many."""
    done = rows.update(country=country, state=state, home_said=True)
    trail.change(incident, "affected_home")
    rework(incident, "where they live", by=by)
    return done


def describe(row: Affected, *, by: User, country: str, state: str, minor: bool, deceased: bool) -> None:
    """Where this client lives, whether they are a minor, whether they died."""
    row.country, row.state, row.home_said, row.minor, row.deceased = country, state, True, minor, deceased
    row.save(update_fields=["country", "state", "home_said", "minor", "deceased"])
    trail.change(row.incident, "affected_described")
    rework(row.incident, "where they live", by=by)
