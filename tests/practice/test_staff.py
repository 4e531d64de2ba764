"""Staff pages: admins only, never about themselves, and what follows from a change follows at once."""

from __future__ import annotations

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from audit import clock, doors
from clients.access import readable_clients
from clients.models import Client
from practice.actions import staff, supervision
from practice.models import FactorReset, Invitation, Supervision, User
from practice.refusals import Refused
from practice.roles import Role
from tests.cast import acting, person

from .conftest import address, code_of, give_app, is_signed_in, letters, lines, link_in, log_in

JOIN = {"password1": "seven kettles on a slow ferry", "password2": "seven kettles on a slow ferry"}
ADMIN_PAGES = [
    "/staff/", "/staff/invite/", "/staff/{ana}/", "/staff/{ana}/roles/", "/staff/{ana}/leave/", "/staff/{ana}/supervision/",
    "/staff/{ana}/second-step/",
]  # fmt: skip


@pytest.fixture
def admin(browser: Browser, ada: User) -> Browser:
    log_in(browser, ada)
    return browser


@pytest.fixture
def eve(db: None) -> User:
    """A second admin."""
    return person("Eve Second", Role.ADMIN)


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_admins_see_it_and_others_do_not(admin: Browser, ana: User, page: str) -> None:
    url = page.format(ana=ana.pk)
    assert admin.get(url).status_code == 200
    stranger = Browser()
    log_in(stranger, ana)
    assert stranger.get(url).status_code == 404
    assert lines("refused", actor_id=ana.pk)
    assert stranger.post(url, {"roles": ["admin"]}).status_code in (404, 405)  # 405 where a page only shows
    assert Browser().get(url)["Location"].startswith("/accounts/login/")


def test_roles_are_said_as_people_say_them(admin: Browser, dee: User) -> None:
    for page in ("/staff/", f"/staff/{dee.pk}/"):
        assert "front desk" in admin.get(page).text.split("<main")[1]


@pytest.mark.parametrize("page", [page for page in ADMIN_PAGES if page not in ("/staff/", "/staff/{ana}/")])
def test_attack_86_an_old_session_confirms_first(admin: Browser, ana: User, page: str) -> None:
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        answer = admin.post(page.format(ana=ana.pk), {"roles": ["admin"]})
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    assert User.objects.get(pk=ana.pk).roles == ["counselor"]


# --- roles ------------------------------------------------------------------------------------------------------------


def test_roles_are_changed_and_sessions_end(admin: Browser, ana: User) -> None:
    anas = Browser()
    log_in(anas, ana)
    assert admin.post(f"/staff/{ana.pk}/roles/", {"roles": ["counselor", "supervisor"], "credentials": "LPC"}).status_code == 302
    assert User.objects.get(pk=ana.pk).roles == ["counselor", "supervisor"]
    assert not is_signed_in(anas)
    assert lines("change", part="staff_roles", what_id=ana.pk)


def test_an_admin_does_not_change_their_own_roles(admin: Browser, ada: User) -> None:
    answer = admin.post(f"/staff/{ada.pk}/roles/", {"roles": ["admin", "counselor", "supervisor"]})
    assert answer.status_code == 409
    assert "SE-10" in answer.text
    assert User.objects.get(pk=ada.pk).roles == ["admin"]
    assert lines("refused", actor_id=ada.pk, part="staff_roles")


@pytest.mark.parametrize(
    "extra",
    [{"is_superuser": "1"}, {"is_active": ""}, {"leaves_at": "2020-01-01"}, {"username": "x"}, {"password": "x"}, {"email": "x@evil.test"}],
)
def test_attack_24_nothing_else_of_a_person_can_be_set(admin: Browser, ana: User, extra: dict[str, str]) -> None:
    name = next(iter(extra))
    before = User.objects.filter(pk=ana.pk).values_list(name, flat=True).get() if name != "email" else address(ana)
    admin.post(f"/staff/{ana.pk}/roles/", {"roles": ["counselor"], **extra})
    after = User.objects.filter(pk=ana.pk).values_list(name, flat=True).get() if name != "email" else address(ana)
    assert before == after


@pytest.mark.parametrize("roles", [["client"], ["representative"], ["root"], ["admin\x00"], []])
def test_attack_23_only_roles_of_the_staff_are_given(admin: Browser, ana: User, roles: list[str]) -> None:
    assert admin.post(f"/staff/{ana.pk}/roles/", {"roles": roles}).status_code == 200
    assert User.objects.get(pk=ana.pk).roles == ["counselor"]


