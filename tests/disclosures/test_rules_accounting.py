"""The rules of the accounting, one condition at a time: what each finds, beside what it must leave out (ACC-1, ACC-7, AU-6, REP-6)."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from audit.clock import today
from clients import actions as clients
from clients.models import Client
from consent import access as consents
from consent import actions as consent
from consent.models import Authorization, Request
from disclosures import access, actions
from disclosures.models import Disclosure
from practice.models import User
from practice.roles import Role
from tests.cast import Intake, acting, person
from tests.committed import House
from tests.consent.papers import signed_by
from tests.consent.releases import DOCTOR, WHAT, release
from tests.superuser import as_superuser

from .conftest import BOARD, Recorded

DAY = datetime.timedelta(days=1)


def found(rows: Any) -> set[Any]:
    return set(rows.values_list("pk", flat=True))


def test_acc_1_the_accounting_of_one_client_holds_no_other_and_no_line_that_only_takes_one_back(
    recorded: Recorded, cleo: Client, mia: Client, ana: User
) -> None:
    entry = recorded()
    recorded(client=mia)
    with acting(ana):
        actions.take_back(entry, "It went to nobody.", by=ana)
        assert Disclosure.objects.filter(accountable=True, on=today()).count() == 3
        assert found(access.accountable([cleo.pk], today(), today(), ana)) == {entry.pk}


def test_acc_7_what_was_taken_back_is_nothing_an_agency_can_have_kept_out(recorded: Recorded, cleo: Client, ana: User) -> None:
    wrong, right = recorded(), recorded(recipient="Another board")
    with acting(ana):
        actions.take_back(wrong, "It went to nobody.", by=ana)
        assert found(access.suspendable_disclosures(ana, cleo)) == {right.pk}


def test_rep_6_a_report_is_not_in_the_portal_where_the_database_hides_nothing(house: House) -> None:
    rows = [
        ("oversight", BOARD),
        ("child_abuse", {"agency": "Child protection", "law": "The law of the state"}),
    ]
    with acting(house.ana):
        said = {"on": today(), "recipient": "The Marigold Board", "description": "Dates", "purpose": "An audit"}
        shown, report = (
            actions.record(house.cleo, actions.Entry(basis=basis, details=details, **said), by=house.ana) for basis, details in rows
        )
        assert report.accountable
    with as_superuser(), acting(house.portal_cleo):
        assert found(Disclosure.objects.all()) == {shown.pk, report.pk}
        assert found(access.own_disclosures(house.portal_cleo)) == {shown.pk}


def stood(client: Client, by: User, days: int) -> set[Any]:
    """What an entry of that day could rest on, by the requests."""
    with acting(by):
        rows = access.authorizations_on(client, today() + days * DAY, recipient=DOCTOR, by=by)
        return set(rows.values_list("request", flat=True))


def signed_for(client: Client, ana: User, signer: User, **more: Any) -> Request:
    request = release(client, ana, dataclasses.replace(WHAT, **more))
    signed_by(signer, request)
    return request


def another(ana: User, intake: Intake) -> tuple[Client, User]:
    """Another client of Ana's, and their account."""
    user = person("Nell Newcome", Role.CLIENT)
    with acting(ana):
        nell = clients.take_in(by=ana, counselor=ana, given_name="Nell", family_name="Newcome")
        clients.give_portal(nell, user, by=ana)
    intake(nell, ana)
    return nell, user


def test_au_6_on_a_day_stood_what_was_not_over_taken_back_or_ended_by_its_event_before(
    cleo: Client, ana: User, portal_cleo: User, intake: Intake
) -> None:
    nell, portal_nell = another(ana, intake)
    stays = signed_for(cleo, ana, portal_cleo)
    until = signed_for(cleo, ana, portal_cleo, expires_on=today() + 2 * DAY)
    back = signed_for(cleo, ana, portal_cleo)
    event = signed_for(cleo, ana, portal_cleo, expires_on=None, expiry_event="Her trial is over")
    hers = signed_for(nell, ana, portal_nell)
    with acting(portal_cleo):
        consent.withdraw(consents.own_signers(portal_cleo).get(request=back), by=portal_cleo)
    with acting(ana):
        Authorization.objects.filter(request=event).update(event_at=event.asked_at + datetime.timedelta(hours=1))
    assert stood(cleo, ana, 0) == {each.pk for each in (stays, until, back, event)}
    assert stood(cleo, ana, 2) == {stays.pk, until.pk}
    assert stood(cleo, ana, 5) == {stays.pk}
    assert stood(nell, ana, 5) == {hers.pk}
