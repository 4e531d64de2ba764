"""Agreements open and end by their days; each signs for themself, and nobody gives themself access (SU-1, SU-4, SU-5, SE-10)."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from audit.clock import today
from clients import actions as clients
from clients.access import readable_clients
from clients.actions.team import supervisor_of
from clients.models import Client
from practice.actions import supervision as relation
from practice.models import Supervision, User
from practice.refusals import Refused
from practice.roles import Role
from records.actions import supervisor_for
from supervision import access
from supervision.actions import agreements as actions
from supervision.models import Agreement, Signature
from tests.cast import acting, person, write_note
from tests.kept import kept

from .agreed import agreed, sign, terms


@pytest.fixture
@kept
def kim(db: None) -> User:
    """Another supervisor."""
    return person("Kim Ito", Role.COUNSELOR, Role.SUPERVISOR, credentials="LPC-S")


def after(days: int) -> datetime.datetime:
    return clock.now() + datetime.timedelta(days=days)


def reads(user: User, client: Client) -> bool:
    with acting(user):
        return readable_clients(user).filter(pk=client.pk).exists()


def test_su_5_an_agreement_opens_the_supervisees_cases_from_both_signatures_to_its_last_day(
    ana: User, sofia: User, kim: User, cleo: Client
) -> None:
    with acting(kim):
        row = actions.prepare(kim, ana, terms(until=today() + datetime.timedelta(days=20)), by=kim)
    sign(row, kim)
    assert not reads(kim, cleo)
    sign(row, ana)
    assert reads(kim, cleo)
    assert not reads(sofia, cleo)  # a later agreement with another supervisor ends the earlier supervision
    with clock.at(after(20)):
        assert reads(kim, cleo)
    with clock.at(after(21) + datetime.timedelta(hours=12)):
        assert not reads(kim, cleo)
        assert supervisor_of(ana) is None


def test_su_5_an_agreement_begins_on_its_first_day_and_follows_another(ana: User, sofia: User, kim: User, cleo: Client) -> None:
    first = agreed(sofia, ana)
    later = agreed(kim, ana, since=today() + datetime.timedelta(days=5))
    assert reads(sofia, cleo)
    assert not reads(kim, cleo)
    with clock.at(after(6)), acting(ana):
        assert actions.begin_due(by=ana) == 1
        assert actions.begin_due(by=ana) == 0
    with clock.at(after(6) + datetime.timedelta(minutes=1)):
        assert reads(kim, cleo)
        assert not reads(sofia, cleo)
    with acting(sofia):
        assert Agreement.objects.get(pk=first.pk).ended_as == "followed"
    with acting(kim):
        assert Agreement.objects.get(pk=later.pk).supervision_id


def test_se_10_nobody_signs_for_the_other_or_out_of_turn(ana: User, sofia: User, kim: User, ben: User, cleo: Client) -> None:
    with acting(kim):
        row = actions.prepare(kim, ana, terms(), by=kim)
    for user in (ana, ben, sofia):
        with pytest.raises((Refused, Agreement.DoesNotExist)):
            sign(row, user)
    sign(row, kim)
    with pytest.raises(Refused):
        sign(row, kim)
    with acting(kim), pytest.raises(DatabaseError), transaction.atomic():
        Signature(agreement=row, person=ana, signed_hash=b"x").save(force_insert=True)
    assert not reads(kim, cleo)
    with acting(ben), pytest.raises(Refused) as refused:
        actions.prepare(kim, ana, terms(), by=ben)
    assert refused.value.rule == "SU-5"


def test_su_4_what_was_signed_is_final_and_another_text_is_not_signed(ana: User, sofia: User) -> None:
    with acting(sofia):
        row = actions.prepare(sofia, ana, terms(), by=sofia)
        shown = actions.shown_hash(row).hex()
        actions.change_agreement(row, terms(cover="The jade pager"), by=sofia)
        with pytest.raises(Refused) as refused:
            actions.sign(row, by=sofia, shown=shown)
        assert refused.value.rule == "SE-6"
    sign(row, sofia)
    with acting(sofia):
        row.cover = "The onyx pager"
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(update_fields=["cover"])
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.filter(pk=row.pk).update(until=today() + datetime.timedelta(days=900))
        assert not access.editable_agreements(sofia).exists()


def test_su_4_what_is_missing_in_an_agreement_is_refused(ana: User, sofia: User, ben: User) -> None:
    with acting(sofia):
        for wrong in (
            {"cover": " "},
            {"fees": ""},
            {"formats": []},
            {"board": "none"},
            {"until": today() - datetime.timedelta(days=90)},
        ):
            with pytest.raises(Refused) as refused:
                actions.prepare(sofia, ana, terms(**wrong), by=sofia)
            assert refused.value.rule == "SU-4"
        with pytest.raises(Refused):
            actions.prepare(ben, sofia, terms(), by=sofia)
        row = actions.prepare(sofia, ana, terms(licence_until=today() - datetime.timedelta(days=30)), by=sofia)
    with pytest.raises(Refused) as refused:
        sign(row, sofia)
    assert "license" in refused.value.words


def test_su_5_ended_by_either_or_by_an_admins_page_it_opens_nothing_and_begins_no_more(
    ana: User, sofia: User, kim: User, ada: User, cleo: Client
) -> None:
    row = agreed(kim, ana)
    with acting(ana):
        actions.end(Agreement.objects.get(pk=row.pk), by=ana)
    assert not reads(kim, cleo)
    again = agreed(kim, ana)
    assert reads(kim, cleo)
    with acting(ada):
        relation.end(Supervision.objects.get(pk=again.supervision_id), by=ada)
    assert not reads(kim, cleo)
    with acting(ana):
        assert actions.begin_due(by=ana) == 0
        assert Agreement.objects.get(pk=again.pk).ended_as == "ended"


def test_attack_38_the_supervisor_of_the_day_is_asked_to_co_sign_across_agreements(
    ana: User, sofia: User, kim: User, ada: User, cleo: Client
) -> None:
    from records import actions as records
    from records.access import cosign_queue
    from records.models import CosignRequest

    with acting(ada):
        records.set_cosign_rule(ana, ["progress"], by=ada)
    agreed(sofia, ana, until=today() + datetime.timedelta(days=3))
    before = write_note(ana, cleo, signed=True)
    with clock.at(after(5)):
        with acting(ana):
            assert supervisor_for(before) is None
        alone = write_note(ana, cleo, signed=True)
    with clock.at(after(6)):
        agreed(kim, ana, since=today())
        later = write_note(ana, cleo, signed=True)
        with acting(ana):
            asked = dict(CosignRequest.objects.values_list("note", "supervisor"))
        assert asked == {before.pk: sofia.pk, later.pk: kim.pk}
        assert alone.pk not in asked
        with acting(sofia):
            assert not cosign_queue(sofia).exists()  # her agreement is over: the supervisor of now takes what waited
        with acting(kim):
            assert {note.pk for note in cosign_queue(kim)} == {before.pk, later.pk}
        with acting(ana):
            assert not cosign_queue(ana).exists()


def test_su_5_two_do_not_supervise_each_other_by_agreements(ana: User, sofia: User, kim: User, cleo: Client) -> None:
    agreed(kim, sofia)
    with pytest.raises(Refused) as refused:
        agreed(sofia, kim)
    assert refused.value.rule == "SU-5"


def test_home_says_before_that_an_agreement_ends(ana: User, sofia: User, ada: User, ben: User) -> None:
    agreed(sofia, ana, until=today() + datetime.timedelta(days=20))
    for user, waits in ((ana, 1), (sofia, 1), (ada, 1), (ben, 0)):
        with acting(user):
            assert access.ending_agreements(user).count() == waits
    agreed(sofia, ana, since=today() + datetime.timedelta(days=21), until=today() + datetime.timedelta(days=300))
    with acting(ada):
        assert not access.ending_agreements(ada).exists()


def test_attack_11_a_denied_supervisor_reads_nothing_by_an_agreement(ana: User, kim: User, cleo: Client) -> None:
    with acting(ana):
        clients.deny(cleo, kim, by=ana, reason="Her aunt.")
    agreed(kim, ana)
    assert not reads(kim, cleo)
