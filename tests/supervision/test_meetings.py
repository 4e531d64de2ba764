"""Meetings: for those who met and nobody else, signed by both, never changed (SU-3, SU-5, SU-9)."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from audit import clock
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from practice.roles import Role
from supervision import access
from supervision.actions import meetings as actions
from supervision.models import Agreement, Meeting, Part, Remark
from tests.cast import acting, person
from tests.kept import kept
from vault.blob import SealBroken

from .agreed import CONCERN, TOPICS, agreed, facts, facts_of, met, signed_by


@pytest.fixture
@kept
def pia(db: None) -> User:
    """Another supervisee."""
    return person("Pia Sund", Role.COUNSELOR, credentials="LPC-A")


@pytest.fixture
def row(ana: User, sofia: User) -> Agreement:
    return agreed(sofia, ana)


def test_su_9_those_who_met_read_it_and_an_admin_sees_only_that_it_was(
    ana: User, sofia: User, ben: User, ada: User, dee: User, portal_cleo: User, row: Agreement
) -> None:
    meeting = met(row)
    for user in (ana, sofia):
        with acting(user):
            found = access.meetings(user).get()
            assert found.topics == TOPICS
            assert access.parts(user).get().concerns == CONCERN
    with acting(ada):
        assert not access.meetings(ada).exists()
        assert [part.meeting.minutes for part in access.held_parts(ada)] == [60]
        for thing, word in ((Meeting.objects.get(pk=meeting.pk), "topics"), (Part.objects.get(), "concerns")):
            with pytest.raises(SealBroken):
                getattr(thing, word)
    for user in (ben, dee, portal_cleo):
        with acting(user):
            assert not access.held_parts(user).exists()
            assert not Meeting.objects.exists()
            assert not Part.objects.exists()


def test_su_9_no_table_of_meetings_knows_a_client(ana: User, sofia: User, cleo: Client, row: Agreement) -> None:
    meeting = met(row, signed=False)
    with acting(sofia):
        part = meeting.parts.get()
        said = actions.Said(TOPICS, {part.pk: {}}, {part.pk: [cleo.code]})
        actions.save_meeting(meeting, facts_of(meeting), said, by=sofia, version=Meeting.objects.get(pk=meeting.pk).version)
        assert actions.codes_of(Part.objects.get(pk=part.pk)) == [cleo.code]
        with connection.cursor() as cursor:
            cursor.execute("SELECT p::text FROM supervision_part p UNION ALL SELECT m::text FROM supervision_meeting m")
            whole = "".join(text for (text,) in cursor.fetchall())
    assert cleo.code not in whole
    assert str(cleo.pk) not in whole
    assert not {field.name for model in (Meeting, Part, Remark) for field in model._meta.get_fields()} & {"client", "note", "session"}


def test_su_5_cases_are_of_those_both_may_read(ana: User, sofia: User, cleo: Client, bens_client: Client, row: Agreement) -> None:
    meeting = met(row, signed=False)
    with acting(sofia):
        assert [client.pk for client in access.cases(sofia, row)] == [cleo.pk]
        part = meeting.parts.get()
        said, version = actions.Said(TOPICS, {}, {part.pk: [bens_client.code]}), Meeting.objects.get(pk=meeting.pk).version
        with pytest.raises(Refused) as refused:
            actions.save_meeting(meeting, facts_of(meeting), said, by=sofia, version=version)
        assert refused.value.rule == "SU-5"
        assert bens_client.code not in refused.value.words


def test_su_3_what_is_missing_is_refused(ana: User, sofia: User, row: Agreement) -> None:
    good = facts()
    wrong = [
        actions.Facts(good.starts_at, good.starts_at, "individual", "room"),
        actions.Facts(good.starts_at, good.starts_at + datetime.timedelta(hours=9), "individual", "room"),
        actions.Facts(good.starts_at, good.ends_at, "", "room"),
        actions.Facts(good.starts_at, good.ends_at, "individual", "smoke"),
        actions.Facts(clock.now() + datetime.timedelta(hours=2), clock.now() + datetime.timedelta(hours=3), "individual", "room"),
        facts(kind="group"),
    ]
    with acting(sofia):
        for each in wrong:
            with pytest.raises(Refused) as refused:
                actions.begin([row], each, by=sofia)
            assert refused.value.rule == "SU-3"
        with pytest.raises(Refused) as refused:
            actions.begin([row], facts(days=40), by=sofia)
        assert refused.value.rule == "SU-5"  # before the agreement
        meeting = actions.begin([row], good, by=sofia)
    with pytest.raises(Refused) as refused:
        signed_by(meeting, sofia)
    assert refused.value.rule == "SU-3"  # no summary


def test_su_3_a_signed_meeting_never_changes_and_is_added_to(ana: User, sofia: User, row: Agreement) -> None:
    meeting = met(row, signed=False)
    with acting(ana):
        assert not access.meetings(ana).exists()  # while it is written it is whose who writes it
        assert not access.parts(ana).exists()
    signed_by(meeting, sofia)
    with acting(sofia):
        assert not access.editable_meetings(sofia).exists()
        found = Meeting.objects.get(pk=meeting.pk)
        found.topics = "Something else."
        with pytest.raises(DatabaseError), transaction.atomic():
            found.save(update_fields=["topics"])
        part = Part.objects.get()
        part.concerns = "None."
        with pytest.raises(DatabaseError), transaction.atomic():
            part.save(update_fields=["concerns"])
        assert not access.held_parts(sofia).exists()  # one of two
        with pytest.raises(Refused):
            actions.remark(part, " ", by=sofia)
        actions.remark(part, "The heather gate, too.", by=sofia)
        with pytest.raises(DatabaseError), transaction.atomic():
            Remark.objects.update(at=clock.now())
    signed_by(meeting, ana)
    with acting(ana):
        assert access.held_parts(ana).count() == 1
        assert Remark.objects.get().text == "The heather gate, too."


def test_su_9_in_a_group_each_sees_what_all_share_and_their_own_part(ana: User, sofia: User, pia: User, ben: User, row: Agreement) -> None:
    rows = [row, agreed(sofia, pia), agreed(sofia, ben)]
    with acting(sofia):
        meeting = actions.begin(rows, facts(kind="group"), by=sofia)
        parts = {part.supervisee_id: part for part in meeting.parts.all()}
        texts = {part.pk: {"concerns": f"About the {name} kite."} for part, name in ((parts[ana.pk], "teal"), (parts[pia.pk], "rust"))}
        actions.save_meeting(meeting, facts_of(meeting), actions.Said(TOPICS, texts, {}), by=sofia, version=meeting.version)
        assert access.parts(sofia).count() == 3
    signed_by(meeting, sofia)
    with acting(pia):
        assert access.meetings(pia).get().topics == TOPICS
        (mine,) = access.parts(pia)
        assert mine.concerns == "About the rust kite."
        assert not Part.objects.filter(supervisee=ana).exists()
        assert not access.editable_meetings(pia).exists()
    signed_by(meeting, pia)
    with acting(sofia):
        assert [part.supervisee_id for part in access.held_parts(sofia)] == [pia.pk]
        assert not access.signable_meetings(sofia).exists()
    with acting(ana):
        assert access.signable_meetings(ana).exists()


def test_su_3_the_supervisee_writes_one_as_well_and_nothing_is_overwritten(ana: User, sofia: User, row: Agreement) -> None:
    with acting(ana):
        meeting = actions.begin([row], facts(), by=ana)
        part = meeting.parts.get()
        version = meeting.version
        said = actions.Said("What Ana wrote.", {part.pk: {"follow_up": "The moss bench."}}, {})
        actions.save_meeting(meeting, facts_of(meeting), said, by=ana, version=version)
        actions.save_meeting(meeting, facts_of(meeting), said, by=ana, version=version)  # sent twice
    with acting(sofia):
        found = Meeting.objects.get(pk=meeting.pk)
        assert not access.editable_meetings(sofia).exists()
        with pytest.raises(Refused):
            actions.sign(found, by=sofia, shown="0" * 64)
    with acting(ana), pytest.raises(actions.Overtaken):  # another window
        actions.save_meeting(Meeting.objects.get(), facts(), actions.Said("Others.", {}, {}), by=ana, version=version)


def test_su_9_kept_for_seven_years(ana: User, sofia: User, row: Agreement) -> None:
    meeting = met(row)
    assert meeting.keep_until.year == meeting.starts_at.year + 7
    assert row.keep_until.year == row.until.year + 7
