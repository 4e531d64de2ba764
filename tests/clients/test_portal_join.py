"""An invitation to the portal: a link that opens nothing by itself, three words, and an account."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from audit import clock, doors
from clients import access, actions
from clients.actions import inviting
from clients.models import Client, ContactPoint, PortalInvitation, Representative
from practice.models import Notice, User
from practice.roles import Role
from tests.cast import PASSWORD, SignIn, acting, person
from tests.reached import reachable

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db
WRONG = "wren wren wren"


@pytest.fixture
def mail(ana: User, cleo: Client) -> ContactPoint:
    """The address that Cleo allowed."""
    with acting(ana):
        return reachable(cleo, ana, "mail", "cleo.private@mail.test")


Invite = Callable[..., tuple[str, str]]


def mailed(kind: str = "portal") -> list[Notice]:
    with doors.system("test"):
        notices = list(Notice.objects.filter(kind=kind).order_by("due_at"))
        assert all([notice.to, notice.body, notice.subject] for notice in notices)  # opened while the door is
        return notices


def link_in(text: str) -> str:
    found = re.search(r"/invited/[\w-]+/", text)
    assert found
    return found[0]


def words_in(page: str) -> str:
    found = re.search(r'<p class="secret" lang="en">([a-z ]+)</p>', page)
    assert found
    return found[1]


@pytest.fixture
def invite(ask: Ask, mail: ContactPoint, cleo: Client, ana: User) -> Invite:
    """``invite(by=, who=, how=)`` through the page; returns the path of the link and the words."""

    def invite(by: User = ana, who: str = "self", how: str = "", client: Client = cleo) -> tuple[str, str]:
        page = text_of(ask(by, "portal_invite", {"who": who, "how": how or str(mail.pk)}, pk=client.pk))
        return link_in(page if how == "hand" else mailed()[-1].body), words_in(page)

    return invite


def say(browser: Browser, link: str, words: str) -> HttpResponse:
    return browser.post(link, {"words": words})  # type: ignore[return-value]  # a test response


def passwords() -> dict[str, str]:
    return {"password1": PASSWORD, "password2": PASSWORD}


def invitation(by: User) -> PortalInvitation:
    with acting(by):
        return access.kept_invitations(by)[0]


@pytest.mark.parametrize("who", ["ana", "dee"])
def test_a_client_is_invited_says_the_words_chooses_a_password_and_is_in(
    who: str, request: pytest.FixtureRequest, invite: Invite, cleo: Client, lines: Lines
) -> None:
    link, words = invite(by=request.getfixturevalue(who))
    browser = Browser()
    answer = say(browser, link, f" {words.upper().replace(' ', '-')} ")
    assert answer["Location"] == reverse("portal_account")
    assert "cleo.private@mail.test" in browser.get(answer["Location"]).text
    assert browser.post(answer["Location"], passwords())["Location"] == reverse("portal_home")
    assert "Cleo" in browser.get(reverse("portal_record", args=[cleo.pk])).text
    made = User.objects.at_address("cleo.private@mail.test").get()
    assert made.roles == [Role.CLIENT]
    assert lines(part="accept_portal", client_id=cleo.pk)
    assert lines(part="give_portal", client_id=cleo.pk, what_id=made.pk)
    kept = invitation(request.getfixturevalue(who))
    with doors.system("test"):
        assert (kept.state, kept.email, kept.name, kept.used_by_id) == ("used", "", "", made.pk)
    again = Browser()
    assert say(again, link, words).status_code == 422
    assert again.post("/accounts/login/", {"login": "cleo.private@mail.test", "password": PASSWORD}).status_code == 302


def test_attack_78_the_mail_names_nobody_and_no_business_and_its_host_is_ours(
    ask: Ask, ana: User, cleo: Client, mail: ContactPoint, browser_of: SignIn, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    url = reverse("portal_invite", args=[cleo.pk])
    assert browser_of(ana).post(url, {"who": "self", "how": str(mail.pk)}, headers={"host": "evil.test"}).status_code == 200
    (notice,) = mailed()
    text = re.sub(r"/invited/\S+", "", f"{notice.subject} {notice.body}").casefold()  # chance writes the link
    assert notice.to == "cleo.private@mail.test"
    assert settings.SITE_URL in notice.body
    assert not re.search(r"evil|cleo|marchetti|ana|reyes|counsel|therap|health|client|patient|practice|clinic|session", text)


def _outcomes(ana: User, invite: Invite) -> dict[str, HttpResponse]:
    """What a stranger with wrong words gets at a link that never was, is open, used up by tries, withdrawn, or too old."""
    found = {"never": say(Browser(), "/invited/" + "x" * 43 + "/", WRONG)}
    link, _ = invite()
    found["open"] = say(Browser(), link, WRONG)
    for _ in range(4):
        say(Browser(), link, WRONG)
    found["closed"] = say(Browser(), link, WRONG)
    link, words = invite()
    with acting(ana):
        actions.withdraw_portal_invitation(access.open_invitations().get(), by=ana)
    found["withdrawn"] = say(Browser(), link, words)
    link, words = invite()
    with clock.at(clock.now() + datetime.timedelta(days=15)):
        found["expired"] = say(Browser(), link, words)
    return found


def test_attack_47_82_every_link_without_its_words_looks_alike(ana: User, invite: Invite, cleo: Client) -> None:
    pages = _outcomes(ana, invite)
    shown = {re.sub(r'value="[^"]{60,}"|/invited/[\w-]+/', "", page.content.decode()) for page in pages.values()}
    assert {page.status_code for page in pages.values()} == {422}
    assert len({text.replace(WRONG, "").replace("value=", "") for text in (re.sub(r' value="[^"]*"', "", page) for page in shown)}) == 1
    for secret in ("Cleo", "Marchetti", "cleo.private", cleo.code, "Ana"):
        assert all(secret not in text for text in shown)


def test_attack_82_a_wrong_link_costs_the_same_work_as_a_right_one(invite: Invite, monkeypatch: pytest.MonkeyPatch) -> None:
    from practice.passwords import Argon2

    hashed: list[str] = []
    encode = Argon2.encode
    verify = Argon2.verify
    monkeypatch.setattr(Argon2, "encode", lambda self, *args: hashed.append("x") or encode(self, *args))
    monkeypatch.setattr(Argon2, "verify", lambda self, *args: hashed.append("x") or verify(self, *args))
    link, _ = invite()
    counts, hashes = [], []
    for path in ("/invited/" + "x" * 43 + "/", link):
        hashed.clear()
        with _counted() as queries:
            say(Browser(), path, WRONG)
        counts.append(len(queries))
        hashes.append(len(hashed))
    assert counts[0] == counts[1]
    assert hashes == [1, 1]


def _counted() -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


def test_opening_a_link_uses_nothing_up_and_sets_nothing(invite: Invite, ana: User) -> None:
    link, words = invite()
    browser = Browser()
    pages = [browser.get(link), browser.head(link), browser.get(link, headers={"purpose": "prefetch"})]
    assert {page.status_code for page in pages} == {200}
    assert browser.get("/invited/" + "x" * 43 + "/").text.split("csrf")[0] == browser.get(link).text.split("csrf")[0]
    assert "sessionid" not in str(browser.cookies)
    assert invitation(ana).tries == 0
    assert say(browser, link, words).status_code == 302


def test_five_wrong_tries_close_it_and_staff_are_told(invite: Invite, ana: User, cleo: Client, lines: Lines, ask: Ask) -> None:
    link, words = invite()
    for _ in range(5):
        assert say(Browser(), link, WRONG).status_code == 422
    assert say(Browser(), link, words).status_code == 422
    assert invitation(ana).state == "closed"
    assert len(lines(act="failed", part="portal_words", client_id=cleo.pk)) == 6 or len(lines(act="failed", part="portal_words")) == 6
    assert [notice.subject for notice in mailed()][-1] == inviting.SUBJECT_CLOSED
    assert "Closed by wrong words" in text_of(ask(ana, "home"))
    assert "Closed: five wrong tries" in text_of(ask(ana, "portal_access", pk=cleo.pk))
    kept = invitation(ana)
    assert ask(ana, "portal_resend", {}, pk=cleo.pk, invitation=kept.pk).status_code == 422
    page = text_of(ask(ana, "portal_words", {}, pk=cleo.pk, invitation=kept.pk))
    assert say(Browser(), link, words_in(page)).status_code == 422
    assert say(Browser(), link_in(mailed()[-1].body), words_in(page)).status_code == 302


def test_attack_47_sent_again_only_the_newest_link_works_with_the_words_as_told(invite: Invite, ana: User, cleo: Client, ask: Ask) -> None:
    link, words = invite()
    page = text_of(ask(ana, "portal_resend", {}, pk=cleo.pk, invitation=invitation(ana).pk))
    assert words not in page
    assert say(Browser(), link, words).status_code == 422
    assert say(Browser(), link_in(mailed()[-1].body), words).status_code == 302


def test_secrets_are_kept_as_hashes_and_shown_once(invite: Invite, ana: User, cleo: Client, ask: Ask) -> None:
    link, words = invite()
    kept = invitation(ana)
    assert words not in str(vars(kept))
    assert link.split("/")[2].encode() not in bytes(kept.secret)
    assert kept.words.startswith("argon2")
    page = text_of(ask(ana, "portal_access", pk=cleo.pk))
    assert words not in page
    assert link not in page


def test_by_hand_the_invited_name_their_own_address(invite: Invite, cleo: Client) -> None:
    link, words = invite(how="hand")
    assert mailed() == []
    browser = Browser()
    url = say(browser, link, words)["Location"]
    bad = browser.post(url, {"email": "no address", **passwords()})
    assert (bad.status_code, "no address" in bad.text) == (422, True)
    assert browser.post(url, {"email": "Quiet.Place@mail.test", **passwords()}).status_code == 302
    assert User.objects.at_address("quiet.place@mail.test").exists()
    assert browser.get(reverse("portal_record", args=[cleo.pk])).status_code == 200


def test_a_taken_address_is_not_taken_over(invite: Invite, ben: User) -> None:
    link, words = invite(how="hand")
    browser = Browser()
    url = say(browser, link, words)["Location"]
    assert [browser.post(url, {"email": "ben@sub.test", **passwords()}).status_code for _ in range(6)] == [422] * 5 + [404]
    assert User.objects.get(pk=ben.pk).roles == [Role.COUNSELOR]


def test_somebody_with_an_account_signs_in_first_and_is_linked(invite: Invite, ben: User, browser_of: SignIn, cleo: Client) -> None:
    link, words = invite()
    browser = browser_of(ben)
    url = say(browser, link, words)["Location"]
    page = browser.get(url).text
    assert "ben@sub.test" in page
    assert browser.post(url)["Location"] == reverse("portal_home")
    assert browser.get(reverse("portal_record", args=[cleo.pk])).status_code == 200
    assert browser.get(reverse("client_detail", args=[cleo.pk])).status_code == 404
    assert User.objects.get(pk=ben.pk).roles == [Role.CLIENT, Role.COUNSELOR]


def test_attack_11_neither_the_sender_nor_anybody_denied_is_let_in(
    invite: Invite, ana: User, ben: User, ada: User, cleo: Client, browser_of: SignIn
) -> None:
    link, words = invite()
    with acting(ada):
        actions.deny(cleo, ben, by=ada, reason="a cousin")
    for user in (ana, ben):
        browser = browser_of(user)
        url = say(browser, link, words)["Location"]
        assert browser.post(url).status_code == 404
        with acting(user):
            assert not access.own_clients(user).exists()
    assert invitation(ana).state == "open"


def test_an_invitation_falls_with_the_right_of_its_sender(invite: Invite, ana: User, ben: User, ada: User, cleo: Client) -> None:
    link, words = invite()
    with acting(ada):
        actions.transfer(cleo, to=ben, by=ada, reason="leave")
    browser = Browser()
    assert browser.get(say(browser, link, words)["Location"]).status_code == 404


@pytest.fixture
def mother(ana: User, mia: Client) -> Representative:
    with acting(ana):
        actions.change_person(mia, by=ana, born_on=datetime.date(2008, 12, 15))
        return actions.add_representative(mia, by=ana, relation="parent", name="Rosa Aldana", authority="parent", since=clock.now())


def test_ic_24_rg_12_a_mother_is_let_in_until_her_child_is_of_age_and_only_while_her_authority_stands(
    invite: Invite, dee: User, ana: User, mia: Client, mother: Representative
) -> None:
    link, words = invite(by=dee, who=str(mother.pk), how="hand", client=mia)
    browser = Browser()
    url = say(browser, link, words)["Location"]
    assert browser.post(url, {"email": "rosa@mail.test", **passwords()}).status_code == 302
    assert "Mia" in browser.get(reverse("portal_record", args=[mia.pk])).text
    with acting(ana):
        rosa = Representative.objects.get(pk=mother.pk)
        assert rosa.user == User.objects.at_address("rosa@mail.test").get()
        assert access.in_portal(mia).get().until == datetime.datetime(2026, 12, 15, 8, tzinfo=datetime.UTC)
        actions.end_representation(rosa, by=ana)
    assert browser.get(reverse("portal_record", args=[mia.pk])).status_code == 404


def test_ic_24_an_authority_that_ended_meanwhile_lets_nobody_in(invite: Invite, ana: User, mia: Client, mother: Representative) -> None:
    link, words = invite(who=str(mother.pk), how="hand", client=mia)
    with acting(ana):
        actions.end_representation(Representative.objects.get(pk=mother.pk), by=ana)
    browser = Browser()
    assert browser.get(say(browser, link, words)["Location"]).status_code == 404


def test_a_passkey_instead_of_a_password_needs_one_that_signs_in_alone(invite: Invite) -> None:
    link, words = invite()
    browser = Browser(headers={"user-agent": "Test/1.0"})
    url = say(browser, link, words)["Location"]
    answer = browser.post(url, {"passkey": "1", "password1": "", "password2": ""})
    assert answer["Location"] == reverse("mfa_add_webauthn")
    page = browser.get(answer["Location"])
    assert page.status_code == 200
    assert re.search(r'name="passwordless"[^>]*checked', page.text)
    assert "let the passkey sign you in" in browser.post(answer["Location"], {"name": "phone", "credential": "{}"}).text
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        assert browser.get(answer["Location"])["Location"] == reverse("account_reset_password")


@pytest.mark.parametrize("typed", ["", "a\x00b", "w" * 500, "‮wren ‮wren wren", "☃"])
def test_bad_words_are_refused_with_a_message(invite: Invite, typed: str) -> None:
    link, _ = invite()
    assert say(Browser(), link, typed).status_code == 422


def test_after_half_an_hour_the_words_are_asked_again(invite: Invite) -> None:
    link, words = invite()
    browser = Browser()
    url = say(browser, link, words)["Location"]
    with clock.at(clock.now() + datetime.timedelta(minutes=31)):
        assert browser.get(url).status_code == 404
    assert Browser().get(url).status_code == 404


def test_cm_3_only_allowed_addresses_are_offered(ask: Ask, ana: User, cleo: Client, mail: ContactPoint) -> None:
    page = text_of(ask(ana, "portal_invite", pk=cleo.pk))
    assert "cleo.private@mail.test" in page
    assert "cleo.marchetti@mail.test" not in page
    assert ask(ana, "portal_invite", {"who": "self", "how": "3f"}, pk=cleo.pk).status_code == 422


def test_strangers_invite_nobody(ask: Ask, ben: User, sofia: User, ada: User, portal_cleo: User, cleo: Client, lines: Lines) -> None:
    for user in (ben, sofia, ada, portal_cleo):
        for name in ("portal_access", "portal_invite"):
            assert ask(user, name, pk=cleo.pk).status_code == 404
    assert lines(act="refused", part="portal_invite", client_id=cleo.pk)


def test_an_invitation_is_looked_up_through_its_client(ask: Ask, invite: Invite, ben: User, bens_client: Client, ana: User) -> None:
    invite()
    kept = invitation(ana)
    for name in ("portal_resend", "portal_words", "portal_withdraw"):
        assert ask(ben, name, {}, pk=bens_client.pk, invitation=kept.pk).status_code == 404


def test_the_client_who_is_in_is_not_invited_again(ask: Ask, ana: User, cleo: Client, portal_cleo: User, mail: ContactPoint) -> None:
    page = ask(ana, "portal_invite", {"who": "self", "how": str(mail.pk)}, pk=cleo.pk)
    assert page.status_code == 422
    assert "Forgot password?" in text_of(page)


def test_a_mother_of_two_has_one_account(invite: Invite, ana: User, mia: Client, mother: Representative, browser_of: SignIn) -> None:
    rosa = person("Rosa Aldana", Role.REPRESENTATIVE)
    link, words = invite(who=str(mother.pk), how="hand", client=mia)
    browser = Browser()
    url = say(browser, link, words)["Location"]
    signed_in = browser.post(f"/accounts/login/?next={url}", {"login": "rosa@sub.test", "password": PASSWORD, "next": url})
    assert signed_in["Location"] == url
    assert browser.post(url)["Location"] == reverse("portal_home")
    with acting(rosa):
        assert access.portal_clients(rosa).get() == mia


def test_no_member_of_staff_writes_an_account_into_an_open_invitation(invite: Invite, dee: User, ben: User) -> None:
    """Or the desk could choose whom to let in: only whoever came with the link, so nobody who acts here, uses it up."""
    invite(by=dee)
    row = invitation(dee)
    with acting(dee), connection.cursor() as cursor:
        cursor.execute("SELECT subrosa_use_invitation(%s, %s, now())", [row.pk, ben.pk])
        assert cursor.fetchone() == (False,)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            PortalInvitation.objects.filter(pk=row.pk).update(used_by=ben)
    assert invitation(dee).used_by_id is None


def test_nobody_gives_a_grant_or_denies_in_the_name_of_another(ana: User, dee: User, ben: User, cleo: Client) -> None:
    with acting(ana):
        with pytest.raises(ProgrammingError, match="in the name of another"), transaction.atomic():
            actions.deny(cleo, ben, by=dee, reason="a former partner")
        with pytest.raises(ProgrammingError, match="in the name of another"), transaction.atomic():
            actions.assign(cleo, ben, by=dee)
        actions.assign(cleo, ben, by=ana)
