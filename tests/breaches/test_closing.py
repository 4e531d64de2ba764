"""The end: nothing left open, the accounting, the analysis that is due, and that nothing changes any more (BR-16, BR-17, ACC-8, REV-4)."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from breaches import access, actions
from breaches.models import Affected, FollowUp, Incident, State, Told
from clients.models import Client
from disclosures.access import readable_disclosures
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting

from .worded import notifying, settle

SAID = actions.Ending("We fetched the letter back.", "Two people look at each address.", "none", "", "M. Ferreira, 7 Quartz Lane")


def planned(by: User, client: Client, **more: object) -> Incident:
    row = notifying(by, **more)  # type: ignore[arg-type]  # drill or state
    with acting(by):
        actions.plan(row, [client.pk], by=by)
        Told.objects.filter(incident=row).update(state="unreachable")
    return row


def test_br_16_it_is_not_closed_without_proof_for_each_person(ada: User, cleo: Client) -> None:
    row = planned(ada, cleo)
    with acting(ada), pytest.raises(Refused, match="1 of 1 people are not told yet") as refused:
        actions.close(row, SAID, by=ada)
    assert refused.value.rule == "BR-16"


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [("mitigation", " ", "is written down"), ("lessons", "", "is written down"), ("sanction", "not", "Why nobody")],
)
def test_br_17_it_is_not_closed_without_mitigation_lessons_and_a_decision(ada: User, part: str, value: str, words: str) -> None:
    with acting(ada), pytest.raises(Refused, match=words):
        actions.close(notifying(ada), actions.Ending(**(vars(SAID) | {part: value})), by=ada)


def test_acc_8_and_rev_4_the_accounting_writes_itself_and_an_analysis_is_due(ada: User, ana: User, ben: User, cleo: Client) -> None:
    row = planned(ada, cleo)
    with acting(ada):
        actions.told_otherwise(access.told(ada).get(incident=row), "By phone, 21 Nov 2026, 10:15.", by=ada)
        settle(row, ada)
        actions.close(row, SAID, by=ada)
        assert row.state == State.CLOSED
        (due,) = access.follow_ups(ada)
        assert due.due_on == clock.today() + datetime.timedelta(days=30)
        actions.analysed(due, by=ada)
        assert not access.follow_ups(ada).exists()
        assert FollowUp.objects.get(incident=row).done_by_id == ada.pk
    with acting(ana):
        (entry,) = readable_disclosures(ana)
        assert (entry.client_id, entry.on, entry.accountable, entry.recipient) == (cleo.pk, row.discovered_on, True, SAID.recipient)
        assert "dates of two visits" in entry.description
    with acting(ben):
        assert not readable_disclosures(ben).exists()


def test_br_9_a_public_notice_stays_up_for_90_days(ada: User) -> None:
    row = notifying(ada)
    with acting(ada):
        draft = actions.draw(row, "substitute", "our home page", by=ada)
        assert actions.draw(row, "substitute", "our home page", by=ada) == draft
        with pytest.raises(Refused, match="not sent"):
            actions.close(row, SAID, by=ada)
        today = clock.today()
        with pytest.raises(Refused, match="still to come"):
            actions.sent(draft, today + datetime.timedelta(days=1), "screenshot", by=ada)
        with pytest.raises(Refused, match="proof"):
            actions.sent(draft, today, " ", by=ada)
        actions.sent(draft, today, "Screenshot of the page, kept in the folder.", by=ada)
        assert draft.until == today + datetime.timedelta(days=90)
        with pytest.raises(Refused, match="90 days"):
            actions.close(row, SAID, by=ada)


def test_sb_12_a_draft_to_an_authority_has_gaps_until_they_are_filled(ada: User) -> None:
    row = notifying(ada)
    with acting(ada):
        draft = actions.draw(row, "authority", "the Information Commissioner (ICO)", by=ada)
        assert all(words in draft.text for words in ("Likely consequences", "Contact for questions", "What happened", row.number))
        with pytest.raises(Refused, match="gaps"):
            actions.sent(draft, clock.today(), "Receipt 12", by=ada)
        actions.save_draft(draft, draft.text.replace("…", "None known."), by=ada)
        actions.sent(draft, clock.today(), "Receipt 12", by=ada)
        assert draft.sent_by_id == ada.pk


def test_what_was_closed_is_opened_again_as_a_new_one(ada: User) -> None:
    row = notifying(ada)
    with acting(ada):
        with pytest.raises(Refused, match="not over"):
            actions.reopen(row, "It went on.", by=ada)
        settle(row, ada)
        actions.close(row, SAID, by=ada)
        again = actions.reopen(row, "The letter was copied after all.", by=ada)
        assert (again.reopens_id, again.state, row.state) == (row.pk, "reported", "closed")
        with pytest.raises(Refused, match="never changed"):
            actions.move(row, "assessing", by=ada)


def test_a_drill_leaves_nothing_in_the_accounting(ada: User, ana: User, cleo: Client) -> None:
    row = planned(ada, cleo, drill=True)
    with acting(ada):
        actions.told_otherwise(access.told(ada).get(incident=row), "Said at the table.", by=ada)
        settle(row, ada)
        actions.close(row, SAID, by=ada)
        assert not FollowUp.objects.exists()
    with acting(ana):
        assert not readable_disclosures(ana).exists()


def test_section_17_it_is_not_closed_with_an_open_clock_a_residence_assumed_or_somebody_without_a_letter(ada: User, cleo: Client) -> None:
    row = notifying(ada)
    with acting(ada):
        Affected(incident=row, client=cleo, source="hand", confirmed_by=ada, confirmed_at=clock.now()).save(force_insert=True)
        said = {refused.rule: refused.words for refused in actions.keeps_open(row, ada)}
        assert said["BR-16"].startswith("1 of those affected have no letter")
        Affected.objects.filter(incident=row).update(confirmed_at=None, confirmed_by=None)
        assert any("wait to be confirmed" in refused.words for refused in actions.keeps_open(row, ada))
        Affected.objects.filter(incident=row).update(confirmed_at=clock.now(), confirmed_by=ada)
        assert said["SB-1"].startswith("Where 1 of those affected live is only assumed")
        assert said["BR-12"].startswith("The clock for HHS is open")
        draft = actions.draw(row, "hhs", "HHS", by=ada)
        actions.sent(draft, clock.today(), "Receipt 7 of the portal", by=ada)
        left = {refused.rule for refused in actions.keeps_open(row, ada)}
        assert "BR-12" not in left
        assert {"BR-6", "BR-16", "SB-1"} <= left
