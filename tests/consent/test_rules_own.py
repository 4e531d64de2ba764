"""What waits for a signer's hand and what they have signed, without the policies behind the rules: each row lacks one thing."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client
from consent import access, actions
from consent.actions.asking import Named, Sending
from consent.models import Question, Request, Signer
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person
from tests.unhidden import asked as found_by
from tests.unhidden import unhidden

from .papers import asked, form_in_force, given, signed_by
from .test_rules_authority import Capacity, no_press, standing_for
from .test_rules_unhidden import stands_for

__all__ = ["no_press", "unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

DAY = datetime.timedelta(days=1)


def test_what_is_signed_taken_back_or_past_its_day_is_not_there_to_be_signed(cleo: Client, ana: User, portal_cleo: User) -> None:
    soon = clock.now() + DAY
    waits, signed, cancelled = (asked(cleo, ana, form_in_force()) for _ in range(3))
    late = asked(cleo, ana, form_in_force(), sending=Sending(reply_by=soon))
    signed_by(portal_cleo, signed)
    with acting(ana):
        actions.cancel(cancelled, by=ana)
    papers = {request.signers.get().pk: request.pk for request in (waits, signed, cancelled, late)}
    assert found_by(access.own_signers, portal_cleo) == {*papers}
    with clock.at(soon):
        assert {papers[key] for key in found_by(access.signable, portal_cleo)} == {waits.pk}
    assert {papers[key] for key in found_by(access.signable, portal_cleo)} == {waits.pk, late.pk}


def test_whoever_signed_reads_their_own_signature_and_nobody_elses(cleo: Client, mia: Client, ana: User, portal_cleo: User) -> None:
    version = form_in_force()
    own = signed_by(portal_cleo, asked(cleo, ana, version))
    mothers = asked(mia, ana, version, Named(mia, Capacity.GUARDIAN, standing_for(mia, "Rosa", ana)))
    with acting(ana):
        signer = mothers.signers.get()
        actions.present(signer, by=ana)
        actions.sign(signer, given(mothers, method="in_person", witness=ana, relationship="kin"), by=ana)
    assert found_by(access.own_signatures, portal_cleo) == {own.pk}


def test_papers_come_back_to_the_counselor_and_not_to_who_supervises_them(cleo: Client, ana: User, sofia: User, dee: User) -> None:
    paper = asked(cleo, ana, form_in_force()).pk
    assert found_by(access.counseled_requests, ana) == found_by(access.readable_requests, sofia) == {paper}
    assert found_by(access.counseled_requests, sofia) == found_by(access.counseled_requests, dee) == set()


def test_attack_54_each_who_is_named_on_a_paper_finds_their_own_place_and_nobody_elses(mia: Client, ana: User, portal_cleo: User) -> None:
    gus, vera = (person(f"{name} Aldana", Role.REPRESENTATIVE) for name in ("Gus", "Vera"))
    rows = [stands_for(mia, user, ana) for user in (gus, vera)]
    with acting(ana):
        clients.give_portal(mia, herself := person("Mia Aldana", Role.CLIENT), by=ana)
    paper = asked(mia, ana, form_in_force(), Named(mia, Capacity.ASSENT), *(Named(mia, Capacity.GUARDIAN, each) for each in rows))
    places = {signer.representative_id: signer.pk for signer in paper.signers.all()}
    for user, row in ((herself, None), (gus, rows[0].pk), (vera, rows[1].pk)):
        assert found_by(access.own_signers, user) == {places[row]}
    assert found_by(access.own_signers, portal_cleo) == set()


def test_ic_37_a_consent_is_in_force_until_its_end_and_not_from_then_on(cleo: Client, ana: User, portal_cleo: User) -> None:
    paper = asked(cleo, ana, form_in_force())
    signed_by(portal_cleo, paper)
    with acting(ana):
        end = Request.objects.get(pk=paper.pk).until
    assert end
    with clock.at(end - DAY):
        assert found_by(access.renewable_requests, ana) == {paper.pk}
    with clock.at(end):
        assert found_by(access.renewable_requests, ana) == set()


def test_ic_21_a_question_that_settled_itself_holds_nobody(mia: Client, cleo: Client, ana: User) -> None:
    held, settled = (asked(client, ana, form_in_force()).signers.get() for client in (cleo, mia))
    with acting(ana):
        for signer in (held, settled):
            actions.present(signer, by=ana)
            question = actions.ask_question(signer, "limits", "Who reads the violet ledger?", by=ana)
        assert Question.objects.filter(pk=question.pk).update(settled_at=clock.now())
        found = {row.pk: row.asks for row in access.standing(Signer.objects.filter(pk__in=[held.pk, settled.pk]))}  # type: ignore[attr-defined]  # by standing
    assert found == {held.pk: True, settled.pk: False}
