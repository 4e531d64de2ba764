"""The trail as CSV: fresh proof first, its line first, the same lines as the page, and no formula in any cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import sheet, trail
from audit.models import Act, Event
from audit.trail import Line
from clients.models import Client
from practice.models import User
from records.models import Note
from tests.cast import SECRET, SignIn, acting, person

URL = "/trail/csv/"


@pytest.fixture
def fresh() -> Iterator[None]:
    """As if the person had just confirmed who they are."""
    with patch("practice.factors.is_fresh", return_value=True):
        yield


def table(response: Any) -> list[dict[str, str]]:
    body = b"".join(response).decode()
    assert body.endswith("\r\n")
    assert "\n" not in body.replace("\r\n", "")
    return list(csv.DictReader(io.StringIO(body, newline="")))


def test_attack_86_an_old_sign_in_is_asked_to_confirm_first(ada: User, signed: Note, browser_of: SignIn) -> None:
    response = browser_of(ada).get(URL, {"client": str(signed.client_id)})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert str(signed.client_id) in response["Location"]


@pytest.mark.usefixtures("fresh")
def test_an_export_begins_with_its_own_line(ada: User, ana: User, signed: Note, browser_of: SignIn) -> None:
    response = browser_of(ada).get(URL)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"] == 'attachment; filename="trail.csv"'
    assert response["Cache-Control"] == "no-store"
    lines = table(response)
    assert (lines[0]["who"], lines[0]["act"], lines[0]["part"]) == ("Ada Novak", "export", "trail_export")
    (line,) = [line for line in lines if line["part"] == "sign_note"]
    assert (line["who"], line["client"], line["what_id"]) == ("Ana Reyes", signed.client.code, str(signed.pk))
    with acting(ada):
        assert len(lines) == Event.objects.exclude(role="system:test", actor_id=ada.pk).count()


@pytest.mark.usefixtures("fresh")
def test_an_export_of_one_client_is_on_that_clients_record(ada: User, cleo: Client, mia: Client, browser_of: SignIn) -> None:
    lines = table(browser_of(ada).get(URL, {"client": str(cleo.pk)}))
    assert {line["client"] for line in lines} == {cleo.code}
    with acting(ada):
        assert Event.objects.filter(client_id=cleo.pk, act="export", actor_id=ada.pk).exists()


@pytest.mark.usefixtures("fresh")
def test_every_chunk_is_there_once(ada: User, ana: User, cleo: Client, browser_of: SignIn) -> None:
    with acting(ana):
        trail.recorder().write(*[Line(Act.READ, "records.note", f"n {number:04}", None, cleo.pk) for number in range(1203)])
    lines = table(browser_of(ada).get(URL, {"act": "read"}))
    assert sorted(line["part"] for line in lines if line["part"].startswith("n ")) == [f"n {number:04}" for number in range(1203)]


@pytest.mark.usefixtures("fresh")
def test_no_client_name_and_no_text_leaves(ada: User, signed: Note, portal_cleo: User, browser_of: SignIn) -> None:
    browser_of(portal_cleo).get("/")
    body = b"".join(browser_of(ada).get(URL)).decode()
    for secret in ("Cleo", "Marchetti", SECRET):
        assert secret not in body


@pytest.mark.usefixtures("fresh")
def test_a_filter_that_does_not_pass_exports_nothing(ada: User, browser_of: SignIn) -> None:
    response = browser_of(ada).get(URL, {"since": "yesterday"})
    assert response.status_code == 422
    assert "Content-Disposition" not in response


@pytest.mark.usefixtures("fresh")
def test_attack_65_a_name_that_is_a_formula_is_only_text(ada: User, browser_of: SignIn) -> None:
    someone = person('=HYPERLINK("//evil") Doe')
    User.objects.filter(pk=someone.pk).update(roles=["counselor"])
    browser_of(someone).get("/")
    lines = [line for line in table(browser_of(ada).get(URL)) if line["actor_id"] == str(someone.pk)]
    assert lines
    assert {line["who"] for line in lines} == {'\'=HYPERLINK("//evil") Doe'}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)",
     "\uff1d1", "\uff0b1", "\uff201", "\u200b=1", "\ufeff=1", "\u00ad-1", "  =1", "\t=1", "\r=1", "\n@x", "\u202e=1", "%0A", "|cmd"],
)  # fmt: skip
def test_attack_75_every_way_to_begin_a_formula_is_neutralised(text: str) -> None:
    assert sheet.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ana", "amber-heron-42", "2026-03-01T02:30:00+00:00", "127.0.0.1", "a=b", "3 - 1"])
def test_plain_cells_stay_as_they_are(text: str) -> None:
    assert sheet.cell(text) == text


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4), min_size=1, max_size=4))
def test_rows_come_back_as_they_were_cell_by_cell(lines: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(sheet.rows(lines), newline="")))
    assert [line or [""] for line in read] == [[sheet.cell(value) for value in line] for line in lines]


def test_a_cell_never_begins_a_formula_whatever_it_holds() -> None:
    found = sheet.rows([["x\r\n=1", 'a"b', "c,d"]])
    assert re.fullmatch(r'"x\r\n=1","a""b","c,d"\r\n', found)
