"""The pages of letters, notices, the end, the file and the register; the client's own letter, and the counselor's offer."""

from __future__ import annotations

import datetime

from audit import clock
from breaches import access, actions
from breaches.models import Draft, Told, Wording
from clients.models import Client
from practice.models import User
from tests.cast import acting
from tests.clients.conftest import Ask, Lines, text_of

from .test_closing import SAID, planned
from .worded import BLOCKS, notifying, settle


def test_br_7_the_letter_is_written_kept_with_what_is_missing_and_approved(ada: User, ask: Ask) -> None:
    row = notifying(ada)
    said = ask(ada, "wording_change", BLOCKS | {"contact": "", "approve": "yes"}, pk=row.pk)
    assert said.status_code == 200
    assert "How to reach us" in text_of(said)
    with acting(ada):
        assert (Wording.objects.get(number=2).happened, Wording.objects.get(number=2).approved_at) == (BLOCKS["happened"], None)
    assert ask(ada, "wording_change", BLOCKS | {"approve": "yes"}, pk=row.pk).status_code == 302
    page = text_of(ask(ada, "incident_letters", pk=row.pk))
    assert "Approved" in page
    assert "It held your name" in page


def test_br_9_an_officer_sees_codes_and_no_names_and_tells_otherwise(ada: User, cleo: Client, ask: Ask, lines: Lines) -> None:
    row = planned(ada, cleo)
    with acting(ada):
        told = Told.objects.get(incident=row)
    page = text_of(ask(ada, "incident_letters", pk=row.pk))
    assert cleo.code in page
    assert "no good address" in page
    assert "Marchetti" not in page + text_of(ask(ada, "told_change", pk=told.pk))
    assert ask(ada, "told_change", {"way": "portal"}, pk=told.pk).status_code == 422
    assert ask(ada, "told_change", {"name": "\u202eCleo", "address": " "}, pk=told.pk).status_code == 422
    assert ask(ada, "told_change", {"proof": "By phone, 21 Nov 2026."}, pk=told.pk).status_code == 302
    assert "sent" in text_of(ask(ada, "incident_letters", pk=row.pk))
    assert not [line for line in lines() if "phone" in str(vars(line))]


def test_bad_words_are_kept_on_the_page(ada: User, ask: Ask) -> None:
    row = notifying(ada)
    for name, given in (
        ("draft_new", {"kind": "nobody", "whom": "x" * 999}),
        ("incident_close", {"mitigation": "\x00", "sanction": "flogged"}),
    ):
        page = ask(ada, name, given, pk=row.pk)
        assert page.status_code == 422, name


def test_br_12_a_notice_is_drawn_up_changed_and_kept_as_sent(ada: User, ask: Ask) -> None:
    row = notifying(ada)
    assert ask(ada, "draft_new", {"kind": "hhs", "whom": "HHS"}, pk=row.pk).status_code == 302
    with acting(ada):
        draft = Draft.objects.get()
    assert ask(ada, "draft_change", {"text": "We lost a letter."}, pk=draft.pk).status_code == 302
    later = f"{clock.today() + datetime.timedelta(days=3):%Y-%m-%d}"
    assert ask(ada, "draft_change", {"on": later, "proof": "Receipt"}, pk=draft.pk).status_code == 422
    today = f"{clock.today():%Y-%m-%d}"
    assert ask(ada, "draft_change", {"on": today, "proof": "Receipt 8"}, pk=draft.pk).status_code == 302
    assert "Sent" in text_of(ask(ada, "incident_drafts", pk=row.pk))
    assert ask(ada, "draft_change", pk=draft.pk).status_code == 404


def test_sb_13_the_register_keeps_every_breach_and_the_log_of_hhs_its_year(ada: User, cleo: Client, ask: Ask) -> None:
    row, drill = planned(ada, cleo), notifying(ada, drill=True)
    given = vars(SAID) | {"recipient": ""}
    assert "1 of 1 people are not told" in text_of(ask(ada, "incident_close", given, pk=row.pk))
    with acting(ada):
        actions.told_otherwise(access.told(ada).get(incident=row), "By phone.", by=ada)
        settle(row, ada)
    assert ask(ada, "incident_close", given, pk=row.pk).status_code == 302
    register = ask(ada, "register_sheet").content.decode()
    assert row.number in register
    assert SAID.mitigation in register
    assert drill.number not in register
    log = ask(ada, "hhs_sheet", query=f"?year={row.discovered_on.year}").content.decode()
    assert row.number in log
    assert row.number not in ask(ada, "hhs_sheet", query="?year=\u0662\u0660").content.decode()
    assert ask(ada, "breach_register").status_code == 200
    assert ask(ada, "incident_reopen", {"why": "It was copied after all."}, pk=row.pk).status_code == 302


def test_br_16_the_whole_file_is_one_paper(ada: User, cleo: Client, ask: Ask) -> None:
    row = planned(ada, cleo)
    answer = ask(ada, "incident_file", pk=row.pk)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert b"Marchetti" not in answer.content


def test_br_18_a_client_without_a_letter_reads_that_there_is_none(ben: User, cleo: Client, portal_cleo: User, ask: Ask) -> None:
    assert "No letters" in text_of(ask(portal_cleo, "portal_letters", pk=cleo.pk))
    assert ask(ben, "portal_letters", pk=cleo.pk).status_code == 404
