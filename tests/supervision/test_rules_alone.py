"""The rules of this room without the policies behind them: whom one asks, what was signed for, and what still waits (SU-2 to SU-9)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from clients.actions.team import _permission
from clients.models import Client, ClientPermission, Codename, Denial
from consent.models import Authorization, Request
from practice.models import User
from practice.roles import Role
from records.models import Note
from supervision import access, law
from supervision.models import Agreement, Consultation, DeidentifiedView, Outcome, OutsidePage, Paper, Signature
from tests.cast import acting, person, write_note
from tests.consented import consented
from tests.unhidden import asked, unhidden

from .agreed import agreed, met
from .consulting import QUESTION, recorded

__all__ = ["unhidden"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhidden")]

DAY = datetime.timedelta(days=1)


def test_su_2_about_somebody_elses_client_nobody_is_asked_and_about_ones_own_nobody_who_is_denied(
    ana: User, ben: User, sofia: User, cleo: Client, bens_client: Client
) -> None:
    assert asked(access.colleagues, ana, bens_client) == set()
    assert asked(access.colleagues, ana, cleo) == {ben.pk, sofia.pk}
    with acting(ana):
        Denial.objects.create(client=cleo, user=ben, reason="A brother of hers.", denied_by=ana)
    assert asked(access.colleagues, ana, cleo) == {sofia.pk}


def _view(client: Client, by: User, to: User | None, **more: Any) -> DeidentifiedView:
    """A view of ``client`` that ``by`` shared with ``to`` for a week, unless said otherwise."""
    now = clock.now()
    said: dict[str, Any] = {"client": client, "made_by": by, "colleague": to, "days": 7, "shared_at": now, "until": now + 7 * DAY}
    words = {"question": QUESTION, "pseudonym": "Wren", "texts": {"parts": []}, "work": {}}
    with acting(by):
        return DeidentifiedView.objects.create(**said | words | more)


def test_su_2_a_view_is_read_by_the_one_who_was_asked_while_they_counsel_or_supervise(
    ana: User, ben: User, dee: User, cleo: Client, mia: Client
) -> None:
    iris, over = person("Iris Only", Role.SUPERVISOR), {"shared_at": clock.now() - 2 * DAY, "until": clock.now() - DAY}
    for user, reads in ((ben, True), (iris, True), (dee, False)):
        shown = _view(cleo, ana, user)
        _view(cleo, ana, user, shared_at=None, until=None)
        _view(cleo, ana, user, ended_at=clock.now())
        _view(cleo, ana, user, **over)
        denied = _view(mia, ana, user)
        assert asked(access.shared_views, user) == ({shown.pk, denied.pk} if reads else set())
        with acting(ana):
            Denial.objects.create(client=mia, user=user, reason="A brother of hers.", denied_by=ana)
        assert asked(access.shared_views, user) == ({shown.pk} if reads else set())


def test_su_2_views_are_kept_by_who_made_them_while_they_counsel_that_client(
    ana: User, ben: User, sofia: User, cleo: Client, mia: Client, bens_client: Client
) -> None:
    own, sofias = _view(cleo, ana, ben), _view(cleo, sofia, ben)
    over, denied = _view(mia, ana, ben), _view(bens_client, ben, ana)
    assert (asked(access.own_views, ana), asked(access.own_views, ben)) == ({own.pk, over.pk}, {denied.pk})
    ClientPermission.objects.filter(content_object=mia, user=ana).update(permission=_permission(Codename.SUPERVISE))
    ClientPermission.objects.filter(content_object=cleo, user=sofia).update(permission=_permission(Codename.COVER))
    with acting(ben):
        Denial.objects.create(client=bens_client, user=ben, reason="A brother of his.", denied_by=ben)
    found = [asked(access.own_views, user) for user in (ana, sofia, ben)]
    assert found == [{own.pk}, {sofias.pk}, set()]


def test_su_7_a_colleague_advises_on_a_view_that_belongs_to_a_consultation(ana: User, ben: User, cleo: Client) -> None:
    about, alone = (_view(cleo, ana, ben) for _ in range(2))
    told = {"who": "Ben", "grounds": "", "question": QUESTION, "told": {"items": []}, "held_on": clock.today()}
    by_ana = {"asked_by": ana, "consultant": ben, "relation": "colleague", "basis": "deidentified"}
    with acting(ana):
        Consultation.objects.create(client=cleo, view=about, **by_ana, **told)
    assert asked(access.shared_views, ben) == {about.pk, alone.pk}
    assert asked(access.advisable_views, ben) == {about.pk}


def test_su_7_a_consultation_is_ones_own_to_decide_until_it_is_decided(ana: User, sofia: User, cleo: Client) -> None:
    waits, done = (recorded(cleo, ana) for _ in range(2))
    with acting(ana):
        Outcome.objects.create(consultation=done, client=cleo, by=ana, decision="Wait", rationale="The ladder is far off.")
    assert asked(access.consultations, sofia) == {waits.pk, done.pk}
    assert asked(access.own_consultations, ana) == {waits.pk}
    assert asked(access.own_consultations, sofia) == set()


def test_attack_16_after_as_many_wrong_words_the_page_opens_no_more(ana: User, cleo: Client) -> None:
    row, most = recorded(cleo, ana), law.page_limits()["tries"]
    made: dict[str, Any] = {"consultation": row, "client": cleo, "made_by": ana, "until": clock.now() + DAY, "words": "!", "where": ""}
    with acting(ana):
        for tries, link in ((most - 1, b"open"), (most, b"shut")):
            OutsidePage.objects.create(link=link, tries=tries, **made)
    assert len(asked(access.knocked_on, ana, b"open")) == 1
    assert asked(access.knocked_on, ana, b"shut") == set()


def _authorization(request: Request, **more: Any) -> Any:
    """What stands on the paper of ``request``."""
    words = dict.fromkeys(("description", "from_party", "to_party", "to_address", "purpose_words", "expiry_event"), "The plum orchard")
    said = {"kind": "general", "information": ["summary"], "recipient": b"x", "purpose": "treatment"} | words | more
    return Authorization.objects.create(client=request.client, request=request, **said).pk


def test_su_8_what_may_be_told_was_signed_for_and_neither_taken_back_nor_over(ana: User, cleo: Client) -> None:
    now, papers = clock.now(), [consented(cleo, ana) for _ in range(4)]
    with acting(ana):
        stands, to_come = _authorization(papers[0]), _authorization(papers[1], event_at=now + DAY)
        _authorization(papers[2], event_at=now - DAY)
        _authorization(papers[3])
        Request.objects.filter(pk=papers[3].pk).update(ended_at=now - DAY, ended_as=Request.End.WITHDRAWN)
    assert asked(access.signed_for, ana, cleo) == {stands, to_come}


def test_su_4_a_plan_is_reviewed_until_it_is_written_what_came_of_it(ana: User, sofia: User) -> None:
    today = clock.today()
    said = {"agreement": agreed(sofia, ana), "begins": today, "ends": today, "content": {}, "written_by": sofia, "keep_until": today}
    with acting(sofia):
        waits, done = (Paper.objects.create(kind=Paper.Kind.REMEDIATION, **said) for _ in range(2))
        Paper.objects.create(kind=Paper.Kind.OUTCOME, about=done, **said)
    assert {waits.pk, done.pk} < asked(access.papers, sofia)
    assert asked(access.reviewable_plans, sofia) == {waits.pk}


def test_rec_1_a_sample_holds_what_was_written_and_no_copy_of_it(ana: User, sofia: User, cleo: Client, mia: Client) -> None:
    note = write_note(ana, cleo, signed=True)
    with acting(ana):
        same: dict[str, Any] = {name: getattr(note, name) for name in ("kind", "author", "signed_by", "signed_hash", "content")}
        copy = Note(client=mia, unit=note.client, copied_from=note, signed_at=clock.now(), **same)
        copy.save(force_insert=True)
    assert asked(access.readable_notes, sofia) == {note.pk, copy.pk}
    assert asked(access.sampleable_notes, sofia, ana) == {note.pk}


def _agreement(supervisor: User, supervisee: User, since: int, until: int, *signed_by: User, **more: Any) -> Any:
    """An agreement from and until so many days from now, which these two or one of them signed."""
    today = clock.today()
    days = {
        "since": today + since * DAY,
        "until": today + until * DAY,
        "licence_from": today - 999 * DAY,
        "licence_until": today + 999 * DAY,
    }
    said = {"board": "tx_lpc", "formats": ["individual"], "licence_number": "70412", "licence_state": "TX"}
    words = {"cover": "The amber pager", "fees": "", "terms": "", "prepared_by": supervisor}
    with acting(supervisor):
        row = Agreement.objects.create(supervisor=supervisor, supervisee=supervisee, **days | said | words | more)
    for person_ in signed_by:
        Signature.objects.create(agreement=row, person=person_, signed_hash=b"x")
    return row.pk


def test_su_1_an_agreement_stands_on_its_days_once_both_have_signed_that_one_and_nobody_ended_it(
    ana: User, ben: User, sofia: User, ada: User, dee: User
) -> None:
    ended = {"ended_as": "ended", "ended_by": ana, "ended_at": clock.now()}
    stands, last_day = _agreement(sofia, ana, -1, 9, sofia, ana), _agreement(sofia, ana, 0, 0, sofia, ana)
    signed = {stands, last_day, _agreement(sofia, ana, 1, 9, sofia, ana), _agreement(sofia, ana, -9, -1, sofia, ana)}
    signed |= {_agreement(sofia, ana, -1, 9, sofia, ana, **ended)}
    unsigned = {_agreement(sofia, ana, -1, 9), _agreement(sofia, ana, -1, 9, sofia), _agreement(sofia, ana, -1, 9, ana)}
    for user in (sofia, ana, ada):
        assert asked(access.standing_agreements, user) == {stands, last_day}
        assert asked(access.signed_agreements, user) == signed
        assert asked(access.agreements, user) == signed | unsigned
    assert asked(access.agreements, ben) == asked(access.agreements, dee) == set()


def test_su_9_agreements_and_consultations_are_shown_in_a_role_that_still_counsels_or_supervises(ana: User, ada: User, dee: User) -> None:
    iris = person("Iris Only", Role.SUPERVISOR)
    row, said = _agreement(iris, dee, -1, 9), {"who": "Roa", "grounds": "", "question": QUESTION, "told": {"items": []}}
    assert (asked(access.agreements, iris), asked(access.agreements, dee)) == ({row}, set())
    for user, reads in ((ana, True), (iris, True), (ada, True), (dee, False)):
        with acting(user):
            free = Consultation.objects.create(asked_by=user, relation="lawyer", basis="deidentified", held_on=clock.today(), **said)
        assert asked(access.consultations, user) == ({free.pk} if reads else set())


def test_su_9_a_meeting_is_shown_to_whoever_came_once_that_one_is_signed(ana: User, ben: User, sofia: User) -> None:
    of_ana, of_ben = agreed(sofia, ana), agreed(sofia, ben)
    signed, bens, unsigned = met(of_ana, days=3), met(of_ben, days=2), met(of_ana, signed=False)
    found = [asked(access.meetings, user) for user in (ana, ben, sofia)]
    assert found == [{signed.pk}, {bens.pk}, {signed.pk, bens.pk, unsigned.pk}]
