"""T16: clocks that are wrong, jump, change to summer, or reach 2038. No code is good twice, no session lives longer, nothing moves."""

from __future__ import annotations

import datetime
import re
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connections
from django.test import Client as Browser
from django.test import override_settings

from audit import clock, doors
from audit.models import Event
from audit.tasks import make_partitions
from practice import factors, sessions
from practice.actions import outbox
from practice.models import Notice
from practice.profile import profile
from records import actions as records
from records.models import Session
from tests.cast import acting
from tests.committed import House, as_owner, as_worker
from tests.practice.conftest import code_of, give_app, is_signed_in, log_in

from .faults import checker
from .faults.web import web
from .faults.work import count, savers, some, working
from .stolen.people import Person

SHIFTED = "tests.proofs.faults.shifted:application"
MINUTES, HOURS, DAYS = 60, 3600, 86400
SHIFTS = {"ten minutes ahead": 10 * MINUTES, "ten minutes behind": -10 * MINUTES, "five minutes ahead": 5 * MINUTES, "a day ahead": DAYS}
SPAN = range(-400, 401)  # steps of 30 seconds whose codes are tried: three hours and more to both sides


# --- a real web with a wrong clock ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", SHIFTS)
def test_t16_a_web_whose_clock_is_wrong_saves_keeps_its_order_and_shows_it(
    own_house: tuple[str, House], tmp_path: Path, label: str
) -> None:
    name, house = own_house
    with web(name, tmp_path, application=SHIFTED, SHIFT=str(SHIFTS[label])) as server:
        with clock.at(clock.now() - datetime.timedelta(minutes=11)):  # a grant of time to come would not be in force yet
            people = savers(house, server.site, 2)
        with working(people):
            some(people, 5)
        ada = Person(server.site, "ada")
        ada.sign_in()
        _, page = ada.ask("GET", "/operations/")
    lost, torn, findings = checker.lost(house, people), checker.torn(house, people), checker.trail(tmp_path)
    with acting(house.ana):
        ids = list(Event.objects.order_by("at", "id").values_list("id", flat=True))
    elsewhere = sum(a > b for a, b in pairwise(ids))
    sys.stdout.write(
        f"\nT16 web {label} of the database: {count(people, 'ok')} saves acknowledged, {len(lost)} lost, {len(torn)} half-saved, "
        f"{findings} findings in a trail of {len(ids)} lines (by its clock {elsewhere} stand elsewhere)\n"
    )
    assert count(people, "ok") > 0
    assert (lost, torn, findings) == ([], [], 0)
    assert re.search(r"Database and web, apart.{0,800}?Look at it", page, re.DOTALL), "Operations does not mark it"


# --- sign-in ------------------------------------------------------------------------------------------------------------


def _accepted(house: House, secret: str, spent: int, moment: datetime.datetime) -> int:
    """How many codes other than those of now are taken at ``moment``, and of those up to the one that was spent."""
    factor = Authenticator.objects.get(user=house.sofia, type=Authenticator.Type.TOTP)
    taken = 0
    with clock.at(moment):
        good = factors.steps_now()
        for late in SPAN:
            step = good[1] + late
            if step in good and step > spent:
                continue
            code = code_of(secret, late)
            if code in {code_of(secret, each - good[1]) for each in good if each > spent}:
                continue  # the same six digits by chance
            with doors.system("test", on_behalf_of=house.sofia):
                taken += factors.spend_code(factor, house.sofia, code)
    return taken


JUMPS = {"ten minutes on": 10 * MINUTES, "ten minutes back": -10 * MINUTES, "an hour back": -HOURS, "a day on": DAYS, "to 2038": None}


def _moment(jump: int | None) -> datetime.datetime:
    return (
        clock.now() + datetime.timedelta(seconds=jump)
        if jump is not None
        else datetime.datetime(2038, 1, 19, 3, 14, 8, tzinfo=datetime.UTC)
    )


