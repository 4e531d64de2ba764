"""What stands for or against answering a paper, each with its rule (LP-1 to LP-7): asked on its page, and again when something leaves."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from consent.law import information
from supervision import serving

from .law.process import ANSWERABLE, Facts, basis_of, confidential, is_foreign, kinds, scope
from .models import LegalProcess
from .verdicts import Check

_EARLY = ("served", "logged")
_UNRULED = (*_EARLY, "validated", "notified")


def facts_of(row: LegalProcess) -> Facts:
    """The case as the rules look at it."""
    return Facts(
        kind=row.kind, state=row.state, stands_on=row.stands_on, answered=row.outcome == LegalProcess.Outcome.ANSWERED, judge=row.judge,
        place=row.place, domesticated=row.domesticated_on is not None, cleared=row.cleared, told=row.client_notified_at is not None,
        prohibited=row.prohibited, objects=row.position == LegalProcess.Position.OBJECTS, objection=row.objection,
        assurance=row.assurance, objection_until=row.objection_until, protected_on=row.protected_on,
        consulted=row.consulted_on is not None or serving.advised("process", row.pk),
        part2_order=row.part2_order_type, part2_mandate=row.part2_mandate,
        part2_confidences=row.part2_confidences, granted=scope(row.granted),
    )  # fmt: skip


def checks(facts: Facts, today: datetime.date, states: Collection[str]) -> list[Check]:
    """Whether a case may be answered with anything of the record on ``today`` by a practice of ``states``, rule by rule."""
    state, stands = _state(facts), list(_on_what(facts, today))
    if facts.state in _UNRULED and not all(check.ok for check in stands):
        return [_validated(facts), here(facts, states), told(facts), *stands]  # what is missing says it better
    return [_validated(facts), here(facts, states), told(facts), state, *stands]


def _validated(facts: Facts) -> Check:
    if facts.state in _EARLY:
        todo = "Answer with the letter that neither confirms nor denies, and find out whether it is genuine."
        return Check("LP-5", "It is not validated: nothing leaves, not even whether somebody is a client.", todo, ok=False)
    return Check("LP-5", "It was validated.")


def here(facts: Facts, states: Collection[str]) -> Check:
    """LP-7: a paper from out of state is domesticated here, or counsel cleared it."""
    if not is_foreign(facts.place, states):
        return Check("LP-7", "It comes from a court or an office of your states.")
    if facts.domesticated or facts.cleared:
        return Check("LP-7", "It comes from out of state, and was domesticated here or cleared by counsel.")
    todo = "Ask for one that a court of your state issued, or have counsel clear it."
    todo = todo if states else "Say on the practice's profile in which states it works, or have counsel clear it."
    return Check("LP-7", "It comes from out of state, and is generally not in force here.", todo, ok=False)


def told(facts: Facts) -> Check:
    """LP-4: the client was told first, or a law forbids it."""
    if facts.told:
        return Check("LP-4", "The client was told.")
    if facts.prohibited:
        return Check("LP-4", "Telling the client is forbidden: what forbids it is written down.")
    return Check("LP-4", "The client was not told.", "Tell them first, or write down which law or order forbids it.", ok=False)


def _state(facts: Facts) -> Check:
    if facts.state == "closed" and not facts.answered:
        return Check("LP-1", "It is over, and nothing is given on it any more.", "What is asked anew is a new paper.", ok=False)
    if facts.state == "privilege":
        return Check("LP-5", "Privilege is asserted: nothing leaves.", "Wait for the client's consent, or for the court.", ok=False)
    if facts.state == "motion":
        return Check("LP-4", "A motion is pending: nothing leaves.", "Wait for the court.", ok=False)
    if facts.state not in (*ANSWERABLE, "closed") or not facts.stands_on:
        todo = "Say below on what it may be answered: an order, assurance, the client's authorization."
        return Check(kinds()[facts.kind].rule, "Nothing allows an answer yet.", todo, ok=False)
    return Check("LP-1", "It may be answered, with what it names and nothing else.")


def _on_what(facts: Facts, today: datetime.date) -> Iterator[Check]:
    stands = facts.stands_on or kinds()[facts.kind].stands_if(judge=facts.judge)
    if stands == "assurance":
        yield assured(facts, today)
        yield consulted(facts)
    elif stands == "authorization":
        yield Check("AU-3", "The client's own authorization is the basis; its scope holds, and it is asked again.")
    else:
        yield _names(facts)


def _names(facts: Facts) -> Check:
    if facts.granted.kinds:
        return Check("LP-1", "What it orders is itemised.")
    return Check("LP-1", "What exactly it orders is not itemised.", "Itemise it: nothing else can leave.", ok=False)


def assured(facts: Facts, today: datetime.date) -> Check:
    """LP-2: a paper that is no order needs assurance, and the time to object to be over."""
    if facts.assurance == "qpo":
        if facts.protected_on:
            return Check("LP-2", "A qualified protective order was agreed or asked for.")
        return Check("LP-2", "When the protective order was agreed or asked for is not said.", "Write it down.", ok=False)
    if facts.assurance != "notice" or facts.objection_until is None:
        todo = "Ask for assurance, or for the client's authorization; until then neither confirm nor deny."
        return Check("LP-2", "It is no order of a court, and came without satisfactory assurance.", todo, ok=False)
    if facts.objection == "open" or (facts.objects and facts.objection != "resolved"):
        return Check("LP-2", "There is an objection that is not resolved.", "Assert privilege, and wait for the court.", ok=False)
    free = facts.objection_until + datetime.timedelta(days=1)
    if today < free:
        words = f"The time to object runs until {facts.objection_until:%-d %b %Y}."
        return Check("LP-2", words, f"It may be answered from {free:%-d %b %Y}.", ok=False)
    return Check("LP-2", "Notice was given, the time to object is over, and no objection is open.")


def consulted(facts: Facts) -> Check:
    """SU-7: nothing leaves on a subpoena before somebody was consulted."""
    if facts.consulted:
        return Check("SU-7", "Counsel or a supervisor was consulted.")
    return Check("SU-7", "Nobody was consulted.", "Ask counsel, or your supervisor, and write down what they advise.", ok=False)


# --- a release that answers it ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What of a release the rules look at; ``outdated``: it was packed before what may be given was changed."""

    basis: str
    kinds: Collection[str] = ()
    beyond: bool = False
    apart: bool = False
    part2: bool = False
    outdated: bool = False


