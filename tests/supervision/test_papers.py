"""The file: evaluations, plans, leave, hours and their report, samples (SU-4, SU-5, SU-6, SU-9)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from audit.clock import today
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from records import actions as records
from records.models import Note
from supervision import access, filed, hours, report, standing
from supervision.actions import papers as actions
from supervision.actions import samples
from supervision.models import Agreement, Paper, Sample, Sampled
from tests.cast import SECRET, acting, write_note

from .agreed import agreed, met

WORDS = "She hears the vermilion bell."


@pytest.fixture
def row(ana: User, sofia: User) -> Agreement:
    return agreed(sofia, ana)


def write(row: Agreement, by: User, kind: str = "remediation", days: int = 30, **other: Any) -> Paper:
    with acting(by):
        content = {"concern": WORDS, "plan": "Reading."}
        return actions.write_paper(row, kind, (today(), today() + datetime.timedelta(days=days)), content, by=by, **other)


def sign(paper: Paper, by: User, comment: str = "") -> None:
    with acting(by):
        found = Paper.objects.get(pk=paper.pk)
        actions.sign(found, by=by, shown=actions.shown_hash(found).hex(), comment=comment)


def test_su_9_a_paper_is_for_the_two_and_final_once_signed(ana: User, sofia: User, ben: User, ada: User, row: Agreement) -> None:
    paper = write(row, sofia)
    with acting(ana):
        assert access.papers(ana).get().content["concern"] == WORDS
    for user in (ben, ada):
        with acting(user):
            assert not access.papers(user).exists()
            assert not Paper.objects.exists()
    sign(paper, ana)
    with acting(sofia):
        paper.content = {"concern": "None."}
        with pytest.raises(DatabaseError), transaction.atomic():
            paper.save(update_fields=["content"])
        assert not access.editable_papers(sofia).exists()


def test_su_4_a_plan_has_one_outcome_and_the_supervisor_writes_both(ana: User, sofia: User, row: Agreement) -> None:
    with pytest.raises(Refused) as refused:
        write(row, ana)
    assert refused.value.rule == "SU-4"
    plan = write(row, sofia)
    outcome = write(row, sofia, "outcome", about=plan)
    with acting(sofia):
        assert Paper.objects.get(pk=plan.pk).outcome == outcome
    with pytest.raises(Refused):
        write(row, sofia, "outcome", about=plan)
    with pytest.raises(Refused):
        write(row, ana, "leave", days=20)
    assert write(row, ana, "leave", days=31).keep_until > today()


def test_su_4_of_an_evaluation_the_supervisee_signs_first_with_a_comment(ana: User, sofia: User, row: Agreement) -> None:
    paper = write(row, sofia, "evaluation")
    with pytest.raises(Refused) as refused:
        sign(paper, sofia)
    assert refused.value.rule == "SU-4"
    sign(paper, ana, comment="I hear it, too.")
    sign(paper, sofia)
    with acting(sofia):
        assert Paper.objects.get(pk=paper.pk).content["comment"] == "I hear it, too."


def test_su_4_the_boards_file_says_what_it_lacks(ana: User, sofia: User, row: Agreement) -> None:
    with acting(sofia):
        assert filed.of(sofia, row)["lacks"] == [
            "a copy of the license or its verification, with the dates of issuance and expiration", "fees and record of payment",
            "the date of each meeting",
        ]  # fmt: skip
    met(row)
    write(row, sofia, "licence")
    with acting(ana):
        assert filed.of(ana, row)["lacks"] == ["fees and record of payment"]


def noted(ana: User, cleo: Client, days: int, minutes: int = 50) -> Note:
    """A session some days ago, with a signed note."""
    start = clock.now() - datetime.timedelta(days=days)
    with acting(ana):
        held = {"starts_at": start, "ends_at": start + datetime.timedelta(minutes=minutes), "modality": "in_person"}
        session = records.plan_session(cleo, by=ana, **held)
    return write_note(ana, cleo, session=session, signed=True)


def test_su_4_hours_are_of_signed_notes_and_of_meetings_both_signed(
    ana: User, sofia: User, ada: User, ben: User, cleo: Client, row: Agreement
) -> None:
    noted(ana, cleo, 3)
    noted(ana, cleo, 2, minutes=40)
    start = clock.now() - datetime.timedelta(days=1)
    with acting(ana):  # no note: it does not count
        records.plan_session(cleo, by=ana, starts_at=start, ends_at=start + datetime.timedelta(minutes=50), modality="in_person")
    met(row, days=4, minutes=90)
    met(row, days=5, signed=False)
    for user in (ana, sofia, ada):
        with acting(user):
            found = hours.figures(user, row, today() - datetime.timedelta(days=9), today())
            assert (found.contact_sum, found.supervised) == (90, 90)
            assert found.contact["individual"] == 90
    with acting(ben):
        assert access.contact_minutes(ben, ana, today() - datetime.timedelta(days=9), today()) == {}


def test_su_4_a_whole_month_without_enough_supervision_is_said_to_lack_it(ana: User, sofia: User) -> None:
    first = (today().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    row = agreed(sofia, ana, since=first)
    with acting(ana):
        found = hours.figures(ana, row, first, today())
    assert f"{first:%B %Y}: 4 h of supervision are missing (4 h are asked for)." in found.missing
    assert [month.needs for month in found.months] == [240, 0]
    assert len(hours.picture(found)) == 2


def test_the_report_holds_figures_and_no_client(ana: User, sofia: User, cleo: Client, row: Agreement) -> None:
    noted(ana, cleo, 3)
    met(row, days=4)
    with acting(ana):
        paper = actions.report(row, (today() - datetime.timedelta(days=9), today()), by=ana)
        with pytest.raises(Refused):
            actions.report(row, (today(), today() + datetime.timedelta(days=1)), by=ana)
    sign(paper, ana)
    with acting(sofia):
        assert not access.signed_reports(sofia).exists()
    sign(paper, sofia)
    with acting(sofia):
        found = access.signed_reports(sofia).get()
        said = report.paper(found, actions.signed_by(found, sofia))
        whole = str(said)
    assert "50 min" in whole
    assert "Ana Reyes, LPC-A" in whole
    assert not [word for word in (cleo.code, "Marchetti", "Cleo", SECRET, str(cleo.pk)) if word in whole]
    assert said["title"] == "Report of supervised hours"
    assert said["code"] == ""


def test_su_5_a_sample_is_drawn_once_from_notes_one_may_read(ana: User, sofia: User, cleo: Client, row: Agreement) -> None:
    for days in (3, 2):
        noted(ana, cleo, days)
    write_note(ana, cleo, kind="psychotherapy", signed=False)
    with acting(sofia):
        with pytest.raises(Refused):
            samples.draw(row, today(), today(), 2, " ", by=sofia)
        sample = samples.draw(row, today() - datetime.timedelta(days=1), today(), 1, "Each quarter.", by=sofia)
        assert sample.of == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            Sample.objects.update(of=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            Sampled.objects.all().delete()
        found = access.unseen_sampled(sofia).get()
        samples.look(found, WORDS, by=sofia)
        assert not access.unseen_sampled(sofia).exists()
        found.remark = "None."
        with pytest.raises(DatabaseError), transaction.atomic():
            found.save(update_fields=["remark"])
    with acting(ana):
        assert access.sampled(ana).get().remark == WORDS
        with pytest.raises(DatabaseError), transaction.atomic():
            Sample(agreement=row, begins=today(), ends=today(), of=1, reason="x", drawn_by=ana, keep_until=today()).save(force_insert=True)


def test_su_6_the_supervisors_home_counts(ana: User, sofia: User, ada: User, cleo: Client, row: Agreement) -> None:
    with acting(ada):
        records.set_cosign_rule(ana, ["progress"], by=ada)
    with clock.at(clock.now() - datetime.timedelta(days=8)):
        late = write_note(ana, cleo, signed=True)
    write_note(ana, cleo, signed=True)
    write_note(ana, cleo)
    write_note(ana, cleo, kind="contact")
    with acting(sofia):
        found = standing.cosigning(sofia)
        assert (found.waiting, found.oldest, found.rate) == (2, 8, None)
        note = Note.objects.get(pk=late.pk)
        records.cosign(note, by=sofia, shown=records.cosign_hash(note, []).hex())
        found = standing.cosigning(sofia)
        assert (found.waiting, found.done, found.late, found.rate) == (1, 1, 1, 0)
        (person,) = standing.supervisees(sofia)
        assert (person["person"], person["drafts"], person["days"]) == (ana, 2, 0)
        assert standing.this_month(sofia, row)["short"]
    with acting(ana):
        assert standing.supervisees(ana) == []
