"""Whatever is tried: nothing leaves outside the scope, without a basis that stands, or unaccounted (section 19: 2, 3, 4)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from consent import access as consents
from consent import actions as consent
from disclosures import access, law
from disclosures.choosing import offer, texts_of
from disclosures.models import Disclosure, Sending
from practice.models import User
from practice.refusals import Refused
from records.models import Note
from tests.cast import PRIVATE, acting, write_note

from .releasing import NOTES, allowed, begun, handed, packed, record_of

KINDS = {"progress": "the brass gull", "plan": "the onyx fence", "termination": "the mauve tram"}
INFORMATION = ["session_dates", "attendance", "progress_notes", "plan", "summary", "documents", "diagnosis"]


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: None)
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
