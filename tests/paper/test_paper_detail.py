"""Paper: behind locks, by label; out by rule and back in time; lost, scanned and shredded by two (PA-1 to PA-6)."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from audit import clock
from breaches import actions as breaches
from breaches.models import Incident
from clients.models import Client
from paper import access, actions
from paper.label import label_paper, squares
from paper.models import Cabinet, Checkout, PaperFile
from paper.rules import same_day, steps
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def cabinet(ada: User, ana: User, dee: User) -> Cabinet:
    """Cabinet B, of which Ana and Dee have keys."""
    with acting(ada):
        lock = actions.add_lock("L1", by=ada)
        for person in (ana, dee):
            actions.give_key(lock, person, by=ada)
        return actions.add_cabinet("B", "Room 2", lock, by=ada)


@pytest.fixture
def file(cabinet: Cabinet, cleo: Client, dee: User) -> PaperFile:
    with acting(dee):
        return actions.add_file(cleo, cabinet, by=dee)


def trip(**more: object) -> actions.Trip:
    given = {"purpose": "A session in the ochre room", "destination": "", "due_at": clock.now() + 2 * HOUR}
    return actions.Trip(**(given | more))  # type: ignore[arg-type]  # as given


def test_pa_3_case_b_overdue_a_second_after_officer_a_day_later_incident_after_three() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    due = datetime.datetime(2026, 11, 16, 17, tzinfo=zone)
    assert steps(due, due) == []
    assert steps(due, due + datetime.timedelta(seconds=1)) == ["overdue"]
    assert steps(due, datetime.datetime(2026, 11, 17, 17, tzinfo=zone)) == ["overdue", "officer"]
    assert steps(due, datetime.datetime(2026, 11, 19, 17, tzinfo=zone)) == ["overdue", "officer", "incident"]
    assert same_day(datetime.datetime(2026, 11, 16, 9, tzinfo=zone)) == due


def test_pa_2_case_a_what_is_out_is_not_taken_a_second_time(file: PaperFile, ana: User, dee: User, ask: Ask) -> None:
    with acting(dee):
        actions.take_out(file, trip(), by=dee)
    with acting(ana), pytest.raises(Refused, match="This file is out"):
        actions.take_out(access.paper_files(ana).get(pk=file.pk), trip(), by=ana)
    body = text_of(ask(dee, "paper_out"))
    assert file.label in body
    assert "ochre" not in body
    assert ask(dee, "paper_detail", {"what": "back", "condition": ""}, pk=file.pk).status_code == 302
    with acting(dee):
        assert PaperFile.objects.get(pk=file.pk).state == "in"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"purpose": " "}, "what a file is taken for"),
        ({"due_at": datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)}, "back within 24 hours"),
        ({"off_site": True, "destination": "Court"}, "locked bag"),
        ({"off_site": True, "transport": "locked"}, "a place that is written down"),
    ],
)
def test_pa_2_no_way_out_without_purpose_in_time_or_locked(file: PaperFile, dee: User, more: dict[str, object], words: str) -> None:
    with acting(dee), pytest.raises(Refused, match=f"(?i){words}"):
        actions.take_out(file, trip(**more), by=dee)


def test_pa_1_whoever_has_no_key_takes_nothing_and_no_one_else_sees_it(file: PaperFile, sofia: User, ben: User, ask: Ask) -> None:
    with acting(sofia), pytest.raises(Refused, match="no key"):
        actions.take_out(access.paper_files(sofia).get(pk=file.pk), trip(), by=sofia)
    assert ask(ben, "paper_detail", pk=file.pk).status_code == 404
    with acting(ben):
        assert not PaperFile.objects.exists()


def test_pa_2_what_leaves_the_house_is_approved_by_an_admin(file: PaperFile, dee: User, ada: User, ask: Ask) -> None:
    with acting(dee):
        row = actions.take_out(file, trip(off_site=True, destination="The court", transport="locked"), by=dee)
        assert PaperFile.objects.get(pk=file.pk).state == "in"
        with pytest.raises(Refused, match="for themself"):
            actions.approve(row, by=dee)
    assert "Paper that is to leave the house" in text_of(ask(ada, "home"))
    assert "The court" in text_of(ask(ada, "paper_approve", pk=row.pk))
    assert ask(ada, "paper_approve", {}, pk=row.pk).status_code == 302
    with acting(dee):
        assert (Checkout.objects.get().approved_by_id, PaperFile.objects.get(pk=file.pk).state) == (ada.pk, "out")


def test_pa_3_what_is_late_is_told_to_who_has_it_and_a_day_later_to_the_officer_once(file: PaperFile, dee: User, ada: User) -> None:
    with acting(dee):
        due = actions.take_out(file, trip(), by=dee).due_at
        assert not access.overdue_checkouts(dee).exists()
    with clock.at(due + datetime.timedelta(seconds=1)), acting(dee):
        assert access.overdue_checkouts(dee).exists()
        assert Checkout.objects.get().is_overdue
    for hours, found in ((1, False), (24, True)):
        with clock.at(due + hours * HOUR), acting(ada):
            assert access.overdue_checkouts(ada).exists() is found


def test_pa_4_lost_paper_opens_an_incident_that_does_not_end_without_an_assessment(file: PaperFile, dee: User, ada: User, ask: Ask) -> None:
    assert ask(dee, "paper_detail", {"what": "lose"}, pk=file.pk).status_code == 302
    with acting(ada):
        row = Incident.objects.get()
        assert (row.source, row.source_id) == ("paper", None)  # it was in its cabinet: no way out to name
        assert file.label in row.what
        with pytest.raises(Refused, match="presumed a breach until it is assessed"):
            breaches.miss(row, "It will turn up.", "Nothing.", by=ada)
        assert any(refused.rule == "PA-4" for refused in breaches.keeps_open(row, ada))
    with acting(dee), pytest.raises(Refused, match="lost"):
        actions.lose(access.paper_files(dee).get(pk=file.pk), by=dee)


def test_pa_5_scanned_by_one_verified_by_another_and_only_then_shredded(file: PaperFile, ana: User, dee: User) -> None:
    with acting(dee):
        row = actions.scan(file, 12, by=dee)
        with pytest.raises(Refused, match="Nobody verified"):
            actions.shred_paper(row, by=dee)
        with pytest.raises(Refused, match="does not verify the scan"):
            actions.verify_scan(row, 12, True, by=dee)
    with acting(ana):
        row = access.shreddings(ana).get()
        with pytest.raises(Refused, match="You counted 11"):
            actions.verify_scan(row, 11, True, by=ana)
        with pytest.raises(Refused, match="nobody can read"):
            actions.verify_scan(row, 12, False, by=ana)
        actions.verify_scan(row, 12, True, by=ana)
        actions.shred_paper(row, by=ana)
        assert PaperFile.objects.get(pk=file.pk).state == "destroyed"


def test_ret_22_who_may_not_know_of_a_hold_shreds_nothing_and_is_told_who_does(file: PaperFile, ana: User, dee: User, ask: Ask) -> None:
    with acting(ana):
        row = actions.scan(file, 12, by=ana)
    with acting(dee):
        actions.verify_scan(access.shreddings(dee).get(), 12, True, by=dee)
    page = text_of(ask(dee, "paper_detail", pk=file.pk))
    assert ("The care team or an admin shreds it" in page, "The paper is shredded" in page) == (True, False)
    answer = ask(dee, "paper_detail", {"what": "shred"}, pk=file.pk)
    assert (answer.status_code, "Only the care team and admins may know" in text_of(answer)) == (422, True)
    assert "The paper is shredded" in text_of(ask(ana, "paper_detail", pk=file.pk))
    assert ask(ana, "paper_detail", {"what": "shred"}, pk=file.pk).status_code == 302
    with acting(ana):
        row.refresh_from_db()
        assert row.destroyed_by_id == ana.pk


def test_pa_6_psychotherapy_notes_stand_apart_and_are_their_writers_alone(
    file: PaperFile, cleo: Client, ana: User, dee: User, ada: User
) -> None:
    with acting(ada):
        lock = actions.add_lock("L2", by=ada, originator=ana)
        apart = actions.add_cabinet("P", "Room 3", lock, by=ada)
    with acting(ana), pytest.raises(Refused, match="separate lock"):
        actions.add_file(cleo, file.cabinet, by=ana, apart=True)
    with acting(ada):
        actions.give_key(lock, ana, by=ada)
    with acting(ana):
        own = actions.add_file(cleo, apart, by=ana, apart=True)
    for who, sees in ((ana, True), (dee, False), (ada, False)):
        with acting(who):
            assert access.paper_files(who).filter(pk=own.pk).exists() is sees
    with acting(dee), pytest.raises(Refused, match="Psychotherapy notes are kept behind"):
        actions.add_file(cleo, apart, by=dee)
    with acting(ada), pytest.raises(Refused, match="Only who wrote"):
        actions.give_key(lock, dee, by=ada)


def test_pa_1_a_label_says_its_code_and_nothing_of_anybody(file: PaperFile, cleo: Client, ana: User, ask: Ask) -> None:
    with acting(ana):
        said = label_paper(file)
    assert set(said) == {"title", "label", "squares", "demo"}
    assert (said["title"], said["label"], said["squares"]) == ("Label", file.label, squares(file.label))
    assert cleo.code not in str(said)
    assert ask(ana, "paper_label", pk=file.pk).content.startswith(b"%PDF")
    assert "in cabinet B" in text_of(ask(ana, "client_detail", pk=cleo.pk))


def test_pa_4_what_was_found_again_may_be_lost_again(file: PaperFile, dee: User, ada: User) -> None:
    for _ in range(2):
        with acting(dee):
            actions.take_out(access.paper_files(dee).get(pk=file.pk), trip(), by=dee)
            actions.lose(access.paper_files(dee).get(pk=file.pk), by=dee)
            actions.bring_back(Checkout.objects.get(in_at=None), "wet", by=dee)
    with acting(ada):
        assert Incident.objects.filter(source="paper").count() == 2
