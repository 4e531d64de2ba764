"""The caseload: who is in it, the search within it, paging, and what it costs."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import clock
from audit.models import Act
from clients import actions
from clients.models import Client
from practice.models import User
from tests.cast import SignIn, acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

QUERIES = 16  # literal: three transactions (9 of the 16 open and close them), and a list that cost more with each client would show here


def many(ana: User, count: int) -> list[Client]:
    """``count`` clients of Ana, the last one taken in first in the list."""
    made = []
    for number in range(count):
        with acting(ana), clock.at(clock.now() - datetime.timedelta(days=count - number)):
            made.append(actions.take_in(by=ana, counselor=ana, given_name=f"Person{number:02}", family_name="Quist", pronouns="xe/xem"))
    return made


def test_it_shows_ones_own_clients_with_pronouns_and_code_and_nobody_elses(
    ana: User, ben: User, cleo: Client, bens_client: Client, ask: Ask, lines: Lines
) -> None:
    body = text_of(ask(ana, "client_list"))
    assert "Cleo Marchetti" in body
    assert "she/her" in body
    assert cleo.code in body
    assert "Ferreira" not in body
    assert bens_client.code not in body
    assert {line.client_id for line in lines(actor_id=ana.pk, part="client_list", act=Act.LIST)} == {cleo.pk, None}
    assert "Marchetti" not in text_of(ask(ben, "client_list"))


def test_the_desk_sees_everybody_and_is_led_to_contacts(dee: User, cleo: Client, bens_client: Client, ask: Ask) -> None:
    body = text_of(ask(dee, "client_list"))
    assert reverse("client_contacts", kwargs={"pk": cleo.pk}) in body
    assert reverse("client_contacts", kwargs={"pk": bens_client.pk}) in body
    assert reverse("client_detail", kwargs={"pk": cleo.pk}) + '"' not in body


def test_a_supervisor_sees_the_clients_of_whom_she_supervises(sofia: User, cleo: Client, bens_client: Client, ask: Ask) -> None:
    body = text_of(ask(sofia, "client_list"))
    assert "Cleo Marchetti" in body
    assert "Ferreira" not in body


def test_an_empty_list_says_what_to_do(ben: User, ada: User, ask: Ask) -> None:
    assert reverse("client_new") in text_of(ask(ben, "client_list"))
    assert reverse("client_codes") in text_of(ask(ada, "client_list"))


@pytest.mark.parametrize("words", ["mar", "Cleo", "CLEOPATRA marchetti", "503-555-0142", "(503) 555 0142", "cleo.marchetti@mail.test"])
def test_it_finds_by_beginning_of_a_name_by_phone_and_by_mail(words: str, ana: User, cleo: Client, mia: Client, ask: Ask) -> None:
    body = text_of(ask(ana, "client_list", {"words": words}))
    assert "Cleo Marchetti" in body
    assert "Aldana" not in body


def test_it_finds_by_code(ana: User, cleo: Client, mia: Client, ask: Ask) -> None:
    body = text_of(ask(ana, "client_list", {"words": cleo.code.upper()}))
    assert "Cleo Marchetti" in body
    assert "Aldana" not in body


def test_attack_19_a_search_finds_nothing_of_a_colleagues_client(ben: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    def found(words: str) -> str:
        body = text_of(ask(ben, "client_list", {"words": words})).replace(words, "?")
        return re.sub(r"csrfmiddlewaretoken.*?>", "", body)

    with clock.at(clock.now()):  # the page says how long its session lives: for each of them as long
        nothing = found("zzzzzz")
        for words in ("Marchetti", "cleo.marchetti@mail.test", "5035550142", cleo.code):
            assert found(words) == nothing
    assert not lines(actor_id=ben.pk, client_id=cleo.pk)


def test_words_never_reach_an_address(ana: User, cleo: Client, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    assert "Marchetti" in browser.get(reverse("client_list") + "?words=nobody").content.decode()  # a parameter is not a search
    assert "words=" not in browser.post(reverse("client_list"), {"words": "ma"}).content.decode()


def test_one_letter_is_too_little_to_search_by(ana: User, cleo: Client, ask: Ask) -> None:
    body = text_of(ask(ana, "client_list", {"words": "m"}))
    assert "Marchetti" not in body
    assert "Nobody found" in body


@pytest.mark.parametrize(
    "query", ["?order_by=family_name", "?sort=-born_on", "?given_name__startswith=C", "?client__note__content=x", "?o=1'"]
)
def test_attack_21_no_parameter_sorts_or_filters(query: str, ana: User, cleo: Client, mia: Client, ask: Ask) -> None:
    rows = [re.findall(r"/clients/[0-9a-f-]{36}/", text_of(ask(ana, "client_list", query=each))) for each in ("", query)]
    assert rows[0] == rows[1]


def test_paging_by_key_shows_everybody_once_and_leads_back(ana: User, browser_of: SignIn) -> None:
    made = many(ana, 30)
    browser, url, seen, pages = browser_of(ana), reverse("client_list"), [], []
    while url:
        body = browser.get(url).content.decode()
        pages.append(re.findall(r"Person\d\d", body))
        seen += pages[-1]
        older = re.search(r'rel="next" href="([^"]+)"', body)
        url = reverse("client_list") + older[1].removeprefix(reverse("client_list")) if older else ""
    assert seen == [f"Person{number:02}" for number in range(29, -1, -1)]
    assert [len(page) for page in pages] == [25, 5]
    newer = re.search(r'rel="prev" href="([^"]+)"', body)
    assert newer
    assert re.findall(r"Person\d\d", browser.get(newer[1]).content.decode()) == pages[0]
    assert len(made) == 30


@pytest.mark.parametrize(
    "key", ["x", "~", "20260101T000000.0~" + "9" * 40, "99990101T000000.000000~x", "\x00~\x00", "20260101T000000.000000~5"]
)
def test_a_key_that_is_none_of_ours_begins_at_the_beginning(key: str, ana: User, cleo: Client, browser_of: SignIn) -> None:
    for name in ("newer", "older"):
        response = browser_of(ana).get(reverse("client_list"), {name: key})
        assert response.status_code == 200
        assert b"Marchetti" in response.content


def test_it_costs_as_many_queries_for_thirty_clients_as_for_one(ana: User, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    many(ana, 1)
    browser.get(reverse("client_list"))  # what a process keeps is kept now
    for add in (0, 29):
        many(ana, add)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(reverse("client_list")).status_code == 200
        assert len(asked) == QUERIES, "\n".join(query["sql"][:140] for query in asked)


def test_words_are_kept_in_the_field_and_shown_as_text(ana: User, ask: Ask) -> None:
    body = text_of(ask(ana, "client_list", {"words": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in body
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in body


@pytest.mark.parametrize("words", ["a\x00b", "x" * 101, "x" * 1_000_000])
def test_bad_words_are_answered_beside_the_field(words: str, ana: User, cleo: Client, ask: Ask) -> None:
    response = ask(ana, "client_list", {"words": words})
    assert response.status_code == 422
    assert "id_words_error" in text_of(response)
    assert "Marchetti" not in text_of(response)
