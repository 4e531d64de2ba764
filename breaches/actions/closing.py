"""The end of an incident: nothing is left open, the accounting is written, an analysis is due, nothing changes any more (BR-16, BR-17)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from audit import clock, trail
from breaches import access
from breaches.letters import own_letters
from breaches.models import ClockRow, Closing, Draft, FollowUp, Incident, Mark, State, Told
from breaches.standing import is_urgent, standing, unplanned
from disclosures.actions import Entry, account
from practice.deadlines import after_days
from practice.models import User
from practice.refusals import Refused

from .clocks import mark
from .incidents import move, report, require_assessed

ANALYSIS_DAYS = 30  # policy: REV-4 names no day
SOME = 8  # names in a refusal, at most

Gate = Callable[[Incident, User], list[Refused]]
GATES: list[Gate] = []  # what keeps an incident open; each part of the room adds its own
# What an end lacks by what is said at it: a room to the right asks for a decision about whoever was at fault (SE-14).
ENDINGS: list[Callable[[Incident, Ending, User], list[Refused]]] = []


@dataclass(frozen=True)
class Ending:
    """What is said at the end: what was done for those affected, what is learned, who was sanctioned, and to whom data went, if it left."""

    mitigation: str
    lessons: str
    sanction: str
    reason: str
    recipient: str = ""


def keeps_open(incident: Incident, by: User) -> list[Refused]:
    """Everything that must be done before ``incident`` can be closed."""
    return [refused for gate in GATES for refused in gate(incident, by)]


def _untold(incident: Incident, by: User) -> list[Refused]:
    rows = access.told(by).filter(incident=incident)
    if left := rows.exclude(state=Told.State.SENT).count():
        words = f"{left} of {rows.count()} people are not told yet, or there is no proof of it."
        return [Refused("BR-16", words, "Send what waits, and tell those without an address in another way.")]
    return []


def _unsent(incident: Incident, by: User) -> list[Refused]:
    rows = access.drafts(by).filter(incident=incident, sent_on=None)
    found = [Refused("BR-12", f"The notice to {row.whom} is drawn up and not sent.", "Send it, and say so.") for row in rows[:SOME]]
    up = access.drafts(by).filter(incident=incident, kind=Draft.Kind.SUBSTITUTE, until__gt=clock.today())
    words = "The substitute notice has not been up for 90 days yet."
    return found + [Refused("BR-9", words, f"Close it after {row.until:%-d %b %Y}.") for row in up]


def _running(incident: Incident, by: User) -> list[Refused]:
    """Every clock is sent, or not required for a reason (section 17)."""
    found = []
    for each in [each.clock for each in standing(incident) if each.runs][:SOME]:
        words = f"The clock for {each.whom} is open: {each.rule}, due {each.due_on:%-d %b %Y}."
        found.append(Refused(each.rule, words, "Mark it sent, or not required and why."))
    return found


def _homeless(incident: Incident, by: User) -> list[Refused]:
    """Everybody confirmed has a residence that somebody said: a state counts its own (section 17)."""
    left = access.confirmed(incident).filter(home_said=False).count()
    words = f"Where {left} of those affected live is only assumed."
    return [Refused("SB-1", words, "Say for each of them in which state and country they live.")] if left else []


def _unconfirmed(incident: Incident, by: User) -> list[Refused]:
    """Nobody on the list waits to be confirmed or taken out: each of them counts."""
    left = access.affected(incident).filter(confirmed_at=None, removed_at=None).count()
    words = f"{left} on the list of those affected wait to be confirmed."
    return [Refused("BR-16", words, "Confirm them, or take them out with a reason.")] if left else []


def _not_planned(incident: Incident, by: User) -> list[Refused]:
    """Everybody confirmed has a letter, where letters are sent at all."""
    if incident.state != State.NOTIFYING:
        return []
    people = access.confirmed(incident).values_list("client", flat=True)
    missing = set(people) - set(access.told(by).filter(incident=incident).order_by().values_list("client", flat=True))
    missing |= {client for client, _ in unplanned(incident, people)}
    words = f"{len(missing)} of those affected have no letter yet."
    return [Refused("BR-16", words, "Have their letters prepared.")] if missing else []


def _undone(incident: Incident, by: User) -> list[Refused]:
    """Every task is done, or says why it was not needed: after the end nothing of it changes."""
    left = access.tasks(incident).filter(done_at=None).count()
    words = f"{left} task{'' if left == 1 else 's'} {'is' if left == 1 else 'are'} not done."
    return [Refused("BR-17", words, "Do it, or write down why it is not needed, and tick it off.")] if left else []


def _uncalled(incident: Incident, by: User) -> list[Refused]:
    """Where misuse is likely to come soon, everybody confirmed was called, too, or somebody says why not."""
    left = access.uncalled(incident).count() if is_urgent(incident) else 0
    words = f"{left} of those affected were not called, though misuse is likely to come soon."
    return [Refused("BR-10", words, "Call them, or say of each why not.")] if left else []


def _unassessed(incident: Incident, by: User) -> list[Refused]:
    """Of lost paper somebody weighed the four factors (PA-4)."""
    try:
        require_assessed(incident)
    except Refused as refused:
        return [refused]
    return []


GATES += [_unassessed, _undone, _uncalled, _untold, _unconfirmed, _not_planned, _unsent, _homeless, _running]


def close(incident: Incident, said: Ending, *, by: User) -> Closing:
    """Close ``incident`` for good. Raises Refused with the first thing that is missing.

    Where data left the practice each client's accounting gets its row (ACC-8); a risk analysis is due after that (REV-4).
    """
    _require(said)
    _mark_told(incident, by)
    for refused in [*keeps_open(incident, by), *(each for asks in ENDINGS for each in asks(incident, said, by))]:
        raise refused
    row = Closing(incident=incident, sanction=said.sanction, closed_by=by)
    row.mitigation, row.lessons, row.reason = said.mitigation.strip(), said.lessons.strip(), said.reason.strip()
    row.save(force_insert=True)
    if said.recipient.strip() and not incident.drill:
        _account(incident, said.recipient.strip(), by)
    if not incident.drill:
        FollowUp.objects.create(incident=incident, due_on=after_days(clock.today(), ANALYSIS_DAYS))
    move(incident, State.CLOSED, by=by)
    return row


def _mark_told(incident: Incident, by: User) -> None:
    """The clocks of the letters are sent once everybody was told."""
    rows = access.told(by).filter(incident=incident).order_by()
    last = rows.order_by("-sent_at").values_list("sent_at", flat=True).first()
    if last and not rows.exclude(state=Told.State.SENT).exists():
        on = timezone.localdate(last)
        words = f"{rows.values('client').distinct().count()} people were told, the last on {on:%-d %b %Y}."
        apart = set(own_letters()) - set(rows.values_list("place", flat=True))  # everybody's letter does not end the clock of a state's own
        for each in standing(incident):
            if each.runs and each.clock.audience == "individuals" and not _is_of(each.clock, apart):
                mark(incident, each, Mark.State.SENT, on, words, by=by)


def _is_of(row: ClockRow, places: set[str]) -> bool:
    """Whether the clock ``row`` is that of a letter of its own for one of ``places`` (SB-9)."""
    return any(row.rule == own_letters()[place].rule for place in places)


def _require(said: Ending) -> None:
    if not said.mitigation.strip() or not said.lessons.strip():
        raise Refused("BR-17", "What was done for those affected, and what is learned, is written down.", "Fill in both.")
    if said.sanction == Closing.Sanction.NOT and not said.reason.strip():
        raise Refused("BR-17", "Why nobody was sanctioned is written down.", "Give the reason.")


def _account(incident: Incident, recipient: str, by: User) -> None:
    """One row in the accounting of each client whose data went to ``recipient`` (ACC-3, ACC-8)."""
    letter = access.approved_wording(incident)
    on = min(incident.discovered_on, timezone.localdate(incident.noticed_at))
    for client in access.told(by).filter(incident=incident).order_by().values_list("client_id", flat=True).distinct():
        entry = Entry(on, "impermissible", recipient, letter.kinds if letter else "not known", "None: it was not permitted.")
        account(client, entry, by=by, source=incident.pk)


def analysed(row: FollowUp, *, by: User) -> None:
    """The risk analysis that was due because of an incident is done (REV-4)."""
    row.done_at, row.done_by = clock.now(), by
    row.save(update_fields=["done_at", "done_by"])
    trail.change(row, "risk_analysed")


def reopen(former: Incident, why: str, *, by: User) -> Incident:
    """What was closed goes on as a new incident that points to it; the closed one stays as it is. Raises Refused without words."""
    if former.is_open:
        raise Refused("BR-17", "It is not over yet.", "Go on with it.")
    return report(why, by=by, noticed_at=clock.now(), going_on=Incident.GoingOn.UNKNOWN, drill=former.drill, reopens=former)
