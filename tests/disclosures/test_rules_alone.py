"""The rules of this room without the policies behind them: each row lacks one thing of what the rule asks, beside one that has it all."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from audit.clock import today
from clients import actions as clients
from clients.models import Client
from disclosures import access, actions
from disclosures.models import Consult, Disclosure, ExceptionEvent, LegalProcess, Release, RightsReply, RightsRequest, Sending, Suspension
from practice.models import User
from records.models import Note
from tests.cast import acting
from tests.unhidden import asked, unhidden

from .conftest import Recorded
from .releasing import begun, packed
from .serving import served
from .test_rules_releases import TREATMENT, no_press

__all__ = ["no_press", "unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

DAY = datetime.timedelta(days=1)


# --- the accounting -----------------------------------------------------------------------------------------------------


def entry(client: Client, by: User, basis: str = "oversight", excluded: str = "", whom: bytes | None = b"a token") -> Any:
    said = {"recipient": "The Marigold Board", "description": "Dates", "purpose": "An audit", "whom": whom}
    with acting(by):
        row = Disclosure(client=client, on=today(), basis=basis, excluded=excluded, accountable=not excluded, made_by=by, **said)
        row.save(force_insert=True)
    return row.pk


def test_acc_1_the_client_is_shown_the_accounting_and_what_they_allowed_and_no_more(cleo: Client, ana: User, portal_cleo: User) -> None:
    board, allowed = entry(cleo, ana), entry(cleo, ana, "authorization", "authorization")
    entry(cleo, ana, "treatment", "tpo")
    assert asked(access.own_disclosures, portal_cleo) == {board, allowed}


def test_acc_7_an_agency_can_have_kept_out_what_names_it_rests_on_such_a_basis_and_stands(
    recorded: Recorded, cleo: Client, ana: User
) -> None:
    wrong = recorded()
    stands = entry(cleo, ana)
    entry(cleo, ana, whom=None)
    entry(cleo, ana, "treatment", "tpo")
    with acting(ana):
        actions.take_back(wrong, "It went to nobody.", by=ana)
    assert asked(access.suspendable_disclosures, ana, cleo) == {stands}
    assert asked(access.reversible_disclosures, ana) > {stands}
    assert not asked(access.reversible_disclosures, ana) & {each.pk for each in Disclosure.objects.filter(reverses=wrong)}


def suspended(client: Client, by: User, whom: bytes, since: int = -2, until: int = 2, **more: Any) -> None:
    """An agency stated it ``since`` days from today, ``until`` then."""
    days = {"stated_on": today() + since * DAY, "until": today() + until * DAY}
    with acting(by):
        words = {"agency": "The Marigold Board", "official": "Officer 12", "words": "It is in our way.", "written": True}
        Suspension.objects.create(client=client, whom=whom, recorded_by=by, **words, **(days | more))


def test_acc_7_what_an_agency_had_kept_out_is_left_out_while_that_runs_of_that_client_and_of_such_a_basis(
    cleo: Client, mia: Client, ana: User
) -> None:
    suspended(cleo, ana, b"runs")
    suspended(cleo, ana, b"ended", ended_at=clock.now(), ended_by=ana)
    suspended(cleo, ana, b"ahead", since=1)
    suspended(cleo, ana, b"over", since=-4, until=-1)
    suspended(mia, ana, b"of another")
    entry(cleo, ana, whom=b"runs")
    shown = {entry(cleo, ana, whom=whom) for whom in (b"ended", b"ahead", b"over", b"of another", b"nothing")}
    shown.add(entry(cleo, ana, "research", whom=b"runs"))
    assert asked(lambda user: access.accountable([cleo.pk], today(), today(), user), ana) == shown


# --- releases -----------------------------------------------------------------------------------------------------------


def test_a_package_is_found_with_its_own_release(cleo: Client, ana: User, signed: Note) -> None:
    rows = [begun(cleo, ana, **TREATMENT) for _ in range(2)]
    made = [packed(row, ana, notes=[str(signed.pk)]).pk for row in rows]
    with acting(ana):
        found = [access.package_of(ana, row) for row in rows]
    assert [each and each.pk for each in found] == made


def test_attack_82_a_link_opens_by_the_grants_of_whoever_sent_it_and_of_no_colleague(
    cleo: Client, ana: User, ben: User, signed: Note
) -> None:
    row = begun(cleo, ana, **TREATMENT)
    packed(row, ana, notes=[str(signed.pk)])
    with acting(ana):
        clients.assign(cleo, ben, by=ana)
        actions.send_link(row, days=3, most=2, mail="osei@clinic.test", by=ana)
    sent = Sending.objects.get()
    assert asked(access.stoppable, ben) == {sent.pk}
    assert (asked(access.fetchable, ana, sent.link), asked(access.fetchable, ben, sent.link)) == ({sent.pk}, set())


def test_rec_1_a_release_of_psychotherapy_notes_is_its_makers_alone(cleo: Client, ana: User, sofia: User) -> None:
    plain, apart = (begun(cleo, ana, **TREATMENT).pk for _ in range(2))
    with acting(ana):
        assert Release.objects.filter(pk=apart).update(apart=True)
    assert (asked(access.releases, ana), asked(access.releases, sofia)) == ({plain, apart}, {plain})


def test_a_paper_that_is_over_is_read_and_not_worked_on(cleo: Client, ana: User) -> None:
    open_one, over = (served(cleo, ana).pk for _ in range(2))
    with acting(ana):
        assert LegalProcess.objects.filter(pk=over).update(state="closed", outcome=LegalProcess.Outcome.values[0], closed_at=clock.now())
    assert asked(access.processes, ana) == {open_one, over}
    assert asked(access.open_processes, ana) == {open_one}


# --- what clients ask ---------------------------------------------------------------------------------------------------


def wish(client: Client, by: User, *said: RightsReply.Kind, decision: str = "", kind: str = "amend", **more: Any) -> Any:
    """What ``client`` asked; ``said`` of it later."""
    given: dict[str, Any] = {"whom": "client", "name": "Cleo", "verified": "Known", "words": "A line.", "received_on": today()}
    if decision:
        given |= {"decision": decision, "answer": "We looked.", "ground": "accurate", "decided_on": today(), "decided_by": by}
    with acting(by):
        row = RightsRequest.objects.create(client=client, kind=kind, due_on=today() + 30 * DAY, recorded_by=by, **(given | more))
        for each in said:
            RightsReply.objects.create(request=row, client=client, kind=each, words="I say so.", recorded_by=by)
    return row.pk


def test_what_was_withdrawn_waits_for_nobody_and_only_what_was_answered_has_a_letter(cleo: Client, ana: User, portal_cleo: User) -> None:
    said = RightsReply.Kind
    waits, withdrawn, answered = wish(cleo, ana, said.REVIEW), wish(cleo, ana, said.WITHDRAWN), wish(cleo, ana, decision="denied")
    assert asked(access.open_rights, ana) == {waits, answered}
    assert asked(access.own_rights, portal_cleo) == {waits, withdrawn, answered}
    assert asked(access.own_answered_rights, portal_cleo) == {answered}


def test_what_was_asked_is_shown_to_the_client_as_asked_for_themselves_and_to_whoever_else_wrote_it(
    cleo: Client, mia: Client, ana: User, portal_cleo: User, gus: User
) -> None:
    others = {"whom": "representative"}
    rows = {client: (wish(client, ana), wish(client, ana, **others), wish(client, ana, **others, asker=gus)) for client in (cleo, mia)}
    assert asked(access.own_rights, portal_cleo) == {rows[cleo][0]}
    assert asked(access.own_rights, gus) == {rows[mia][2]}


def test_rg_8_and_rg_9_amendments_that_were_granted_or_disagreed_about_travel_and_nothing_else(cleo: Client, ana: User) -> None:
    said = RightsReply.Kind
    travels = {wish(cleo, ana, decision="granted"), wish(cleo, ana, said.DISAGREES, decision="denied")}
    for kind, decision, replies in (("amend", "denied", [said.REVIEW]), ("amend", "denied", []), ("access", "granted", [])):
        wish(cleo, ana, *replies, decision=decision, kind=kind)
    assert asked(access.travelling, ana, cleo) == travels


# --- exceptions ---------------------------------------------------------------------------------------------------------


def test_su_7_a_supervisor_is_asked_about_what_they_have_not_answered_and_is_not_over(cleo: Client, ana: User, sofia: User) -> None:
    rows = []
    with acting(ana):
        for answered in (None, clock.now(), None):
            event = ExceptionEvent.objects.create(
                client=cleo, kind="child_abuse", learned_at=clock.now(), facts="Marks.", source="He said it", opened_by=ana
            )
            rows.append(Consult.objects.create(event=event, client=cleo, asked=sofia, asked_by=ana, question="Now?", answered_at=answered))
        over = {"decision": "report", "decided_at": clock.now(), "told": "after", "closed_at": clock.now()}
        assert ExceptionEvent.objects.filter(pk=rows[2].event_id).update(**over)
    assert asked(access.consults_asked, sofia) == {rows[0].pk}
