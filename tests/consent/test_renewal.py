"""The ends of consents, as the worker lives them: under its own database role, on behalf of one counselor at a time (IC-37)."""

from __future__ import annotations

import dataclasses
import datetime
from types import SimpleNamespace

import pytest

from audit import clock, doors
from clients import actions as clients
from clients.models import Client
from consent import access, actions, tasks
from consent.actions import renewing, telling
from consent.actions.asking import Named
from consent.evidence import broken_at
from consent.models import NoticeDelivery, Request, Signature, Signer
from consent.states import state_of
from practice.attention import waiting_for
from practice.models import Notice, Supervision, User
from practice.roles import Role
from tests.cast import acting, person
from tests.committed import as_worker
from tests.reached import reachable

from .papers import CONSENT, asked, form_in_force, signed_by
from .releases import WHAT, in_force, release

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signed paper itself is made elsewhere (test_papers)."""
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))


def at_night(moment: datetime.datetime) -> None:
    """The worker's round at ``moment``, and again: what was done is not done twice."""
    for _ in range(2):
        with as_worker(), clock.at(moment):
            tasks.announce()
            tasks.end()


def mails() -> dict[str, int]:
    """How many mails of each subject stand in the outbox, and that none says what it is about."""
    found: dict[str, int] = {}
    with doors.system("test"):
        for notice in Notice.objects.all():
            found[notice.subject] = found.get(notice.subject, 0) + 1
            assert not any(
                word in f"{notice.subject} {notice.body}".lower() for word in ("consent", "counsel", "cleo", "practice", "paper")
            )
    return found


@pytest.fixture
def ana(own_db: str) -> User:
    return person("Ana Reyes", Role.COUNSELOR)


@pytest.fixture
def cleo(ana: User) -> Client:
    with acting(ana):
        return clients.take_in(by=ana, counselor=ana, given_name="Cleopatra", family_name="Marchetti")


@pytest.fixture
def portal_cleo(ana: User, cleo: Client) -> User:
    user = person("Cleo Marchetti", Role.CLIENT)
    with acting(ana):
        clients.give_portal(cleo, user, by=ana)
        reachable(cleo, ana, "mail", user.email)
    return user


def rows(ana: User, **more: object) -> list[Request]:
    with acting(ana):
        return list(Request.objects.filter(**more).select_related("wording__form", "client").order_by("asked_at"))


def ends(request: Request, ana: User) -> datetime.datetime:
    (row,) = rows(ana, pk=request.pk)
    assert row.until
    return row.until


def home(ana: User, at: datetime.datetime) -> dict[str, int]:
    with acting(ana), clock.at(at):
        return {key: len(found) for key, found in waiting_for(ana).items()}


def test_ic_37_a_year_of_a_consent_and_a_release_beside_it(ana: User, cleo: Client, portal_cleo: User) -> None:
    consent = asked(cleo, ana, form_in_force(text=CONSENT))
    signed_by(portal_cleo, consent)
    end = ends(consent, ana)
    last = (end - DAY).date()
    signed_by(portal_cleo, release(cleo, ana, dataclasses.replace(WHAT, expires_on=last)))
    at_night(end - 31 * DAY)
    assert mails() == {}
    at_night(end - 30 * DAY)
    assert mails() == {telling.SUBJECT: 1, renewing.ATTENTION: 1}  # one to who signs, one to the counselor about both
    assert home(ana, end - 29 * DAY)["consents-expiring"] == 1  # the release, which nobody renews unasked
    (renewed,) = rows(ana, replaces=consent)
    assert (renewed.asked_by, renewed.wording.form_id) == (None, consent.wording.form_id)
    with acting(ana):
        assert state_of(Request.objects.get(pk=consent.pk)).key in ("active", "expiring")
        with clock.at(end - 20 * DAY):
            assert state_of(Request.objects.get(pk=consent.pk)).key == "expiring"
    at_night(end - 13 * DAY)
    at_night(end - 7 * DAY)
    assert mails() == {telling.SUBJECT: 3, renewing.ATTENTION: 3}
    assert home(ana, end - 6 * DAY)["consents-expiring"] == 2
    with clock.at(end - 2 * DAY):
        signed_by(portal_cleo, renewed)
    at_night(end + DAY)
    former, ended, newer = (rows(ana, pk=each)[0] for each in (consent.pk, rows(ana, authorization__isnull=False)[0].pk, renewed.pk))
    assert (former.ended_as, ended.ended_as, newer.ended_as) == ("superseded", "expired", "")
    with acting(ana), clock.at(end + DAY):
        assert access.covering(cleo, "in_person").get() == newer
        assert broken_at(former, None) == 0
        assert broken_at(ended, None) == 0
    with clock.at(end + DAY):
        assert not in_force(cleo, ana)
    assert mails()[renewing.ATTENTION] == 3


