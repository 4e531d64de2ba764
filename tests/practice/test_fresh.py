"""Who showed lately who they are, and who was turned away before the second step (ASVS 7.5.1, attack 18)."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.models import AnonymousUser

from audit import clock
from practice import limits
from practice.models import User
from practice.signin import Accounts, is_fresh


def asked_by(user: Any) -> Any:
    """A request with a session in which nothing is known yet."""
    return SimpleNamespace(session={}, user=user)


def test_whoever_showed_who_they_are_is_fresh_for_five_minutes(ana: User) -> None:
    request = asked_by(ana)
    assert not is_fresh(request)
    record_authentication(request, ana, method="password")
    assert is_fresh(request)
    with clock.at(clock.now() + limits.FRESH + datetime.timedelta(seconds=2)):
        assert not is_fresh(request)


def test_what_one_showed_is_nobody_elses_in_the_same_browser(ana: User, ben: User) -> None:
    request = asked_by(ana)
    record_authentication(request, ana, method="password")
    for user in (ben, AnonymousUser()):
        request.user = user
        assert not is_fresh(request)


def test_attack_18_whoever_left_is_turned_away_before_any_second_step(ana: User, otto: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Accounts, "_turned_away", lambda self, request, user: f"{user.pk} is turned away")
    assert Accounts().pre_login(asked_by(otto), otto) == f"{otto.pk} is turned away"
    assert Accounts().pre_login(asked_by(ana), ana) is None
