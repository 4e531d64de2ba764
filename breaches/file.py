"""The file of an incident on paper, the register of all (GDPR Art. 33(5)), and the yearly log for HHS."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from audit.doors import leaves
from breaches import access
from breaches.facts import CONCLUSIONS, KINDS
from breaches.letters import TITLES, own_letters
from breaches.models import Incident, Task, Told
from breaches.standing import current, standing
from practice.models import Practice, User

Rows = list[tuple[str, str]]


def _when(moment: Any) -> str:
    return f"{timezone.localtime(moment):%-d %b %Y, %H:%M}" if moment else ""


def file_of(incident: Incident, *, by: User) -> dict[str, Any]:
    """The whole file, for templates/typst/incident.typ: facts, story, analysis, clocks, letter, who was told by code, and the end."""
    parts = [_story(incident), _tasks(incident), _analysis(incident), _clocks(incident), _calls(incident, by), _letter(incident)]
    parts += [_told(incident, by), _drafts(incident, by)]
    return {
        "title": "Incident",
        "heading": f"Incident {incident.number}",
        "practice": Practice.objects.get().name,
        "code": incident.number,
        "confidential": "Confidential: for the authority it was given to, and nobody else",
        "demo": settings.DEMO,
        "draft": False,
        "states": [str(incident.get_state_display())] + (["A drill: practice data"] if incident.drill else []),
        "facts": _facts(incident),
        "parts": [part for part in [*parts, _end(incident)] if part["rows"] or part["text"]],
    }


def _facts(incident: Incident) -> Rows:
    return [
        ("Discovered", f"{incident.discovered_on:%-d %b %Y}"),
        ("Noticed", _when(incident.noticed_at)),
        ("Reported", f"{_when(incident.reported_at)} by {incident.reported_by.name}"),
        ("What was reported", incident.what),
        ("Affected", f"{access.confirmed(incident).count()} people"),
    ]


def _part(heading: str, rows: Rows, text: str = "") -> dict[str, Any]:
    return {"heading": heading, "rows": [row for row in rows if row[1]], "text": text}


def _story(incident: Incident) -> dict[str, Any]:
    return _part("What happened", [(_when(row.at), f"{row.words} ({row.by.name})") for row in access.entries(incident)])


def _tasks(incident: Incident) -> dict[str, Any]:
    rows = access.tasks(incident)
    return _part("Tasks", [(f"Until {row.due_on:%-d %b %Y}", f"{row.words} ({row.owner.name}){_ended(row)}") for row in rows])


def _ended(row: Task) -> str:
    said = row.outcome.words if hasattr(row, "outcome") else ""
    return f" Done {_when(row.done_at)} by {row.done_by.name}. {said}" if row.done_by else " Not done."


def _calls(incident: Incident, by: User) -> dict[str, Any]:
    rows = access.calls(by).filter(incident=incident).select_related("client", "caller")
    said = [(row.client.code, f"{_when(row.at)} by {row.caller.name}: {row.get_outcome_display()}. {row.words}") for row in rows]
    return _part("Called at once", said)


def _analysis(incident: Incident) -> dict[str, Any]:
    found = current(incident)
    if found is None:
        return _part("Assessment", [("Conclusion", CONCLUSIONS["presumed"])])
    rows = [("Conclusion", CONCLUSIONS[found.counts_as]), ("Reasons", found.reasons)]
    rows += [(f"Factor {name}", str(words)) for name, words in sorted((found.factors or {}).items())]
    rows += [(name.replace("_", " ").capitalize(), str(words)) for name, words in (found.limbs or {}).items()]
    rows += [
        ("Kinds of data", ", ".join(KINDS.get(kind, kind) for kind in found.kinds)),
        ("Made by", f"{found.made_by.name}, {_when(found.made_at)}"),
    ]
    return _part(
        "Assessment", [*rows, ("Approved by", f"{found.approved_by.name}, {_when(found.approved_at)}" if found.approved_by else "")]
    )


def _clocks(incident: Incident) -> dict[str, Any]:
    rows = []
    for each in standing(incident):
        row, said = each.clock, each.mark
        looked = f"checked {row.checked:%-d %b %Y}" if row.is_checked else "not checked against the law: from memory"
        end = f" {said.get_state_display().capitalize()} on {said.on:%-d %b %Y}: {said.words}" if said else " Open."
        rows.append((row.rule, f"{row.whom[:1].upper()}{row.whom[1:]}: {row.arithmetic}. {row.citation}, {looked}.{end}"))
    return _part("Clocks", rows)


def _letter(incident: Incident) -> dict[str, Any]:
    rows = []
    for place, letter in sorted(access.letters_of(incident).items()):
        before = f"{own_letters()[place].name}: " if place else ""
        rows += [(f"{before}{TITLES[name]}", text) for name, text in letter.blocks.items()]
    return _part("The letter", rows)


def _told(incident: Incident, by: User) -> dict[str, Any]:
    rows = access.told(by).filter(incident=incident)
    return _part("Who was told", [(f"{row.client.code} {row.place}".strip(), _way(row)) for row in rows])


def _way(row: Told) -> str:
    return f"{row.get_way_display()}: {row.get_state_display()} {_when(row.sent_at)}. {row.proof}".strip()


def _drafts(incident: Incident, by: User) -> dict[str, Any]:
    rows = [(row.whom, f"{row.sent_on:%-d %b %Y}: {row.proof}") for row in access.drafts(by).filter(incident=incident) if row.sent_on]
    return _part("Authorities, media, public", rows)


def _end(incident: Incident) -> dict[str, Any]:
    end = access.closing(incident)
    if end is None:
        return _part("Closed", [])
    rows = [("Closed", f"{_when(end.closed_at)} by {end.closed_by.name}"), ("Mitigation", end.mitigation), ("Lessons", end.lessons)]
    return _part("Closed", [*rows, ("Sanction", f"{end.get_sanction_display()}. {end.reason}".strip())])


# --- tables --------------------------------------------------------------------------------------------------------------


def register(rows: QuerySet[Incident], *, by: User) -> list[list[str]]:
    """Every breach: facts, effects, remedy and decision (SB-13, SB-15, SB-16). No row is ever left out or thrown away."""
    head = ["Number", "Discovered", "Facts", "People", "Kinds of data", "Decision", "Reasons", "Remedy", "State"]
    found = list(rows.order_by("discovered_on", "pk"))
    leaves(found)
    return [head, *(_registered(row) for row in found)]


def _registered(row: Incident) -> list[str]:
    found, end = current(row), access.closing(row)
    decision = CONCLUSIONS[found.counts_as if found else "presumed"]
    kinds = ", ".join(KINDS.get(kind, kind) for kind in found.kinds) if found else ""
    people, reasons, remedy = str(access.confirmed(row).count()), found.reasons if found else "", end.mitigation if end else ""
    day = f"{row.discovered_on:%Y-%m-%d}"
    return [row.number, day, row.what, people, kinds, decision, reasons, remedy, str(row.get_state_display())]


def hhs_log(rows: QuerySet[Incident], *, by: User) -> list[list[str]]:
    """The breaches of a year with fewer than 500 people, each to be submitted by itself within 60 days of its end (BR-12)."""
    head = [
        "Number",
        "Discovered",
        "Noticed",
        "People",
        "Kinds of data",
        "What happened",
        "Safeguards and actions taken",
        "People told by",
        "Submitted",
    ]
    found = [row for row in rows.order_by("discovered_on", "pk") if _is_small_breach(row)]
    leaves(found)
    return [head, *(_logged(row, by) for row in found)]


def _is_small_breach(row: Incident) -> bool:
    found = current(row)
    breach = (found.counts_as if found else "presumed") in ("presumed", "breach")
    return breach and row.state != "near_miss" and access.confirmed(row).count() < 500


def _logged(row: Incident, by: User) -> list[str]:
    found, end, letter = current(row), access.closing(row), access.approved_wording(row)
    last = access.told(by).filter(incident=row, sent_at__isnull=False).order_by("-sent_at").values_list("sent_at", flat=True).first()
    filed = access.drafts(by).filter(incident=row, kind="hhs").values_list("sent_on", flat=True).first()
    return [
        row.number, f"{row.discovered_on:%Y-%m-%d}", f"{row.noticed_at:%Y-%m-%d}", str(access.confirmed(row).count()),
        ", ".join(KINDS.get(kind, kind) for kind in found.kinds) if found else "", letter.happened if letter else row.what,
        end.mitigation if end else letter.doing if letter else "", f"{last:%Y-%m-%d}" if last else "", f"{filed:%Y-%m-%d}" if filed else "",
    ]  # fmt: skip
