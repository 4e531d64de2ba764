"""The review of safeguards: by the schedule, with evidence, by somebody else than whom it looks at, and never moved by being late."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from practice.models import User
from practice.refusals import Refused
from review import access, actions, schedule, standing
from review.models import Evidence, ReviewAction, ReviewTask
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def task(ada: User) -> ReviewTask:
    """The risk analysis, as the house planned it."""
    with acting(ada):
        actions.plan_reviews()
        return access.reviews(ada).get(kind="REV-4")


def shown(task: ReviewTask, ada: User) -> None:
    """All that the schedule asks for is there."""
    with acting(ada):
        for key in schedule.kinds()[task.kind].evidence:
            actions.record_evidence(task.kind, key, f"Line about {key}", by=ada, task=task)


def test_rev_4_case_a_what_was_due_in_march_and_done_in_april_is_due_in_march_again() -> None:
    kind = schedule.kinds()["REV-4"]
    assert schedule.next_due(kind, datetime.date(2026, 3, 15)) == datetime.date(2027, 3, 15)


def test_rev_5_case_b_each_quarter_from_the_last_of_november_leads_to_the_last_of_february() -> None:
    assert schedule.next_due(schedule.kinds()["REV-5"], datetime.date(2026, 11, 30)) == datetime.date(2027, 2, 28)


def test_rev_1_to_15_stand_in_the_schedule_with_period_evidence_basis_and_the_day_it_was_checked(ada: User) -> None:
    assert list(schedule.kinds()) == [f"REV-{number}" for number in range(1, 16)]
    for kind in schedule.kinds().values():
        assert kind.months in (1, 3, 6, 12)
        assert kind.basis
        assert kind.checked.year >= 2026
        assert bool(kind.evidence) != bool(kind.page)
    with acting(ada):
        assert [row.kind.id for row in standing.every(ada)] == list(schedule.kinds())


def test_rev_the_states_of_a_review_follow_its_day_and_what_was_done() -> None:
    today, due = datetime.date(2026, 11, 23), datetime.date(2026, 11, 23)
    flags = {"begun": False, "completed": False, "open_actions": False, "closed": False}
    assert schedule.state_of(today, due + DAY, **flags) == "scheduled"
    assert schedule.state_of(today, due, **flags) == "due"
    assert schedule.state_of(today, due, **flags | {"begun": True}) == "in progress"
    assert schedule.state_of(today, due - DAY, **flags | {"begun": True}) == "overdue"
    assert schedule.state_of(today, due - DAY, **flags | {"completed": True}) == "completed"
    assert schedule.state_of(today, due, **flags | {"completed": True, "open_actions": True}) == "actions open"
    assert schedule.state_of(today, due, **flags | {"completed": True, "closed": True}) == "closed"


def test_rev_4_is_not_completed_without_evidence_and_the_next_is_due_a_period_after_this_one_was(
    task: ReviewTask, ada: User, ben: User
) -> None:
    with acting(ada), pytest.raises(Refused, match="Evidence is missing: Threats looked at"):
        actions.complete_review(task, "", by=ada)
    shown(task, ada)
    with clock.at(clock.now() + 100 * DAY), acting(ada):
        assert standing.state(task) == "overdue"
        after = actions.complete_review(task, "A window does not lock.", by=ada)
        assert after.due_on == schedule.next_due(schedule.kinds()["REV-4"], task.due_on)
        assert standing.state(access.reviews(ada).get(pk=task.pk)) == "completed"
        with pytest.raises(Refused, match="what it rests on is final"):
            actions.record_evidence("REV-4", "threats", "More", by=ada, task=task)
        with pytest.raises(DatabaseError), transaction.atomic():
            ReviewTask.objects.filter(pk=task.pk).update(completed_at=clock.now() - 90 * DAY)
        with pytest.raises(DatabaseError), transaction.atomic():
            Evidence.objects.update(key="impact")
    assert not task.self_reviewed


def test_rev_what_is_to_be_done_has_an_owner_and_a_day_and_keeps_the_review_open(task: ReviewTask, ada: User, dee: User, ask: Ask) -> None:
    shown(task, ada)
    today = clock.today() + DAY
    with acting(ada):
        action = actions.add_review_action(task, "Mend the window by the ochre stair.", dee, today, by=ada)
        actions.complete_review(task, "A window does not lock.", by=ada)
        assert standing.state(task) == "actions open"
        with pytest.raises(Refused, match="An action of it is not done"):
            actions.close_review(task, by=ada)
    assert "After REV-4" in text_of(ask(dee, "home"))
    assert ask(dee, "review_detail", pk=task.pk).status_code == 404
    assert ask(dee, "review_action", {"outcome": ""}, pk=action.pk).status_code == 422
    assert ask(dee, "review_action", {"outcome": "Mended."}, pk=action.pk).status_code == 302
    with acting(ada):
        assert ReviewAction.objects.get(pk=action.pk).done_by_id == dee.pk
        actions.close_review(access.reviews(ada).get(pk=task.pk), by=ada)
        assert standing.state(access.reviews(ada).get(pk=task.pk)) == "closed"


def test_rev_6_whoever_is_the_only_one_it_looks_at_does_not_complete_it_and_hands_it_on(
    ada: User, dee: User, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(schedule.subjects, "devices", lambda: {ada.pk})
    with acting(ada):
        actions.plan_reviews()
        task = access.reviews(ada).get(kind="REV-6")
    shown(task, ada)
    with acting(ada), pytest.raises(Refused, match="nobody reviews themself"):
        actions.complete_review(task, "", by=ada)
    assert ask(dee, "review_detail", pk=task.pk).status_code == 404
    assert ask(ada, "review_detail", {"what": "hand", "person": str(dee.pk)}, pk=task.pk).status_code == 302
    assert ask(dee, "review_detail", {"what": "complete", "findings": ""}, pk=task.pk).status_code == 302
    with acting(ada):
        row = access.reviews(ada).get(pk=task.pk)
        assert (row.completed_by_id, row.self_reviewed, standing.state(row)) == (dee.pk, False, "closed")


def test_rev_15_whoever_is_the_whole_practice_may_and_it_says_self_reviewed(task: ReviewTask, ada: User, ask: Ask) -> None:
    shown(task, ada)
    assert "a consultant from outside" in text_of(ask(ada, "review_detail", pk=task.pk))
    with acting(ada):
        actions.complete_review(task, "", by=ada)
    assert "Self-reviewed" in text_of(ask(ada, "review_detail", pk=task.pk))


def test_rev_what_is_due_stands_on_home_and_is_overdue_the_day_after(task: ReviewTask, ada: User, ben: User, ask: Ask) -> None:
    assert "Reviews of safeguards due" not in text_of(ask(ada, "home"))
    with acting(ada):
        noon = datetime.datetime.combine(task.due_on, datetime.time(20), tzinfo=datetime.UTC)
        with clock.at(noon):
            assert {row.kind for row in access.due_reviews(ada)} == {"REV-3", "REV-4", "REV-14"}
            assert standing.state(task) == "due"
    with acting(ben):
        assert not access.due_reviews(ben).exists()


def test_rev_7_a_file_passes_the_sieve_and_is_fetched_under_a_name_of_ours(ada: User, ben: User, ask: Ask) -> None:
    with acting(ada):
        actions.plan_reviews()
        row = actions.record_evidence("REV-7", "report", "", by=ada, file=("the ochre report.txt", b"Nothing open."))
        with pytest.raises(Refused, match="that is not what is in it"):
            actions.record_evidence("REV-7", "report", "", by=ada, file=("scan.pdf", b"<svg onload=alert(1)>"))
        with pytest.raises(Refused, match="a line or a file"):
            actions.record_evidence("REV-7", "report", " ", by=ada)
    answer = ask(ada, "evidence_download", pk=row.pk)
    assert answer.content == b"Nothing open."
    assert "ochre" not in answer["Content-Disposition"]
    assert ask(ben, "evidence_download", pk=row.pk).status_code == 404
