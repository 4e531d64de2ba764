"""A records request through its pages: six steps, what was typed stays, who may not gets 404, and sending asks who you are (attack 86)."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from clients.models import Client
from consent.models import Authorization
from disclosures import access
from disclosures.law.process import Scope
from disclosures.models import Disclosure, Release
from practice.models import User
from records.models import Note
from tests.cast import SECRET, acting
from tests.clients.conftest import Ask
from tests.records.papers import fresh_proof
from tests.records.uploads import keep

from .releasing import allowed
from .serving import ordered


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))
    monkeypatch.setattr("disclosures.packing.pdf.press", lambda name, data: b"%PDF quick")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_request_is_answered_in_six_steps_and_accounted_for(cleo: Client, ana: User, portal_cleo: User, signed: Note, ask: Ask) -> None:
    named = Authorization.objects
    request = allowed(cleo, ana, portal_cleo)
    with acting(ana):
        pk = named.get(request=request).pk
    assert f"?authorization={pk}" in text(ask(ana, "release_begin", pk=cleo.pk))
    said = {"asked": "Dr. Osei's office", "verified": "Called back"}
    assert ask(ana, "release_begin", said, f"?authorization={pk}", pk=cleo.pk).status_code == 302
    with acting(ana):
        row = Release.objects.get()
    page = text(ask(ana, "release_choose", pk=row.pk))
    assert str(signed.pk) in page
    assert " checked" not in page.split("Signed notes")[1].split("savebar")[0]  # nothing is chosen beforehand
    answer = ask(ana, "release_choose", {"notes": [str(signed.pk)], "redact": "nowhere to be found"}, pk=row.pk)
    assert (answer.status_code, "nowhere to be found" in text(answer)) == (422, True)
    assert ask(ana, "release_choose", {"notes": [str(signed.pk)], "redact": "blue heron"}, pk=row.pk).status_code == 302
    page = text(ask(ana, "release_detail", pk=row.pk))
    assert SECRET not in page
    assert SECRET.replace("blue heron", "[blacked out]") in page
    assert len(re.findall(r"SHA-256 [0-9a-f]{64}", page)) == 3
    with fresh_proof():
        assert ask(ana, "release_send", {"way": "handed", "how": "In person"}, pk=row.pk).status_code == 302
    with acting(ana):
        assert Disclosure.objects.get().source_id == row.pk
    assert ask(ana, "release_choose", pk=row.pk).status_code == 404
    assert ask(ana, "release_bundle", pk=row.pk)["Content-Type"] == "application/zip"


def test_attack_86_sending_asks_who_you_are_and_a_red_check_says_its_rule(
    cleo: Client, ana: User, portal_cleo: User, signed: Note, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = ordered(cleo, ana, Scope(("progress_notes",)))
    said = {"asked": "Lawyer Quill", "verified": "Bar number", "recipient": "Lawyer Quill", "purpose": "A lawsuit"}
    assert ask(ana, "release_begin", said, f"?process={paper.pk}", pk=cleo.pk).status_code == 302
    with acting(ana):
        row = Release.objects.get()
    chosen = {"notes": [str(signed.pk)], "justification": "That day alone."}
    assert ask(ana, "release_choose", chosen, pk=row.pk).status_code == 302
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: False)
    away = ask(ana, "release_send", {"way": "handed", "how": "x"}, pk=row.pk)["Location"]
    assert away.startswith("/accounts/reauthenticate/")
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: True)
    answer = ask(ana, "release_send", {"way": "handed", "how": "By post"}, pk=row.pk)
    assert (answer.status_code, "AU-8" in text(answer), "second time" in text(answer)) == (422, True, True)
    with acting(ana):
        assert not Disclosure.objects.exists()
        assert access.open_releases(ana).exists()


def test_documents_leave_whole_and_only_once_somebody_looked_through_them(cleo: Client, ana: User, ask: Ask, signed: Note) -> None:
    letter = keep(ana, cleo, name="letter.txt", title="Of the ochre bridge")
    said = {"asked": "A clinic", "verified": "Rang", "recipient": "The Quince Clinic", "purpose": "Her treatment"}
    ask(ana, "release_begin", said, "?basis=treatment", pk=cleo.pk)
    with acting(ana):
        row = Release.objects.get()
    answer = ask(ana, "release_choose", {"documents": [str(letter.pk)]}, pk=row.pk)
    assert (answer.status_code, "they leave whole" in text(answer)) == (422, True)
    assert ask(ana, "release_choose", {"documents": [str(letter.pk)], "looked": "on"}, pk=row.pk).status_code == 302
    assert "documents/01.txt" in text(ask(ana, "release_detail", pk=row.pk))
