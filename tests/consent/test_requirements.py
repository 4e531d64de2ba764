"""What a session needs: a consent in force for how it is held, the supervision told, the notice delivered, recording permitted."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from audit.models import Act
from clients.models import Client
from consent import actions
from consent.models import Form, NoticeDelivery, Override, Request
from consent.requirements import Unmet
from practice.models import Practice, Supervision, User
from practice.refusals import Refused
from records import actions as records
from records.models import Session
from tests.cast import SignIn, acting, person, write_note
from tests.consented import consented
from tests.records.hands import lines, page, words

from .papers import asked, form_in_force, signed_by

REASON = "The client came in great need, and the printer of the amber desk was broken."
HOUR = datetime.timedelta(hours=1)


def hour(client: Client, by: User, ago: datetime.timedelta = HOUR, **more: Any) -> Session:
    start = clock.now() - ago
    with acting(by):
        return records.plan_session(client, by=by, **{"starts_at": start, "ends_at": start + HOUR, "modality": "in_person"} | more)


def missing(client: Client, by: User, **more: Any) -> list[str]:
    """The rules that refuse a session held an hour ago."""
    with pytest.raises(Unmet) as unmet:
        hour(client, by, **more)
    return [gap.rule for gap in unmet.value.gaps]


def told(client: Client, by: User, **more: Any) -> NoticeDelivery:
    """The notice was handed over, or what ``more`` says."""
    notice = form_in_force(kind="notice", title="Notice of privacy practices")
    with acting(by):
        delivery = actions.Delivery(**{"status": "delivered", "method": "paper"} | more)
        return actions.record_notice(client, notice, delivery, by=by)


def test_ic_23_and_npp_1_nobody_is_met_without_the_papers(cleo: Client, ana: User) -> None:
    assert missing(cleo, ana) == ["NPP-1", "IC-23"]
    told(cleo, ana)
    assert missing(cleo, ana) == ["IC-23"]
    with acting(ana):
        assert not Session.objects.exists()


def test_ic_23_a_signed_consent_opens_what_it_covers_and_nothing_else(cleo: Client, ana: User, portal_cleo: User) -> None:
    told(cleo, ana)
    signed_by(portal_cleo, asked(cleo, ana, form_in_force()))
    with clock.at(clock.now() + 2 * HOUR):
        session = hour(cleo, ana)
        assert missing(cleo, ana, modality="video") == ["IC-23"]
        with acting(ana):
            records.record_outcome(session, "attended", by=ana)
        assert write_note(ana, cleo, session=session)


def test_attack_49_what_was_withdrawn_opens_nothing_from_that_moment(cleo: Client, ana: User, portal_cleo: User, session: Session) -> None:
    """A session planned while the consent stood says at once what the withdrawal stops, and cannot be held."""
    with acting(ana):
        assert Session.objects.filter(pk=session.pk).exists()
    with acting(portal_cleo):
        actions.withdraw(signed_by(portal_cleo, asked(cleo, ana, form_in_force())).signer, by=portal_cleo)
    with acting(ana):
        Request.objects.filter(client=cleo, ended_at=None).update(ended_at=clock.now(), ended_as="superseded")
    coming = hour(cleo, ana, ago=-HOUR)
    with clock.at(clock.now() + 2 * HOUR), acting(ana), pytest.raises(Unmet) as unmet:
        records.record_outcome(coming, "attended", by=ana)
    assert unmet.value.rule == "IC-23"


@pytest.fixture
def session(cleo: Client, ana: User) -> Session:
    """An hour held while a consent was in force."""
    consented(cleo, ana)
    return hour(cleo, ana)


def test_ic_23_booking_ahead_is_free_and_the_page_warns(cleo: Client, ana: User, browser_of: SignIn) -> None:
    coming = hour(cleo, ana, ago=-48 * HOUR)
    seen = words(browser_of(ana).get(page("session_detail", coming.pk)))
    assert "no consent to meet in person is in force" in seen
    assert "IC-23" in seen or "NPP-1" in seen


def test_ic_23_the_note_of_a_session_waits_for_the_consent_too(cleo: Client, ana: User) -> None:
    coming = hour(cleo, ana, ago=-HOUR)
    with clock.at(clock.now() + 2 * HOUR), pytest.raises(Unmet):
        write_note(ana, cleo, session=coming)
    assert write_note(ana, cleo)  # about no session: words on the phone, a letter


def test_ic_23_a_crisis_waits_for_no_paper(cleo: Client, ana: User) -> None:
    session = hour(cleo, ana, crisis=True)
    assert write_note(ana, cleo, kind="crisis", session=session)


def test_ic_23_who_did_not_come_needs_no_consent(cleo: Client, ana: User) -> None:
    assert hour(cleo, ana, outcome="absent")


def test_ic_35_recording_is_not_even_planned_without_its_own_permission(cleo: Client, ana: User, portal_cleo: User) -> None:
    consented(cleo, ana)
    with pytest.raises(Unmet) as unmet:
        hour(cleo, ana, ago=-HOUR, recorded=True)
    assert unmet.value.rule == "IC-35"
    assert missing(cleo, ana, recorded=True, without=REASON) == ["IC-35"]  # no reason makes up for it
    assert missing(cleo, ana, recorded=True, crisis=True) == ["IC-35"]
    signed_by(portal_cleo, asked(cleo, ana, form_in_force(kind="recording", title="Permission to record")))
    assert hour(cleo, ana, ago=-HOUR, recorded=True).recorded


def test_ic_11_and_ic_37_another_supervisor_is_told_before_the_next_session(cleo: Client, ana: User, sofia: User) -> None:
    consented(cleo, ana)
    assert hour(cleo, ana)
    Supervision.objects.update(until=clock.now() - 5 * HOUR)
    Supervision.objects.create(supervisor=person("Nele Nieuw"), supervisee=ana, since=clock.now() - 4 * HOUR)
    with pytest.raises(Unmet, match="Nele Nieuw supervises Ana Reyes") as unmet:
        hour(cleo, ana)
    assert unmet.value.rule == "IC-11"
    assert hour(cleo, ana, ago=30 * HOUR)  # under the supervision of which they were told
    consented(cleo, ana)
    assert hour(cleo, ana)


def test_npp_1_binds_those_whom_hipaa_covers(cleo: Client, ana: User) -> None:
    Practice.objects.update(is_covered_entity=False)
    assert missing(cleo, ana) == ["IC-23"]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"method": ""}, "NPP-1"),
        ({"status": "refused"}, "NPP-2"),
        ({"status": "refused", "effort": "Asked twice."}, "NPP-2"),
        ({"status": "refused", "reason": "They would not."}, "NPP-2"),
        ({"status": "emergency"}, "NPP-3"),
        ({"at": datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC)}, "NPP-1"),
    ],
)
def test_npp_2_what_was_tried_and_why_it_failed_are_both_written_down(cleo: Client, ana: User, given: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as refused:
        told(cleo, ana, **given)
    assert refused.value.rule == rule


def test_npp_2_a_good_faith_effort_counts_and_an_emergency_only_for_a_while(cleo: Client, ana: User) -> None:
    told(cleo, ana, status="emergency", reason="A crisis at night.")
    assert missing(cleo, ana) == ["NPP-1", "IC-23"]
    with acting(ana):
        tried = actions.Delivery(status="refused", effort="Asked for a signature twice.", reason="They sign nothing.")
        actions.record_notice(cleo, NoticeDelivery.objects.get().wording, tried, by=ana)
    assert missing(cleo, ana) == ["IC-23"]


def test_attack_50_nothing_is_overridden_without_a_reason_or_by_who_may_not(cleo: Client, ana: User, ben: User) -> None:
    told(cleo, ana)
    assert missing(cleo, ana, without="   ") == ["IC-23"]
    session = hour(cleo, ana, without=REASON)
    with acting(ana):
        override = Override.objects.get()
        assert (override.rule_id, override.modality, override.starts_at, override.reason) == (
            "IC-23",
            "in_person",
            session.starts_at,
            REASON,
        )
        with pytest.raises(Refused):
            actions.review_override(override, by=ana, upheld=True)
    assert missing(cleo, ana) == ["IC-23"]  # for that session alone
    with acting(ben):
        assert not Override.objects.exists()


def test_attack_50_an_override_that_was_not_upheld_opens_nothing_more(cleo: Client, ana: User, sofia: User) -> None:
    told(cleo, ana)
    session = hour(cleo, ana, without=REASON)
    with acting(sofia):
        actions.review_override(Override.objects.get(), by=sofia, upheld=False)
    with acting(ana), pytest.raises(Unmet):
        records.begin_note(cleo, by=ana, kind="progress", session=session)
    assert lines(sofia, Act.CHANGE, "question_override") == 1


def test_a_session_is_logged_without_a_consent_only_with_a_reason_on_the_page(cleo: Client, ana: User, browser_of: SignIn) -> None:
    told(cleo, ana)
    browser, now = browser_of(ana), clock.now() - 26 * HOUR
    form = {
        "ident": "6f1fb5ba-9f0c-4a4e-8a0e-7a5f5a3a7d11", "date": f"{now:%Y-%m-%d}", "start": "09:00", "minutes": "50",
        "modality": "in_person", "outcome": "attended", "place": "Amber room",
    }  # fmt: skip
    answer = browser.post(page("session_new", cleo.pk), form)
    assert answer.status_code == 422
    assert "no consent to meet in person is in force" in words(answer)
    assert "Amber room" in words(answer)
    assert 'name="without"' in words(answer)
    assert browser.post(page("session_new", cleo.pk), form | {"without": REASON}).status_code == 302
    with acting(ana):
        assert Override.objects.get().reason == REASON
        assert Session.objects.get().outcome == "attended"


def test_a_planned_session_is_held_without_by_its_counselor_alone(cleo: Client, ana: User, sofia: User, browser_of: SignIn) -> None:
    told(cleo, ana)
    coming = hour(cleo, ana, ago=-HOUR)
    assert browser_of(sofia).get(page("session_without", coming.pk)).status_code == 404
    browser = browser_of(ana)
    assert browser.post(page("session_without", coming.pk), {"reason": ""}).status_code == 422
    assert browser.post(page("session_without", coming.pk), {"reason": REASON}).status_code == 302
    assert REASON not in words(browser.get(page("session_detail", coming.pk)))
    with clock.at(clock.now() + 2 * HOUR):
        assert write_note(ana, cleo, session=coming)


def test_forms_of_a_kind_that_covers_nothing_open_nothing(cleo: Client, ana: User, portal_cleo: User) -> None:
    told(cleo, ana)
    signed_by(portal_cleo, asked(cleo, ana, form_in_force(kind=Form.Kind.OWN, title="House rules")))
    assert missing(cleo, ana) == ["IC-23"]
