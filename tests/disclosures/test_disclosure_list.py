"""The Disclosures tab and the portal's page: who may, what they show, and what is saved from them (attacks 1, 68, 75)."""

from __future__ import annotations

from typing import Any

from audit import clock
from clients.models import Client
from disclosures import access
from practice.models import User
from tests.cast import acting
from tests.clients.conftest import Ask
from tests.records.papers import opened, squeezed, structure, words_of

from .conftest import WHAT, Recorded


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_call_is_written_down_in_two_steps_and_bad_input_keeps_what_was_typed(ana: User, cleo: Client, ask: Ask) -> None:
    assert "A subpoena without an order" in text(ask(ana, "disclosure_new", pk=cleo.pk))
    given = {"on": str(clock.today()), "recipient": "The <b>Board</b>", "description": WHAT, "purpose": "Its audit"}
    answer = ask(ana, "disclosure_new", given, "?basis=oversight", pk=cleo.pk)
    assert answer.status_code == 422
    assert WHAT in text(answer)
    answer = ask(ana, "disclosure_new", given | {"ask_agency": "It", "ask_authority": "A letter"}, "?basis=oversight", pk=cleo.pk)
    assert answer.status_code == 302
    page = text(ask(ana, "disclosure_list", pk=cleo.pk))
    assert "The &lt;b&gt;Board&lt;/b&gt;" in page
    assert "45 CFR 164.512(d)" in page
    with acting(ana):
        assert access.readable_disclosures(ana).get().details == {"agency": "It", "authority": "A letter"}


def test_the_refusal_stands_on_the_page_with_its_rule(ana: User, cleo: Client, ask: Ask) -> None:
    given = {"on": str(clock.today()), "recipient": "A school", "description": WHAT, "purpose": "A plan"}
    page = text(ask(ana, "disclosure_new", given, "?basis=authorization", pk=cleo.pk))
    assert "AU-6" in page
    assert "record it as not permitted" in page


def test_the_client_reads_and_saves_it_and_a_stranger_does_not(
    recorded: Recorded, cleo: Client, portal_cleo: User, gus: User, ask: Ask
) -> None:
    recorded(recipient='=HYPERLINK("a")')
    page = text(ask(portal_cleo, "portal_accounting", pk=cleo.pk))
    assert WHAT in page
    made = ask(portal_cleo, "portal_accounting_pdf", pk=cleo.pk).content
    assert squeezed(WHAT) in squeezed(words_of(made))
    with opened(made) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Accounting of disclosures"
        assert "/Author" not in pdf.docinfo
        assert "Cleo" not in bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert {"/H1", "/H2"} <= {*structure(pdf)}
    assert made.count(b"%%EOF") == 1  # one revision
    table = text(ask(portal_cleo, "portal_accounting_sheet", pk=cleo.pk))
    assert "'=HYPERLINK" in table
    for name in ("portal_accounting", "portal_accounting_pdf", "portal_accounting_sheet"):
        assert ask(gus, name, pk=cleo.pk).status_code == 404


def test_a_request_goes_its_way_on_one_page(ana: User, cleo: Client, ask: Ask, recorded: Recorded) -> None:
    recorded()
    today = str(clock.today())
    answer = ask(ana, "accounting_new", {"whom": "client", "name": "Cleo", "verified": "Known", "received_on": today}, pk=cleo.pk)
    assert answer.status_code == 302
    with acting(ana):
        row = access.open_accountings(ana).get()
    assert WHAT in text(ask(ana, "accounting_detail", pk=row.pk))
    answer = ask(ana, "accounting_fee", {"fee": "5"}, pk=row.pk)
    assert (answer.status_code, "ACC-6" in text(answer)) == (422, True)
    assert ask(ana, "accounting_extend", {"reasons": "A flood."}, pk=row.pk).status_code == 302
    assert squeezed("A flood.") in squeezed(words_of(ask(ana, "accounting_letter", pk=row.pk).content))
    assert ask(ana, "accounting_give", {}, pk=row.pk).status_code == 302
    assert squeezed(WHAT) in squeezed(words_of(ask(ana, "accounting_paper", pk=row.pk).content))
    assert ask(ana, "accounting_extend", {"reasons": "Again."}, pk=row.pk).status_code == 404
