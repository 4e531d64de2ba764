"""Somebody who was told to come: the limits that brings, who gets reports and what follows from saying no stand in what they sign."""

from __future__ import annotations

import pytest

from clients.models import Client
from consent import actions, clauses
from consent.evidence import shows_what_was_asked
from consent.mandates import ANCHOR
from consent.models import Request
from practice.models import User
from tests.cast import SignIn, acting
from tests.records.hands import page, words

from .papers import form_in_force, signed_by
from .test_campaign_page import renewed
from .test_consent_list import sent

TOLD = {
    "mandated": "on",
    "mandate_by": "The court of Larkspur County",
    "mandate_limits": "Whether you came. ## No heading {#told-to-come}",
    "mandate_reports": "Your probation officer, each month",
    "mandate_refusal": "The court is told that you stopped",
}


@pytest.mark.parametrize("left_out", ["mandate_by", "mandate_limits", "mandate_reports", "mandate_refusal"])
def test_ic_26_a_mandate_that_is_not_told_whole_is_refused_and_what_was_typed_stays(
    left_out: str, ana: User, cleo: Client, browser_of: SignIn
) -> None:
    answer = browser_of(ana).post(page("consent_send", cleo.pk), sent(form_in_force()) | TOLD | {left_out: " "})
    assert answer.status_code == 422
    seen = words(answer)
    assert "IC-26" in seen
    assert all(typed in seen for name, typed in TOLD.items() if name not in (left_out, "mandated", "mandate_limits"))
    with acting(ana):
        assert not Request.objects.exists()


def test_ic_26_it_is_read_and_signed_with_the_consent_and_carried_on_by_the_next(
    ana: User, cleo: Client, portal_cleo: User, browser_of: SignIn
) -> None:
    version, other = form_in_force(), form_in_force("own", title="House rules")
    alone = browser_of(ana).post(page("consent_send", cleo.pk), sent(other) | TOLD)
    assert alone.status_code == 422
    assert "choose that one as well" in words(alone)
    assert browser_of(ana).post(page("consent_send", cleo.pk), sent(version, other) | TOLD).status_code == 302
    with acting(ana):
        paper, rules = (Request.objects.get(wording=each) for each in (version, other))
        found = clauses.clauses(paper.shown)
        assert [each.anchor for each in found].count(ANCHOR) == 1
        assert found[-1].anchor == ANCHOR  # what was typed makes no clause of its own
        assert "probation officer" in found[-1].text
        assert "probation" not in rules.shown
        assert shows_what_was_asked(paper)
    signed_by(portal_cleo, paper)
    newer = renewed(version)
    with acting(ana):
        anew = actions.ask_anew(Request.objects.get(pk=paper.pk), newer, by=ana)
        assert clauses.clauses(anew.shown)[-1].text == found[-1].text
        assert "by custom" in anew.shown
