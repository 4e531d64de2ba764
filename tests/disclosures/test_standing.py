"""The rules of legal process alone: clocks, places, what no subpoena reaches, and that the law file fits the database (LP-1 to LP-7)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from typing import Any

from disclosures import standing
from disclosures.law import bases
from disclosures.law import process as law
from disclosures.law.process import Facts, Scope, window
from disclosures.models import LegalProcess
from disclosures.standing import Wanted
from disclosures.verdicts import Check

from .serving import DATES

State = LegalProcess.State


def red(found: Iterable[Check]) -> list[str]:
    return [check.rule for check in found if not check.ok]


def test_every_kind_of_the_law_file_is_one_of_the_database_and_names_a_basis_of_releases() -> None:
    assert [*law.kinds()] == LegalProcess.Kind.values
    assert [*law.STATES] == State.values
    assert {each.stands for each in law.kinds().values()} | {"authorization"} == {*LegalProcess.Stands.values}
    assert all(bases()[law.basis_of(stands)].release for stands in LegalProcess.Stands.values)
    assert {law.basis_of(stands) for stands in ("order", "assurance", "demand")} == {key for key, each in bases().items() if each.process}
    assert {now: then for now, then in law.MOVES.items() if then} == import_module("disclosures.migrations._processes_lock").MOVES


def test_lp_2_worked_case_a_fourteen_days_to_object_and_the_day_after() -> None:
    found = window(datetime.date(2026, 11, 16), 14)
    assert (found.until, found.free) == (datetime.date(2026, 11, 30), datetime.date(2026, 12, 1))
    assert found.sum == "notice of 16 Nov 2026 + 14 days = 30 Nov 2026; it may be answered from 1 Dec 2026"
    none = Facts("subpoena_attorney", "authorized", "assurance", place="OR", told=True, consulted=True)
    assert red(standing.checks(none, datetime.date(2026, 11, 16), ["OR"])) == ["LP-2"]
    given = replace(none, assurance="notice", objection_until=found.until)
    assert red(standing.checks(given, datetime.date(2026, 11, 30), ["OR"])) == ["LP-2"]
    assert red(standing.checks(given, datetime.date(2026, 12, 1), ["OR"])) == []
    assert red(standing.checks(replace(given, objects=True), datetime.date(2026, 12, 1), ["OR"])) == ["LP-2"]
    assert red(standing.checks(replace(given, consulted=False), datetime.date(2026, 12, 1), ["OR"])) == ["SU-7"]
    protected = replace(none, assurance="qpo", protected_on=datetime.date(2026, 11, 16))
    assert red(standing.checks(protected, datetime.date(2026, 11, 16), ["OR"])) == []


def test_lp_7_out_of_state_needs_domestication_or_counsel_and_a_federal_court_does_not() -> None:
    facts = Facts("court_order", "ordered", "order", place="WA", told=True, granted=DATES)
    today = datetime.date(2026, 11, 16)
    assert red(standing.checks(facts, today, ["OR"])) == ["LP-7"]
    for more in ({"domesticated": True}, {"cleared": True}, {"place": "US"}, {"place": "OR"}):
        assert red(standing.checks(replace(facts, **more), today, ["OR"])) == []


def test_lp_3_and_lp_6_what_no_subpoena_reaches() -> None:
    facts = Facts("court_order", "ordered", "order", place="US", told=True, granted=Scope(("session_dates", "progress_notes")))
    today = datetime.date(2026, 11, 16)

    def wanted(facts: Facts, **more: Any) -> list[str]:
        basis = law.basis_of(facts.stands_on)
        return red(standing.release_checks(facts, Wanted(**({"basis": basis} | more)), today, ["OR"]))

    demand = replace(facts, kind="grand_jury", stands_on="demand")
    assert wanted(facts, apart=True) == []
    assert wanted(demand, apart=True) == ["LP-3"]
    assert wanted(facts, part2=True) == ["LP-6"]
    assert wanted(replace(facts, part2_order="2.64"), part2=True) == ["LP-6"]  # an order, and no subpoena with it
    assert wanted(replace(facts, part2_mandate=True), part2=True) == ["LP-6"]  # and the other way round
    both = replace(facts, part2_order="2.64", part2_mandate=True)
    assert wanted(both, part2=True, kinds=["session_dates"]) == []
    assert wanted(both, part2=True, kinds=["progress_notes"]) == ["LP-6"]  # 2.63
    assert wanted(replace(both, part2_confidences=True), part2=True, kinds=["progress_notes"]) == []
    assert wanted(replace(both, stands_on="demand"), part2=True) == ["LP-6"]
    assert wanted(facts, kinds=["plan"]) == ["LP-1"]
    assert wanted(facts, basis="subpoena") == ["LP-1"]
    assert wanted(facts, outdated=True) == ["LP-1"]


def test_lp_5_templates_that_name_nobody_know_no_name_and_only_one_is_early() -> None:
    assert [reply.key for reply in law.replies().values() if reply.early] == ["neutral"]
    assert {reply.key for reply in law.replies().values() if "{client}" in reply.text} == {
        reply.key for reply in law.replies().values() if reply.named
    }
    assert not any(reply.early and reply.named for reply in law.replies().values())
