"""Who works here now, and as what: what every rule of every room begins with (attack 18)."""

from __future__ import annotations

import datetime

from audit import clock
from practice.models import User
from practice.roles import Role
from tests.cast import person

HOUR = datetime.timedelta(hours=1)


def leaving(user: User, at: datetime.datetime) -> User:
    User.objects.filter(pk=user.pk).update(leaves_at=at)
    return User.objects.get(pk=user.pk)


def test_whoever_left_or_is_deactivated_works_here_no_more_and_clients_never_did(ana: User, ben: User, portal_cleo: User) -> None:
    gone, soon = leaving(person("Gone Ito", Role.COUNSELOR), clock.now() - HOUR), leaving(ben, clock.now() + HOUR)
    off = person("Off Duty", Role.COUNSELOR, is_active=False)
    here = {ana, soon, portal_cleo, gone, off}  # others are of the fixtures
    assert here & {*User.objects.working()} == {ana, soon, portal_cleo}
    assert here & {*User.objects.staff()} == {ana, soon}
    assert [user.has_left for user in (ana, soon, portal_cleo, gone, off)] == [False, False, False, True, True]
    with clock.at(clock.now() + 2 * HOUR):
        assert here & {*User.objects.staff()} == {ana}
        assert soon.has_left


def test_one_holds_a_role_that_is_asked_for_and_no_other(ana: User, portal_cleo: User) -> None:
    assert ana.holds(Role.COUNSELOR, Role.ADMIN)
    assert not ana.holds(Role.ADMIN)
    assert not ana.holds()
    assert not portal_cleo.holds(Role.COUNSELOR)
    assert (ana.is_staff_member, ana.is_portal_user) == (True, False)
    assert (portal_cleo.is_staff_member, portal_cleo.is_portal_user) == (False, True)
    nobody = person("No Role", Role.COUNSELOR)
    nobody.roles = []
    assert not nobody.holds(Role.COUNSELOR)
