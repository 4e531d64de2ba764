"""Whose word a consent rests on: which hold once an authority has ended, and which while the practice keeps somebody out (RG-12, RG-13)."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client, Representative
from consent import access, actions
from consent.actions.asking import Named
from consent.models import Authorization, Request, Signer
from practice.models import Practice, User
from tests.cast import acting

from .papers import asked, form_in_force, given
from .releases import in_force, release

DAY = datetime.timedelta(days=1)
Capacity = Signer.Capacity


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signed paper itself is made elsewhere (test_papers)."""
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))


def standing_for(client: Client, name: str, by: User, relation: str = "parent") -> Representative:
    """Somebody whose authority for ``client`` has no end."""
    with acting(by):
        return clients.add_representative(client, by=by, relation=relation, name=name, authority="order of 3 May", since=clock.now())


def signed(request: Request, by: User) -> Request:
    """``request``, signed by everybody who is named, on the device that ``by`` handed over."""
    with acting(by):
        for signer in request.signers.all():
            actions.present(signer, by=by)
            actions.sign(signer, given(request, method="in_person", witness=by, relationship="kin"), by=by)
    return request


def consent(client: Client, by: User, *signers: Named, rule: str = "all") -> Request:
    """A consent on a form of its own, which ``signers`` gave."""
    return signed(asked(client, by, form_in_force(), *signers, rule=rule), by)


def alone(client: Client, by: User) -> Request:
    """A release that ``client`` gave for themself."""
    return signed(release(client, by, signers=(Named(client, Capacity.SELF),)), by)


def test_rg_12_what_rested_on_an_authority_that_has_ended_holds_no_more_and_everything_else_does(
    mia: Client, cleo: Client, ana: User
) -> None:
    rosa, otis, kin = standing_for(mia, "Rosa", ana), standing_for(mia, "Otis", ana), standing_for(cleo, "Kim", ana, "other")
    mother, father = (Named(mia, Capacity.GUARDIAN, each) for each in (rosa, otis))
    beside = Named(cleo, Capacity.REPRESENTATIVE, kin)
    over = {
        "the mother's, and Mia assented": consent(mia, ana, mother, Named(mia, Capacity.ASSENT)),
        "of both parents": consent(mia, ana, mother, father),
        "the mother's, of whom anyone could": consent(mia, ana, mother, rule="any"),
    }
    holds = {
        "of either parent": consent(mia, ana, mother, father, rule="any"),
        "Cleo's own": consent(cleo, ana),
        "Cleo's with her representative": consent(cleo, ana, Named(cleo, Capacity.SELF), beside),
    }
    papers = {request.pk: words for words, request in (over | holds).items()}
    end = clock.now() + DAY
    with acting(ana):
        found = Request.objects.filter(access.stands(end - DAY / 2), pk__in=papers)
        assert {papers[row.pk] for row in found} == {*papers.values()}
        for each in (rosa, kin):
            clients.date_representation(each, by=ana, until=end)
        after = Request.objects.filter(access.stands(end), pk__in=papers)
        assert {papers[row.pk] for row in after} == {*holds}


def test_rg_13_only_what_was_given_by_whoever_is_kept_out_is_not_used(mia: Client, ana: User) -> None:
    rosa, otis = standing_for(mia, "Rosa", ana), standing_for(mia, "Otis", ana)
    signed(release(mia, ana, signers=(Named(mia, Capacity.GUARDIAN, rosa),)), ana)
    with acting(ana):
        clients.refuse_representative(otis, by=ana, reason="A reason about the tin whistle.")
    assert in_force(mia, ana)
    with acting(ana):
        clients.refuse_representative(rosa, by=ana, reason="A reason about the brass bell.")
    assert not in_force(mia, ana)


def test_rg_12_where_a_minor_consents_alone_their_own_word_holds_and_other_families_are_not_touched(mia: Client, ana: User) -> None:
    Practice.objects.update(states=["OR"], minors_alone=True)
    with acting(ana):
        born = datetime.date(2010, 1, 5)
        lia = clients.take_in(by=ana, counselor=ana, kind="minor", given_name="Lia", family_name="Brandt", born_on=born)
    mothers, theirs = standing_for(mia, "Rosa", ana), standing_for(lia, "Petra", ana)
    signed(release(mia, ana, signers=(Named(mia, Capacity.GUARDIAN, mothers),)), ana)
    given_for = signed(release(lia, ana, signers=(Named(lia, Capacity.GUARDIAN, theirs),)), ana)
    assert in_force(lia, ana)
    with acting(ana):
        clients.let_minor_consent_alone(lia, by=ana, reason="A reason about the paper kite.")
    assert not in_force(lia, ana)
    assert in_force(mia, ana)
    own = alone(lia, ana)
    with acting(ana):
        named = {"recipient": "Dr. Amara Osei", "purpose": "treatment", "information": "summary"}
        found = access.authorizations_in_force(lia, **named, by=ana)
        assert {row.request_id for row in found} == {own.pk} != {given_for.pk}


def test_au_3_a_release_whose_event_has_happened_allows_nothing_though_nobody_ended_it(cleo: Client, ana: User) -> None:
    signed(release(cleo, ana), ana)
    with acting(ana):
        Authorization.objects.update(event_at=clock.now() + DAY)
    assert in_force(cleo, ana)
    with clock.at(clock.now() + DAY):
        assert not in_force(cleo, ana)
