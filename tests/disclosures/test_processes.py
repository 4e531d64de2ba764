"""Legal process: every move from every state, what allows an answer and what does not, letters that name nobody (LP-1 to LP-7)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from clients import actions as clients
from clients.models import Client
from consent import access as consents
from consent import actions as consent
from disclosures import access, actions
from disclosures.law import process as law
from disclosures.law.process import Scope
from disclosures.models import Disclosure, LegalProcess, LegalReply, LegalStep
from practice.models import Practice, User
from practice.refusals import Refused
from records.models import Note
from review.access import portal_lines
from tests.cast import acting
from tests.clients.conftest import Ask

from .releasing import allowed, begun, handed, packed
from .serving import DATES, ORDER, answering, assured, logged, ordered, served, told

State = LegalProcess.State
NOTES = Scope(("progress_notes", "session_dates"))
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("disclosures.packing.pdf.press", lambda name, data: b"%PDF quick")


def rule(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.todo  # what to do next
    return refused.value.rule


# --- a case ---------------------------------------------------------------------------------------------------------------

BRINGS: dict[str, Callable[[LegalProcess, User], Any]] = {
    "logged": lambda row, by: actions.log_process(row, actions.Logged("9", "US", False, "Dates", NOTES), by=by),
    "validated": lambda row, by: actions.validate_process(row, "Called", practice=Practice.objects.get(), by=by),
    "notified": lambda row, by: actions.tell_of_process(row, actions.ToldOf("In session"), by=by),
    "privilege": lambda row, by: actions.assert_privilege(row, "For her", by=by),
    "motion": lambda row, by: actions.note_motion(row, "To quash", by=by),
    "authorized": lambda row, by: actions.authorize_answer(row, "assurance", "", practice=Practice.objects.get(), by=by),
    "ordered": lambda row, by: actions.order_answer(row, actions.Ordered(NOTES, ORDER), by=by),
    "responded": lambda row, by: actions.respond(row, "Sent", by=by),
    "closed": lambda row, by: actions.close_process(row, "refused", "Over", by=by),
}
REPEATED = {("logged", "logged"), *((state, "notified") for state in ("notified", "privilege", "motion", "authorized", "ordered"))}


def in_state(client: Client, by: User, state: str) -> LegalProcess:
    """A subpoena with assurance, in ``state``."""
    row = served(client, by, "subpoena_attorney")
    with acting(by):
        for each in {"served": [], "closed": ["closed"]}.get(state, ["logged", "validated", "notified"]):
            BRINGS[each](row, by)
            if each == state:
                break
        if row.state == "notified":
            actions.assure(row, actions.Assured("qpo", "Theirs", protected_on=clock.today() - DAY), by=by)
            actions.consult_counsel(row, "Our lawyer", "Yes", by=by)
        if state == "responded":
            BRINGS["privilege"](row, by)
            actions.reply_to(row, "objection", "Lawyer Quill", by=by)
        if row.state != state:
            BRINGS[state](row, by)
    assert row.state == state
    return row


def test_section_9_every_move_from_every_state_is_the_one_that_is_written_or_is_refused(cleo: Client, ana: User) -> None:
    for now in State.values:
        row = in_state(cleo, ana, now)
        for then, bring in BRINGS.items():
            expected = then in law.MOVES[now] or (now, then) in REPEATED
            with acting(ana), transaction.atomic():
                fresh = LegalProcess.objects.get(pk=row.pk)
                if now != "closed" and then == "responded" and expected and now in ("authorized", "ordered"):
                    assert rule(lambda bring=bring, fresh=fresh: bring(fresh, ana)) == "LP-1"  # type: ignore[misc]  # nothing was sent
                elif then == "responded" and expected:
                    with pytest.raises(Refused) as refused:
                        bring(fresh, ana)
                    assert refused.value.rule == "LP-5"  # no letter objects
                elif expected:
                    bring(fresh, ana)
                else:
                    with pytest.raises(Refused):
                        bring(fresh, ana)
                transaction.set_rollback(True)


def test_section_9_the_database_refuses_a_move_that_is_not_written(cleo: Client, ana: User) -> None:
    row = told(cleo, ana)
    with acting(ana):
        for state, more in (("served", {}), ("responded", {}), ("ordered", {})):
            with pytest.raises(DatabaseError), transaction.atomic():
                LegalProcess.objects.filter(pk=row.pk).update(state=state, **more)
        with pytest.raises(DatabaseError), transaction.atomic():  # what was served stays as it was validated
            LegalProcess.objects.filter(pk=row.pk).update(place="WA")
        with pytest.raises(DatabaseError), transaction.atomic():  # LP-4: nobody was told, and nothing forbids it
            LegalProcess.objects.filter(pk=row.pk).update(client_notified_at=None)
        assert [step.title for step in row.steps.order_by("made_at")] == ["Served", "Logged", "Validated", "Client told"]
        with pytest.raises(DatabaseError), transaction.atomic():
            LegalStep.objects.filter(process=row).delete()


def test_lp_2_worked_case_a_a_lawyers_subpoena_without_assurance_is_refused_until_the_day_after(
    cleo: Client, ana: User, signed: Note
) -> None:
    day = datetime.datetime(2026, 11, 16, 17, tzinfo=datetime.UTC)
    with clock.at(day):
        row = told(cleo, ana, "subpoena_attorney", served_at=day)
        with acting(ana):
            actions.consult_counsel(row, "Our lawyer", "Not without assurance.", by=ana)
            assert rule(lambda: BRINGS["authorized"](row, ana)) == "LP-2"
            actions.assure(row, actions.Assured("notice", "Their letter to her", day.date(), 14), by=ana)
            assert rule(lambda: BRINGS["authorized"](row, ana)) == "LP-2"
    with clock.at(day + 14 * DAY), acting(ana):
        assert rule(lambda: BRINGS["authorized"](row, ana)) == "LP-2"
    with clock.at(day + 15 * DAY):
        with acting(ana):
            BRINGS["authorized"](row, ana)
        release = begun(cleo, ana, **answering(row, "subpoena"))
        assert release.details["assured"] == (
            "Their letter to her; notice of 16 Nov 2026 + 14 days = 30 Nov 2026; it may be answered from 1 Dec 2026"
        )


def test_lp_1_worked_case_b_an_order_for_dates_of_treatment_and_a_note_is_refused(
    cleo: Client, ana: User, sofia: User, signed: Note
) -> None:
    row = begun(cleo, ana, **answering(ordered(cleo, ana)))
    assert rule(lambda: packed(row, ana, notes=[str(signed.pk)], sessions=True)) == "LP-1"
    packed(row, ana, sessions=True)
    look(row, sofia)
    handed(row, ana)
    with acting(ana):
        entry = Disclosure.objects.get()
        assert (entry.basis, entry.in_portal, entry.details["ordered"]) == ("court_order", True, f"{ORDER}: dates and length of sessions")
        assert access.answers_to(ana, row.process).get() == row  # type: ignore[arg-type]  # it answers one


def look(row: Any, by: User) -> None:
    with acting(by):
        actions.look(access.lookable_releases(by).get(pk=row.pk), "", passed=True, by=by)


def test_lp_1_only_the_days_that_the_order_names(cleo: Client, ana: User, signed: Note) -> None:
    future = Scope(("progress_notes", "session_dates"), first=datetime.date(2099, 1, 1))
    row = begun(cleo, ana, **answering(ordered(cleo, ana, future)))
    assert rule(lambda: packed(row, ana, notes=[str(signed.pk)])) == "LP-1"


def test_rec_4_and_lp_3_an_order_that_names_psychotherapy_notes_carries_them_and_a_subpoena_never(
    cleo: Client, ana: User, psychotherapy: Note
) -> None:
    named = begun(cleo, ana, **answering(ordered(cleo, ana, Scope(("psychotherapy_notes",))), apart=True))
    packed(named, ana, notes=[str(psychotherapy.pk)])
    handed(named, ana)
    assert rule(lambda: begun(cleo, ana, **answering(ordered(cleo, ana), apart=True))) == "LP-1"  # it does not name them
    assert rule(lambda: assured(cleo, ana, Scope(("psychotherapy_notes",)))) == "LP-3"
    warrant = ordered(cleo, ana, Scope(("psychotherapy_notes",)), "warrant")
    assert rule(lambda: begun(cleo, ana, **answering(warrant, "warrant", apart=True))) == "LP-3"


def test_lp_6_a_part_2_program_needs_the_order_of_subpart_e_and_a_subpoena(cleo: Client, ana: User, signed: Note) -> None:
    Practice.objects.update(is_part2_program=True)
    assert rule(lambda: begun(cleo, ana, **answering(ordered(cleo, ana, NOTES)))) == "LP-6"
    row = begun(cleo, ana, **answering(ordered(cleo, ana, NOTES, part2="2.64", mandate=True)))
    packed(row, ana, notes=[str(signed.pk)])
    with acting(ana):
        assert rule(lambda: actions.hand_over(row, "By post", by=ana)) == "LP-6"  # 2.63
        assert rule(lambda: ordered(cleo, ana, mandate=True)) == "LP-6"


def test_lp_5_nothing_is_released_from_logged_and_a_basis_of_its_own_is_no_way_round(cleo: Client, ana: User) -> None:
    row = logged(cleo, ana)
    assert rule(lambda: begun(cleo, ana, **answering(row))) == "LP-5"
    assert rule(lambda: begun(cleo, ana, **answering(row) | {"process": None})) == "LP-1"
    assert rule(lambda: begun(cleo, ana, **answering(ordered(cleo, ana), "subpoena"))) == "LP-1"  # it is an order


def test_section_19_an_order_that_is_quashed_between_packing_and_sending_stops_it_and_a_link(cleo: Client, ana: User, sofia: User) -> None:
    paper = ordered(cleo, ana)
    row = begun(cleo, ana, **answering(paper))
    packed(row, ana, sessions=True)
    look(row, sofia)
    with acting(ana):
        linked = actions.send_link(row, days=3, most=2, mail="", by=ana)
        secret = linked.url.rstrip("/").rsplit("/", 1)[-1]
    assert actions.fetch(secret, linked.words, allowed=True)
    with acting(ana):
        actions.note_motion(paper, "Stayed by Judge Teal", by=ana)
        assert "LP-4" in {check.rule for check in actions.everything(row, ana) if not check.ok}
    assert actions.fetch(secret, linked.words, allowed=True) is None
    with acting(ana):
        actions.order_answer(paper, actions.Ordered(Scope(("attendance",)), "Narrowed"), by=ana)
        assert "LP-1" in {check.rule for check in actions.everything(row, ana) if not check.ok}  # packed before that
        actions.close_process(paper, "quashed", "Set aside", by=ana)
    assert actions.fetch(secret, linked.words, allowed=True) is None


def test_lp_4_where_telling_is_forbidden_the_client_does_not_read_it_in_the_accounting(
    cleo: Client, ana: User, sofia: User, portal_cleo: User
) -> None:
    paper = logged(cleo, ana, "warrant")
    with acting(ana):
        actions.validate_process(paper, "Called the clerk", practice=Practice.objects.get(), by=ana)
        assert rule(lambda: actions.tell_of_process(paper, actions.ToldOf(" ", prohibited=True), by=ana)) == "LP-4"
        actions.tell_of_process(paper, actions.ToldOf("The order of 3 May, no. 4", prohibited=True), by=ana)
        actions.order_answer(paper, actions.Ordered(DATES), by=ana)
    row = begun(cleo, ana, **answering(paper, "warrant"))
    packed(row, ana, "The days alone.", sessions=True)
    look(row, sofia)
    handed(row, ana)
    with acting(ana):
        assert Disclosure.objects.get().in_portal is False
        actions.respond(paper, "Sent", by=ana)
        actions.close_process(paper, "answered", "The days of May.", by=ana)
    with acting(portal_cleo):
        assert not access.own_disclosures(portal_cleo).exists()


def test_lp_7_and_the_three_part_test_hold_up_validation(cleo: Client, ana: User) -> None:
    Practice.objects.update(states=["OR"])
    with acting(ana):
        abroad, request = (logged(cleo, ana, kind, place="WA") for kind in ("subpoena_attorney", "admin_request"))
        assert rule(lambda: BRINGS["validated"](abroad, ana)) == "LP-7"
        assert rule(lambda: BRINGS["validated"](request, ana)) == "LP-1"
        practice = Practice.objects.get()
        actions.validate_process(abroad, "Called", practice=practice, by=ana, domesticated_on=clock.today() - DAY)
        assert abroad.state == State.VALIDATED


def test_lp_2_the_clients_own_authorization_lets_a_subpoena_be_answered_and_its_withdrawal_stops_that(
    cleo: Client, ana: User, portal_cleo: User, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))
    paper = told(cleo, ana, "subpoena_attorney", NOTES)
    with acting(ana):
        assert rule(lambda: actions.authorize_answer(paper, "authorization", "", practice=Practice.objects.get(), by=ana)) == "AU-3"
    request = allowed(cleo, ana, portal_cleo)
    with acting(ana):
        actions.authorize_answer(paper, "authorization", "She signed", practice=Practice.objects.get(), by=ana)
    page = ask(ana, "release_begin", query=f"?process={paper.pk}", pk=cleo.pk).content.decode()
    assert f"&amp;process={paper.pk}" in page
    assert "?basis=" not in page
    row = begun(cleo, ana, request, process=paper)
    assert packed(row, ana, sessions=True).release == row
    with acting(portal_cleo):
        consent.withdraw(consents.own_signers(portal_cleo).get(request=request), by=portal_cleo)
    with acting(ana):
        assert rule(lambda: actions.hand_over(row, "By post", by=ana)) == "AU-6"


# --- letters --------------------------------------------------------------------------------------------------------------


def test_lp_5_before_validation_there_is_one_letter_and_it_names_nobody(cleo: Client, ana: User) -> None:
    row = logged(cleo, ana)
    with acting(ana):
        assert [reply.key for reply in actions.offered_replies(row, ana)] == ["neutral"]
        for kind in ("assurance", "objection", "answer"):
            assert rule(lambda kind=kind: actions.reply_to(row, kind, "Lawyer Quill", by=ana)) == "LP-5"  # type: ignore[misc]  # bound now
        assert rule(lambda: actions.reply_to(row, "neutral", "The lawyer of Cleo M.", by=ana)) == "LP-5"
        reply = actions.reply_to(row, "neutral", "Lawyer Quill", by=ana)
        assert "neither confirm nor deny" in reply.body
        from disclosures.letters import process_reply  # the letter as it is pressed

        assert not re.search(f"cleo|marchetti|{cleo.code}", str(process_reply(reply, Practice.objects.get())), re.IGNORECASE)
        forged = LegalReply(process=row, client=cleo, kind="objection", to="x", body="x", made_by=ana)
        with pytest.raises(DatabaseError), transaction.atomic():
            forged.save(force_insert=True)


def test_lp_5_a_number_that_is_called_by_its_parties_stays_out_of_the_letter(cleo: Client, ana: User) -> None:
    row = logged(cleo, ana)
    with acting(ana):
        actions.log_process(row, actions.Logged("Quill v. MARCHETTI", "US", False, "Dates", DATES), by=ana)
        assert "archetti" not in actions.reply_to(row, "neutral", "Lawyer Quill", by=ana).body.lower()


# --- who ------------------------------------------------------------------------------------------------------------------


def test_nobody_else_sees_a_paper_its_steps_or_letters(
    request: pytest.FixtureRequest, cleo: Client, ana: User, portal_cleo: User, ask: Ask
) -> None:
    assert ask(ana, "process_list", pk=cleo.pk).status_code == 200
    assert ask(ana, "process_new", pk=cleo.pk).status_code == 200
    row = logged(cleo, ana)
    with acting(ana):
        actions.reply_to(row, "neutral", "Lawyer Quill", by=ana)
        assert "Quill" not in str(LegalProcess.objects.values().get())
    for name in ("portal_cleo", "ben", "dee", "ada", "lena"):
        person = request.getfixturevalue(name)
        with acting(person):
            for model in (LegalProcess, LegalStep, LegalReply):
                assert not model.objects.exists()  # type: ignore[attr-defined]  # each has them
            assert not access.processes(person).exists()
    with acting(portal_cleo):
        told = portal_lines(portal_cleo).values_list("what", "part")
        assert not [line for line in told if "disclosures" in line[0] or "process" in line[1]]


def test_a_denied_counselor_is_out_of_it_at_once(cleo: Client, ana: User, sofia: User) -> None:
    row = logged(cleo, ana)
    with acting(sofia):
        assert access.processes(sofia).get() == row
        assert not access.open_processes(sofia).exists()  # who supervises reads
    with acting(ana):
        clients.deny(cleo, sofia, by=ana, reason="a sister of the plaintiff")
    with acting(sofia):
        assert not access.processes(sofia).exists()


def test_it_goes_its_way_on_one_page(cleo: Client, ana: User, ask: Ask) -> None:
    said = {"kind": "subpoena_attorney", "issuer": "Lawyer Quill", "served_how": "By mail", "served_at": "2026-11-16T09:00"}
    answer = ask(ana, "process_new", said | {"served_at": "2099-01-01T09:00"}, pk=cleo.pk)
    assert (answer.status_code, "that is over" in answer.content.decode()) == (422, True)
    assert ask(ana, "process_new", said, pk=cleo.pk).status_code == 302
    with acting(ana):
        row = access.waiting_processes(ana).get()
    log = {"number": "Case 9", "place": "US", "words": "The complete file", "kinds": ["session_dates"]}
    page = ask(ana, "process_log", log | {"words": "The \x00 complete file"}, pk=row.pk)
    assert (page.status_code, "not even whether somebody is a client" in page.content.decode()) == (422, True)
    assert 'name="csrfmiddlewaretoken" value=""' not in page.content.decode()
    assert ask(ana, "process_log", log, pk=row.pk).status_code == 302
    assert ask(ana, "process_validate", {"how": "Called the clerk"}, pk=row.pk).status_code == 302
    page = ask(ana, "process_detail", pk=row.pk).content.decode()
    assert "dates and length of sessions" in page.split("client-text")[2]
    assert ask(ana, "process_tell", {"words": "In session", "position": "objects"}, pk=row.pk).status_code == 302
    assert ask(ana, "process_consult", {"whom": "Our lawyer", "advice": "Object"}, pk=row.pk).status_code == 302
    notice = {"assurance": "notice", "words": "Their letter", "notice_on": "2026-11-16", "days": "14"}
    assert ask(ana, "process_assure", notice, pk=row.pk).status_code == 302
    refused = ask(ana, "process_authorize", {"stands_on": "assurance", "words": "The dotted line"}, pk=row.pk)
    assert refused.status_code == 422
    for shown in ("LP-2", "The dotted line", "30 Nov 2026"):
        assert shown in refused.content.decode()


def test_the_later_steps_are_sent_from_its_page(cleo: Client, ana: User, ask: Ask) -> None:
    row = told(cleo, ana, "subpoena_attorney")
    assert ask(ana, "process_privilege", {"words": "For her"}, pk=row.pk).status_code == 302
    assert ask(ana, "process_motion", {"words": "To quash"}, pk=row.pk).status_code == 302
    assert ask(ana, "process_reply", {"kind": "objection", "to": "Lawyer Quill"}, pk=row.pk).status_code == 302
    assert ask(ana, "process_order", {"ruling": ORDER, "kinds": ["attendance"]}, pk=row.pk).status_code == 302
    refused = ask(ana, "process_respond", {"words": "Sent"}, pk=row.pk)
    assert (refused.status_code, "LP-1" in refused.content.decode()) == (422, True)
    assert f"?process={row.pk}" in refused.content.decode()
    assert ask(ana, "process_close", {"outcome": "withdrawn", "words": "By letter"}, pk=row.pk).status_code == 302
    assert ask(ana, "process_close", {"outcome": "withdrawn", "words": "By letter"}, pk=row.pk).status_code == 404
    with acting(ana):
        assert not access.waiting_processes(ana).exists()
    assert "Dates of treatment" not in ask(ana, "process_all").content.decode()


def test_a_release_shows_the_paper_it_answers_and_the_list_of_bases_leads_to_papers(cleo: Client, ana: User, ask: Ask) -> None:
    page = ask(ana, "release_begin", pk=cleo.pk).content.decode()
    assert "?basis=court_order" not in page
    assert "Write it down first" in page
    assert "On what does it rest?" in ask(ana, "release_begin", query="?basis=subpoena", pk=cleo.pk).content.decode()
    row = ordered(cleo, ana)
    page = ask(ana, "release_begin", query=f"?process={row.pk}", pk=cleo.pk).content.decode()
    assert 'value="Lawyer Quill"' in page
    said = {"asked": "By order", "verified": "Rang", "recipient": "The court", "purpose": "Case 9"}
    assert ask(ana, "release_begin", said, f"?process={row.pk}", pk=cleo.pk).status_code == 302
    with acting(ana):
        made = access.answers_to(ana, row).get()
    assert str(row.pk) in ask(ana, "release_choose", pk=made.pk).content.decode()
    assert str(made.pk) in ask(ana, "process_detail", pk=row.pk).content.decode()
    assert ask(ana, "release_begin", query="?process=nonsense", pk=cleo.pk).status_code == 200
