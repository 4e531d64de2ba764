"""What waits for a signer's hand and what they have signed, without the policies behind the rules: each row lacks one thing."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from clients.models import Client
from consent import access, actions
from consent.actions.asking import Named, Sending
from practice.models import User
from tests.cast import acting
from tests.unhidden import asked as found_by
from tests.unhidden import unhidden

from .papers import asked, form_in_force, given, signed_by
from .test_rules_authority import Capacity, no_press, standing_for

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
