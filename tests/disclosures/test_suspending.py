"""What an agency has kept out of the accounting, for how long, and who still sees it (ACC-7, REP-6)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit import clock
from audit.clock import today
from audit.models import Event
from clients.models import Client
from disclosures import access, actions
from disclosures.models import Disclosure, Suspension
from practice.models import User
from practice.refusals import Refused
from review.access import portal_lines
from tests.cast import acting

from .conftest import Recorded


def suspended(entry: Disclosure, by: User, **more: Any) -> Suspension:
    values = {"official": "Officer Quill, 77", "words": "Wait, please.", "written": True, "stated_on": today()}
    values["until"] = today() + datetime.timedelta(days=90)
    with acting(by):
        return actions.suspend(entry, by=by, **(values | more))


def seen(user: User, cleo: Client) -> int:
    with acting(user):
        return access.own_disclosures(user).filter(client=cleo).count()


def test_acc_7_it_is_kept_out_of_what_the_client_gets_and_the_team_still_sees_it(
    recorded: Recorded, cleo: Client, ana: User, sofia: User, portal_cleo: User
) -> None:
    entry = recorded()
    recorded()  # to the same board
    recorded(recipient="Another board")
    assert seen(portal_cleo, cleo) == 3
    row = suspended(entry, ana)
    assert seen(portal_cleo, cleo) == 1
    with acting(portal_cleo):
        assert Disclosure.objects.filter(client=cleo).count() == 1  # the second lock
        assert not Suspension.objects.exists()
    with acting(sofia):
        assert access.readable_disclosures(sofia).count() == 3
        assert access.accountable([cleo.pk], today(), today(), sofia).count() == 1
    with acting(ana):
        actions.end_suspension(row, by=ana)
    assert seen(portal_cleo, cleo) == 3


def test_acc_7_once_its_time_is_over_the_entries_are_back(recorded: Recorded, cleo: Client, ana: User, portal_cleo: User) -> None:
    entry = recorded(on=today() - datetime.timedelta(days=60))
    past = today() - datetime.timedelta(days=50)
    suspended(entry, ana, stated_on=past, until=past + datetime.timedelta(days=30), written=False)
    assert seen(portal_cleo, cleo) == 1


def test_acc_7_after_its_last_day_there_is_nothing_to_end(recorded: Recorded, ana: User) -> None:
    row = suspended(recorded(), ana, until=today() + datetime.timedelta(days=9))
    with acting(ana), clock.at(clock.now() + datetime.timedelta(days=12)), pytest.raises(Refused, match="by itself"):
        actions.end_suspension(row, by=ana)
    with acting(ana):
        actions.end_suspension(row, by=ana)
        assert row.ended_by == ana


def test_acc_7_by_word_of_mouth_it_holds_for_30_days_at_most(recorded: Recorded, cleo: Client, ana: User) -> None:
    entry = recorded()
    with pytest.raises(Refused) as refused:
        suspended(entry, ana, written=False, until=today() + datetime.timedelta(days=31))
    assert refused.value.rule == "ACC-7"
    suspended(entry, ana, written=False, until=today() + datetime.timedelta(days=30))
    row = Suspension(client=cleo, whom=b"x", written=False, stated_on=today(), until=today() + datetime.timedelta(days=31), recorded_by=ana)
    with acting(ana), pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_acc_7_nobody_but_oversight_and_law_enforcement_can_ask_for_it(recorded: Recorded, ana: User) -> None:
    entry = recorded(basis="required_by_law", details={"law": "A law"})
    with pytest.raises(Refused) as refused:
        suspended(entry, ana)
    assert refused.value.rule == "ACC-7"


def test_rep_6_reports_are_not_in_the_portal_and_the_trail_there_says_nothing_of_them(
    recorded: Recorded, mia: Client, ana: User, gus: User, cleo: Client, portal_cleo: User
) -> None:
    told = {"agency": "Child protection, the copper gate", "law": "The law of the state"}
    recorded(client=mia, basis="child_abuse", details=told)
    recorded(basis="child_abuse", details=told)
    for user in (gus, portal_cleo):
        with acting(user):
            assert not access.own_disclosures(user).exists()
            assert not Disclosure.objects.exists()
    with acting(portal_cleo):
        assert not portal_lines(portal_cleo).filter(what__startswith="disclosures.").exists()
        assert not Event.objects.filter(what__startswith="disclosures.").exists()  # the second lock
    with acting(ana):
        assert Event.objects.filter(what="disclosures.disclosure", part="accounted").count() == 2