def test_ic_37_another_supervisor_is_told_by_asking_anew_once(ana: User, cleo: Client, portal_cleo: User) -> None:
    sofia = person("Sofia Lindqvist", Role.COUNSELOR, Role.SUPERVISOR)
    consent = asked(cleo, ana, form_in_force())
    signed_by(portal_cleo, consent)
    Supervision.objects.create(supervisor=sofia, supervisee=ana, since=clock.now() - DAY)
    at_night(clock.now())
    (again,) = rows(ana, replaces=consent)
    assert again.supervisor_id == sofia.pk
    with acting(ana):
        assert "Sofia Lindqvist" in again.shown


def test_ic_24_a_caseworkers_consent_ends_with_their_term_and_is_not_renewed_for_them(ana: User, cleo: Client) -> None:
    """Nor by a term that was made shorter after they signed; and the job names nobody who was not named before."""
    kim = person("Kim Delgado", Role.REPRESENTATIVE)
    term = clock.now() + 20 * DAY
    with acting(ana):
        row = clients.add_representative(
            cleo, by=ana, relation="caseworker", name="Kim Delgado", authority="order of 3 May", since=clock.now(), until=term
        )
        clients.give_portal(cleo, kim, by=ana, representative=row)
    consent = asked(cleo, ana, form_in_force(), Named(cleo, Signer.Capacity.CASEWORKER, row))
    signed_by(kim, consent, name="Kim Delgado", relationship="caseworker")
    assert ends(consent, ana) == term
    at_night(term - 10 * DAY)
    assert rows(ana, replaces=consent) == []
    shorter = clock.now() + 2 * DAY
    with acting(ana):
        row.refresh_from_db()
        clients.date_representation(row, by=ana, until=shorter)
    at_night(shorter)
    assert rows(ana, pk=consent.pk)[0].ended_as == "expired"


def test_the_job_sees_and_names_no_more_than_the_counselor_it_acts_for(ana: User, cleo: Client, portal_cleo: User) -> None:
    consent = asked(cleo, ana, form_in_force())
    signed_by(portal_cleo, consent)
    ben = person("Ben Okafor", Role.COUNSELOR)
    with as_worker(), doors.system("renewal", on_behalf_of=ben), clock.at(ends(consent, ana)):
        assert [model.objects.count() for model in (Request, Signer, Signature)] == [0, 0, 0]
        assert (actions.announce_ends(by=ben), actions.end_due(by=ben)) == (0, 0)


def test_npp_3_a_notice_put_off_waits_until_it_is_given_and_one_not_acknowledged_for_one_more_try(ana: User, cleo: Client) -> None:
    version, now = form_in_force("notice", title="Notice"), clock.now()

    def record(status: str, at: datetime.datetime) -> None:
        with acting(ana), clock.at(at):
            told = {"effort": "Called twice.", "reason": "No answer."}
            actions.record_notice(cleo, version, actions.Delivery(status, "paper", **told), by=ana)

    record(NoticeDelivery.Status.EMERGENCY, now)
    assert home(ana, now)["notices-to-give"] == 1
    record(NoticeDelivery.Status.REFUSED, now + DAY)
    assert "notices-to-give" not in home(ana, now + 2 * DAY)
    assert home(ana, now + 32 * DAY)["notices-to-give"] == 1
    record(NoticeDelivery.Status.REFUSED, now + 33 * DAY)
    assert "notices-to-give" not in home(ana, now + 90 * DAY)
