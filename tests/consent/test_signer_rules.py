"""Who must sign, by what right, until when: whatever is drawn, the house agrees with a naive replay (IC-24, IC-30, IC-32)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import clock
from clients import actions as clients
from clients.models import Client, Representative
from consent import access, actions
from consent.actions.asking import Named
from consent.models import Request, Signer, Version
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting

from .papers import asked, form_in_force
from .papers import given as gives

BASE = datetime.datetime(2026, 3, 2, 18, tzinfo=datetime.UTC)
ZONE = ZoneInfo("America/Los_Angeles")
DAY = datetime.timedelta(days=1)
AROUND = (-datetime.timedelta(seconds=1), datetime.timedelta(0))
Role = Signer.Capacity


@dataclass(frozen=True)
class Part:
    """One who is to sign: when they sign or say no (in days; None: never), and until when they stand for another, as told and as it was."""

    role: str
    does: str
    day: int | None
    until: int | None
    shorter: int | None


@dataclass(frozen=True)
class Case:
    """A minor who comes of age after so many days, or an adult (None)."""

    majority: int | None
    rule: str
    parts: tuple[Part, ...]


ENDS = st.sampled_from([None, 5, 12, 40, 500])


def parts_of(roles: list[str]) -> st.SearchStrategy[tuple[Part, ...]]:
    return st.tuples(*[
        st.builds(
            Part,
            role=st.just(role),
            does=st.sampled_from(["sign", "sign", "sign", "no"]),
            day=st.one_of(st.none(), st.integers(1, 20)),
            until=ENDS if role not in (Role.SELF, Role.ASSENT) else st.none(),
            shorter=st.sampled_from([None, None, 3, 15, 200]) if role not in (Role.SELF, Role.ASSENT) else st.none(),
        )
        for role in roles
    ])  # fmt: skip


MINORS = st.lists(st.sampled_from([Role.GUARDIAN, Role.GUARDIAN, Role.CASEWORKER]), min_size=1, max_size=3).map(
    lambda found: [*found, Role.ASSENT]
)
ADULTS = st.sampled_from([[Role.SELF], [Role.REPRESENTATIVE], [Role.SELF, Role.REPRESENTATIVE]])
CASES = st.one_of(
    st.builds(Case, st.sampled_from([8, 45, 700]), st.sampled_from(["all", "any"]), MINORS.flatmap(parts_of)),
    st.builds(Case, st.none(), st.sampled_from(["all", "any"]), ADULTS.flatmap(parts_of)),
)


# --- the oracle: what happened, told one day after the other -------------------------------------------------------------


def majority_of(case: Case) -> datetime.datetime | None:
    if case.majority is None:
        return None
    day = (BASE + case.majority * DAY).astimezone(ZONE).date()
    return datetime.datetime.combine(day, datetime.time(), tzinfo=ZONE)


def year_after(moment: datetime.datetime) -> datetime.datetime:
    local = moment.astimezone(ZONE)
    return datetime.datetime(local.year + 1, local.month, local.day, tzinfo=ZONE)


def holds(case: Case, at: datetime.datetime) -> bool:
    """Whether a consent is in force at ``at``, replayed from what everybody did."""
    deciding = [part for part in case.parts if part.role != Role.ASSENT]
    yes: list[Part] = []
    since = None
    for part in sorted((each for each in case.parts if each.day), key=lambda each: (each.day, case.parts.index(each))):
        late = part.until is not None and part.day >= part.until  # nobody signs once their authority is over, as it was told then
        if part.role == Role.ASSENT or (part.does == "sign" and late):
            continue
        if part.does == "no":
            if since is None and case.rule == "all":
                return False
            continue
        yes.append(part)
        if since is None and (case.rule == "any" or len(yes) == len(deciding)):
            since = BASE + part.day * DAY
    if since is None or at < since or at >= year_after(since):
        return False
    return not _over(case, deciding, yes, at)


def _over(case: Case, deciding: list[Part], yes: list[Part], at: datetime.datetime) -> bool:
    """Whether an authority that it hangs on is over at ``at``, or the minor is none any more."""
    majority = majority_of(case)
    if any(part.role == Role.SELF for part in deciding):
        gone = [_last(part) is not None and at >= BASE + _last(part) * DAY for part in yes]
        return all(gone)
    told = [BASE + part.until * DAY for part in deciding if part.until is not None] + ([majority] if majority else [])
    if any(at >= end for end in told):
        return True
    gone = [_last(part) is not None and at >= BASE + _last(part) * DAY for part in yes]
    return all(gone) if case.rule == "any" else any(gone)


def _last(part: Part) -> int | None:
    """The day their authority is over, as it turned out."""
    return part.shorter if part.shorter is not None else part.until


# --- the house ----------------------------------------------------------------------------------------------------------


def named(client: Client, case: Case, by: User) -> list[Named]:
    found = []
    for part in case.parts:
        if part.role in (Role.SELF, Role.ASSENT):
            found.append(Named(client, part.role))
            continue
        relation = {Role.GUARDIAN: "guardian", Role.CASEWORKER: "caseworker"}.get(Role(part.role), "other")
        until = None if part.until is None else BASE + part.until * DAY
        row = clients.add_representative(
            client, by=by, relation=relation, name="R", authority="order of 3 May", since=BASE - DAY, until=until
        )
        found.append(Named(client, part.role, row))
    return found


def act(signer: Signer, part: Part, request: Request, by: User) -> None:
    """Sign or say no on the device that ``by`` handed over; what is refused has not happened."""
    try:
        with transaction.atomic():
            if part.does == "no":
                actions.decline(signer, by=by)
                return
            actions.present(signer, by=by)
            actions.sign(signer, gives(request, method="in_person", witness=by, relationship="kin"), by=by)
    except Refused as refused:
        assert refused.rule in ("IC-24", "ES-6", "IC-21")  # noqa: PT017 (whatever is refused here, it is for one of these reasons)


def play(client: Client, version: Version, case: Case, by: User) -> None:
    with clock.at(BASE):
        if case.majority is not None:
            day = (BASE + case.majority * DAY).astimezone(ZONE).date()
            clients.change_person(client, by=by, born_on=day.replace(year=day.year - 18))
        people = named(client, case, by)
        request = asked(client, by, version, *people, rule=case.rule)
    signers = [request.signers.get(capacity=each.capacity, representative=each.representative) for each in people]
    for part, signer in sorted(zip(case.parts, signers, strict=True), key=lambda pair: pair[0].day or 0):
        if part.day:
            with clock.at(BASE + part.day * DAY):
                act(signer, part, request, by)
    for part, who in zip(case.parts, people, strict=True):
        if part.shorter is not None and who.representative:
            Representative.objects.filter(pk=who.representative.pk).update(until=BASE + part.shorter * DAY)


def moments(case: Case) -> list[datetime.datetime]:
    """Just before and at each moment at which anything can change."""
    days = {part.day for part in case.parts} | {part.until for part in case.parts} | {part.shorter for part in case.parts}
    turns = [BASE + day * DAY for day in days if day is not None]
    turns += [year_after(turn) for turn in turns] + [end for end in [majority_of(case)] if end]
    return [turn + step for turn in turns for step in AROUND]


@pytest.fixture
def version(db: None, monkeypatch: pytest.MonkeyPatch) -> Version:
    """The form that is asked; the signed paper itself is made elsewhere (test_papers)."""
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))
    return form_in_force()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=CASES)
def test_a_consent_holds_exactly_while_a_naive_replay_says_so(case: Case, ana: User, cleo: Client, mia: Client, version: Version) -> None:
    client = cleo if case.majority is None else mia
    with acting(ana), transaction.atomic():
        play(client, version, case, ana)
        for at in moments(case):
            assert access.covering(client, "in_person", at).exists() == holds(case, at), at
        transaction.set_rollback(True)  # each example begins anew
