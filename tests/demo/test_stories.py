"""The stories as they are written: enough of them, whole, plausible, and nobody's real address."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from audit import clock
from demo.diary import LENGTH, Diary, Visit, is_open, today
from demo.people import ACCOUNTS, days_ago
from demo.story import Person, Story, stories
from records.kinds import PROGRESS_ONLY, parts_of
from records.models import Kind

DAYS = ["2026-11-22", "2026-12-25", "2027-01-02", "2027-07-05", "2028-02-29"]


def people_in(story: Story) -> list[Person]:
    return [story.who, *story.members]


def texts_of(story: Story) -> Iterator[tuple[str, list[str]]]:
    """Every note of ``story`` as (kind, its texts); a progress note of four texts takes the story's words on risk."""
    yield from ((kind, texts) for kind, texts in _frame(story) if texts)
    for row in story.progress:
        yield Kind.PROGRESS, row if len(row) == 5 else [*row[:3], story.risk[0], row[3]]
    yield from ((Kind.PROGRESS, texts) for _, _, texts in story.parts)
    for between in story.contact + story.crisis:
        yield (Kind.CONTACT if len(between) == 3 else Kind.CRISIS), between[1:]
    yield from ((Kind.PSYCHOTHERAPY, [text]) for _, text in story.private)


def _frame(story: Story) -> list[tuple[str, list[str]]]:
    return [(Kind.INTAKE, story.intake), (Kind.PLAN, story.plan), (Kind.TERMINATION, story.termination)]


@pytest.fixture(params=DAYS)
def day(request: pytest.FixtureRequest) -> Iterator[datetime.date]:
    """The demo is furnished on any day of the year."""
    noon = datetime.datetime.fromisoformat(request.param).replace(hour=12, tzinfo=ZoneInfo("America/Los_Angeles"))
    with clock.at(noon):
        yield noon.date()


@pytest.fixture
def book(day: datetime.date) -> list[tuple[Story, list[Visit]]]:
    diary = Diary()
    return [(story, diary.visits(story)) for story in stories()]


def test_there_are_forty_clients_and_four_hundred_notes() -> None:
    every = stories()
    assert len({story.client_id for story in every}) == len(every)
    assert sum(len(people_in(story)) for story in every) >= 40
    assert sum(len(list(texts_of(story))) for story in every) >= 400


def test_every_kind_of_client_status_and_note_is_there() -> None:
    every = stories()
    assert {story.kind for story in every} == {"adult", "minor", "couple", "family", "group"}
    assert {story.status for story in every} == {"enquiry", "intake", "active", "discharged", "archived"}
    assert {kind for story in every for kind, _ in texts_of(story)} == set(Kind)
    assert {story.open for story in every} == {"", "draft", "unwritten", "unmarked"}
    assert all(any(getattr(story, name) for story in every) for name in ("addenda", "late", "denied", "transfer", "representatives"))


def test_no_text_is_empty_and_every_note_has_the_parts_of_its_kind() -> None:
    for story in stories():
        for kind, texts in texts_of(story):
            assert len(texts) == len(parts_of(kind)), (story.key, kind)
            assert all(len(text.strip()) >= 4 for text in texts), (story.key, texts)


def test_no_two_notes_say_the_same() -> None:
    said = Counter(text for story in stories() for row in story.progress for text in row[:3])
    assert [text for text, times in said.items() if times > 1] == []


def test_rec_2_no_psychotherapy_note_has_a_place_for_what_belongs_in_the_record() -> None:
    assert not {part.key for part in parts_of(Kind.PSYCHOTHERAPY)} & set(PROGRESS_ONLY)
    assert all(0 <= number < len(story.progress) for story in stories() for number, _ in story.private)


def test_numbers_that_say_when_point_at_a_progress_note() -> None:
    for story in stories():
        pointed = [
            *story.late,
            *story.remote,
            *(row[0] for row in [*story.contact, *story.crisis, *story.private, *story.addenda, *story.parts]),
        ]
        assert all(0 <= number < len(story.progress) for number in pointed), story.key


def test_every_phone_and_mail_address_is_invented() -> None:
    for story in stories():
        phones = [row["phone"] for row in story.representatives] + [who.emergency[2] for who in people_in(story) if who.emergency]
        contacts = [row for who in people_in(story) for row in who.contacts]
        phones += [address for kind, address, *_ in contacts if kind == "phone"]
        digits = [re.search(r"555 01\d\d", phone) for phone in phones if re.search(r"\d", phone)]
        assert all(digits), (story.key, phones)
        assert all(address.endswith("@mail.test") for kind, address, *_ in contacts if kind == "mail")
        assert not any(safe and not may for *_, may, safe in contacts), story.key


def test_accounts_named_by_stories_exist() -> None:
    for story in stories():
        named = [story.counselor, story.counselor_now, story.taken_in_by, story.portal, *story.denied[:1]]
        named += [row.get("account", "") for row in story.representatives]
        assert {name for name in named if name} <= set(ACCOUNTS), story.key


def test_four_hundred_sessions_on_any_day_of_the_year(book: list[tuple[Story, list[Visit]]]) -> None:
    assert sum(len(visits) for _, visits in book) >= 400
    outcomes = Counter(visit.what for _, visits in book for visit in visits)
    assert outcomes["late"] >= 5
    assert outcomes["absent"] >= 2
    assert outcomes["unwritten"] >= 3


def test_sessions_lie_in_the_year_before_today_and_nobody_sits_in_two_at_once(book: list[tuple[Story, list[Visit]]]) -> None:
    taken = Counter((story.counselor_on(visit.at.date()), visit.at) for story, visits in book for visit in visits)
    assert [slot for slot, times in taken.items() if times > 1] == []
    for story, visits in book:
        for visit in visits:
            assert (visit.what == "planned") == (visit.at.date() >= today()), story.key
            assert visit.at > days_ago(13 * 30), story.key
            assert is_open(visit.at.date(), story.counselor_now), (story.key, visit)
        assert visits == sorted(visits, key=lambda visit: visit.at)


def test_nobody_works_after_they_left(book: list[tuple[Story, list[Visit]]]) -> None:
    gone = {key: days_ago(account.gone) for key, account in ACCOUNTS.items() if account.gone}
    assert gone
    for story, visits in book:
        for visit in visits:
            left = gone.get(story.counselor_on(visit.at.date()))
            assert left is None or visit.at + LENGTH < left, story.key