def test_attack_23_a_role_in_session_or_request_counts_for_nothing(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    session = browser.session
    session["role"] = session["roles"] = "admin"
    session.save()
    assert browser.get(f"/staff/{ana.pk}/?role=admin", headers={"x-role": "admin"}).status_code == 404


def test_roles_in_the_portal_stay(ada: User, db: None) -> None:
    both = person("Pat Both", Role.COUNSELOR, Role.CLIENT)
    with doors.system("test"):
        staff.set_roles(both, ["desk"], by=ada)
    assert User.objects.get(pk=both.pk).roles == ["client", "desk"]


def test_the_practice_keeps_an_admin(admin: Browser, ada: User) -> None:
    assert admin.post(f"/staff/{ada.pk}/leave/").status_code == 409
    assert User.objects.get(pk=ada.pk).leaves_at is None


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_attack_18_leaving_ends_sessions_and_supervision_at_once(admin: Browser, ana: User, sofia: User) -> None:
    anas = Browser()
    log_in(anas, ana)
    assert admin.post(f"/staff/{ana.pk}/leave/").status_code == 302
    assert not is_signed_in(anas)
    assert log_in(Browser(), ana).status_code == 200
    assert not Supervision.objects.filter(until=None).exists()


def test_attack_18_a_date_to_come_ends_access_at_that_minute(admin: Browser, ana: User) -> None:
    anas = Browser()
    log_in(anas, ana)
    admin.post(f"/staff/{ana.pk}/leave/", {"at": f"{clock.now().astimezone() + datetime.timedelta(minutes=10):%Y-%m-%dT%H:%M}"})
    User.objects.filter(pk=ana.pk).update(leaves_at=clock.now() + datetime.timedelta(minutes=5))
    assert is_signed_in(anas)
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        assert not is_signed_in(anas)


def test_a_date_to_come_can_be_taken_back(admin: Browser, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(leaves_at=clock.now() + datetime.timedelta(days=3))
    admin.post(f"/staff/{ana.pk}/leave/", {"stay": "1"})
    assert User.objects.get(pk=ana.pk).leaves_at is None


def test_a_date_in_the_past_is_refused(admin: Browser, ana: User) -> None:
    assert "is over" in admin.post(f"/staff/{ana.pk}/leave/", {"at": "2020-01-01T10:00"}).text
    assert User.objects.get(pk=ana.pk).leaves_at is None


# --- supervision ------------------------------------------------------------------------------------------------------


def test_supervision_begins_the_former_ends_and_others_follow(admin: Browser, ana: User, sofia: User) -> None:
    second = person("Stella Two", Role.SUPERVISOR)
    followed: list[tuple[str, bool]] = []
    supervision.followers.append(lambda row, *, by: followed.append((row.supervisor.name, row.until is None)))
    try:
        assert admin.post(f"/staff/{ana.pk}/supervision/", {"supervisor": str(second.pk)}).status_code == 302
    finally:
        supervision.followers.pop()
    assert followed == [("Sofia Lindqvist", False), ("Stella Two", True)]
    assert Supervision.objects.get(supervisee=ana, until=None).supervisor == second


def test_a_supervision_is_ended(admin: Browser, ana: User, sofia: User) -> None:
    row = Supervision.objects.get()
    assert admin.get(f"/staff/supervisions/{row.pk}/end/").status_code == 200
    assert admin.post(f"/staff/supervisions/{row.pk}/end/").status_code == 302
    assert Supervision.objects.get().until is not None
    assert lines("change", part="supervision_end", what_id=ana.pk)


def test_only_supervisors_are_offered(admin: Browser, ana: User, ben: User) -> None:
    assert admin.post(f"/staff/{ana.pk}/supervision/", {"supervisor": str(ben.pk)}).status_code == 200
    assert not Supervision.objects.exists()


def test_attack_17_nobody_is_supervised_in_a_circle(ana: User, sofia: User, ada: User) -> None:
    User.objects.filter(pk=ana.pk).update(roles=["counselor", "supervisor"])
    with doors.system("test"), pytest.raises(Refused):
        supervision.begin(sofia, User.objects.get(pk=ana.pk), by=ada)


# --- a lost second step -----------------------------------------------------------------------------------------------


def test_attack_84_a_lost_factor_goes_only_after_a_day_and_by_an_admin(admin: Browser, ana: User) -> None:
    give_app(ana)
    admin.post(f"/staff/{ana.pk}/second-step/")
    reset = FactorReset.objects.get()
    assert letters()[-1][0] == address(ana)
    assert admin.post(f"/staff/second-steps/{reset.pk}/").status_code == 409
    assert Authenticator.objects.filter(user=ana).exists()
    FactorReset.objects.filter(pk=reset.pk).update(ready_at=clock.now() - datetime.timedelta(minutes=1))
    assert admin.post(f"/staff/second-steps/{reset.pk}/").status_code == 302
    assert not Authenticator.objects.filter(user=ana).exists()
    assert lines("change", part="factor_reset_finish", what_id=ana.pk)


def test_attack_84_using_the_factor_stops_its_removal(admin: Browser, ana: User) -> None:
    secret = give_app(ana)
    admin.post(f"/staff/{ana.pk}/second-step/")
    anas = Browser()
    log_in(anas, ana)
    anas.post("/accounts/second-step/", {"code": code_of(secret)})
    reset = FactorReset.objects.get()
    assert reset.cancelled_at is not None
    FactorReset.objects.filter(pk=reset.pk).update(ready_at=clock.now() - datetime.timedelta(minutes=1))
    assert admin.post(f"/staff/second-steps/{reset.pk}/").status_code == 409
    assert Authenticator.objects.filter(user=ana).exists()


def test_nobody_removes_their_own_factor_this_way(admin: Browser, ada: User) -> None:
    assert admin.post(f"/staff/{ada.pk}/second-step/").status_code == 409
    assert not FactorReset.objects.exists()


# --- invitations ------------------------------------------------------------------------------------------------------


def invite(admin: Browser, email: str = "nora@sub.test", roles: tuple[str, ...] = ("counselor",)) -> str:
    assert admin.post("/staff/invite/", {"name": "Nora New", "email": email, "roles": list(roles)}).status_code == 302
    return link_in(letters()[-1][2])


def test_an_invitation_becomes_an_account(admin: Browser, browser: Browser) -> None:
    link = invite(admin)
    newcomer = Browser()
    assert "Nora New" in newcomer.get(link).text
    assert newcomer.post(link, JOIN)["Location"] == "/accounts/login/"
    nora = User.objects.at_address("nora@sub.test").get()
    assert nora.roles == ["counselor"]
    assert log_in(newcomer, nora, JOIN["password1"]).status_code == 302
    assert lines("change", part="invitation_accept", actor_id=nora.pk)


def test_the_invited_must_set_up_a_second_factor(admin: Browser, strict: None, ada: User) -> None:
    secret = give_app(ada)
    log_in(admin, ada)
    admin.post("/accounts/logout/")
    log_in(admin, ada)
    admin.post("/accounts/second-step/", {"code": code_of(secret)})
    link = invite(admin)
    newcomer = Browser()
    newcomer.post(link, JOIN)
    log_in(newcomer, User.objects.at_address("nora@sub.test").get(), JOIN["password1"])
    assert newcomer.get("/")["Location"] == "/accounts/factors/"


def test_the_link_survives_a_scanner_and_works_once(admin: Browser) -> None:
    link = invite(admin)
    for _ in range(4):
        assert Browser().get(link).status_code == 200
    assert Browser().post(link, JOIN).status_code == 302
    assert Browser().get(link).status_code == 404
    assert Browser().post(link, JOIN).status_code == 404


def test_the_secret_is_not_in_the_database(admin: Browser) -> None:
    secret = invite(admin).split("/")[2]
    row = Invitation.objects.get()
    assert secret.encode() not in bytes(row.secret)
    assert len(secret) >= 43


def test_the_link_ends_after_a_week(admin: Browser) -> None:
    link = invite(admin)
    with clock.at(clock.now() + datetime.timedelta(days=7, minutes=1)):
        assert Browser().get(link).status_code == 404


def test_a_withdrawn_link_is_dead(admin: Browser) -> None:
    link = invite(admin)
    row = Invitation.objects.get()
    assert admin.get(f"/staff/invitations/{row.pk}/withdraw/").status_code == 200
    admin.post(f"/staff/invitations/{row.pk}/withdraw/")
    assert Browser().post(link, JOIN).status_code == 404


def test_attack_18_the_links_of_an_admin_who_left_are_dead(admin: Browser, ada: User, eve: User) -> None:
    link = invite(admin)
    with doors.system("test"):
        staff.leave(ada, clock.now(), by=eve)
    assert Browser().post(link, JOIN).status_code == 404
    assert not User.objects.at_address("nora@sub.test").exists()


def test_somebody_with_an_account_keeps_the_password(admin: Browser, portal_cleo: User) -> None:
    link = invite(admin, address(portal_cleo), ("desk",))
    before = portal_cleo.password
    assert "password1" not in Browser().get(link).text
    Browser().post(link, JOIN)
    after = User.objects.get(pk=portal_cleo.pk)
    assert after.roles == ["client", "desk"]
    assert after.password == before


def test_attack_82_the_inviting_admin_learns_nothing_of_existing_accounts(admin: Browser, portal_cleo: User) -> None:
    known = admin.post("/staff/invite/", {"name": "X", "email": address(portal_cleo), "roles": ["desk"]})
    unknown = admin.post("/staff/invite/", {"name": "X", "email": "nobody@sub.test", "roles": ["desk"]})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_an_admin_does_not_invite_themselves_to_more(admin: Browser, ada: User) -> None:
    answer = admin.post("/staff/invite/", {"name": "Ada", "email": address(ada).upper(), "roles": ["counselor"]})
    assert answer.status_code == 409


def test_the_invitation_says_nothing_of_the_practice(admin: Browser) -> None:
    invite(admin)
    _, subject, body = letters()[-1]
    assert not any(word in (subject + body).lower() for word in ("health", "counsel", "practice", "therap", "client", "nora"))


def test_attack_17_the_former_supervisor_loses_the_clients_at_once(admin: Browser, ana: User, sofia: User, cleo: Client) -> None:
    stella = person("Stella Two", Role.COUNSELOR, Role.SUPERVISOR)
    with acting(sofia):
        assert cleo in readable_clients(sofia)
    assert admin.post(f"/staff/{ana.pk}/supervision/", {"supervisor": str(stella.pk)}).status_code == 302
    with acting(sofia):
        assert cleo not in readable_clients(sofia)
    with acting(stella):
        assert cleo in readable_clients(stella)


def test_se_10_an_admin_does_not_become_a_supervisor_by_their_own_hand(browser: Browser, ana: User, cleo: Client) -> None:
    """Care teams follow supervision, so this would be a way to give oneself every record of a counselor."""
    boss = person("Boss Both", Role.ADMIN, Role.SUPERVISOR)
    log_in(browser, boss)
    assert browser.post(f"/staff/{ana.pk}/supervision/", {"supervisor": boss.pk}).status_code == 409
    assert not Supervision.objects.filter(supervisor=boss).exists()
    with acting(boss):
        assert not readable_clients(boss).exists()
    assert lines("refused", part="supervision_begin", actor_id=boss.pk)


@pytest.mark.parametrize("at", ["9999-12-31T23:59", "2190-01-01T00:00"])
def test_a_leaving_date_beyond_all_calendars_is_refused(admin: Browser, ana: User, at: str) -> None:
    page = admin.post(f"/staff/{ana.pk}/leave/", {"at": at})
    assert "within the next ten years" in page.text
    assert User.objects.get(pk=ana.pk).leaves_at is None
    assert admin.get("/staff/").status_code == 200


def test_head_asks_and_never_acts(admin: Browser, ana: User, sofia: User) -> None:
    invitation = Invitation.objects.count()
    row = Supervision.objects.get(supervisee=ana)
    pages = [f"/staff/supervisions/{row.pk}/end/", f"/staff/{ana.pk}/second-step/"]
    assert [admin.head(page).status_code for page in pages] == [200, 200]
    assert Supervision.objects.get(pk=row.pk).until is None
    assert not FactorReset.objects.exists()
    assert Invitation.objects.count() == invitation


def sees(who: User) -> bool:
    """Whether any record is open to ``who``, by both locks."""
    with acting(who):
        return readable_clients(who).exists()


@pytest.mark.parametrize("who", ["ana", "sofia"])
def test_se_11_whoever_comes_back_finds_no_record_open_that_was_theirs(
    who: str, request: pytest.FixtureRequest, admin: Browser, ada: User, cleo: Client
) -> None:
    leaver: User = request.getfixturevalue(who)
    assert sees(leaver)
    assert admin.post(f"/staff/{leaver.pk}/leave/", {"at": ""}).status_code == 409  # RET-26: something would be left behind
    with acting(ada):
        staff.leave(leaver, clock.now(), by=ada, settled=True)  # as where an admin named what is left
    admin.post("/staff/invite/", {"name": "Back Again", "email": address(leaver), "roles": ["desk"]})
    assert Browser().post(link_in(letters()[-1][2]), JOIN).status_code == 302
    back = User.objects.get(pk=leaver.pk)
    assert (back.roles, back.has_left) == (["desk"], False)
    assert not sees(back)
    assert lines("change", part__startswith="end_", what_id=leaver.pk, client_id=cleo.pk)


def test_somebody_who_never_left_keeps_what_they_hold(admin: Browser, ana: User, cleo: Client) -> None:
    admin.post("/staff/invite/", {"name": "Ana Reyes", "email": address(ana), "roles": ["supervisor"]})
    assert Browser().post(link_in(letters()[-1][2]), JOIN).status_code == 302
    assert sees(ana)


@pytest.mark.parametrize("address", ["ana@sub.test", " ANA@Sub.Test "])
def test_se_1_one_address_is_one_account(ana: User, address: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(address, None, name="Another Ana", roles=[Role.COUNSELOR])
