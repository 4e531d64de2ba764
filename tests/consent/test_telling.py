"""Who is to sign hears of it: by a mail that gives nothing away, or by an invitation that goes with the papers."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client as Browser

from audit import clock, doors
from clients import actions as clients
from clients.access import open_invitations
from clients.models import Client, ContactPoint
from consent import access, actions
from consent.actions.asking import Named
from consent.models import Request, Signer
from practice.models import Notice, User
from practice.refusals import Refused
from tests.cast import PASSWORD, SignIn, acting
from tests.records.hands import page, turned_away, words

from .papers import allow_mail, asked, form_in_force, signed_by
from .portal import QUESTION, parent
from .test_consent_list import sent

SAYS_TOO_MUCH = (
    "consent",
    "counsel",
    "therap",
    "health",
    "clinic",
    "practice",
    "cleo",
    "marchetti",
    "heron",
    "question",
    "answer",
    "sign it",
)
TITLE = "The heron agreement"


def mailed(kind: str = "paper") -> list[tuple[str, str]]:
    """What waits in the outbox: to whom, and all that it says."""
    with doors.system("test"):
        return [(each.to, f"{each.subject}\n{each.body}") for each in Notice.objects.filter(kind=kind).order_by("due_at")]


@pytest.fixture
def mail(cleo: Client, ana: User, portal_cleo: User) -> ContactPoint:
    return allow_mail(cleo, ana, "cleo@sub.test")


@pytest.mark.parametrize("who", ["ana", "dee"])
def test_attack_78_a_packet_is_told_once_and_the_mail_names_nobody_and_nothing(
    who: str, request: pytest.FixtureRequest, cleo: Client, portal_cleo: User, mail: ContactPoint, browser_of: SignIn
) -> None:
    by = request.getfixturevalue(who)
    first, second = form_in_force(title=TITLE), form_in_force("telehealth", title="Video")
    answer = browser_of(by).post(page("consent_send", cleo.pk), sent(first, second))
    assert answer.status_code == 302
    [(to, said)] = mailed()
    assert to == "cleo@sub.test"
    assert not [word for word in SAYS_TOO_MUCH if word in said.lower()]
    with acting(by):
        assert {each.steps.filter(what="told").count() for each in Request.objects.all()} == {1}


def test_cm_3_only_an_address_the_client_allowed_is_written_to(cleo: Client, ana: User, portal_cleo: User, browser_of: SignIn) -> None:
    with acting(ana):
        clients.add_contact_point(cleo, by=ana, kind="mail", address="cleo@sub.test", may_contact=False)
    answer = browser_of(ana).post(page("consent_send", cleo.pk), sent(form_in_force()), follow=True)
    assert "tell them yourself" in words(answer)
    assert mailed() == []
    allow_mail(cleo, ana, "elsewhere@mail.test")
    browser_of(ana).post(page("consent_send", cleo.pk), sent(form_in_force()))
    assert [to for to, _ in mailed()] == ["elsewhere@mail.test"]


def test_a_refused_packet_leaves_nothing_behind(cleo: Client, ana: User, mail: ContactPoint, browser_of: SignIn) -> None:
    """The second paper is in a language that Cleo does not read: the first is not sent, and nobody is told."""
    english, spanish = form_in_force(), form_in_force("telehealth", title="Por video", language="es")
    with acting(ana):
        clients.change_person(cleo, by=ana, languages="English")
    answer = browser_of(ana).post(page("consent_send", cleo.pk), sent(english, spanish))
    assert answer.status_code == 422
    assert "IC-25" in words(answer)
    assert mailed() == []
    with acting(ana):
        assert not Request.objects.exists()


@pytest.mark.parametrize("who", ["ana", "dee"])
def test_whoever_has_no_account_is_invited_with_the_papers_in_one_act(
    who: str, request: pytest.FixtureRequest, cleo: Client, browser_of: SignIn
) -> None:
    by = request.getfixturevalue(who)
    point = allow_mail(cleo, by, "cleo.private@mail.test")
    browser, path, version = browser_of(by), page("consent_send", cleo.pk), form_in_force(title=TITLE)
    assert f'value="{point.pk}" selected' in words(browser.get(path))
    body = sent(version) | {"link-self": str(point.pk)}
    shown = browser.post(path, body).text
    three = re.search(r'<p class="secret" lang="en">([a-z ]+)</p>', shown)
    assert three
    [(to, said)] = mailed("portal")
    assert to == "cleo.private@mail.test"
    assert three[1] not in said
    assert not [word for word in SAYS_TOO_MUCH if word in said.lower()]
    link = re.search(r"/invited/[\w-]+/", said)
    assert link
    guest = Browser()
    alone = guest.get(link[0]).text  # the link alone tells a stranger nothing, not even whose it is
    assert not [word for word in ("Marchetti", "Cleo", TITLE, "Ana Reyes", cleo.code, to) if word in alone]
    assert guest.post(link[0], {"words": three[1]}).status_code == 302
    guest.post(page("portal_account"), {"password1": PASSWORD, "password2": PASSWORD})
    assert TITLE in guest.get(page("portal_home")).text
    again = browser.post(path, body, follow=True)  # the page loaded again sends nothing twice
    assert "sent already" in words(again)
    with acting(by):
        assert Request.objects.count() == 1


def test_an_invitation_that_waits_gets_a_new_link_and_keeps_its_words(cleo: Client, ana: User, browser_of: SignIn) -> None:
    point = allow_mail(cleo, ana, "cleo.private@mail.test")
    with acting(ana):
        clients.invite_to_portal(cleo, by=ana, point=point)
        before = bytes(open_invitations().get(client=cleo).secret)
    path = page("consent_send", cleo.pk)
    shown = browser_of(ana).post(path, sent(form_in_force()) | {"link-self": "again"}).text
    assert "before still hold" in shown
    with acting(ana):
        assert bytes(open_invitations().get(client=cleo).secret) != before
    assert browser_of(ana).post(path, sent(form_in_force()) | {"link-self": "elsewhere"}).status_code == 422


def test_attack_54_of_two_parents_only_the_one_who_has_not_signed_is_reminded(
    mia: Client, ana: User, ben: User, browser_of: SignIn
) -> None:
    (paula, mother), (_, father) = parent(mia, "Paula Aldana", ana), parent(mia, "Otis Farrow", ana)
    paper = asked(mia, ana, form_in_force(), *[Named(mia, Signer.Capacity.GUARDIAN, each) for each in (mother, father)])
    signed_by(paula, paper, name="Paula Aldana", relationship="mother")
    turned_away(browser_of(ben), ben, "consent_remind", paper.pk, {})
    assert "something waits" in words(browser_of(ana).post(page("consent_remind", paper.pk), follow=True))
    assert [to for to, _ in mailed()] == ["otis@sub.test"]
    with clock.at(clock.now() + datetime.timedelta(days=40)), acting(ana):
        late = access.sent_requests(ana).get(pk=paper.pk)
        with pytest.raises(Refused, match="not open"):
            actions.remind(late, by=ana)


@pytest.mark.parametrize("who", ["ana", "sofia"])
def test_ic_21_whoever_asked_is_told_of_the_answer_and_finds_it(
    who: str, request: pytest.FixtureRequest, cleo: Client, ana: User, portal_cleo: User, mail: ContactPoint, browser_of: SignIn
) -> None:
    by, paper = request.getfixturevalue(who), asked(cleo, ana, form_in_force(title=TITLE))
    with acting(portal_cleo):
        signer = access.own_signers(portal_cleo).get()
        actions.present(signer, by=portal_cleo)
        question = actions.ask_question(signer, "limits", QUESTION, by=portal_cleo)
    assert "Waiting for an answer" in words(browser_of(portal_cleo).get(page("portal_home")))
    body = {"text": "Only with your heron.", "ident": "5f9b9f0e-0000-4000-8000-00000000000a"}
    for _ in range(2):
        assert browser_of(by).post(page("question_answer", question.pk), body).status_code == 302
    [(to, said)] = mailed()
    assert to == "cleo@sub.test"
    assert not [word for word in SAYS_TOO_MUCH if word in said.lower()]
    assert "Your question is answered" in words(browser_of(portal_cleo).get(page("portal_home")))
    assert paper.wording.title in words(browser_of(portal_cleo).get(page("paper_list")))
