"""The rules of this room without the policies behind them: each of their conditions is missed by somebody here."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from audit import clock
from clients import access, actions
from clients.models import BreakGlass, Client, ComingOfAge, GlassReview, PortalInvitation, StatusStep
from practice.limits import PORTAL_TRIES
from practice.models import User
from tests.cast import acting
from tests.unhidden import asked, unhidden

from .conftest import couple
from .test_client_merge import merged, twin

__all__ = ["couple", "merged", "twin", "unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

DAY = datetime.timedelta(days=1)


def _agreed(unit: Client, by: User) -> str:
    words = {"who_is_client": "The two of them.", "secrets": "None are kept.", "how": "on paper"}
    with acting(by):
        return str(actions.record_agreement(unit, by=by, shared_into_records=False, since=datetime.date(2026, 1, 5), **words).pk)


def test_what_a_unit_agreed_is_its_own_and_nobody_who_is_denied_it_reads_it(ana: User, ben: User, couple: Client) -> None:
    with acting(ana):
        family = actions.take_in(by=ana, counselor=ana, kind="family", given_name="The", family_name="Ferreiras")
        actions.assign(couple, ben, by=ana)
    theirs, _others = _agreed(couple, ana), _agreed(family, ana)
    for user in (ana, ben):
        assert {str(key) for key in asked(access.agreements, user, couple)} == {theirs}
    with acting(ana):
        actions.deny(couple, ben, by=ana, reason="A cousin of one of them.")
    assert asked(access.agreements, ben, couple) == set()


def test_why_the_work_ended_is_not_told_to_whoever_is_denied_the_client(ana: User, ben: User, cleo: Client) -> None:
    with acting(ana):
        actions.assign(cleo, ben, by=ana)
        actions.change_status(cleo, "discharged", by=ana, reason="She moved to the lighthouse.")
    assert asked(access.status_steps, ben) == asked(access.status_steps, ana) != set()
    with acting(ana):
        actions.deny(cleo, ben, by=ana, reason="A cousin.")
    assert (len(asked(access.status_steps, ben)), len(asked(access.status_steps, ana))) == (0, 1)


def test_the_front_desk_reads_no_step_of_the_work_but_how_an_enquiry_was_closed_and_taken_back(dee: User, ana: User, cleo: Client) -> None:
    with acting(dee):
        enquiry = actions.take_in(by=dee, given_name="Ned", family_name="Quill")
        actions.close_enquiry(enquiry, by=dee, reason="They chose another practice.")
        actions.reopen_enquiry(enquiry, by=dee, reason="They called again.")
    with acting(ana):
        for status in ("discharged", "archived", "active", "intake", "discharged"):
            actions.change_status(cleo, status, by=ana, reason="She moved to the lighthouse.")
        said = {"on": clock.today(), "reason": "By a program of long ago.", "taken_by": ana}
        StatusStep.objects.create(client=cleo, was="discharged", became="enquiry", **said)
    assert {(row.client_id, row.was, row.became) for row in access.enquiry_steps(dee)} == {
        (enquiry.pk, "intake", "archived"),
        (enquiry.pk, "archived", "enquiry"),
    }


def test_a_closed_invitation_is_pointed_out_while_something_can_still_be_done_about_it(
    ana: User, dee: User, portal_cleo: User, cleo: Client
) -> None:
    now, rows = clock.now(), []
    for ended in ({}, {"expires_at": now - DAY}, {"used_at": now, "used_by": portal_cleo}, {"withdrawn_at": now}, {"tries": 1}):
        said = {"expires_at": now + DAY, "tries": PORTAL_TRIES, "email": "cleo@mail.test", "name": "Cleo", "words": "three"} | ended
        with acting(ana):
            rows.append(
                PortalInvitation.objects.create(client=cleo, invited_by=ana, by_hand=True, secret=str(len(rows)).encode(), **said).pk
            )
    assert asked(access.closed_invitations, ana) == asked(access.closed_invitations, dee) == {rows[0]}


def _of_age(client: Client, done: datetime.timedelta | None) -> object:
    """That ``client`` comes of age, or did ``done`` ago."""
    now = clock.now()
    return ComingOfAge.objects.create(client=client, at=now - 100 * DAY, warned=30, done_at=now - done if done is not None else None).pk


def _minor(by: User, name: str) -> Client:
    with acting(by):
        return actions.take_in(by=by, counselor=by, kind="minor", given_name=name, family_name="Aldana")


def test_who_came_of_age_is_told_of_for_a_month_unless_they_came_into_the_portal_and_only_to_their_counselor(
    ana: User, ben: User, portal_cleo: User, cleo: Client, mia: Client
) -> None:
    coming, done, _old, _inside = (_of_age(client, since) for client, since in (
        (mia, None), (_minor(ana, "Iris"), 5 * DAY), (_minor(ana, "Olga"), 40 * DAY), (cleo, 5 * DAY),
    ))  # fmt: skip
    bens = _of_age(_minor(ben, "Nils"), None)
    assert asked(access.coming_of_age, ana) == {coming, done}
    assert asked(access.coming_of_age, ben) == {bens}


def test_a_code_finds_who_bears_it_and_under_whom_it_is_shown_and_no_other(
    ana: User, sofia: User, cleo: Client, mia: Client, merged: Client
) -> None:
    with acting(ana):
        again = actions.take_in(by=ana, counselor=ana, given_name="Maya", family_name="Vanterpool")
        kept = actions.take_in(by=ana, counselor=ana, given_name="Mia", family_name="Vanterpool")
        actions.merge(again, kept, by=ana)

    def by_code(user: User, typed: str) -> object:
        return access.by_code(access.readable_clients(user), typed, access.readable_clients, user)

    assert asked(by_code, ana, merged.code) == {merged.pk, cleo.pk}
    assert asked(by_code, ana, again.code) == {again.pk, kept.pk}


def test_a_rule_is_asked_only_of_those_who_were_merged_and_of_nobody_where_nobody_was(
    ana: User, cleo: Client, mia: Client, merged: Client
) -> None:
    asked_by: list[User] = []
    found: list[int] = []

    def rule(user: User) -> QuerySet[Client]:
        asked_by.append(user)
        return access.readable_clients(user)

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        found.append(context["cursor"].rowcount)
        return done

    with acting(ana), connection.execute_wrapper(counted):
        assert access.whole([mia.pk], rule, ana) == [mia.pk]
        assert not asked_by
        assert {*access.whole([cleo.pk], rule, ana)} == {*access.whole([merged.pk], rule, ana)} == {cleo.pk, merged.pk}
    assert asked_by == [ana, ana]
    assert max(found) == 2


def _opening(client: Client, user: User, **said: Any) -> BreakGlass:
    now = clock.now()
    with acting(user):
        return BreakGlass.objects.create(client=client, user=user, reason="A letter.", until=now + DAY, review_due=now + 2 * DAY, **said)


def test_of_an_opening_the_client_is_told_unless_a_reason_was_given_and_no_reviewer_thought_otherwise(
    ana: User, ben: User, lena: User, portal_cleo: User, cleo: Client
) -> None:
    quiet = {"tells_client": False, "untold_reason": "He reads over her shoulder."}
    told, untold, late = _opening(cleo, ben), _opening(cleo, lena, **quiet), _opening(cleo, ben, **quiet)
    with acting(ana):
        GlassReview.objects.create(glass=late, client=cleo, findings="All was right.", tells_client=True, upheld=True, reviewed_by=ana)
    assert asked(access.kept_emergencies, ana) == {told.pk, untold.pk, late.pk}
    assert asked(access.told_emergencies, portal_cleo) == {told.pk, late.pk}


def test_se_2_nobody_is_to_review_what_they_opened_themself_though_they_are_on_the_team(
    ana: User, sofia: User, ben: User, cleo: Client
) -> None:
    own, others = _opening(cleo, ana), _opening(cleo, ben)
    assert asked(access.kept_emergencies, sofia) == {own.pk, others.pk}
    assert asked(access.kept_emergencies, ana) == asked(access.emergencies_to_review, ana) == {others.pk}


def test_the_care_team_is_of_one_client(ana: User, sofia: User, ben: User, cleo: Client, bens_client: Client) -> None:
    for client, team in ((cleo, {ana.pk, sofia.pk}), (bens_client, {ben.pk})):
        with acting(ana):
            assert set(access.care_team(client).values_list("user", flat=True)) == team