def release_checks(facts: Facts, wanted: Wanted, today: datetime.date, states: Collection[str]) -> list[Check]:
    """Whether ``wanted`` may leave in answer to a case: the case itself, its scope, psychotherapy notes, substance use records."""
    found = [*checks(facts, today, states), _rests(facts, wanted)]
    if facts.stands_on == "authorization":  # its own checks say what it covers
        return found
    return [*found, *_kept_apart(facts, wanted), _within(facts, wanted), *part2(facts, wanted)]


def _rests(facts: Facts, wanted: Wanted) -> Check:
    if facts.stands_on and basis_of(facts.stands_on) == wanted.basis:
        return Check("LP-1", "It answers a paper that was served, and rests on what that stands on.")
    return Check("LP-1", "The paper it answers stands on something else.", "Begin again from the page of the paper.", ok=False)


def _within(facts: Facts, wanted: Wanted) -> Check:
    if over := facts.granted.beyond(wanted.kinds):
        named = ", ".join(information().get(key, key) for key in over)
        return Check("LP-1", f"Not within what the paper names: {named}.", "Leave it out.", ok=False)
    if wanted.beyond:
        return Check("LP-1", "Something chosen is not within what the paper names.", "Choose anew.", ok=False)
    if wanted.outdated:
        return Check("LP-1", "What may be given was changed since this was put together.", "Choose anew.", ok=False)
    return Check("LP-1", "Nothing is chosen beyond what the paper names.")


def _kept_apart(facts: Facts, wanted: Wanted) -> Iterator[Check]:
    if wanted.apart and facts.stands_on != "order":
        todo = "They need their own authorization, or an order of a court that names them."
        yield Check("LP-3", "Psychotherapy notes never leave on a subpoena or a request alone.", todo, ok=False)
    elif wanted.apart:
        yield Check("LP-3", "An order names the psychotherapy notes.")


def part2(facts: Facts, wanted: Wanted) -> Iterator[Check]:
    """LP-6: an order under subpart E and a subpoena; confidential communications only under 2.63."""
    if not wanted.part2:
        return
    if not (facts.part2_order and facts.part2_mandate and facts.stands_on == "order"):
        words = "Substance use records need an order under 42 CFR 2.61 to 2.67 and a subpoena: neither alone is enough."
        yield Check("LP-6", words, "Ask counsel; write both down where there are both.", ok=False)
    elif not facts.part2_confidences and confidential() & {*wanted.kinds}:
        words = "What a client said in confidence to be treated needs an order that finds what 42 CFR 2.63 asks for."
        yield Check("LP-6", words, "Leave it out: days and attendance may be given.", ok=False)
    else:
        yield Check("LP-6", "An order under 42 CFR part 2, subpart E, and a subpoena are there.")


def as_if(facts: Facts, state: str, stands_on: str) -> Facts:
    """The case as it would be in ``state``, standing on that."""
    return replace(facts, state=state, stands_on=stands_on)
