"""The rules of releases, one condition at a time: who is asked to look a second time, and which paper a release answers (AU-8, LP-1)."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from disclosures import access, actions
from disclosures.checks import needs_second_look
from disclosures.models import Release
from practice.models import User
from records.models import Note
from tests.cast import acting
from tests.consent.releases import NOTES as APART

from .releasing import allowed, begun, packed
from .serving import answering, ordered

TREATMENT: dict[str, Any] = {"basis": "treatment", "authorization": None, "recipient": "The Quince Clinic", "purpose": "Her care"}


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))
    monkeypatch.setattr("disclosures.packing.pdf.press", lambda name, data: b"%PDF " + json.dumps(data).encode())


def to_look_at(user: User) -> set[Any]:
    with acting(user):
        return set(access.lookable_releases(user).values_list("pk", flat=True))


def test_au_8_whoever_looks_is_shown_what_policy_names_and_nobody_looked_at_and_not_their_own(
    cleo: Client, ana: User, sofia: User, portal_cleo: User, signed: Note, psychotherapy: Note
) -> None:
    part = begun(cleo, ana, allowed(cleo, ana, portal_cleo))
    whole, looked = (begun(cleo, ana, **TREATMENT) for _ in range(2))
    packed(part, ana, notes=[str(signed.pk)])
    for row in (whole, looked):
        packed(row, ana, notes=[str(signed.pk)], sessions=True)
    with acting(sofia):
        actions.look(access.releases(sofia).get(pk=looked.pk), "", passed=True, by=sofia)
    apart = begun(cleo, ana, allowed(cleo, ana, portal_cleo, APART, "psychotherapy"))
    packed(apart, ana, notes=[str(psychotherapy.pk)])
    with acting(ana):
        Release.objects.filter(pk=apart.pk).update(whole=True)
        assert access.packed_releases(ana).count() == 4
    assert to_look_at(sofia) == {whole.pk}
    assert to_look_at(ana) == set()


@pytest.mark.parametrize("key", ["part2", "whole", "unit"])
def test_au_8_what_policy_does_not_name_waits_for_no_second_look(
    key: str, cleo: Client, ana: User, sofia: User, signed: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("disclosures.law.looked_at_twice", lambda: {"part2": False, "whole": False, "unit": False} | {key: True})
    row = begun(cleo, ana, **TREATMENT)
    packed(row, ana, notes=[str(signed.pk)], sessions=True)
    assert needs_second_look(row) is (key == "whole")
    assert to_look_at(sofia) == ({row.pk} if key == "whole" else set())


def test_au_8_somebody_of_outside_looks_only_where_nobody_else_is_on_the_team(
    cleo: Client, bens_client: Client, ana: User, sofia: User, ben: User
) -> None:
    with acting(ana):
        assert access.others_on_the_team(cleo, ana)
    with acting(ben):
        assert not access.others_on_the_team(bens_client, ben)


def test_lp_1_a_release_answers_its_own_paper_which_is_locked_only_where_something_leaves(cleo: Client, ana: User) -> None:
    papers = [ordered(cleo, ana) for _ in range(2)]
    rows = [begun(cleo, ana, **answering(paper)) for paper in papers]
    none = begun(cleo, ana, basis="payment", authorization=None, recipient="The Quince Plan", purpose="A claim")
    with acting(ana):
        for lock in (False, True):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                found = [access.process_of(row, lock=lock) for row in rows]
            assert [each and each.pk for each in found] == [paper.pk for paper in papers]
            assert ["FOR UPDATE" in each["sql"] for each in asked] == [lock, lock]
            assert access.process_of(none, lock=lock) is None
