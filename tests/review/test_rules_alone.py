"""The rules of this room without the policies behind them: what is kept quiet from whom, and what still waits for its review."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from audit.models import Event
from clients import actions as clients
from clients.models import Client, ClientPermission
from practice.models import Practice, User
from review import access
from review.models import GrantCheck, LineQuestion, Month, Quarter, Reply, ReviewTask, Signal
from review.periods import month, quarter, start
from tests.cast import acting
from tests.unhidden import asked, unhidden

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

DAY = datetime.timedelta(days=1)
HERE, COUNTED = "a test", {"signals": 0, "escalated": 0, "lines": 0}


def _line(by: User, client: Client, what: str, part: str, **more: Any) -> Any:
    said = {"at": clock.now(), "act": "read", "role": HERE} | more
    return Event.objects.create(actor_id=by.pk, client_id=client.pk, what=what, part=part, **said).pk


def _shown(user: User) -> set[Any]:
    with acting(user):
        return set(access.portal_lines(user).filter(role=HERE).values_list("pk", flat=True))


def test_the_client_is_not_given_away_what_others_keep_quiet(
    ana: User, gus: User, portal_cleo: User, cleo: Client, bens_client: Client
) -> None:
    shown = {
        _line(ana, cleo, "clients.client", "client_detail"),
        _line(portal_cleo, cleo, "messaging.thread", "own_thread"),
        _line(portal_cleo, cleo, "messaging.attachment", "own_attachment"),
    }
    for by, client, what, part in (
        (ana, bens_client, "clients.client", "client_detail"),
        (ana, cleo, "records.psychotherapy", "note_detail"),
        (ana, cleo, "clients.merge", "merge"),
        (gus, cleo, "messaging.represented", "thread_send"),
        (gus, cleo, "messaging.thread", "own_thread"),
        (gus, cleo, "messaging.attachment", "own_attachment"),
        (ana, cleo, "disclosures.disclosure", "disclosure_list"),
        *((ana, cleo, "clients.client", part) for part in access.QUIET_PARTS),
    ):
        _line(by, client, what, part)
    assert _shown(portal_cleo) == shown
    assert _shown(gus) == set()


def test_the_client_is_not_told_of_an_emergency_that_is_kept_quiet(ben: User, portal_cleo: User, cleo: Client) -> None:
    with acting(ben):
        clients.open_in_emergency(
            Practice.objects.get(), by=ben, sought=cleo.code, reason="Her sister cannot reach her since noon.", minutes=60,
            untold_reason="He reads over her shoulder.",
        )  # fmt: skip
    _quiet, told = (_line(ben, cleo, "clients.client", "client_detail", at=at) for at in (clock.now(), clock.now() - DAY))
    assert _shown(portal_cleo) == {told}


# --- questions about lines, and signals -----------------------------------------------------------------------------------


def _question(by: User, client: Client, line: int, **more: Any) -> LineQuestion:
    said = {"line": line, "line_at": clock.now(), "act": "read", "part": "client_detail", "question": "Why was this opened?"}
    return LineQuestion.objects.create(client=client, asked_by=by, **said, **more)


def test_a_question_is_its_clients_and_waits_for_the_admins_until_it_is_answered(
    ada: User, ana: User, gus: User, portal_cleo: User, cleo: Client
) -> None:
    with acting(portal_cleo):
        waits = _question(portal_cleo, cleo, 1)
        answered = _question(portal_cleo, cleo, 2, answered_at=clock.now())
        of_another = _question(gus, cleo, 3)
    assert asked(access.own_line_questions, portal_cleo) == {waits.pk, answered.pk}
    assert asked(access.line_questions, ada) == {waits.pk, of_another.pk}
    assert asked(access.line_questions, ana) == set()


def test_whoever_is_asked_about_a_signal_is_asked_until_they_answered(ada: User, ana: User, ben: User, cleo: Client) -> None:
    said = {"person": ben, "client": cleo, "day": clock.today(), "line": 1, "line_at": clock.now()}
    by_ada = {"asked_by": ada, "asked_at": clock.now()}
    waits = Signal.objects.create(rule="exports", **said, **by_ada)
    answered = Signal.objects.create(rule="odd_hours", **said, **by_ada)
    Signal.objects.create(rule="own_name", **said, **by_ada, decided_at=clock.now())
    Signal.objects.create(rule="no_relation", **said)
    with acting(ben):
        Reply.objects.create(signal=answered, words="It was the night of the tin moon.")
    assert asked(access.signals_to_explain, ben) == {waits.pk}
    assert asked(access.signals_to_explain, ana) == set()


def test_the_only_admin_looks_after_themself_and_one_of_two_does_not(
    ana: User, ada: User, cleo: Client, mia: Client, request: pytest.FixtureRequest
) -> None:
    said = {"rule": "exports", "client": cleo, "day": clock.today(), "line": 1, "line_at": clock.now()}
    of_ana, of_ada = (Signal.objects.create(person=each, **said).pk for each in (ana, ada))
    ClientPermission.objects.filter(user=ana, content_object=mia).update(user=ada)
    own = {row.pk for row in ClientPermission.objects.filter(user=ada)}
    assert asked(access.signals, ada) == {of_ana, of_ada}
    assert own < asked(access.governed_grants, ada)
    nora = request.getfixturevalue("nora")
    assert (asked(access.signals, ada), asked(access.signals, nora), asked(access.signals, ana)) == ({of_ana}, {of_ana, of_ada}, set())
    assert not own & asked(access.governed_grants, ada)
    assert own < asked(access.governed_grants, nora)


# --- months, quarters, grants and accounts --------------------------------------------------------------------------------


def test_a_month_waits_for_its_review_until_that_month_is_signed(ada: User, ana: User, cleo: Client) -> None:
    this = month()
    with clock.at(start(this) + 40 * DAY):
        Month.objects.create(begins=(this - DAY).replace(day=1), signed_by=ada, **COUNTED)
        assert (len(asked(access.unsigned_months, ada)), len(asked(access.unsigned_months, ana))) == (1, 0)
        Month.objects.create(begins=this, signed_by=ada, **COUNTED)
        assert asked(access.unsigned_months, ada) == set()


def test_a_month_without_a_line_is_not_reviewed(ada: User, ana: User, cleo: Client) -> None:
    assert asked(access.unsigned_months, ada) == set()  # whatever was done was done in this month
    for days, waiting in ((40, 1), (75, 0)):
        with clock.at(start(month()) + days * DAY):
            assert len(asked(access.unsigned_months, ada)) == waiting


def test_a_quarter_waits_for_its_review_until_that_quarter_is_signed(ada: User, ana: User, cleo: Client) -> None:
    this = quarter()
    with clock.at(start(this) + 100 * DAY):
        Quarter.objects.create(begins=this, signed_by=ada, kept=0, ended=0)
        assert (len(asked(access.unsigned_quarters, ada)), len(asked(access.unsigned_quarters, ana))) == (1, 0)
        Quarter.objects.create(begins=quarter(), signed_by=ada, kept=0, ended=0)
        assert asked(access.unsigned_quarters, ada) == set()


def test_a_grant_waits_until_somebody_looked_at_it_and_in_this_quarter(
    ada: User, ana: User, ben: User, cleo: Client, mia: Client, bens_client: Client
) -> None:
    now, before = start(quarter()), start(quarter()) - 10 * DAY
    ClientPermission.objects.exclude(content_object=mia).update(since=before)
    grants = {row.content_object_id: row for row in ClientPermission.objects.filter(user__in=[ana, ben])}
    said = {"kept": True, "checked_by": ada, "person": ana}
    GrantCheck.objects.create(begins=now.date(), grant=grants[cleo.pk].pk, client=cleo, **said)
    GrantCheck.objects.create(begins=before.date(), grant=grants[bens_client.pk].pk, client=bens_client, **said)
    found = asked(access.grants_to_check, ada)
    assert {row.content_object_id for row in grants.values() if row.pk in found} == {bens_client.pk}


def test_an_account_sleeps_while_somebody_works_here_and_does_not_sign_in(ada: User, ana: User, ben: User, otto: User) -> None:
    long_ago = clock.now() - 400 * DAY
    User.objects.filter(pk__in=[ben.pk, otto.pk]).update(joined_at=long_ago, last_login=long_ago)
    assert asked(access.dormant_accounts, ada) == {ben.pk}
    assert asked(access.dormant_accounts, ana) == set()


def test_a_review_that_was_handed_to_somebody_is_theirs_until_it_is_overdue(ada: User, nora: User, ben: User) -> None:
    today = clock.today()
    reviews = ((None, today), (ada, today), (nora, today), (ben, today), (ben, today - DAY), (ada, today + DAY))
    anybodys, own, of_nora, of_ben, late, _later = (
        ReviewTask.objects.create(kind=f"REV-{number}", due_on=due, reviewer=who).pk for number, (who, due) in enumerate(reviews)
    )
    assert asked(access.due_reviews, ada) == {anybodys, own, late}
    assert asked(access.due_reviews, nora) == {anybodys, of_nora, late}
    assert asked(access.due_reviews, ben) == {of_ben, late}
