"""What waits for staff, and what stands beside a signer's name: each condition of these rules beside a row that does come through."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client
from consent import access, actions, law
from consent.actions.asking import Named
from consent.models import NoticeDelivery, Packet, Request, Signer, Version
from practice.models import User
from tests.cast import acting

from .papers import asked, form_in_force, signed_by
from .releases import replacing
from .test_rules_authority import Capacity, no_press, standing_for

__all__ = ["no_press"]

DAY = datetime.timedelta(days=1)


def requests(rule: object, user: User) -> set[Request]:
    with acting(user):
        return {*rule(user)}  # type: ignore[operator]  # a rule of access


# --- queues -------------------------------------------------------------------------------------------------------------


def test_ic_37_what_was_asked_anew_in_vain_ends_all_the_same(cleo: Client, ana: User, portal_cleo: User) -> None:
    renewed, forgotten = (asked(cleo, ana, form_in_force()) for _ in range(2))
    for former in (renewed, forgotten):
        signed_by(portal_cleo, former)
    with acting(ana):
        end = Request.objects.get(pk=renewed.pk).until
    assert end
    with clock.at(end - 20 * DAY):
        assert requests(access.expiring, ana) == {renewed, forgotten}
        asked(cleo, ana, renewed.wording, sending=replacing(renewed))
        in_vain = asked(cleo, ana, forgotten.wording, sending=replacing(forgotten))
        assert requests(access.expiring, ana) == set()
        with acting(ana):
            actions.cancel(in_vain, by=ana)
        assert requests(access.expiring, ana) == {forgotten}


def test_what_the_practice_took_back_has_not_come_back(cleo: Client, ana: User, portal_cleo: User) -> None:
    signed, declined, cancelled, withdrawn = (asked(cleo, ana, form_in_force()) for _ in range(4))
    signed_by(portal_cleo, signed)
    signature = signed_by(portal_cleo, withdrawn)
    with acting(portal_cleo):
        actions.decline(access.own_signers(portal_cleo).get(request=declined), by=portal_cleo)
        actions.withdraw(signature.signer, by=portal_cleo)
    with acting(ana):
        actions.cancel(cancelled, by=ana)
    assert requests(access.returned, ana) == {signed, declined}


def test_npp_2_one_more_try_is_for_those_who_are_still_here_and_the_front_desk_makes_it_too(
    cleo: Client, mia: Client, ana: User, dee: User, ben: User, sofia: User
) -> None:
    """Whoever supervises does not; a notice of a client that is gone waits no more."""
    notice, now = form_in_force("notice", title="Notice"), clock.now()
    with clock.at(now - (law.notice_days() + 1) * DAY), acting(ana):
        told = actions.Delivery("refused", "paper", effort="Called twice.", reason="No answer.")
        rows = {client: actions.record_notice(client, notice, told, by=ana) for client in (cleo, mia)}
    everybody = (ana, dee, ben, sofia)
    assert [waits(user) for user in everybody] == [{*rows.values()}, {*rows.values()}, set(), set()]
    with acting(ana):
        clients.change_status(mia, Client.Status.DISCHARGED, by=ana, reason="Moved away.")
    assert [waits(user) for user in everybody] == [{rows[cleo]}, {rows[cleo]}, set(), set()]


def waits(user: User) -> set[NoticeDelivery]:
    with acting(user):
        return {*access.notices_to_give(user)}


def test_npp_3_what_came_last_of_a_client_counts(cleo: Client, mia: Client, ana: User) -> None:
    notice, now = form_in_force("notice", title="Notice"), clock.now()
    put_off = actions.Delivery("emergency", "paper", reason="They were brought to hospital.")
    with clock.at(now - DAY), acting(ana):
        rows = {client: actions.record_notice(client, notice, put_off, by=ana) for client in (cleo, mia)}
    assert waits(ana) == {*rows.values()}
    with acting(ana):
        actions.record_notice(cleo, notice, actions.Delivery("acknowledged", "paper"), by=ana)
    assert waits(ana) == {rows[mia]}


# --- beside a signer's name ---------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Family:
    """Of one paper: Mia, whose question waits; her mother, whose question was answered; her father, who said no."""

    mia: Signer
    mother: Signer
    father: Signer


@pytest.fixture
def family(mia: Client, ana: User) -> Family:
    both = [Named(mia, Capacity.GUARDIAN, standing_for(mia, name, ana)) for name in ("Rosa", "Otis")]
    paper = asked(mia, ana, form_in_force(), Named(mia, Capacity.ASSENT), *both, rule="any")
    with acting(ana):
        named = {signer.representative_id: signer for signer in paper.signers.all()}
        found = Family(named[None], *(named[each.representative.pk] for each in both if each.representative))
        for signer in (found.mia, found.mother):
            actions.present(signer, by=ana)
            question = actions.ask_question(signer, "limits", "Who reads the violet ledger?", by=ana)
        actions.answer(question, "Nobody else.", by=ana)
        actions.decline(found.father, by=ana)
    return found


def test_ic_21_each_signer_is_held_by_their_own_open_question_and_shown_their_own_no(family: Family, ana: User) -> None:
    with acting(ana):
        found = {row.pk: row for row in access.standing(Signer.objects.filter(request=family.mia.request_id))}
        said = [(row.asks, row.answered, row.said_no) for row in (found[each.pk] for each in (family.mia, family.mother, family.father))]  # type: ignore[attr-defined]  # by standing
        assert said == [(True, False, False), (False, True, False), (False, False, True)]
        assert [access.unanswered(each) for each in (family.mia, family.mother, family.father)] == [True, False, False]


# --- what a new client is sent ------------------------------------------------------------------------------------------


def packet(name: str, kind: str, *versions: Version) -> None:
    actions.begin_packet(name, [kind], [each.form for each in versions], by=None)


def test_what_is_proposed_is_the_packet_for_such_clients_without_what_they_were_asked_under_either_row(
    cleo: Client, mia: Client, twin: Client, ana: User
) -> None:
    first, again, others, minors = versions = [form_in_force(title=title) for title in ("First", "Again", "Others", "Minors")]
    with acting(ana):
        assert access.unasked(cleo, versions, ana) == []  # there is no packet for anybody
        packet("A: minors", Client.Kind.MINOR, minors)
        packet("B: adults", Client.Kind.ADULT, first, again, others)
        assert Packet.objects.count() == 2
    asked(twin, ana, first)
    in_vain = asked(cleo, ana, again)
    asked(mia, ana, others)
    with acting(ana):
        actions.cancel(in_vain, by=ana)
        assert access.unasked(cleo, versions, ana) == [again, others]
        assert access.unasked(mia, versions, ana) == [minors]
