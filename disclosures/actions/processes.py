"""Legal process: a paper is served, logged, validated, told of, ruled upon, answered, closed. Each step leaves its line (LP-1 to LP-7)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from audit import clock, trail
from clients.models import Client
from disclosures import access, law, letters, standing
from disclosures.law import process as rules
from disclosures.law.process import Scope
from disclosures.models import LegalProcess, LegalStep
from disclosures.verdicts import require
from practice.models import Practice, User
from practice.refusals import Refused

State, Stands, Assurance = LegalProcess.State, LegalProcess.Stands, LegalProcess.Assurance
RULED = (State.PRIVILEGE, State.MOTION, State.AUTHORIZED, State.ORDERED)


@dataclass(frozen=True)
class Served:
    """A paper as it arrived."""

    kind: str
    issuer: str
    served_at: datetime.datetime
    served_how: str
    return_on: datetime.date | None = None


@dataclass(frozen=True)
class Logged:
    """What the paper says: its number and day, where it comes from, whether a judge signed, what it asks for."""

    number: str
    place: str
    judge: bool
    words: str
    scope: Scope


@dataclass(frozen=True)
class Assured:
    """Satisfactory assurance, or its lack (LP-2). ``days`` are those to object after the notice."""

    assurance: str
    words: str = ""
    notice_on: datetime.date | None = None
    days: int | None = None
    objection: str = ""
    protected_on: datetime.date | None = None


@dataclass(frozen=True)
class ToldOf:
    """How the client was told, or what forbids it; and what they want (LP-4)."""

    words: str
    prohibited: bool = False
    position: str = ""
    position_words: str = ""


@dataclass(frozen=True)
class Ordered:
    """What is ordered: nothing beyond ``scope`` leaves (LP-1). ``part2``: under which section of subpart E (LP-6)."""

    scope: Scope
    ruling: str = ""
    part2: str = ""
    mandate: bool = False
    confidences: bool = False


def _today() -> datetime.date:
    return clock.today()


def _require_move(row: LegalProcess, state: str) -> None:
    if state in rules.MOVES[row.state]:
        return
    now, then = (State(each).label for each in (row.state, state))
    rule = "LP-5" if row.validated_on is None else "LP-4" if row.state == State.VALIDATED else "LP-1"
    raise Refused(rule, f"“{now}” is not followed by “{then}”.", "Take the steps in their order: the page shows which is next.")


def _done(row: LegalProcess, what: str, words: str, by: User, *changed: str) -> None:
    row.save(update_fields=list(changed))
    step = LegalStep(process=row, client_id=row.client_id, what=what, words=words.strip(), made_by=by)
    step.save(force_insert=True)
    trail.change(row, f"process_{what}")


def _moved(row: LegalProcess, state: str, words: str, by: User, *changed: str) -> None:
    row.state = state
    _done(row, state, words, by, "state", *changed)


# --- the paper ------------------------------------------------------------------------------------------------------------


def serve(client: Client, served: Served, *, by: User) -> LegalProcess:
    """Write down that a paper was served. Raises Refused by LP-5 where it is not said by whom and how, or lies ahead."""
    if not served.issuer.strip() or not served.served_how.strip() or served.served_at > clock.now():
        raise Refused("LP-5", "By whom, when and how it was served is written down.", "Fill that in.")
    row = LegalProcess(client=client, kind=served.kind, served_at=served.served_at, return_on=served.return_on, recorded_by=by)
    row.issuer, row.served_how = served.issuer.strip(), served.served_how.strip()
    row.save(force_insert=True)
    _done(row, State.SERVED, "", by)
    return row


def log_process(row: LegalProcess, logged: Logged, *, by: User) -> None:
    """Write down what the paper says, item by item; again where that was wrong, until it is validated. Raises Refused by LP-1, LP-5."""
    if row.state != State.LOGGED:
        _require_move(row, State.LOGGED)
    if not logged.words.strip() or not logged.scope.kinds:
        raise Refused("LP-1", "What it asks for is written down, in its words and item by item.", "Nothing else can ever be given on it.")
    _require_span(logged.scope)
    row.number, row.place, row.judge = logged.number.strip(), logged.place, logged.judge
    row.words, row.scope = logged.words.strip(), logged.scope.kept()
    _moved(row, State.LOGGED, "", by, "number", "place", "judge", "words", "scope")


def _require_span(scope: Scope) -> None:
    if scope.first and scope.last and scope.last < scope.first:
        raise Refused("LP-1", "The last day lies before the first.", "Look at the days again.")


def validate_process(
    row: LegalProcess,
    how: str,
    *,
    practice: Practice,
    by: User,
    domesticated_on: datetime.date | None = None,
    cleared: bool = False,
    tested: bool = False,
) -> None:
    """It is genuine, and in force here. Raises Refused: LP-5 without how that is known, LP-7 from out of state, LP-1 for such requests."""
    _require_move(row, State.VALIDATED)
    if not how.strip():
        raise Refused("LP-5", "How you know that it is genuine is written down.", "Call the court or office at a number of your own.")
    if rules.kinds()[row.kind].test and not tested:
        words = "Such a request must be relevant and material, specific and limited, and need more than de-identified information."
        raise Refused("LP-1", words, "Say that it is (164.512(f)(1)(ii)(C)), or refuse it.")
    if domesticated_on and domesticated_on > _today():
        raise Refused("LP-7", "That day is still to come.", "Write down when it was domesticated.")
    facts = standing.facts_of(row)
    require([standing.here(replace(facts, domesticated=domesticated_on is not None, cleared=cleared), practice.states)])
    row.valid_how, row.validated_on, row.domesticated_on, row.cleared = how.strip(), _today(), domesticated_on, cleared
    kept = f"{how.strip()}\n\n{row.words}\n\n{letters.scope_words(row.scope)}"  # from here on this line says what the paper asked for
    _moved(row, State.VALIDATED, kept, by, "valid_how", "validated_on", "domesticated_on", "cleared")


def consult_counsel(row: LegalProcess, whom: str, advice: str, *, by: User) -> None:
    """Whom one consulted, and what they advised (SU-7). Raises Refused without either."""
    if not whom.strip() or not advice.strip():
        raise Refused("SU-7", "Whom you consulted, and what they advised, is written down.", "Fill in both.")
    row.counsel, row.consulted_on = f"{whom.strip()}: {advice.strip()}", _today()
    _done(row, "consulted", row.counsel, by, "counsel", "consulted_on")


def tell_of_process(row: LegalProcess, told: ToldOf, *, by: User) -> None:
    """The client was told, or may not be; later: what they want now (LP-4). Raises Refused."""
    first = row.state not in (State.NOTIFIED, *RULED)
    if first:
        _require_move(row, State.NOTIFIED)
    if not told.words.strip():
        raise Refused("LP-4", "How you told them, or which law or order forbids it, is written down.", "Fill that in.")
    if told.position not in LegalProcess.Position.values:
        raise Refused("LP-4", "That is none of the answers there are.", "Choose one.")
    if not told.prohibited:
        row.client_notified_at = row.client_notified_at or clock.now()
    row.prohibited, row.told = told.prohibited, told.words.strip()
    row.position, row.position_words = told.position, told.position_words.strip()
    changed = ("client_notified_at", "prohibited", "told", "position", "position_words")
    if first:
        _moved(row, State.NOTIFIED, told.words, by, *changed)
    else:
        _done(row, State.NOTIFIED, told.words, by, *changed)


def assure(row: LegalProcess, said: Assured, *, by: User) -> None:
    """What assurance there is, with its days; the time to object is worked out and never typed (LP-2). Raises Refused."""
    _require_assurance(row, said)
    row.assurance, row.assured, row.objection = said.assurance, said.words.strip(), said.objection
    notice, days = (said.notice_on, said.days) if said.assurance == Assurance.NOTICE else (None, None)
    row.notice_on, row.objection_days = notice, days
    row.objection_until = rules.window(notice, days).until if notice and days else None
    row.protected_on = said.protected_on if said.assurance == Assurance.PROTECTED else None
    changed = ("assurance", "assured", "objection", "notice_on", "objection_days", "objection_until", "protected_on")
    _done(row, "assured", f"{row.get_assurance_display()}. {said.words}", by, *changed)


def _require_assurance(row: LegalProcess, said: Assured) -> None:
    if said.assurance not in Assurance.values or said.objection not in LegalProcess.Objection.values:
        raise Refused("LP-2", "That is none of the answers there are.", "Choose one.")
    if row.state in (State.SERVED, State.RESPONDED):
        raise Refused("LP-2", "Assurance is written down while the paper is worked on.", "Log it first.")
    if said.assurance == Assurance.NONE:
        return
    if not said.words.strip():
        raise Refused("LP-2", "What shows it is written down: the statement, and the documents with it.", "Say what you have.")
    day = said.notice_on if said.assurance == Assurance.NOTICE else said.protected_on
    if day is None or day > _today():
        raise Refused("LP-2", "On which day that was is not said, or lies ahead.", "Take it from the documents.")
    if said.assurance == Assurance.NOTICE and not 1 <= (said.days or 0) <= rules.objection_days()[1]:
        raise Refused("LP-2", "How many days there are to object is not said.", "Take it from the notice; 14 is usual.")


# --- what becomes of it ---------------------------------------------------------------------------------------------------


def assert_privilege(row: LegalProcess, words: str, *, by: User) -> None:
    """Privilege is asserted for the client: nothing leaves (LP-5). Raises Refused."""
    _require_move(row, State.PRIVILEGE)
    row.privilege_asserted_at, row.stands_on = clock.now(), ""
    _moved(row, State.PRIVILEGE, words, by, "privilege_asserted_at", "stands_on")


def note_motion(row: LegalProcess, words: str, *, by: User) -> None:
    """A motion is pending, or a court stopped what it ordered: nothing leaves (LP-4). Raises Refused."""
    _require_move(row, State.MOTION)
    if not words.strip():
        raise Refused("LP-4", "Which motion, in which court, is written down.", "Fill that in.")
    row.stands_on = ""
    _moved(row, State.MOTION, words, by, "stands_on")


def authorize_answer(row: LegalProcess, stands_on: str, words: str, *, practice: Practice, by: User) -> None:
    """It may be answered: assurance was given (LP-2), or the client signed for it. Raises Refused by LP-2, LP-3, SU-7, AU-3."""
    _require_move(row, State.AUTHORIZED)
    asked = rules.scope(row.scope)
    if stands_on == Stands.AUTHORIZATION:
        if not access.authorizations_now(row.client, by).exists():
            raise Refused("AU-3", "No authorization of the client is in force.", "Ask them for one that names this recipient.")
    elif stands_on == Stands.ASSURANCE:
        asked = _assured_scope(row, asked)
        facts = standing.as_if(standing.facts_of(row), State.AUTHORIZED, stands_on)
        require(standing.checks(facts, _today(), practice.states))
    else:
        raise Refused("LP-2", "On what it may be answered is not said.", "Choose it.")
    row.stands_on, row.granted, row.granted_at = stands_on, asked.kept(), clock.now()
    _moved(row, State.AUTHORIZED, words, by, "stands_on", "granted", "granted_at")


def _assured_scope(row: LegalProcess, asked: Scope) -> Scope:
    """Of what such a paper asks for all but psychotherapy notes, which it can never carry (LP-3)."""
    if rules.kinds()[row.kind].stands_if(judge=row.judge) != Stands.ASSURANCE:
        raise Refused("LP-1", "It is no subpoena: it is answered as what it orders.", "Itemise what it orders.")
    kept = tuple(key for key in asked.kinds if not law.parts()[key].apart)
    if not kept:
        raise Refused(
            "LP-3", "Psychotherapy notes never leave on a subpoena alone.", "They need an authorization, or an order that names them."
        )
    return replace(asked, kinds=kept)


def order_answer(row: LegalProcess, ordered: Ordered, *, by: User) -> None:
    """A court orders it, or law enforcement may demand it: exactly this, and nothing else (LP-1). Raises Refused by LP-1, LP-6."""
    _require_move(row, State.ORDERED)
    if not ordered.scope.kinds:
        raise Refused("LP-1", "What exactly it orders is itemised.", "Nothing else can be given.")
    _require_span(ordered.scope)
    own = rules.kinds()[row.kind].stands_if(judge=row.judge)
    if own == Stands.ASSURANCE and not ordered.ruling.strip():
        raise Refused("LP-2", "A subpoena is no order: which court ordered it, and when, is not said.", "Write down the order.")
    _require_part2(ordered)
    row.stands_on = Stands.DEMAND if own == Stands.DEMAND else Stands.ORDER
    row.ruling, row.granted, row.granted_at = ordered.ruling.strip(), ordered.scope.kept(), clock.now()
    row.part2_order_type, row.part2_mandate, row.part2_confidences = ordered.part2, ordered.mandate, ordered.confidences
    changed = ("stands_on", "ruling", "granted", "granted_at", "part2_order_type", "part2_mandate", "part2_confidences")
    _moved(row, State.ORDERED, f"{ordered.ruling.strip()}\n\n{letters.scope_words(row.granted)}", by, *changed)


def _require_part2(ordered: Ordered) -> None:
    if ordered.part2 and ordered.part2 not in rules.part2_orders():
        raise Refused("LP-6", "That is no order of 42 CFR part 2, subpart E.", "Choose which section it is made under.")
    if (ordered.mandate or ordered.confidences) and not ordered.part2:
        raise Refused("LP-6", "A subpoena alone never reaches substance use records.", "Say which order of subpart E there is.")


def respond(row: LegalProcess, words: str, *, by: User) -> None:
    """It was answered: by a release that was sent, or by a letter that objects. Raises Refused by LP-1, LP-4, LP-5."""
    _require_move(row, State.RESPONDED)
    require([standing.told(standing.facts_of(row))])
    if row.stands_on:
        if not access.answers_to(by, row).filter(ended_as="sent").exists():
            raise Refused("LP-1", "Nothing was sent in answer to it.", "Send the release first, or close it where nothing is given.")
    elif not access.legal_replies(by).filter(process=row.pk, kind="objection").exists():
        raise Refused("LP-5", "No letter says that privilege is asserted.", "Write that letter first.")
    _moved(row, State.RESPONDED, words, by)


def close_process(row: LegalProcess, outcome: str, words: str, *, by: User) -> None:
    """It is over, and never changes again; links to what was sent work on only where it was answered. Raises Refused by LP-1."""
    _require_move(row, State.CLOSED)
    if outcome not in LegalProcess.Outcome.values or not words.strip():
        raise Refused("LP-1", "How it ended is written down.", "Choose it, and say it in a sentence.")
    if outcome == LegalProcess.Outcome.ANSWERED and not (row.state == State.RESPONDED and row.stands_on):
        raise Refused("LP-1", "It was not answered with anything of the record.", "Answer it first, or choose another end.")
    row.outcome, row.closed_at = outcome, clock.now()
    _moved(row, State.CLOSED, words, by, "outcome", "closed_at")
