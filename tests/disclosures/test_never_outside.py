"""Whatever is tried: nothing leaves outside the scope, without a basis that stands, or unaccounted (section 19: 2, 3, 4)."""

from __future__ import annotations

import dataclasses
import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from consent import access as consents
from consent import actions as consent
from disclosures import access, actions, law
from disclosures.choosing import offer, texts_of
from disclosures.law.process import Scope
from disclosures.models import Disclosure, LegalProcess, Sending
from practice.models import User
from practice.refusals import Refused
from records.models import Note
from tests.cast import PRIVATE, acting, write_note

from .releasing import NOTES, allowed, begun, handed, packed, record_of
from .serving import answering, ordered

KINDS = {"progress": "the brass gull", "plan": "the onyx fence", "termination": "the mauve tram"}
INFORMATION = ["session_dates", "attendance", "progress_notes", "plan", "summary", "documents", "diagnosis"]


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))
    monkeypatch.setattr("disclosures.packing.pdf.press", lambda name, data: b"%PDF quick")


@pytest.fixture
def record(cleo: Client, ana: User, session: Any, psychotherapy: Note) -> dict[str, Note]:
    """A note of each of some kinds, and a psychotherapy note that never leaves with them."""
    made = {kind: write_note(ana, cleo, kind=kind, signed=True, text=words) for kind, words in KINDS.items()}
    return made | {"psychotherapy": psychotherapy}


def within(information: list[str]) -> set[str]:
    """The kinds of notes that these kinds of information open."""
    return {kind for key in information for kind in law.parts()[key].notes}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    information=st.lists(st.sampled_from(INFORMATION), min_size=1, max_size=3, unique=True),
    wanted=st.lists(st.sampled_from([*KINDS, "psychotherapy"]), unique=True),
    sessions=st.booleans(),
    revoked=st.sampled_from(["never", "before", "between"]),
)
def test_section_19_nothing_leaves_outside_scope_without_basis_or_unaccounted(
    cleo: Client, ana: User, portal_cleo: User, record: dict[str, Note], information: list[str], wanted: list[str], sessions: bool,
    revoked: str,
) -> None:  # fmt: skip
    request = allowed(cleo, ana, portal_cleo, dataclasses.replace(NOTES, information=information))
    row = begun(cleo, ana, request)
    with acting(ana):
        assert {note.kind for note in offer(row, ana).notes} <= within(information)
        before = Disclosure.objects.count()
    if revoked == "before":
        _take_back(request, portal_cleo)
    try:
        package = packed(row, ana, notes=[str(record[kind].pk) for kind in wanted], sessions=sessions)
        if revoked == "between":
            _take_back(request, portal_cleo)
        handed(row, ana)
    except Refused:
        _nothing_left(row, ana, before)
    else:
        assert revoked == "never"
        _only_this_left(row, package, ana, before, information, wanted)
    if revoked == "never":
        _take_back(request, portal_cleo)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    named=st.lists(st.sampled_from(INFORMATION), min_size=1, max_size=3, unique=True),
    wanted=st.lists(st.sampled_from([*KINDS, "psychotherapy"]), unique=True),
    sessions=st.booleans(),
    since=st.sampled_from(["", "", "after"]),
    court=st.sampled_from(["lets it stand", "stays it", "narrows it", "sets it aside"]),
)
def test_section_19_nothing_leaves_beyond_what_a_court_orders_nor_once_it_is_stopped(
    cleo: Client, ana: User, sofia: User, record: dict[str, Note], named: list[str], wanted: list[str], sessions: bool, since: str,
    court: str,
) -> None:  # fmt: skip
    first = datetime.date(2099, 1, 1) if since else None
    paper = ordered(cleo, ana, Scope(tuple(named), first))
    row = begun(cleo, ana, **answering(paper))
    with acting(ana):
        before = Disclosure.objects.count()
    try:
        package = packed(row, ana, notes=[str(record[kind].pk) for kind in wanted], sessions=sessions)
        with acting(sofia):
            actions.look(access.lookable_releases(sofia).get(pk=row.pk), "", passed=True, by=sofia)
        _court(paper, court, ana)
        handed(row, ana)
    except Refused:
        _nothing_left(row, ana, before)
    else:
        assert (court, since and wanted) in (("lets it stand", ""), ("lets it stand", []))
        _only_this_left(row, package, ana, before, named, wanted)


def _court(paper: LegalProcess, does: str, by: User) -> None:
    with acting(by):
        if does == "sets it aside":
            actions.close_process(paper, "quashed", "By Judge Teal", by=by)
        elif does != "lets it stand":
            actions.note_motion(paper, "A stay", by=by)
        if does == "narrows it":
            actions.order_answer(paper, actions.Ordered(Scope(("attendance",)), "Narrowed"), by=by)


def _take_back(request: Any, by: User) -> None:
    with acting(by):
        consent.withdraw(consents.own_signers(by).get(request=request), by=by)


def _nothing_left(row: Any, ana: User, before: int) -> None:
    with acting(ana):
        assert not Sending.objects.filter(release=row.pk).exists()
        assert Disclosure.objects.count() == before


def _only_this_left(row: Any, package: Any, ana: User, before: int, information: list[str], wanted: list[str]) -> None:
    text = " ".join(texts_of(record_of(package.bundle)))
    assert {kind for kind, words in KINDS.items() if words in text} == {*wanted}
    assert {*wanted} <= within(information)
    assert PRIVATE not in text
    with acting(ana):
        (entry,) = Disclosure.objects.filter(source_id=row.pk)
        assert Disclosure.objects.count() == before + 1
        assert (entry.basis in law.bases(), entry.accountable) == (True, not entry.excluded)
        assert access.readable_disclosures(ana).filter(pk=entry.pk).exists()
