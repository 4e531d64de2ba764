"""The admin's trail page: who may, what it shows, what it never shows, and that reading it is on it."""

from __future__ import annotations

import datetime
import re
import uuid
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import clock, trail
from audit.models import Act, Event
from audit.trail import Line
from clients import actions as clients
from clients.models import Client
from practice.models import User
from records.models import Note
from tests.cast import SECRET, SignIn, acting

URL = "/trail/"


def lines_of(user: User) -> list[Event]:
    with acting(user):
        return [line for line in Event.objects.filter(actor_id=user.pk).order_by("at", "id") if not line.role.startswith("system:")]


def text(response: Any) -> str:
    return str(response.content.decode())


def follow(browser: Any, **wanted: str) -> Any:
    """Fill the form in, send it, follow to the page."""
    sent = browser.post(URL, wanted)
    assert sent.status_code == 302, text(sent)
    return browser.get(sent["Location"])


def rows(response: Any) -> list[str]:
    body = text(response).partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in body.split("<tr>")[1:]]


def test_the_admin_sees_what_was_done_and_reading_leaves_a_line(ada: User, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ada)
    response = browser.get(URL)
    assert response.status_code == 200
    assert any("changed" in row and "Note note signed" in row and str(signed.client) in row for row in rows(response))
    assert [(line.act, line.what, line.part, line.client_id) for line in lines_of(ada)] == [("list", "practice.practice", "trail", None)]
    assert "trail" in text(browser.get(URL)).lower()


@pytest.mark.parametrize("name", ["ana", "sofia", "ben", "dee", "portal_cleo", "gus"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_attack_64_nobody_else_reads_the_trail_and_the_attempt_is_on_it(name: str, method: str, browser_of: SignIn, request: Any) -> None:
    user, ada = request.getfixturevalue(name), request.getfixturevalue("ada")
    for url in (URL, "/trail/csv/"):
        if (url, method) != ("/trail/csv/", "post"):
            assert getattr(browser_of(user), method)(url).status_code == 404
    assert [line.act for line in lines_of(user)][-1] == "refused"
    assert browser_of(ada).get(URL).status_code == 200


def test_no_name_of_a_client_and_no_text_is_on_the_page(ada: User, signed: Note, portal_cleo: User, browser_of: SignIn) -> None:
    browser_of(portal_cleo).get("/")
    body = text(browser_of(ada).get(URL))
    assert "Ana Reyes" in body
    for secret in ("Cleo", "Marchetti", SECRET, "503 555"):
        assert secret not in body
    assert any(row.split(")")[-1] and " client " in row for row in rows(browser_of(ada).get(URL)))


def test_what_is_typed_becomes_an_address_of_ids_and_days(ada: User, ana: User, signed: Note, browser_of: SignIn) -> None:
    code = signed.client.code
    sent = browser_of(ada).post(
        URL, {"person": str(ana.pk), "code": code.upper(), "act": "change", "since": "2020-01-01", "until": "2100-01-01"}
    )
    assert sent.status_code == 302
    assert code not in sent["Location"].casefold()
    assert str(signed.client_id) in sent["Location"]


def test_filters_narrow(ada: User, ana: User, ben: User, signed: Note, bens_client: Client, browser_of: SignIn) -> None:
    browser = browser_of(ada)
    assert all("Ana Reyes" in row for row in rows(follow(browser, person=str(ana.pk))))
    mine = rows(follow(browser, code=bens_client.code))
    assert mine
    assert all(bens_client.code in row for row in mine)
    changed = rows(follow(browser, act="change"))
    assert changed
    assert all("changed" in row for row in changed)
    assert "No such lines" in text(follow(browser, until="1999-12-31"))
    today = clock.today()
    assert rows(follow(browser, since=str(today - datetime.timedelta(days=1)), until=str(today + datetime.timedelta(days=1))))


def test_refused_only(ada: User, ben: User, cleo: Client, browser_of: SignIn) -> None:
    assert browser_of(ben).get(reverse("client_detail", args=[cleo.pk])).status_code == 404
    (row,) = rows(follow(browser_of(ada), refused="on"))
    assert "Ben Okafor" in row
    assert "refused" in row
    assert cleo.code in row


def test_nobody_and_the_system_can_be_chosen(ada: User, ana: User, signed: Note, browser_of: SignIn, client: Any) -> None:
    client.post(reverse("account_login"), {"login": "nobody@sub.test", "password": "wrong wrong wrong"})
    browser = browser_of(ada)
    assert all("anonymous" in row for row in rows(follow(browser, person="anonymous")))
    assert all("system:test" in row for row in rows(follow(browser, person="system")))
    assert rows(follow(browser, person="anonymous"))


def test_asking_for_a_client_leaves_a_line_about_that_client(ada: User, cleo: Client, browser_of: SignIn) -> None:
    follow(browser_of(ada), code=cleo.code)
    assert [(line.act, line.client_id) for line in lines_of(ada)][-1] == ("list", cleo.pk)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"since": "yesterday"}, "Enter a day"),
        ({"since": "2024-02-31"}, "Enter a day"),
        ({"since": "2024-02-03", "until": "2024-02-01"}, "before the first one"),
        ({"code": "no-such-1"}, "No client has this code"),
        ({"code": "a\0b"}, "Null characters"),
        ({"code": "x" * 400}, "at most 40"),
        ({"person": "somebody"}, "valid choice"),
        ({"person": str(uuid.uuid4())}, "valid choice"),
        ({"act": "looked"}, "valid choice"),
        ({"act": "read", "refused": "on"}, "only what was refused"),
        ({"since": "9999-12-31\u202e"}, "Enter a day"),
    ],
)
def test_what_does_not_pass_is_said_beside_the_field_and_kept(ada: User, browser_of: SignIn, sent: dict[str, str], said: str) -> None:
    response = browser_of(ada).post(URL, sent)
    assert response.status_code == 422
    assert said in text(response)
    value = next(iter(sent.values()))
    assert value not in ("yesterday", "no-such-1") or f'value="{value}"' in text(response)


