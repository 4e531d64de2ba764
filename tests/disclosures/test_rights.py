"""What clients ask by their rights: the clocks, the closed lists, reviews, complaints, and the pages (section 10)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from audit import clock
from audit.clock import today
from clients.actions import add_representative, change_status
from clients.models import Client
from consent.models import Signer
from consent.signers import possible
from disclosures import access, actions, letters, rights
from disclosures.models import RightsRequest, RightsReview
from practice.models import Practice, User
from practice.refusals import Refused
from retention.blocks import against
from tests.cast import acting
from tests.clients.conftest import Ask, Lines, text_of
from tests.supervision.consulting import advised_on

pytestmark = pytest.mark.django_db

WORDS = "The line about the cobalt kettle is wrong."
Asked = Callable[..., RightsRequest]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def asked(ana: User, cleo: Client) -> Asked:
    """``asked(kind, …)``: what Cleo asked of Ana across the table, today."""

    def asked(kind: str = "amend", by: User = ana, client: Client = cleo, **more: Any) -> RightsRequest:
        said = {"whom": "client", "name": "Cleo Marchetti", "verified": "Known in person", "words": WORDS, "received_on": today()}
        with acting(by):
            return actions.receive(client, actions.Wish(kind, **(said | more)), practice=Practice.objects.get(), by=by)

    return asked


def decide(row: RightsRequest, by: User, decision: str = "denied", **more: Any) -> None:
    if row.kind == "access" and decision != "granted":
        advised_on("right", row, by)
    with acting(by):
        actions.decide(row, actions.Answer(decision, "We looked at it together.", **more), by=by)


# --- the clocks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "states", "received", "dues"),
    [
        ("electronic", [], "2026-10-05", ["2026-11-04"]),
        ("inspect", ["CA"], "2026-10-05", ["2026-10-12", "2026-11-04"]),
        ("paper", ["CA"], "2026-10-05", ["2026-10-20", "2026-11-04"]),
        ("electronic", ["TX"], "2026-10-05", ["2026-10-26", "2026-11-04"]),
        ("paper", ["TX"], "2026-10-05", ["2026-11-04"]),
        ("inspect", ["NY", "CA"], "2026-10-05", ["2026-10-12", "2026-10-15", "2026-11-04"]),
        ("electronic", [], "2027-01-31", ["2027-03-02"]),
        ("electronic", [], "2028-01-31", ["2028-03-01"]),
    ],
)
def test_rg_1_rg_6_the_earliest_clock_of_access_governs(form: str, states: list[str], received: str, dues: list[str]) -> None:
    running = rights.clocks("access", form, day(received), states=states, flags=[])
    assert [each.due for each in running] == [day(each) for each in dues]
    assert rights.due(running) == day(dues[0])


def test_rg_1_rg_7_rg_15_an_extension_is_as_long_as_the_law_lets_it() -> None:
    (access_clock,) = rights.clocks("access", "paper", day("2026-10-05"), states=[], flags=[])
    assert (access_clock.latest, access_clock.sum) == (day("2026-12-04"), "received 5 Oct 2026 + 30 days")
    (amendment,) = rights.clocks("amend", "", day("2026-10-05"), states=["CA"], flags=[])
    assert (amendment.due, amendment.latest) == (day("2026-12-04"), day("2027-01-03"))
    gdpr = next(each for each in rights.clocks("access", "paper", day("2027-01-31"), states=[], flags=["gdpr"]) if each.rule == "RG-15")
    assert (gdpr.due, gdpr.latest) == (day("2027-02-28"), day("2027-04-30"))


def test_rg_1_more_time_once_within_the_first_days_with_reasons(ana: User, asked: Asked) -> None:
    row, practice = asked("access"), Practice.objects.get()
    with acting(ana), pytest.raises(Refused, match="reasons"):
        actions.extend_rights(row, " ", practice=practice, by=ana)
    with acting(ana), clock.at(clock.now() + datetime.timedelta(days=31)), pytest.raises(Refused, match="first days are over"):
        actions.extend_rights(row, "The archive moves.", practice=practice, by=ana)
    with acting(ana):
        actions.extend_rights(row, "The archive moves.", practice=practice, by=ana)
    assert row.due_on == today() + datetime.timedelta(days=60)
    with acting(ana), pytest.raises(Refused, match="works once"):
        actions.extend_rights(row, "Again.", practice=practice, by=ana)


def test_rg_6_a_states_day_is_not_moved_by_the_federal_extension(ana: User, asked: Asked) -> None:
    Practice.objects.update(states=["CA"])
    row = asked("access", form="paper")
    with acting(ana), pytest.raises(Refused) as refused:
        actions.extend_rights(row, "The archive moves.", practice=Practice.objects.get(), by=ana)
    assert refused.value.rule == "RG-6"
    assert row.due_on == today() + datetime.timedelta(days=15)


# --- the answer -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "answer", "rule"),
    [
        ("access", {"ground": "upsetting"}, "RG-3"),
        ("access", {"ground": "accurate"}, "RG-3"),
        ("access", {}, "RG-3"),
        ("access", {"ground": "endanger"}, "RG-3"),  # nothing said of what it rests on
        ("access", {"ground": "representative", "why": "He was seen waiting."}, "RG-3"),  # the client asks
        ("amend", {"ground": "endanger", "why": "x"}, "RG-8"),
        ("amend", {"ground": "no_time"}, "RG-8"),
        ("contact", {"ground": "no_explanation"}, "CM-1"),
        ("complaint", {}, "RG-16"),
    ],
)
def test_rg_3_rg_8_cm_1_it_is_denied_on_a_ground_of_the_list_or_not_at_all(
    kind: str, answer: dict[str, str], rule: str, ana: User, asked: Asked
) -> None:
    row = asked(kind)
    with pytest.raises(Refused) as refused:
        decide(row, ana, **answer)
    assert refused.value.rule == rule


def test_rg_3_on_judgment_only_a_licensed_professional_denies(ana: User, asked: Asked) -> None:
    row = asked("access")
    ana.credentials = ""
    with pytest.raises(Refused, match="licensed"):
        decide(row, ana, ground="endanger", why="A threat of Tuesday")
    ana.credentials = "LPC-A"
    decide(row, ana, ground="endanger", why="A threat of Tuesday")
    assert RightsRequest.objects.filter(ground="endanger", decided_by=ana).count() == 0  # a stranger's eyes: no door is open
    with acting(ana):
        assert RightsRequest.objects.get(pk=row.pk).why == "A threat of Tuesday"


def test_rg_13_a_representative_is_refused_with_what_it_rests_on(ana: User, asked: Asked) -> None:
    row = asked("access", whom="representative", name="Gus Aldana")
    with pytest.raises(Refused) as refused:
        decide(row, ana, ground="not_treated_as")
    assert refused.value.rule == "RG-13"
    decide(row, ana, ground="not_treated_as", why="The bruise of March")
    assert row.decision == "denied"


def test_rg_10_what_was_paid_in_full_is_withheld_from_the_plan(ana: User, asked: Asked) -> None:
    with pytest.raises(Refused) as refused:
        decide(asked("restrict", paid_in_full=True), ana, ground="not_agreed")
    assert refused.value.rule == "RG-10"
    decide(asked("restrict"), ana, ground="not_agreed")


def test_rg_5_only_a_copy_costs_anything(ana: User, asked: Asked) -> None:
    for row in (asked("amend"), asked("access", form="inspect")):
        with pytest.raises(Refused) as refused:
            decide(row, ana, "granted", fee=5)
        assert refused.value.rule == "RG-5"


def test_rg_4_whoever_denied_it_does_not_review_it(ana: User, sofia: User, asked: Asked, ask: Ask) -> None:
    row = asked("access")
    decide(row, ana, ground="endanger", why="A threat")
    with acting(ana):
        actions.reply(row, "review", "Please look again.", by=ana)
        with pytest.raises(Refused, match="nobody has looked"):
            actions.close_rights(row, "Sent by post.", by=ana)
        with pytest.raises(Refused, match="does not review"):
            actions.review(row, "upheld", "It stands.", by=ana)
    said = {"review-outcome": "overturned", "review-words": "You will have it."}
    assert ask(sofia, "rights_review", said, pk=row.pk).status_code == 302
    with acting(ana):
        actions.close_rights(row, "Copy given on Friday.", by=ana)
        assert RightsReview.objects.get().outcome == "overturned"


def test_rg_4_a_counselor_alone_names_whoever_of_outside_looked(ana: User, asked: Asked) -> None:
    row = asked("access")
    decide(row, ana, ground="another", why="His sister")
    with acting(ana):
        actions.reply(row, "review", "", by=ana)
        actions.review(row, "upheld", "It stands.", reviewer="Dr. Iris Quill, LMFT 4411", by=ana)
        assert RightsReview.objects.get().reviewer == "Dr. Iris Quill, LMFT 4411"


def test_rg_8_rg_9_disagreement_and_amendment_travel_with_later_releases(ana: User, cleo: Client, asked: Asked) -> None:
    denied, granted, silent = asked(), asked(), asked()
    decide(denied, ana, ground="accurate")
    decide(granted, ana, "granted")
    decide(silent, ana, ground="accurate")
    with acting(ana):
        actions.reply(denied, "disagrees", "It was never cobalt.", by=ana)
        assert {*access.travelling(ana, cleo)} == {denied, granted}
        with pytest.raises(Refused, match="said already"):
            actions.reply(denied, "disagrees", "Once more.", by=ana)


def test_the_letter_says_the_ground_and_the_rights_that_follow_and_no_title_names_anybody(ana: User, asked: Asked) -> None:
    row = asked("access")
    decide(row, ana, ground="endanger", why="The slate hatchet remark")
    with acting(ana):
        letter = letters.rights_answer(row, Practice.objects.get())
    (said,) = (line["text"] for line in letter["lines"])
    for needed in ("life or physical safety", "another licensed professional", "Office for Civil Rights", "We looked at it together."):
        assert needed in said
    assert "slate hatchet" not in str(letter)
    assert letter["title"] == "Letter"


def test_an_answer_and_what_is_closed_never_change(ana: User, asked: Asked) -> None:
    row = asked()
    decide(row, ana, "granted")
    for closed, change in ((False, {"decision": "denied", "ground": "accurate"}), (True, {"due_on": today()})):
        if closed:
            with acting(ana):
                actions.close_rights(row, "An addendum of today; the school was told.", by=ana)
        with acting(ana), pytest.raises(DatabaseError), transaction.atomic():
            RightsRequest.objects.filter(pk=row.pk).update(**change)


# --- complaints, the portal, strangers ------------------------------------------------------------------------------------


def test_rg_16_a_complaint_is_the_admins_and_not_the_counselors(
    ana: User, ada: User, cleo: Client, portal_cleo: User, ask: Ask, lines: Lines
) -> None:
    said = {"kind": "complaint", "words": "She was late nine times: the walnut clock says so."}
    ask(portal_cleo, "portal_rights_ask", said, client=cleo.pk)
    with acting(ada):
        row = access.open_rights(ada).get()
        assert "walnut clock" in row.words
    assert "walnut clock" in text_of(ask(ada, "rights_detail", pk=row.pk))
    assert ask(ana, "rights_detail", pk=row.pk).status_code == 404
    assert lines(act="refused", actor_id=ana.pk)
    with acting(ana), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM disclosures_rightsrequest")
        assert cursor.fetchone() == (0,)
    with acting(ada), pytest.raises(Refused, match="not answered yet"):
        actions.close_rights(row, "Done.", by=ada)


def test_in_the_portal_each_sees_what_they_asked_themselves(
    ana: User, mia: Client, gus: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    answer = ask(gus, "portal_rights_ask", {"kind": "access", "words": "All of the umber notebook."}, client=mia.pk)
    assert answer.status_code == 302
    with acting(ana):
        row = access.open_rights(ana).get()
        assert (row.whom, row.name, row.form) == ("representative", "Gus Aldana", "electronic")
    assert "umber notebook" in text_of(ask(gus, "portal_rights", pk=mia.pk))
    assert "umber notebook" not in text_of(ask(portal_cleo, "portal_rights", pk=cleo.pk))
    assert ask(portal_cleo, "portal_rights_say", pk=row.pk).status_code == 404


def test_rg_4_the_client_asks_for_a_review_in_the_portal(ana: User, cleo: Client, portal_cleo: User, ask: Ask, asked: Asked) -> None:
    row = asked("access")
    decide(row, ana, ground="endanger", why="The slate hatchet remark")
    page = text_of(ask(portal_cleo, "portal_rights", pk=cleo.pk))
    assert "We looked at it together." in page
    assert "slate hatchet" not in page
    ask(portal_cleo, "portal_rights_say", {"kind": "review", "words": "Look again."}, pk=row.pk)
    with acting(ana):
        assert access.reviewable_rights(ana).get() == row


def test_cm_2_nobody_has_to_say_why_and_what_was_typed_is_kept(ana: User, cleo: Client, ask: Ask) -> None:
    page = ask(ana, "rights_new", {"kind": "contact", "words": "Post to the \u202eoffice\u202c", "name": ""}, pk=cleo.pk)
    assert page.status_code == 422
    body = text_of(page)
    assert "office" in body
    assert 'name="why"' not in page.content.decode()


def test_the_desk_writes_one_down_and_cannot_read_it(dee: User, ana: User, cleo: Client, ask: Ask) -> None:
    said = {
        "kind": "access", "whom": "client", "name": "Cleo Marchetti", "verified": "Came in", "words": "The indigo pages",
        "form": "paper", "received_on": today().isoformat(),
    }  # fmt: skip
    answer = ask(dee, "rights_new", said, pk=cleo.pk)
    assert answer["Location"] == reverse("client_contacts", kwargs={"pk": cleo.pk})
    with acting(ana):
        row = access.open_rights(ana).get()
    assert "indigo pages" in text_of(ask(ana, "rights_detail", pk=row.pk))
    assert ask(dee, "rights_detail", pk=row.pk).status_code == 404


def test_ret_22_a_request_that_waits_for_its_answer_stands_against_destroying_the_record(asked: Asked, ana: User, cleo: Client) -> None:
    with acting(ana):
        assert "request" not in {block.what for block in against(cleo)}
    asked()
    with acting(ana):
        (said,) = (block.words for block in against(cleo) if block.what == "request")
    assert said == f"Requests of {cleo.code} that are not answered: 1."


def test_rg_14_whoever_settles_the_estate_stands_for_somebody_who_died(asked: Asked, ana: User, cleo: Client) -> None:
    with acting(ana):
        change_status(cleo, "discharged", by=ana, reason="died")
        add_representative(
            cleo, by=ana, relation="executor", name="Marco Marchetti", authority="Letters testamentary of 3 May", since=clock.now()
        )
        (executor,) = [each for each in possible(cleo) if each.named.representative]
        assert executor.named.capacity == Signer.Capacity.REPRESENTATIVE
    assert asked("access", whom="representative", name="Marco Marchetti", form="paper").due_on
