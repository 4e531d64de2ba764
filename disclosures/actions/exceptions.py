"""An exception to confidentiality, guided and never decided for the counselor: facts, consult, decision, the client, reports, the end.

An oral report waits for nothing: it can be written down at any time, whoever else was asked (REP-1).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from audit import clock, trail
from clients.actions.team import supervisor_of
from clients.models import Client
from disclosures import access, law
from disclosures.law import reports
from disclosures.models import Consult, ExceptionEvent, Report
from practice.models import User
from practice.refusals import Refused
from supervision import serving

from .accounting import Entry, account

Decision, Told = ExceptionEvent.Decision, ExceptionEvent.Told
_THREATS = (ExceptionEvent.Kind.OTHERS, ExceptionEvent.Kind.SELF)


@dataclass(frozen=True)
class Opened:
    """What was learned, when, from whom, and where it counts."""

    kind: str
    learned_at: datetime.datetime
    facts: str
    source: str
    place: str = ""
    part2: bool = False
    letter: str = ""


@dataclass(frozen=True)
class Reported:
    """A report that was made: to whom, its number, what was said item by item, and what was not and why (REP-2, REP-4)."""

    how: str
    made_at: datetime.datetime
    agency: str
    person: str
    number: str
    given: Sequence[str]
    withheld: str = ""
    phone: str = ""
    details: Mapping[str, str] = field(default_factory=dict)  # what the basis asks beside the agency and the law


def open_exception(client: Client, opened: Opened, *, by: User) -> ExceptionEvent:
    """Something was learned. Raises Refused by REP-2 where facts or source are missing, or it lies ahead."""
    if not opened.facts.strip() or not opened.source.strip() or opened.learned_at > clock.now():
        raise Refused("REP-2", "When you learned what, and from whom, is written down.", "Fill that in.")
    row = ExceptionEvent(client=client, kind=opened.kind, place=opened.place, learned_at=opened.learned_at, opened_by=by)
    row.part2, row.letter = opened.part2, opened.letter if opened.kind == ExceptionEvent.Kind.OTHER else ""
    row.facts, row.source = opened.facts.strip(), opened.source.strip()
    row.save(force_insert=True)
    trail.change(row, "exception_opened")
    return row


def ask_supervisor(event: ExceptionEvent, question: str, *, by: User) -> Consult:
    """Ask one's supervisor, in one step. It holds nothing up. Raises Refused where nobody supervises."""
    supervision = supervisor_of(by)
    if supervision is None:
        raise Refused("SU-7", "You have no supervisor here.", "Consult a peer or counsel, and write it down.")
    row = Consult(event=event, client_id=event.client_id, asked=supervision.supervisor, asked_by=by)
    row.whom, row.question = supervision.supervisor.name, question.strip() or "Please look at this with me."
    row.save(force_insert=True)
    trail.change(row, "consult_asked")
    return row


def note_consult(event: ExceptionEvent, whom: str, advice: str, *, by: User) -> Consult:
    """Write down whom one consulted elsewhere, and what they advised. Raises Refused by SU-7 without either."""
    if not whom.strip() or not advice.strip():
        raise Refused("SU-7", "Whom you consulted, and what they advised, is written down.", "Fill in both.")
    row = Consult(event=event, client_id=event.client_id, asked_by=by, answered_at=clock.now())
    row.whom, row.advice = whom.strip(), advice.strip()
    row.save(force_insert=True)
    trail.change(row, "consulted")
    return row


def answer_consult(row: Consult, advice: str, *, by: User) -> None:
    """The supervisor advises. It is advice: who learned of it decides. Raises Refused without a word."""
    if not advice.strip():
        raise Refused("SU-7", "There is no advice yet.", "Write what you advise.")
    row.advice, row.answered_at = advice.strip(), clock.now()
    row.save(update_fields=["advice", "answered_at"])
    trail.change(row, "consult_answered")


def decide_exception(event: ExceptionEvent, decision: str, standard: str, rationale: str, *, by: User, at_once: bool = False) -> None:
    """Decide, with the standard and why: also not to report. Raises Refused: REP-1 for anybody else, REP-5, SU-7 without a consult.

    ``at_once``: in an emergency; somebody is consulted within two business days, and it is not over before.
    """
    _require_own(event, by)
    if decision not in Decision.values or not standard.strip() or not rationale.strip():
        raise Refused("REP-5", "A decision needs the standard, and why it is met or not.", "Write both down, also for not reporting.")
    if decision == Decision.NOT and not at_once and not _consulted(event):
        raise Refused("SU-7", "Not to report is decided after a consultation.", "Ask your supervisor, a peer or counsel first.")
    event.at_once = at_once
    event.decision, event.decided_at, event.standard, event.rationale = decision, clock.now(), standard.strip(), rationale.strip()
    event.save(update_fields=["decision", "decided_at", "at_once", "standard", "rationale"])
    trail.change(event, "exception_decided")