@pytest.mark.parametrize(
    "query",
    [
        "client=x", "client=00000000-0000-0000-0000-000000000000", "older=x", "older=20240101T000000.000000~abc", "newer=~",
        "older=99999999T000000.000000~1", "older=20240101T000000.000000~99999999999999999999999", "until=9999-12-31", "since=0001-01-01",
    ],
)  # fmt: skip
def test_a_meddled_address_never_breaks_the_page(ada: User, browser_of: SignIn, query: str) -> None:
    assert browser_of(ada).get(f"{URL}?{query}").status_code in (200, 422)


SQL = ["' OR 1=1 --", "%27%3B DROP TABLE audit_event;--", "(SELECT 1)", "at; SELECT pg_sleep(1)"]
PARAMETERS = ["person", "client", "act", "since", "until", "older", "newer", "refused", "order", "sort"]


def test_attack_66_sql_in_any_parameter_finds_nothing_more(ada: User, signed: Note, browser_of: SignIn) -> None:
    browser = browser_of(ada)
    there = set(rows(browser.get(URL)))
    for name, value in product(PARAMETERS, SQL):
        response = browser.get(URL, {name: value})
        assert response.status_code in (200, 422)
        assert all(row in there or "trail" in row for row in rows(response)), (name, value)  # what it adds is its own reading
    assert any("Note note signed" in row for row in rows(browser.get(URL)))


MARKUP = ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "{{7*7}}", "javascript:alert(1)"]


def test_attack_68_nothing_sent_comes_back_as_markup(ada: User, browser_of: SignIn) -> None:
    browser = browser_of(ada)
    for name, value in product(["person", "code", "act", "since", "until", "older"], MARKUP):
        for response in (browser.post(URL, {name: value}), browser.get(URL, {name: value})):
            body = text(response) if response.status_code != 302 else ""
            for run in ("<script>alert", "<img src=x", ">49<"):
                assert run not in body, (name, value)


