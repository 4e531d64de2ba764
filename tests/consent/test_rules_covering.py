"""Which consents cover a session where several were given: the latest of each form, at the moment that is asked about (IC-23)."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client
from consent import access, actions
from consent.models import Request, Signature, Version
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person

from .papers import asked, form_in_force, signed_by
from .releases import replacing

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signed paper itself is made elsewhere (test_papers)."""
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))


@pytest.fixture
def version(db: None) -> Version:
    return form_in_force()


def take_back(signature: Signature, by: User) -> None:
    with acting(by):
        actions.withdraw(signature.signer, by=by)


def covering(client: Client, by: User, modality: str, at: datetime.datetime | None = None) -> set[Request]:
    """What ``by`` may hold a session on, whichever row of the person it was signed under."""
    with acting(by):
        return {*access.covering(client, modality, at, by=by)}


def test_ic_23_of_a_person_kept_twice_only_their_own_later_paper_of_the_same_form_counts_instead(
    cleo: Client, mia: Client, ana: User, portal_cleo: User, twin: Client, version: Version
) -> None:
    with acting(ana):
        clients.give_portal(twin, portal_cleo, by=ana)
        clients.give_portal(mia, lia := person("Lia Sol", Role.CLIENT), by=ana)
    first = asked(twin, ana, version)
    signed_by(portal_cleo, first)
    take_back(signed_by(lia, asked(mia, ana, version)), lia)  # somebody else's
    take_back(signed_by(portal_cleo, asked(cleo, ana, form_in_force("telehealth", title="Video"))), portal_cleo)  # another form
    assert covering(cleo, ana, "phone") == {first}
    take_back(signed_by(portal_cleo, asked(cleo, ana, version)), portal_cleo)
    assert covering(cleo, ana, "phone") == set()


def test_ic_23_what_is_signed_later_changes_nothing_about_a_session_before(
    cleo: Client, ana: User, portal_cleo: User, twin: Client, version: Version
) -> None:
    with acting(ana):
        clients.give_portal(twin, portal_cleo, by=ana)
    first, newer = asked(twin, ana, version), asked(cleo, ana, version)
    signed_by(portal_cleo, first)
    before = clock.now() + DAY
    with clock.at(before + DAY):
        signed_by(portal_cleo, newer)
        assert covering(cleo, ana, "in_person", before) == {first}
        assert covering(cleo, ana, "in_person") == {newer}


def test_ic_23_whoever_took_back_the_latest_paper_has_not_agreed_by_an_older_one(
    cleo: Client, ana: User, portal_cleo: User, twin: Client, version: Version
) -> None:
    """Papers of one person's two rows do not end each other."""
    with acting(ana):
        clients.give_portal(twin, portal_cleo, by=ana)
    signed_by(portal_cleo, asked(twin, ana, version))
    with clock.at(clock.now() + DAY):
        newer = asked(cleo, ana, version)
        last = signed_by(portal_cleo, newer)
        assert covering(cleo, ana, "in_person") == {newer}
        take_back(last, portal_cleo)
        assert covering(cleo, ana, "in_person") == set()


def test_a_paper_ends_every_other_of_its_form_though_it_names_one(cleo: Client, ana: User, portal_cleo: User, version: Version) -> None:
    """A renewal and a campaign may both ask in the place of the same paper, and both be signed."""
    former = asked(cleo, ana, version)
    signed_by(portal_cleo, former)
    renewed, campaign = (asked(cleo, ana, version, sending=replacing(former)) for _ in range(2))
    signed_by(portal_cleo, renewed)
    assert covering(cleo, ana, "in_person") == {renewed}
    signed_by(portal_cleo, campaign)
    with acting(ana):
        standing = access.readable_requests(ana).filter(client=cleo, ended_at=None)
        assert {row.pk for row in standing} == {campaign.pk}
