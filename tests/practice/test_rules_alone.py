"""The rules of this room without the policies behind them, and signing in: who is found by what."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate

from audit import clock
from practice import access
from practice.models import Supervision, User
from practice.roles import Role
from tests.cast import PASSWORD, person
from tests.unhidden import asked, unhidden

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]


def test_admins_see_whoever_works_or_worked_here_in_whatever_role_and_nobody_else_does(
    ana: User, dee: User, ada: User, otto: User, portal_cleo: User, gus: User, sofia: User
) -> None:
    maud = person("Maud Sole", Role.SUPERVISOR)
    assert asked(access.staff, ada) == {user.pk for user in (ana, dee, ada, otto, sofia, maud)}
    assert [asked(access.staff, user) for user in (ana, dee, maud, portal_cleo)] == [set()] * 4


def test_who_supervises_whom_is_told_of_today_alone(ana: User, ben: User, lena: User, dee: User, portal_cleo: User, sofia: User) -> None:
    now, day = clock.now(), datetime.timedelta(days=1)
    Supervision.objects.create(supervisor=sofia, supervisee=ben, since=now + day)
    Supervision.objects.create(supervisor=sofia, supervisee=lena, since=now - 9 * day, until=now - day)
    today = Supervision.objects.get(supervisee=ana).pk
    assert (asked(access.current_supervisions, dee), asked(access.current_supervisions, portal_cleo)) == ({today}, set())


def test_a_passkey_is_ones_own_and_no_other_second_factor(ana: User, ben: User) -> None:
    own, _bens = (Authenticator.objects.create(user=each, type="webauthn", data={}) for each in (ana, ben))
    Authenticator.objects.create(user=ana, type="totp", data={})
    assert asked(access.own_passkeys, ana) == {own.pk}


def test_a_password_opens_the_account_of_its_own_address_alone(ana: User, ben: User) -> None:
    assert authenticate(None, username=ben.username, password=PASSWORD) == ben
    assert authenticate(None, username="nobody@sub.test", password=PASSWORD) is None
    assert authenticate(None, username=ben.username, password="a lantern under the water 77") is None


@pytest.mark.parametrize("given", [{"username": None, "password": PASSWORD}, {"username": "ana@sub.test", "password": None}])
def test_without_address_or_password_nobody_is_looked_for(ana: User, given: dict[str, Any], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert authenticate(None, **given) is None