def _many(user: User, count: int, client: Client) -> None:
    with acting(user):
        for number in range(count):
            with clock.at(clock.now() - datetime.timedelta(days=number)):
                trail.recorder().write(Line(Act.READ, "records.note", f"page {number:03}", None, client.pk))


def test_the_page_says_how_the_seals_stand(ada: User, ana: User, cleo: Client, browser_of: SignIn) -> None:
    """No worker seals in this test, so the page must say so and count what is open."""
    _many(ana, 3, cleo)
    body = text(browser_of(ada).get(URL))
    for words in ("needs a look", "No round of sealing was finished", "the exposure window", "Not yet. It runs every night."):
        assert words in body
    assert "sealed and kept outside" not in body


def test_pages_follow_each_other_without_gap_or_repeat(ada: User, ana: User, cleo: Client, browser_of: SignIn) -> None:
    _many(ana, 120, cleo)
    browser = browser_of(ada)
    seen: list[str] = []
    page = follow(browser, code=cleo.code, act="read")
    for _ in range(5):
        seen += re.findall(r"page \d{3}", " ".join(rows(page)))
        older = re.search(r'rel="next" href="([^"]+)"', text(page))
        if not older:
            break
        page = browser.get(older[1].replace("&amp;", "&"))
    assert seen == [f"page {number:03}" for number in range(120)]
    newer = re.search(r'rel="prev" href="([^"]+)"', text(page))
    assert newer
    back = re.findall(r"page \d{3}", " ".join(rows(browser.get(newer[1].replace("&amp;", "&")))))
    assert back == [f"page {number:03}" for number in range(50, 100)]


def test_lines_of_one_moment_are_neither_lost_nor_repeated(ada: User, ana: User, cleo: Client, browser_of: SignIn) -> None:
    with acting(ana), clock.at(clock.now()):
        trail.recorder().write(*[Line(Act.READ, "records.note", f"same {number:03}", None, cleo.pk) for number in range(75)])
    browser = browser_of(ada)
    page = follow(browser, code=cleo.code, act="read")
    seen = re.findall(r"same \d{3}", " ".join(rows(page)))
    older = re.search(r'rel="next" href="([^"]+)"', text(page))
    assert older
    seen += re.findall(r"same \d{3}", " ".join(rows(browser.get(older[1].replace("&amp;", "&")))))
    assert sorted(seen) == [f"same {number:03}" for number in range(75)]


def test_a_page_costs_the_same_whatever_it_shows(ada: User, ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ada)
    browser.get(URL)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(URL).status_code == 200
        counts.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
        _many(ana, 40, cleo)
    assert counts == [12, 12], queries.captured_queries  # three of them for how the seals stand


def test_an_admin_on_a_deny_list_sees_no_line_about_that_client(ada: User, nora: User, ana: User, cleo: Client, browser_of: SignIn) -> None:
    with acting(ana):
        clients.deny(cleo, ada, by=ana, reason="sister")
    browser = browser_of(ada)
    assert cleo.code not in text(browser.get(URL))
    assert browser.post(URL, {"code": cleo.code}).status_code == 422
    assert cleo.code not in text(browser.get(URL, {"client": str(cleo.pk)}))
    assert not [line for line in lines_of(ada) if line.client_id == cleo.pk]


def test_times_are_the_practices(ada: User, ana: User, cleo: Client, browser_of: SignIn) -> None:
    with acting(ana), clock.at(datetime.datetime(2026, 3, 1, 2, 30, tzinfo=datetime.UTC)):
        trail.recorder().write(Line(Act.READ, "records.note", "night", None, cleo.pk))
    (row,) = rows(follow(browser_of(ada), code=cleo.code, since="2026-02-28", until="2026-02-28"))
    assert "28 Feb 2026, 18:30:00" in row
