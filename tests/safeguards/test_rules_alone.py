"""The rules of this room without the policies behind them: what nobody decides, confirms or sees of themself or of another."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from audit.clock import today
from practice.models import User
from practice.roles import Role
from safeguards import access, actions
from safeguards.models import Agreement as VendorAgreement
from safeguards.models import Device, Sanction, Training, Vendor
from safeguards.rules import courses
from tests.cast import acting, person
from tests.unhidden import asked, unhidden

from .test_vendors import relay

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

DAY = datetime.timedelta(days=1)


def test_of_the_only_admin_everybody_sees_what_waits_to_be_confirmed_and_of_one_of_two_nobody_else(ada: User, ben: User) -> None:
    now = clock.now()
    said = {"recorded_by": ada, "attested_by": ada, "attested_at": now}
    row = Training.objects.create(person=ada, course="privacy", held_on=today(), expires_on=today() + DAY, **said)
    assert asked(access.trainings_to_confirm, ben) == {row.pk}
    nora = person("Nora Vance", Role.ADMIN)
    assert (asked(access.trainings_to_confirm, ben), asked(access.trainings_to_confirm, nora)) == (set(), {row.pk})


def test_of_the_only_admins_training_others_see_what_they_may_confirm_and_of_anybody_elses_nothing(
    ada: User, ben: User, dee: User, portal_cleo: User
) -> None:
    said: dict[str, Any] = {"course": "privacy", "held_on": today(), "expires_on": today() + DAY, "recorded_by": ada}
    bens = set(Training.objects.filter(person=ben).values_list("pk", flat=True))

    def training(of: User, attested: bool, confirmed: bool) -> Any:
        attest = {"attested_by": of, "attested_at": clock.now()} if attested else {}
        confirm = {"confirmed_by": ben, "confirmed_at": clock.now()} if confirmed else {}
        return Training.objects.create(person=of, **said | attest | confirm).pk

    waits = training(ada, True, False)
    for of, attested, confirmed in ((ada, False, False), (ada, True, True), (dee, True, False), (portal_cleo, True, False)):
        training(of, attested, confirmed)
    assert asked(access.trainings, ben) == {*bens, waits}
    assert asked(access.trainings, portal_cleo) == set()


def test_where_no_admin_is_left_nobody_elses_training_is_shown(ben: User, dee: User) -> None:
    said: dict[str, Any] = {"course": "privacy", "held_on": today(), "expires_on": today() + DAY, "recorded_by": dee}
    row = Training.objects.create(person=dee, attested_by=dee, attested_at=clock.now(), **said)
    assert row.pk in asked(access.trainings, dee)
    assert row.pk not in asked(access.trainings, ben)


def _trained(name: str, **otherwise: Any) -> User:
    """A new colleague who is trained in every course, but for one, of which ``otherwise`` tells."""
    user = User.objects.create_user(f"{name}@sub.test", None, name=name, roles=[Role.COUNSELOR])
    now, past = clock.now(), today() - DAY
    for number, course in enumerate(courses().values()):
        said: dict[str, Any] = {"held_on": past, "expires_on": today(), "attested_by": user, "attested_at": now, "alone": True}
        said |= {"confirmed_by": user, "confirmed_at": now, "course": course.id, "recorded_by": user}
        Training.objects.create(person=user, **said | ({} if number else otherwise))
    return user


def test_se_15_training_counts_once_both_have_said_so_until_it_is_over_or_something_else_is_taught() -> None:
    first, second = list(courses().values())[:2]
    trained = _trained("Trained")
    lacking = {
        _trained("Unattested", attested_by=None, attested_at=None),
        _trained("Unconfirmed", confirmed_by=None, confirmed_at=None),
        _trained("Over", held_on=today() - 9 * DAY, expires_on=today() - DAY),
        _trained("Before", held_on=first.edition - DAY),
        _trained("Other", course=second.id),
    }
    found = set(access.untrained())
    assert lacking <= found
    assert trained not in found


def test_an_agreement_is_in_force_on_its_days_while_the_vendor_works_for_us(ada: User, ana: User) -> None:
    days = (
        (today() - DAY, None),
        (today(), today()),
        (today() + DAY, None),
        (today() - 9 * DAY, today() - DAY),
        (today(), None),
    )
    with acting(ada):
        rows = [
            VendorAgreement.objects.create(
                vendor=relay(ada, name=f"Amber {number}"), signed_on=signed, ends_on=ends, breach_days=5, recorded_by=ada
            )
            for number, (signed, ends) in enumerate(days)
        ]
        Vendor.objects.filter(pk=rows[4].vendor_id).update(ended_on=today(), ended_by=ada, ended_how="nothing")
    assert set(access.active()) == {*rows[:2]}
    assert (asked(access.agreements, ada), asked(access.agreements, ana)) == ({row.pk for row in rows}, set())


def test_a_device_of_somebody_in_the_portal_is_listed_to_admins_alone(ada: User, portal_cleo: User) -> None:
    row = Device.objects.create(label="D9", kind="laptop", used_by=portal_cleo, added_by=ada)
    assert (asked(access.devices, ada), asked(access.devices, portal_cleo)) == ({row.pk}, set())


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
