"""The rules of this room without the policies behind them: what nobody decides, confirms or sees of themself or of another."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from audit import clock
from practice.models import User
from practice.roles import Role
from safeguards import access, actions
from safeguards.models import Device, Sanction, Training, Vendor
from tests.cast import acting, person
from tests.unhidden import asked, unhidden

from .test_vendors import relay

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return timezone.localdate(clock.now())


def test_of_the_only_admin_everybody_sees_what_waits_to_be_confirmed_and_of_one_of_two_nobody_else(ada: User, ben: User) -> None:
    now = clock.now()
    said = {"recorded_by": ada, "attested_by": ada, "attested_at": now}
    row = Training.objects.create(person=ada, course="privacy", held_on=today(), expires_on=today() + DAY, **said)
    assert asked(access.trainings_to_confirm, ben) == {row.pk}
    nora = person("Nora Vance", Role.ADMIN)
    assert (asked(access.trainings_to_confirm, ben), asked(access.trainings_to_confirm, nora)) == (set(), {row.pk})


def test_whoever_was_trained_says_so_themself_and_once(ada: User, ben: User, dee: User) -> None:
    said: dict[str, Any] = {"course": "privacy", "held_on": today(), "expires_on": today() + DAY, "recorded_by": ada}
    own, of_ben = (Training.objects.create(person=each, **said) for each in (ada, ben))
    attested = Training.objects.create(person=ben, attested_by=ben, attested_at=clock.now(), **said)
    assert {own.pk, of_ben.pk, attested.pk} < asked(access.trainings, ada)
    assert asked(access.trainings_to_attest, ada) == {own.pk}
    assert asked(access.trainings_to_attest, ben) == {of_ben.pk}
    assert asked(access.trainings_to_attest, dee) == set()


def _sanction(of: User, by: User, **more: Any) -> Sanction:
    with acting(by):
        return Sanction.objects.create(person=of, recorded_by=by, violation="He left the amber door open.", happened_on=today(), **more)


def test_officers_decide_about_others_and_nobody_about_themself(ada: User, nora: User, ben: User) -> None:
    of_ben, of_ada = _sanction(ben, ada), _sanction(ada, nora)
    decided = {"decision": "warned", "decided_by": nora, "decided_at": clock.now()}
    over = [_sanction(ben, ada, **decided), _sanction(ada, ben, **decided)]
    assert asked(access.sanctions_to_decide, ada) == {of_ben.pk}
    assert asked(access.sanctions_to_decide, nora) == {of_ben.pk, of_ada.pk}
    assert asked(access.sanctions_to_decide, ben) == set()
    assert asked(access.sanctions, ben) == {over[0].pk}


def test_a_service_outside_wants_an_agreement_with_its_own_vendor(ada: User, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.amber.example"
    for number, service in enumerate((["database"], ["mail"])):
        with acting(ada):
            vendor = relay(ada, name=f"Amber {number}", runs=service)
            actions.add_agreement(vendor, actions.Terms(today(), today() + 90 * DAY, 5), by=ada)
        assert bool(asked(access.unagreed_practice, ada)) == (service != ["mail"])


def test_where_nothing_of_outside_is_used_no_agreement_is_asked_for(ada: User, settings: Any) -> None:
    settings.EMAIL_HOST, settings.REDIS_URL, settings.DOCUMENT_SCANNER = "", "unix:///run/redis.sock", ""
    assert asked(access.unagreed_practice, ada) == set()


def test_an_agreement_is_asked_for_from_vendors_who_see_records_and_are_not_gone(ada: User, ana: User) -> None:
    with acting(ada):
        lacking, agreed, blind, gone = (relay(ada, name=f"Amber {number}", sees_records=number != 2, runs=[]) for number in range(4))
        actions.add_agreement(agreed, actions.Terms(today(), today() + 900 * DAY, 5), by=ada)
        Vendor.objects.filter(pk=gone.pk).update(ended_on=today(), ended_by=ada, ended_how="nothing")
    assert asked(access.vendors, ada) == {lacking.pk, agreed.pk, blind.pk, gone.pk}
    assert asked(access.vendors_without, ada) == {lacking.pk}
    assert asked(access.vendors_without, ana) == set()


def test_a_device_is_looked_at_while_it_is_in_use_and_its_updates_are_not_of_late(ada: User, ben: User) -> None:
    dates = {"never": None, "long ago": today() - 400 * DAY, "today": today(), "lost": None}
    found = {
        label: Device.objects.create(
            label=label, kind="laptop", used_by=ben, added_by=ada, patched_on=patched, state="lost" if label == "lost" else "used"
        ).pk
        for label, patched in dates.items()
    }
    assert asked(access.devices, ben) == {*found.values()}
    assert asked(access.devices_to_look_at, ben) == {found["never"], found["long ago"]}


def test_a_device_of_nobody_is_looked_at_by_admins_and_one_in_use_by_whoever_uses_it(ada: User, ben: User, dee: User) -> None:
    found = {
        user: Device.objects.create(label=f"D{number}", kind="laptop", used_by=user, added_by=ada).pk
        for number, user in enumerate((None, ada, ben))
    }
    assert asked(access.devices_to_look_at, ada) == {found[None], found[ada]}
    assert asked(access.devices_to_look_at, ben) == {found[ben]}
    assert asked(access.devices_to_look_at, dee) == set()
