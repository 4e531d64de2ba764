"""One's own sessions: seen, ended, idle, too old."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client as Browser

from audit import clock
from practice.models import SignedIn, User
from practice.sessions import stored_key

from .conftest import is_signed_in, lines, log_in


def later(**span: float) -> datetime.datetime:
    return clock.now() + datetime.timedelta(**span)


@pytest.fixture
def two(ana: User, browser: Browser) -> tuple[Browser, Browser]:
    """Ana, signed in on two devices."""
    phone = Browser(headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"})
    log_in(browser, ana)
    log_in(phone, ana)
    return browser, phone


def test_the_list_shows_own_devices_only(two: tuple[Browser, Browser], ben: User) -> None:
    other = Browser(headers={"user-agent": "Mozilla/5.0 (Windows) Edg/120"})
    log_in(other, ben)
    page = two[0].get("/accounts/sessions/")
    assert "Firefox on Linux" in page.text
    assert "Safari on iPhone" in page.text
    assert "Edge on Windows" not in page.text
    assert page.text.count("This one") == 1


def test_another_device_can_be_signed_out(two: tuple[Browser, Browser]) -> None:
    row = SignedIn.objects.get(device="Safari on iPhone")
    assert two[0].post(f"/accounts/sessions/{row.pk}/end/").status_code == 302
    assert is_signed_in(two[0])
    assert not is_signed_in(two[1])
    assert lines("change", part="session_end")


def test_ending_this_one_signs_out(two: tuple[Browser, Browser]) -> None:
    row = SignedIn.objects.get(device="Firefox on Linux")
    assert two[0].post(f"/accounts/sessions/{row.pk}/end/")["Location"] == "/accounts/login/"
    assert not is_signed_in(two[0])


def test_all_others_can_be_signed_out(two: tuple[Browser, Browser]) -> None:
    two[0].post("/accounts/sessions/others/end/")
    assert is_signed_in(two[0])
    assert not is_signed_in(two[1])


def test_nobody_ends_the_session_of_somebody_else(two: tuple[Browser, Browser], ben: User) -> None:
    bens = Browser()
    log_in(bens, ben)
    row = SignedIn.objects.get(device="Safari on iPhone")
    assert bens.post(f"/accounts/sessions/{row.pk}/end/").status_code == 404
    assert is_signed_in(two[1])
    assert lines("refused", actor_id=ben.pk, part="signin_end")


def test_se_3_an_idle_session_ends(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    with clock.at(later(minutes=14)):
        assert is_signed_in(browser)
    with clock.at(later(minutes=28)):
        assert is_signed_in(browser)  # it was used in between
    with clock.at(later(minutes=44)):
        assert not is_signed_in(browser)


def test_a_clock_that_was_put_back_ends_sessions_rather_than_let_them_live_longer(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    with clock.at(later(minutes=-10)):
        assert is_signed_in(browser)
    assert SignedIn.objects.get().seen_at < later(minutes=-9)  # it counts from there
    with clock.at(later(minutes=-60)):
        assert not is_signed_in(browser)
        log_in(browser, ana)
        assert is_signed_in(browser)


def test_attack_79_a_page_that_polls_does_not_keep_its_person_signed_in(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    for minutes in (5, 10, 14):
        with clock.at(later(minutes=minutes)):
            assert browser.get("/accounts/sessions/", headers={"x-background": "1"}).status_code == 200
    with clock.at(later(minutes=16)):
        assert not is_signed_in(browser)


@pytest.mark.parametrize("trick", ["skip_timeout_reset=1", "X-Background=0", "keep_alive=1", "idle=0"])
def test_attack_79_no_parameter_stops_the_clock(browser: Browser, ana: User, trick: str) -> None:
    log_in(browser, ana)
    with clock.at(later(minutes=16)):
        assert browser.get(f"/accounts/sessions/?{trick}").status_code == 302


def test_a_busy_session_ends_after_twelve_hours(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    for minutes in range(10, 12 * 60, 10):
        with clock.at(later(minutes=minutes)):
            SignedIn.objects.update(seen_at=clock.now())
    with clock.at(later(hours=12, minutes=1)):
        SignedIn.objects.update(seen_at=clock.now())
        assert not is_signed_in(browser)


def test_seen_is_written_at_most_once_a_minute(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    before = SignedIn.objects.get().seen_at
    with clock.at(later(seconds=30)):
        is_signed_in(browser)
    assert SignedIn.objects.get().seen_at == before


def test_attack_83_signing_out_makes_the_cookie_worthless(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    key = browser.cookies["subrosa"].value
    browser.post("/accounts/logout/")
    assert not SignedIn.objects.filter(pk=stored_key(key)).exists()
    browser.cookies["subrosa"] = key
    assert not is_signed_in(browser)
    assert [line.actor_id for line in lines("logout")] == [ana.pk]


def test_signing_out_needs_a_post(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    assert browser.get("/accounts/logout/").status_code == 200
    assert is_signed_in(browser)


def test_private_pages_are_stored_nowhere(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    assert browser.get("/accounts/sessions/")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["a%00b", "%20", "..%5c", "%F0%9F%8C%B9"])
def test_a_name_no_session_can_have_is_not_found(browser: Browser, ana: User, name: str) -> None:
    log_in(browser, ana)
    assert browser.get(f"/accounts/sessions/{name}/end/").status_code == 404
    assert browser.post(f"/accounts/sessions/{name}/end/").status_code == 404


def test_head_ends_no_session(browser: Browser, ana: User) -> None:
    log_in(browser, ana)
    row = SignedIn.objects.get(user=ana)
    assert browser.head(f"/accounts/sessions/{row.pk}/end/").status_code == 302
    assert is_signed_in(browser)