def _consulted(event: ExceptionEvent) -> bool:
    return access.advice(event).exists() or serving.advised("exception", event.pk)


def tell_client(event: ExceptionEvent, told: str, why: str, discussion: str, *, by: User) -> None:
    """Whether the client was told, and when, or not and why: a reason of the list (REP-3). Raises Refused."""
    _require_own(event, by)
    if told not in Told.values or (told == Told.NOT and why not in ExceptionEvent.Why.values):
        raise Refused("REP-3", "Not telling the client needs a reason of the list.", "Choose it, or talk with them.")
    if told != Told.NOT and not discussion.strip():
        raise Refused("REP-3", "What you told them, when, and how they took it is written down.", "Fill that in.")
    event.told, event.not_told_why, event.discussion = told, why if told == Told.NOT else "", discussion.strip()
    event.save(update_fields=["told", "not_told_why", "discussion"])
    trail.change(event, "exception_told")


def report(event: ExceptionEvent, said: Reported, *, by: User) -> Report:
    """Write down a report that was made, with its entry in the accounting. It waits for no decision. Raises Refused by rule."""
    _require_own(event, by)
    if event.part2 and event.kind in _THREATS:
        words = "A threat learned in substance use treatment is reported without saying who is treated."
        raise Refused("REP-7", words, "Report it without identifying them, as a medical emergency, or with a court order.")
    items = [item.strip() for item in said.given if item.strip()]
    if not items:
        raise Refused("REP-4", "What was said is listed item by item: only what is essential.", "Name each thing you told them.")
    if not (said.agency.strip() and said.person.strip() and said.number.strip()) or said.made_at > clock.now():
        raise Refused("REP-2", "When, to which agency, to whom, and the report's number is written down.", "None given? Say so, and why.")
    row = Report(event=event, client_id=event.client_id, how=said.how, made_at=said.made_at, made_by=by)
    row.agency, row.person, row.phone, row.number = said.agency.strip(), said.person.strip(), said.phone.strip(), said.number.strip()
    row.given, row.withheld = {"items": items}, said.withheld.strip()
    row.disclosure = account(event.client_id, _entry(event, said, items), by=by, source=row.pk)
    row.save(force_insert=True)
    trail.change(row, "reported")
    return row


def _entry(event: ExceptionEvent, said: Reported, items: list[str]) -> Entry:
    basis, found = law.bases()[reports.basis(event.kind, event.letter)], reports.duty(event.kind, event.place)
    known = {
        "agency": said.agency, "law": found.citation if found else basis.citation, "belief": event.facts,
        "informed": event.get_told_display() or "not decided yet at the time of the report",
    }  # fmt: skip
    details = {key: said.details.get(key, "").strip() or known.get(key, "") for key in basis.asks}
    described = f"A report {dict(Report.How.choices)[said.how]}: {'; '.join(items)}"
    on = timezone.localdate(said.made_at)
    return Entry(on, basis.key, said.agency, described, str(event.get_kind_display()).capitalize(), details=details, quiet=True)


def close_exception(event: ExceptionEvent, follow_up: str, *, by: User) -> None:
    """It is over. Raises Refused: REP-5 undecided, REP-3 where the client is not spoken of, REP-2 without the reports or what follows."""
    _require_own(event, by)
    if not event.decision:
        raise Refused("REP-5", "It is not decided.", "Decide, with your reasons.")
    if not event.told:
        raise Refused("REP-3", "Whether the client was told is not said.", "Say it, or why not.")
    if not follow_up.strip():
        raise Refused("REP-2", "What follows is not written down.", "Say what comes next, or that nothing does.")
    if event.decision == Decision.REPORT:
        _require_reports(event)
    if event.decision == Decision.NOT and not _consulted(event):
        raise Refused("SU-7", "It was decided in an emergency, and nobody was consulted since.", "Talk it over, and write down with whom.")
    event.follow_up, event.closed_at = follow_up.strip(), clock.now()
    event.save(update_fields=["follow_up", "closed_at"])
    trail.change(event, "exception_closed")


def _require_reports(event: ExceptionEvent) -> None:
    made, found = set(access.reports(event).values_list("how", flat=True)), reports.duty(event.kind, event.place)
    if Report.How.ORAL not in made and Report.How.WRITTEN not in made:
        raise Refused("REP-2", "It was decided to report, and no report is written down.", "Report, and write it down.")
    if found and (found.written_hours or found.written_business_days) and Report.How.WRITTEN not in made:
        raise Refused("REP-2", f"{found.citation} asks for a report in writing.", "Send it, and write it down.")


def _require_own(event: ExceptionEvent, by: User) -> None:
    if event.opened_by_id != by.pk:
        raise Refused("REP-1", "Whoever learned of it decides and reports: nobody can do it for them.", "Advise them.")
