"""Training: due by the course, attested by one and confirmed by another, and asked for before a record is opened (SE-15)."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from clients import actions as clients
from clients.models import Client, ClientPermission
from practice.models import User
from practice.refusals import Refused
from safeguards import access, actions
from safeguards.models import Training
from safeguards.rules import courses, expires_on, state_of
from safeguards.sheets import standings
from tests.cast import acting, trained
from tests.clients.conftest import Ask, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
PRIVACY = courses()["privacy"]
LEAK = "The examiner wore a vermilion scarf."


def lesson(**more: object) -> actions.Lesson:
    given = {"course": "privacy", "held_on": clock.today(), "given_by": "The vermilion school"}
    return actions.Lesson(**(given | more))  # type: ignore[arg-type]  # as given


@pytest.mark.parametrize(
    ("held", "today", "state"),
    [
        (None, datetime.date(2026, 11, 23), "missing"),
        (datetime.date(2025, 11, 23), datetime.date(2026, 10, 24), "current"),
        (datetime.date(2025, 11, 23), datetime.date(2026, 10, 25), "due soon"),
        (datetime.date(2025, 11, 23), datetime.date(2026, 11, 23), "due soon"),
        (datetime.date(2025, 11, 23), datetime.date(2026, 11, 24), "expired"),
        (datetime.date(2024, 2, 29), datetime.date(2025, 2, 28), "due soon"),
        (datetime.date(2024, 2, 29), datetime.date(2025, 3, 1), "expired"),
    ],
)
def test_se_15_training_counts_for_a_year_and_is_due_soon_before_that(held: datetime.date | None, today: datetime.date, state: str) -> None:
    assert state_of(PRIVACY, held, today) == state


def test_se_15_what_is_taught_changed_and_training_before_that_counts_for_thirty_days_more() -> None:
    changed = replace(PRIVACY, edition=datetime.date(2026, 6, 1))
    before, after = datetime.date(2026, 5, 31), datetime.date(2026, 6, 1)
    assert [state_of(changed, before, day) for day in (datetime.date(2026, 7, 1), datetime.date(2026, 7, 2))] == ["due soon", "expired"]
    assert state_of(changed, after, datetime.date(2027, 4, 30)) == "current"


def test_se_15_the_database_counts_as_the_arithmetic_does(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = clock.today() + 40 * DAY
    monkeypatch.setitem(courses(), "privacy", replace(PRIVACY, edition=edition))
    with acting(ana):
        for days in (0, 39, 69, 70, 71, 364, 366):
            with clock.at(clock.now() + days * DAY):
                row = Training.objects.get(person=ana, course="privacy")
                today = clock.today()
                over = state_of(courses()["privacy"], row.held_on, today) == "expired"
                assert access.untrained().filter(pk=ana.pk).exists() is over, days


def test_se_15_no_record_is_opened_to_whom_nobody_trained_and_what_is_open_stays(ada: User, ana: User, ben: User, cleo: Client) -> None:
    with clock.at(clock.now() + 370 * DAY):
        with acting(ada), pytest.raises(Refused, match="The training of Ben Okafor is missing or over") as refused:
            clients.assign(cleo, ben, by=ada)
        assert refused.value.rule == "SE-15"
        assert "confirm it" in refused.value.todo
        with acting(ana), pytest.raises(Refused, match="Your training is missing or over"):
            clients.take_in(by=ana, counselor=ana, given_name="Noor", family_name="Vermilion")
        with acting(ana):
            assert ClientPermission.objects.filter(user=ana, content_object=cleo.pk).exists()
            assert cleo.family_name == "Marchetti"
        trained(ben)
        with acting(ada):
            clients.assign(cleo, ben, by=ada)


def test_se_15_who_is_not_trained_finds_it_on_home_a_month_before_the_end(ana: User) -> None:
    for days, found in ((0, False), (330, False), (340, True), (370, True)):
        with clock.at(clock.now() + days * DAY), acting(ana):
            assert access.to_be_trained(ana).exists() is found, days


def test_se_15_one_says_so_and_another_confirms(ben: User, ana: User, ada: User, ask: Ask) -> None:
    today = clock.today()
    sent = {"person": str(ben.pk), "course": "privacy", "held_on": f"{today}", "given_by": "The vermilion school", "content": LEAK}
    assert ask(ben, "training_new", sent).status_code == 302
    with acting(ben):
        row = Training.objects.get(person=ben, confirmed_at=None)
        assert not row.counts
        with pytest.raises(Refused, match="Nobody confirms their own"):
            actions.confirm_training(row, by=ben)
    assert ask(ana, "training_detail", pk=row.pk).status_code == 404
    assert "Training to confirm" in text_of(ask(ada, "home"))
    assert LEAK in text_of(ask(ada, "training_detail", pk=row.pk))
    assert ask(ada, "training_detail", {"what": "confirm"}, pk=row.pk).status_code == 302
    with acting(ben):
        assert Training.objects.get(pk=row.pk).counts
        with pytest.raises(DatabaseError), transaction.atomic():
            Training.objects.filter(pk=row.pk).update(confirmed_at=clock.now())


def test_se_15_recorded_by_an_admin_the_person_says_so_themself(ada: User, ben: User, ana: User, ask: Ask) -> None:
    with acting(ada):
        row = actions.record_training(ben, lesson(), by=ada)
    with acting(ana), pytest.raises(Refused, match="Only who was trained"):
        actions.attest_training(row, by=ana)
    assert "Say that you were trained" in text_of(ask(ben, "home"))
    assert ask(ben, "training_detail", {"what": "attest"}, pk=row.pk).status_code == 302
    with acting(ben):
        assert Training.objects.get(pk=row.pk).counts


def test_se_15_of_the_only_admin_a_colleague_confirms_it(ada: User, ben: User) -> None:
    with acting(ada):
        row = actions.record_training(ada, lesson(), by=ada)
        assert not row.counts
    with acting(ben):
        assert access.trainings_to_confirm(ben).get() == row
        actions.confirm_training(row, by=ben)


def test_se_15_alone_in_a_practice_one_attests_and_it_says_so(ada: User) -> None:
    with acting(ada):
        row = actions.record_training(ada, lesson(), by=ada)
        assert (row.counts, row.alone) == (True, True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"held_on": datetime.date(2099, 1, 1)}, "still to come"),
        ({"given_by": " "}, "Who gave"),
        ({"file": ("a.exe", b"MZ")}, "We keep PDFs"),
    ],
)
def test_se_15_what_is_missing_is_refused(ben: User, more: dict[str, object], words: str) -> None:
    with acting(ben), pytest.raises(Refused, match=words):
        actions.record_training(ben, lesson(**more), by=ben)


def test_se_15_nobody_records_that_somebody_else_was_trained_but_an_admin(ben: User, ana: User, ask: Ask) -> None:
    today = clock.today()
    sent = {"person": str(ana.pk), "course": "privacy", "held_on": f"{today}", "given_by": "x\0‮", "content": "typed words"}
    answer = ask(ben, "training_new", sent)
    assert answer.status_code == 422
    assert "typed words" in text_of(answer)
    with acting(ben):
        assert not Training.objects.filter(person=ana, recorded_by=ben).exists()


def test_se_15_the_certificate_passes_the_sieve_and_is_served_under_a_name_of_ours(ben: User, ana: User, ask: Ask) -> None:
    with acting(ben):
        row = actions.record_training(ben, lesson(file=("vermilion.txt", b"Passed with honours.")), by=ben)
    answer = ask(ben, "training_certificate", pk=row.pk)
    assert answer.content == b"Passed with honours."
    assert "vermilion" not in answer["Content-Disposition"]
    assert ask(ana, "training_certificate", pk=row.pk).status_code == 404


def test_se_15_a_year_from_a_leap_day_ends_on_the_last_of_february() -> None:
    assert expires_on(PRIVACY, datetime.date(2024, 2, 29)) == datetime.date(2025, 2, 28)


def test_se_15_admins_see_how_everybody_stands_and_everybody_themself(ada: User, ana: User, ben: User, ask: Ask) -> None:
    page = text_of(ask(ada, "training_list"))
    assert "Ana Reyes" in page
    assert "Ben Okafor" in page
    own = text_of(ask(ben, "training_list"))
    assert "Ben Okafor" in own
    assert "Ana Reyes" not in own
    assert "Current" in own
    with clock.at(clock.now() + 370 * DAY), acting(ada):
        assert {line[-1] for lines in standings([ana, ben], ada).values() for line in lines} == {"expired"}


def test_se_15_the_pages_of_intake_and_of_the_team_say_why_and_keep_what_was_typed(
    ana: User, ada: User, ben: User, cleo: Client, ask: Ask
) -> None:
    with clock.at(clock.now() + 366 * DAY):
        sent = {"given_name": "Vermilia", "family_name": "Scarf", "kind": "adult"}
        answer = ask(ana, "client_new", sent)
        assert answer.status_code == 422
        page = text_of(answer)
        assert "Your training is missing or over" in page
        assert "(SE-15)" in page
        assert "Vermilia" in answer.content.decode()
        answer = ask(ada, "client_assign", {"person": str(ben.pk)}, pk=cleo.pk)
        assert answer.status_code == 422
        assert "The training of Ben Okafor is missing or over" in text_of(answer)
    with acting(ana):
        assert not ClientPermission.objects.filter(user=ben).exists()
