"""A practice begins with no account at all, and its first admin comes in by a link made at the machine."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from audit.models import Event
from demo.guard import refuse_demo_accounts
from demo.people import ACCOUNTS
from practice.models import Invitation, Notice, Practice, User

from ..cast import PASSWORD, acting


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("first_admin", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_fresh_practice_has_no_account_and_the_first_admin_comes_in_by_link() -> None:
    assert not User.objects.exists()
    said = run("nora@own.test", "--name", "Nora Vance", "--counselor", "--practice", "Vance Counseling")
    path = re.search(r"http://[^/]+(/\S+)", said)
    assert path
    assert not Notice.objects.exists()  # told at the machine, sent to nobody
    assert Browser().get(path[1]).status_code == 200
    Browser().post(path[1], {"password1": PASSWORD, "password2": PASSWORD})
    nora = User.objects.at_address("nora@own.test").get()
    assert sorted(nora.roles) == ["admin", "counselor"]
    assert nora.check_password(PASSWORD)
    assert Practice.objects.get().name == "Vance Counseling"
    with acting(nora):
        assert Event.objects.filter(part="first_admin", role="system:first_admin").count() == 1


@pytest.mark.django_db
def test_beside_a_working_admin_the_command_is_refused(ada: User) -> None:
    with pytest.raises(CommandError, match="has an admin already"):
        run("mallory@own.test")
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_a_sole_admin_who_lost_every_factor_gets_back_in_at_the_machine(ada: User, ben: User) -> None:
    for user in (ada, ben):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    run("ada@sub.test", "--lost-factor")
    assert list(Authenticator.objects.values_list("user", flat=True)) == [ben.pk]
    with pytest.raises(CommandError, match="No admin signs in"):
        run("ben@sub.test", "--lost-factor")


@pytest.mark.django_db
def test_a_production_start_on_the_demos_database_is_refused(settings: Any) -> None:
    settings.DEMO = settings.TESTING = False
    refuse_demo_accounts()
    User.objects.create_user(ACCOUNTS["ana"].mail, None, name="Ana Reyes")
    with pytest.raises(ImproperlyConfigured, match="published"):
        refuse_demo_accounts()
    settings.DEMO = True
    refuse_demo_accounts()
