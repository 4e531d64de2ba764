"""Each quarter each grant is kept or ended by a person (REV-2), and nobody does it for themself."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from clients import actions as clients
from clients.access import readable_clients
from clients.models import Client, ClientPermission
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from review import access, actions
from review.models import GrantCheck, Quarter
from review.periods import quarter
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(ana: User) -> Client:
    """Counseled by Ana since before the quarter."""
    with clock.at(clock.now() - datetime.timedelta(days=120)), acting(ana):
        return clients.take_in(by=ana, counselor=ana, given_name="Olda", family_name="Winter")


def grant(old: Client, ada: User) -> ClientPermission:
    with acting(ada):
        return access.grants_to_check(ada).get(content_object=old)


def test_rev_2_what_was_there_when_the_quarter_began_waits_and_is_kept_once(
    old: Client, cleo: Client, ana: User, ada: User, ask: Ask
) -> None:
    assert "1 grant to keep or end" in text_of(ask(ada, "home"))
    body = text_of(ask(ada, "grant_checks"))
    assert old.code in body
    assert cleo.code not in body
    assert "Winter" not in body
    row = grant(old, ada)
    assert ask(ada, "grant_check", {"what": "keep"}, pk=row.pk).status_code == 302
    with acting(ada), pytest.raises(Refused, match="needs no answer this quarter"):
        actions.check_grant(row, by=ada, kept=False)
    assert "1 kept, 0 ended" in text_of(ask(ada, "grant_checks"))
    with acting(ana):
        assert readable_clients(ana).filter(pk=old.pk).exists()


def test_rev_2_what_is_not_kept_ends_at_once(old: Client, ana: User, ada: User, ask: Ask) -> None:
    ask(ada, "grant_check", {"what": "end"}, pk=grant(old, ada).pk)
    with acting(ana):
        assert not readable_clients(ana).filter(pk=old.pk).exists()
    with acting(ada), pytest.raises(DatabaseError), transaction.atomic():
        GrantCheck.objects.update(kept=True)


def test_rev_2_nobody_recertifies_themself_while_there_is_another_admin(old: Client, ana: User, ada: User, ask: Ask) -> None:
    row = grant(old, ada)
    User.objects.filter(pk=ana.pk).update(roles=[Role.COUNSELOR, Role.ADMIN])
    ana = User.objects.get(pk=ana.pk)
    assert ask(ana, "grant_check", {"what": "keep"}, pk=row.pk).status_code == 404
    with acting(ana), pytest.raises(Refused, match="their own"):
        actions.check_grant(row, by=ana, kept=True)
    with acting(ana), pytest.raises(DatabaseError), transaction.atomic():
        GrantCheck(begins=access.quarter(), grant=row.pk, client=old, person=ana, kept=True, checked_by=ana).save(force_insert=True)


def test_rev_2_a_quarter_is_signed_when_every_grant_was_looked_at_with_the_accounts_that_sleep(
    old: Client, ana: User, ben: User, ada: User, nora: User, ask: Ask
) -> None:
    long_ago = clock.now() - datetime.timedelta(days=61)
    User.objects.filter(pk__in=[ana.pk, ben.pk]).update(joined_at=long_ago, last_login=None)
    User.objects.filter(pk=ana.pk).update(last_login=clock.now())
    with acting(ada), pytest.raises(Refused, match="1 of its grants wait"):
        actions.sign_quarter(by=ada)
    body = text_of(ask(ada, "grant_checks"))
    assert "Ben Okafor" in body
    assert "Sign the quarter" not in body
    ask(ada, "grant_check", {"what": "keep"}, pk=grant(old, ada).pk)
    assert "Sign the quarter" in text_of(ask(ada, "grant_checks"))
    assert ask(ada, "quarter_sign", {}).status_code == 302
    assert "1 kept, 0 ended, 1 dormant account left open" in text_of(ask(nora, "grant_checks"))
    with acting(ada):
        row = Quarter.objects.get(begins=quarter())
        assert row.dormant == [ben.pk]
        with pytest.raises(Refused, match="signed already"):
            actions.sign_quarter(by=ada)
        with pytest.raises(DatabaseError), transaction.atomic():
            Quarter.objects.update(kept=9)
    with acting(ana):
        assert not Quarter.objects.exists()


def test_rev_2_nobody_signs_over_a_grant_they_do_not_see(old: Client, ana: User, ada: User, nora: User) -> None:
    with acting(ana):
        clients.deny(old, ada, by=ana, reason="Her neighbour.")
    with acting(ada), pytest.raises(Refused, match="1 of its grants wait"):
        actions.sign_quarter(by=ada)
