"""The assessment: presumed a breach while blank, lowered only with everything it needs and by a second person."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from breaches import actions
from breaches.assessing import CONSULTED, exemptions, factors, gaps
from breaches.models import Assessment, Incident
from breaches.standing import current, facts_of, standing
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

from .conftest import Report

FOUR = {number: f"Evidence {number}, of the beige gate." for number in "1234"}
ASKED = dict.fromkeys(CONSULTED, "Dr. Peer, of another practice.")
LOW: dict[str, Any] = {
    "conclusion": "low_probability", "ratings": ["low"] * 4, "factors": FOUR, "reasons": "All four speak for it.",
    "consultation": ASKED, "consulted_on": datetime.date(2026, 11, 20),
}  # fmt: skip
HARBOR: dict[str, Any] = {
    "conclusion": "safe_harbor", "algorithm": "AES-256, LUKS", "key_place": "in the head of its owner", "key_compromised": "no",
}  # fmt: skip


def rules_of(**found: Any) -> set[str]:
    return {refusal.rule for refusal in gaps(Assessment(**found))}


def test_br_1_a_low_probability_needs_every_factor_and_su_7_a_consultation() -> None:
    assert rules_of(**LOW) == set()
    assert rules_of(conclusion="low_probability") == {"BR-1", "SU-7"}
    for number in "1234":
        assert rules_of(**LOW | {"factors": FOUR | {number: " "}}) == {"BR-1"}
        assert rules_of(**LOW | {"ratings": ["low" if each != number else "" for each in "1234"]}) == {"BR-1"}
    assert rules_of(**LOW | {"consulted_on": None}) == {"SU-7"}
    assert rules_of(**LOW | {"consultation": ASKED | {"advice": ""}}) == {"SU-7"}


def test_br_2_the_four_factors_are_those_of_the_law_in_its_order() -> None:
    found = [(each.number, each.citation) for each in factors()]
    assert found == [(str(number), f"45 CFR 164.402(2)({roman})") for number, roman in enumerate(("i", "ii", "iii", "iv"), start=1)]
    assert all(each.title and each.hint for each in factors())


def test_br_3_an_exception_needs_facts_for_each_of_its_limbs() -> None:
    assert rules_of(conclusion="exception") == {"BR-3"}
    for code, chosen in exemptions().items():
        facts = {key: "Facts." for key, _ in chosen.limbs}
        assert rules_of(conclusion="exception", exception=code, limbs=facts) == set()
        for key in facts:
            assert rules_of(conclusion="exception", exception=code, limbs=facts | {key: ""}) == {"BR-3"}


def test_br_4_encrypted_needs_algorithm_place_and_answer_of_its_key() -> None:
    assert rules_of(**HARBOR) == set()
    for name, value in (("algorithm", ""), ("key_place", ""), ("key_compromised", ""), ("key_compromised", "yes")):
        assert rules_of(**HARBOR | {name: value}) == {"BR-4"}


def test_sb_12_no_risk_is_decided_with_reasons() -> None:
    assert rules_of(conclusion="presumed", risk_to_rights="none") == {"SB-12"}
    assert rules_of(conclusion="presumed", risk_to_rights="none", reasons="It was encrypted.") == set()


def test_br_16_11_a_note_mailed_to_the_wrong_client_with_blank_factors_stays_a_breach(reported: Report, ada: User) -> None:
    """Worked case 11 of section 16."""
    row = reported()
    with acting(ada):
        assert facts_of(row).conclusion == "presumed"
        with pytest.raises(Refused) as refusal:
            actions.assess(row, by=ada, conclusion="low_probability")
        assert refusal.value.rule == "BR-1"
        assert facts_of(row).conclusion == "presumed"


def test_br_1_nobody_approves_their_own_and_until_then_it_is_presumed(reported: Report, ada: User, nora: User, ask: Ask) -> None:
    row = reported()
    with acting(ada):
        found = actions.assess(row, by=ada, **LOW)
        assert (found.counts_as, facts_of(row).conclusion) == ("presumed", "presumed")
        assert "individuals" in {each.clock.audience for each in standing(row) if each.clock.rule == "BR-6"}
        with pytest.raises(Refused) as refusal:
            actions.approve(found, by=ada)
        assert refusal.value.rule == "BR-1"
        assert Assessment.objects.update(approved_by=ada, approved_at=clock.now()) == 0  # nor past the actions
    assert "beige gate" in text_of(ask(nora, "incident_assessment", pk=row.pk))
    assert ask(nora, "incident_assessment", {"approve": str(found.pk)}, pk=row.pk).status_code == 302
    with acting(ada):
        assert facts_of(row).conclusion == "low_probability"
        assert not [each for each in standing(row) if each.clock.rule == "BR-6"]
    with acting(nora), pytest.raises(DatabaseError), transaction.atomic():
        Assessment.objects.update(approved_at=clock.now())


def test_invariant_8_the_only_officer_approves_with_somebody_outside_consulted_and_it_is_kept_so(reported: Report, ada: User) -> None:
    row = reported()
    with acting(ada):
        bare = actions.assess(row, by=ada, **HARBOR)
        with pytest.raises(Refused) as refusal:
            actions.approve(bare, by=ada)
        assert refusal.value.rule == "SU-7"
        found = actions.assess(row, by=ada, **LOW)
        actions.approve(found, by=ada)
        newest = current(row)
        assert newest
        assert newest.is_by_themself
        with pytest.raises(Refused, match="not the one that waits"):
            actions.approve(bare, by=ada) if bare.consulted_on else actions.approve(newest, by=ada)


def test_the_form_keeps_what_was_typed_and_says_which_rule(reported: Report, ada: User, ask: Ask) -> None:
    row = reported()
    given = {"conclusion": "low_probability", "factor_1": "The ultramarine list.", "kinds": ["medical"]}
    page = ask(ada, "incident_assess", given, pk=row.pk)
    assert page.status_code == 422
    assert "ultramarine list" in text_of(page)
    assert "(BR-1)" in text_of(page)
    assert ask(ada, "incident_assess", given | {"conclusion": "breach"}, pk=row.pk).status_code == 302
    assert "ultramarine list" in text_of(ask(ada, "incident_assess", pk=row.pk))
    with acting(ada):
        assert Incident.objects.get().state == "reported"
        assert facts_of(row).kinds == {"medical"}