@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "control: any step is good"])
def test_t16_no_code_of_another_time_and_none_a_second_time(
    own_house: tuple[str, House], monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    _, house = own_house
    secret = give_app(house.sofia)
    factor = Authenticator.objects.get(user=house.sofia, type=Authenticator.Type.TOTP)
    with doors.system("test", on_behalf_of=house.sofia):
        assert factors.spend_code(factor, house.sofia, code_of(secret))
    spent = factors.steps_now()[1]
    if broken:
        now = factors.steps_now
        monkeypatch.setattr(factors, "_spend_step", lambda row, code: any(code == code_of(secret, late) for late in range(-50, 50)))
        monkeypatch.setattr(factors, "steps_now", now)
    taken = {label: _accepted(house, secret, spent, _moment(jump)) for label, jump in JUMPS.items() if jump != 0}
    sys.stdout.write(f"\nT16 codes of another time or used before, {len(SPAN)} tried after each jump: taken {taken} (broken: {broken})\n")
    assert any(taken.values()) is broken


def _lives(browser: Browser, at: datetime.datetime) -> bool:
    with clock.at(at):
        return is_signed_in(browser)


def _minutes_lived(house: House, jump: datetime.timedelta, every: int) -> float:
    """How long a session lives whose person comes back after ``every`` minutes, the clock being put by ``jump`` after one."""
    browser, began = Browser(), clock.now()
    with override_settings(DEMO=True):
        log_in(browser, house.ben)
        lived = 1
        while lived < 14 * 60:
            if not _lives(browser, began + jump + datetime.timedelta(minutes=lived)):
                break
            lived += every
    return lived


@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "control: without the look at time to come"])
def test_t16_no_session_lives_longer_because_a_clock_was_put_back(
    own_house: tuple[str, House], monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    _, house = own_house
    if broken:
        monkeypatch.setattr(
            sessions, "_lives", lambda row: row.expire_date > clock.now() and row.seen_at > clock.now() - sessions.idle_limit()
        )
    idle, jumps = profile().idle_minutes, {label: datetime.timedelta(seconds=jump) for label, jump in JUMPS.items() if jump}
    lived = {label: (_minutes_lived(house, jump, idle + 1), _minutes_lived(house, jump, idle - 1)) for label, jump in jumps.items()}
    sys.stdout.write(f"\nT16 minutes that a session lived, idle and at work, after the clock was put: {lived} (broken: {broken})\n")
    longest = settings.SESSION_COOKIE_AGE / 60 + 2 * idle  # by as much as the clock was put back, and it is looked at now and then
    too_long = [label for label, (left, worked) in lived.items() if left > 2 * idle or worked > longest]
    assert bool(too_long) is broken


# --- what is planned, and what leaves -------------------------------------------------------------------------------------


@contextmanager
def _with_room_for(moment: datetime.datetime, name: str) -> Iterator[None]:
    """The trail has its months by then, as the worker makes them each day."""
    with clock.at(moment):
        connections.close_all()
        with as_worker():
            make_partitions()
        yield


DAYS_TO_BOOK = [
    datetime.date.fromisoformat(day)
    for day in (
        "2027-03-13",
        "2027-03-14",
        "2027-03-15",
        "2027-11-06",
        "2027-11-07",
        "2027-11-08",
        "2028-02-29",
        "2038-01-19",
        "2038-01-20",
    )
]


def test_t16_an_hour_of_care_stands_at_the_hour_it_was_booked_for_on_either_side_of_a_change(own_house: tuple[str, House]) -> None:
    name, house = own_house
    zone, wrong = ZoneInfo(settings.TIME_ZONE), []
    for day in DAYS_TO_BOOK:
        start = datetime.datetime.combine(day, datetime.time(10), zone)
        with _with_room_for(start - datetime.timedelta(days=3), name):
            browser = Browser()
            with override_settings(DEMO=True):
                log_in(browser, house.ana)
                answer = browser.post(f"/clients/{house.cleo.pk}/sessions/new/", {
                    "ident": str(uuid.uuid4()), "date": f"{day}", "start": "10:00", "minutes": "50", "modality": "in_person",
                    "place": f"Room of {day}", "outcome": "planned",
                })  # fmt: skip
                assert answer.status_code == 302, answer.content.decode()[:400]
                shown = browser.get(answer["Location"]).content.decode()
            with acting(house.ana):
                kept = Session.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])
            if kept.starts_at != start or (kept.ends_at - kept.starts_at).total_seconds() != 50 * 60 or "10:00" not in shown:
                wrong.append(day)
    offsets = [datetime.datetime.combine(day, datetime.time(10), zone).utcoffset() for day in DAYS_TO_BOOK]
    naive = sum(offset != offsets[0] for offset in offsets)
    sys.stdout.write(f"\nT16 hours booked for 10:00 around changes, on a leap day and in 2038: {len(wrong)} of {len(DAYS_TO_BOOK)} moved")
    sys.stdout.write(f" (control: by the offset of the first day {naive} would have)\n")
    assert wrong == []
    assert naive


def test_t16_notices_of_a_wrong_clock_are_late_at_most_but_neither_twice_nor_never(own_house: tuple[str, House], mailoutbox: Any) -> None:
    for label, jump in JUMPS.items():
        if not jump:
            continue
        with clock.at(_moment(jump)), doors.system("test"):
            outbox.queue("account", f"{label.replace(' ', '-')}@sub.test", "A link", "Words")
    true = clock.now()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"), as_worker():
        for moment in (
            true,
            true - datetime.timedelta(hours=1),
            true + datetime.timedelta(minutes=11),
            true + datetime.timedelta(days=1, minutes=1),
        ):
            with clock.at(moment):
                outbox.mark_uncertain()
                outbox.send_due()
                outbox.send_due()
    counts = Counter(mail.to[0] for mail in mailoutbox)
    states = Counter(Notice.objects.filter(kind="account").values_list("state", flat=True))
    sys.stdout.write(f"\nT16 notices written by wrong clocks: {dict(counts)}, {dict(states)}\n")
    assert set(counts.values()) == {1}
    assert len(counts) == sum(1 for jump in JUMPS.values() if jump)


def test_t16_the_trail_goes_by_its_sequence_and_control_by_its_clock_it_would_be_out_of_order(
    own_house: tuple[str, House], tmp_path: Path
) -> None:
    name, house = own_house
    connections.close_all()
    for jump in (0, DAYS, -HOURS, 10 * MINUTES, -10 * MINUTES):
        with _with_room_for(clock.now() + datetime.timedelta(seconds=jump), name), acting(house.ana):
            note = records.begin_note(house.cleo, by=house.ana, kind="progress")
            records.save_note(note, {"presenting": f"at {jump}"}, by=house.ana, version=note.version, key=uuid.uuid4())
    with as_owner(name) as cursor:
        cursor.execute("SELECT id, at FROM audit_event WHERE part = 'save_note' ORDER BY id")
        rows = cursor.fetchall()
    by_clock = [ident for ident, _ in sorted(rows, key=lambda row: row[1])]
    findings = checker.trail(tmp_path)
    apart = [ident for ident, _ in rows] != by_clock
    sys.stdout.write(f"\nT16 trail with jumps: {findings} findings; by its clock it would be in another order: {apart}\n")
    assert findings == 0
    assert apart
