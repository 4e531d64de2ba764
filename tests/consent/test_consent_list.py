"""The client's consents as staff see them: the list, sending, one request with its evidence, the notice, and overrides."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest

from audit import clock
from audit.models import Act
from clients import actions as clients
from clients.models import Client, Representative
from consent import actions
from consent.models import NoticeDelivery, Override, Request, Signer
from practice.models import User
from records import actions as records
from tests.cast import SignIn, acting
from tests.records.hands import lines, page, turned_away, words

from .papers import asked, form_in_force, signed_by

QUESTION = "Does my aunt read the violet ledger?"
REASON = "The printer of the amber desk was broken."


@pytest.fixture
def request_(cleo: Client, ana: User, portal_cleo: User) -> Request:
    return asked(cleo, ana, form_in_force())


def sent(*papers: Any, signers: tuple[str, ...] = ("self",), **more: Any) -> dict[str, Any]:
    said = {"papers": [str(each.pk) for each in papers], "signers": [*signers], "rule": "all", "reply_by": "", "interpreter": ""}
    return said | {"ident": str(uuid.uuid4())} | more


def test_the_list_says_what_is_in_force_and_what_is_missing(
    ana: User, dee: User, ben: User, ada: User, cleo: Client, portal_cleo: User, request_: Request, browser_of: SignIn
) -> None:
    before = words(browser_of(ana).get(page("consent_list", cleo.pk)))
    assert "Waiting for client" in before
    assert "Not in person" in before
    assert "Not delivered" in before
    signed_by(portal_cleo, request_)
    for person in (ana, dee):
        seen = words(browser_of(person).get(page("consent_list", cleo.pk)))
        assert "May meet in person until" in seen
        assert "Not by video" in seen
        assert "Active" in seen
    for person in (ben, ada, portal_cleo):
        turned_away(browser_of(person), person, "consent_list", cleo.pk)


def test_the_desk_sees_states_and_the_team_the_evidence(
    ana: User, dee: User, cleo: Client, portal_cleo: User, request_: Request, browser_of: SignIn
) -> None:
    signature = signed_by(portal_cleo, request_)
    with acting(portal_cleo):
        paper = signature.paper
    team, desk = (words(browser_of(person).get(page("consent_detail", request_.pk))) for person in (ana, dee))
    assert "Unbroken" in team
    assert bytes(request_.shown_hash).hex() in team
    assert "Signed" in desk
    assert "Unbroken" not in desk
    assert browser_of(ana).get(page("consent_paper", paper.pk))["Content-Type"] == "application/pdf"
    assert lines(ana, Act.EXPORT, "consent_paper") == 1
    turned_away(browser_of(dee), dee, "consent_paper", paper.pk)


def test_questions_are_for_the_care_team_alone(ana: User, dee: User, portal_cleo: User, request_: Request, browser_of: SignIn) -> None:
    with acting(portal_cleo):
        actions.ask_question(Signer.objects.get(request=request_), "limits", QUESTION, by=portal_cleo)
    assert QUESTION in words(browser_of(ana).get(page("consent_detail", request_.pk)))
    seen = words(browser_of(dee).get(page("consent_detail", request_.pk)))
    assert QUESTION not in seen
    assert "Waiting for staff" not in seen


def test_papers_are_sent_to_whom_the_file_proposes(ana: User, dee: User, ben: User, mia: Client, browser_of: SignIn) -> None:
    first, second = form_in_force(), form_in_force(kind="telehealth", title="Telehealth")
    with acting(ana):
        guardian = clients.add_representative(
            mia,
            by=ana,
            relation=Representative.Relation.GUARDIAN,
            name="Gus Aldana",
            authority="sole custody, order of 3 May",
            since=clock.now() - datetime.timedelta(days=3),
        )
    browser = browser_of(dee)
    shown = words(browser.get(page("consent_send", mia.pk)))
    assert f'value="rep-{guardian.pk}"' in shown
    assert "assents as a minor" in shown
    answer = browser.post(page("consent_send", mia.pk), sent(first, second, signers=("self", f"rep-{guardian.pk}")))
    assert answer.status_code == 302
    with acting(ana):
        made = Request.objects.filter(client=mia)
        assert len({each.batch for each in made}) == 1
        assert {each.capacity for each in Signer.objects.filter(request__in=made)} == {"assent", "guardian"}
        assert {each.counselor_id for each in made} == {ana.pk}
    turned_away(browser_of(ben), ben, "consent_send", mia.pk, sent(first))


@pytest.mark.parametrize(
    "wrong",
    [{"papers": []}, {"signers": []}, {"papers": ["nonsense"]}, {"signers": ["member-1"]}, {"rule": "none"}, {"reply_by": "2000-01-01"},
     {"reply_by": "\0"}, {"interpreter": "x" * 201}],
)  # fmt: skip
def test_what_cannot_be_sent_is_said_beside_the_field(ana: User, cleo: Client, browser_of: SignIn, wrong: dict[str, Any]) -> None:
    answer = browser_of(ana).post(page("consent_send", cleo.pk), sent(form_in_force()) | wrong)
    assert answer.status_code == 422
    with acting(ana):
        assert not Request.objects.exists()


def test_ic_24_a_minors_assent_alone_is_not_enough(ana: User, mia: Client, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(page("consent_send", mia.pk), sent(form_in_force()))
    assert answer.status_code == 422
    assert "IC-24" in words(answer)


def test_what_nobody_signed_is_taken_back(ana: User, cleo: Client, portal_cleo: User, request_: Request, browser_of: SignIn) -> None:
    assert browser_of(ana).get(page("consent_cancel", request_.pk)).status_code == 405
    assert browser_of(ana).post(page("consent_cancel", request_.pk)).status_code == 302
    again = asked(cleo, ana, form_in_force())
    signed_by(portal_cleo, again)
    assert browser_of(ana).post(page("consent_cancel", again.pk)).status_code == 409
    with acting(ana):
        assert [each.ended_as for each in Request.objects.order_by("asked_at")] == ["cancelled", ""]


def test_npp_2_the_notice_is_recorded_or_the_effort(ana: User, dee: User, cleo: Client, browser_of: SignIn) -> None:
    form_in_force(kind="notice", title="Notice of privacy practices")
    today = clock.today().isoformat()
    browser, given = browser_of(dee), {"status": "refused", "method": "", "day": today, "effort": "", "reason": "They sign nothing."}
    answer = browser.post(page("notice_record", cleo.pk), given)
    assert answer.status_code == 422
    assert "They sign nothing." in words(answer)
    assert browser.post(page("notice_record", cleo.pk), given | {"effort": "Asked twice."}).status_code == 302
    ahead = (clock.now() + datetime.timedelta(days=3)).date().isoformat()
    assert browser.post(page("notice_record", cleo.pk), given | {"day": ahead}).status_code == 422
    with acting(ana):
        assert NoticeDelivery.objects.get().status == "refused"


def test_attack_50_an_override_is_reviewed_by_another_and_admins_see_no_name(
    ana: User, sofia: User, ada: User, ben: User, cleo: Client, browser_of: SignIn
) -> None:
    form_in_force(kind="notice")
    start = clock.now() - datetime.timedelta(hours=2)
    with acting(ana):
        notice = form_in_force(kind="notice")
        actions.record_notice(cleo, notice, actions.Delivery("delivered", "paper"), by=ana)
        end = start + datetime.timedelta(hours=1)
        records.plan_session(cleo, by=ana, starts_at=start, ends_at=end, modality="phone", without=REASON)
        override = Override.objects.get()
    turned_away(browser_of(ana), ana, "override_review", override.pk)
    turned_away(browser_of(ben), ben, "override_review", override.pk)
    for person in (ada, sofia):
        seen = words(browser_of(person).get(page("override_review", override.pk)))
        assert REASON in seen
        assert "Marchetti" not in seen
        assert cleo.code in words(browser_of(person).get(page("override_queue")))
    assert "held without a consent" in words(browser_of(sofia).get("/"))
    assert browser_of(ada).post(page("override_review", override.pk), {"upheld": "perhaps"}).status_code == 422
    assert browser_of(ada).post(page("override_review", override.pk), {"upheld": "yes"}).status_code == 302
    assert cleo.code not in words(browser_of(sofia).get(page("override_queue")))


def test_home_says_what_came_back_and_what_ends_soon(ana: User, portal_cleo: User, request_: Request, browser_of: SignIn) -> None:
    signed_by(portal_cleo, request_)
    assert "Forms returned" in words(browser_of(ana).get("/"))
    with clock.at(clock.now() + datetime.timedelta(days=350)), acting(ana):
        from consent import access  # the queue's rule, asked nearly a year later

        assert access.expiring(ana).get() == request_
        assert not access.returned(ana).exists()
