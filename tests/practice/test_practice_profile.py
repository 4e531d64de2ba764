"""The practice's profile: admins keep it, each change leaves a line, and it holds at once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser

from audit import clock
from practice import profile
from practice.forms.profile import FLAGS, STATES
from practice.models import Practice, User

from .conftest import is_signed_in, lines, log_in

FORM: dict[str, Any] = {
    "name": "Hollow Oak House", "timezone": "America/New_York", "late_after_hours": "48", "idle_minutes": "10", "states": ["OR", "WA"],
    "reply_time": "within two working days",
    "is_covered_entity": "on", "is_part2_program": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def remembered() -> Iterator[None]:
    """Each test begins and leaves without a profile in mind."""
    profile.forget()
    yield
    profile.forget()


@pytest.fixture
def admin(browser: Browser, ada: User) -> Browser:
    log_in(browser, ada)
    return browser


def test_it_is_changed_and_each_change_leaves_a_line(admin: Browser, ada: User) -> None:
    assert admin.post("/practice/", FORM)["Location"] == "/practice/"
    practice = Practice.objects.get()
    assert (practice.name, practice.timezone, practice.late_after_hours, practice.idle_minutes) == (
        "Hollow Oak House", "America/New_York", 48, 10
    )  # fmt: skip
    assert practice.states == ["OR", "WA"]
    assert practice.is_covered_entity
    assert practice.is_part2_program
    parts = [line.part for line in lines("change", actor_id=ada.pk)]
    assert sorted(parts) == sorted(
        [
            "profile_name",
            "profile_timezone",
            "profile_late_after_hours",
            "profile_idle_minutes",
            "profile_states",
            "profile_is_part2_program_on",
            "profile_names_staff_off",
        ]
    )


def test_a_flag_taken_off_says_so(admin: Browser) -> None:
    admin.post("/practice/", {name: value for name, value in FORM.items() if name != "is_covered_entity"})
    assert not Practice.objects.get().is_covered_entity
    assert lines("change", part="profile_is_covered_entity_off")


def test_the_same_again_leaves_no_line(admin: Browser) -> None:
    admin.post("/practice/", FORM)
    before = len(lines("change"))
    assert "Nothing was changed" in admin.post("/practice/", FORM, follow=True).text
    assert len(lines("change")) == before


def test_what_is_there_stands_in_the_form(admin: Browser) -> None:
    admin.post("/practice/", FORM)
    text = admin.get("/practice/").text
    assert 'value="Hollow Oak House"' in text
    assert '<option value="America/New_York" selected>' in text
    assert text.count(" checked") == 5  # two flags, two states, and the keys of one letter


def test_every_flag_says_what_it_switches(admin: Browser) -> None:
    text = admin.get("/practice/").text
    flags = {field.name for field in Practice._meta.concrete_fields if field.get_internal_type() == "BooleanField"}
    assert {name for name, *_ in FLAGS} == flags
    assert all(str(what) in text for _, _, what in FLAGS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("idle_minutes", "16"), ("idle_minutes", "4"), ("idle_minutes", "x"), ("timezone", "Mars/Olympus"), ("timezone", "../etc/passwd"),
        ("late_after_hours", "0"), ("late_after_hours", "99999"), ("states", ["ZZ"]), ("states", ["OR\x00"]), ("name", ""),
        ("name", "x" * 81), ("name", "a\x00b"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_kept_on_the_page(admin: Browser, name: str, value: Any) -> None:
    answer = admin.post("/practice/", {**FORM, name: value})
    assert answer.status_code == 422
    assert "Hollow Oak House" in answer.text or name == "name"
    assert Practice.objects.get().name == "The practice"


def test_attack_24_nothing_else_can_be_set(admin: Browser) -> None:
    before = Practice.objects.get().pk
    admin.post("/practice/", {**FORM, "id": "00000000-0000-4000-8000-000000000009"})
    assert Practice.objects.get().pk == before


def test_only_admins(ana: User, sofia: User, dee: User) -> None:
    for person in (ana, sofia, dee):
        browser = Browser()
        log_in(browser, person)
        assert browser.get("/practice/").status_code == 404
        assert browser.post("/practice/", FORM).status_code == 404
        assert len(lines("refused", actor_id=person.pk, part="practice_profile")) == 2
    assert Practice.objects.get().name == "The practice"


def test_attack_86_an_old_session_confirms_first(admin: Browser) -> None:
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        assert admin.post("/practice/", FORM)["Location"].startswith("/accounts/reauthenticate/")
    assert Practice.objects.get().name == "The practice"


def test_a_shorter_idle_time_holds_at_once(admin: Browser) -> None:
    admin.post("/practice/", {**FORM, "idle_minutes": "5"})
    assert admin.get("/accounts/here/").json()["left"] <= 300
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        assert not is_signed_in(admin)


def test_the_house_may_be_stricter_than_the_profile(admin: Browser, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 7
    profile.forget()
    assert profile.profile().idle_minutes == 7
    assert admin.post("/practice/", {**FORM, "idle_minutes": "8"}).status_code == 422


def test_name_and_clock_are_those_of_every_page(admin: Browser) -> None:
    admin.post("/practice/", {**FORM, "timezone": "Asia/Tokyo"})
    with clock.at(datetime.datetime(2026, 3, 1, 20, 30, tzinfo=datetime.UTC)):
        late = Browser()
        log_in(late, User.objects.get(roles=["admin"], pk__in=[line.actor_id for line in lines("change", part="profile_name")]))
        text = late.get("/accounts/sessions/").text
    assert "2 Mar 2026, 05:30" in text
    assert "Hollow Oak House" in text


def test_states_are_two_letters_once_each() -> None:
    codes = [code for code, _ in STATES]
    assert len(codes) == len({*codes}) == 56
    assert all(len(code) == 2 and code.isupper() for code in codes)


def test_rec_10_texas_is_a_state_of_a_house_that_says_it_is_in_the_united_states(admin: Browser, settings: Any) -> None:
    for region, answer in (("", 422), ("DE", 422), ("US", 302)):
        settings.DATA_REGION = region
        sent = admin.post("/practice/", FORM | {"states": ["OR", "TX"]})
        assert sent.status_code == answer, region
        assert ("REC-10" in sent.text) == (answer == 422)
        assert Practice.objects.get().states == (["OR", "TX"] if answer == 302 else [])
