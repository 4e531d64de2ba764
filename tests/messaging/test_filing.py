"""Messages become part of the record by a counselor's choice; a parent's stay information from another person (RG-3)."""

from __future__ import annotations

import uuid

import pytest

from clients.models import Client
from messaging import actions
from practice.models import User
from records.contents import contents_of
from records.models import Document
from tests.cast import acting
from tests.clients.conftest import Ask, text_of
from tests.records.uploads import TEXT

from .conftest import HERS, OWN, thread_of, write

pytestmark = pytest.mark.django_db


def test_rg_3_a_counselor_files_a_parents_messages_with_the_files_and_they_say_whose_they_are(
    ana: User, sofia: User, dee: User, mia: Client, vera: User, mia_herself: User, ask: Ask
) -> None:
    thread = thread_of(vera, mia)
    first = write(thread, vera, f"{HERS}\x0b", actions.File("letter.txt", TEXT))
    other = write(thread, vera, "Not to be filed.")
    write(thread, ana, "Thank you.")
    assert HERS in text_of(ask(ana, "thread_file", pk=thread.pk))
    assert ask(ana, "thread_file", {"ident": uuid.uuid4()}, pk=thread.pk).status_code == 422
    ident = uuid.uuid4()
    for _ in range(2):
        answer = ask(ana, "thread_file", {"ident": ident, "messages": [first.pk]}, pk=thread.pk)
        assert answer.status_code in (302, 422)
    with acting(sofia):
        transcript, letter = Document.objects.order_by("added_at", "pk")
        if transcript.name != "messages.txt":
            transcript, letter = letter, transcript
        words = contents_of(transcript).decode()
        assert transcript.title.startswith("From another person")
        assert letter.title.startswith("From another person")
        assert contents_of(letter) == TEXT
    for said in (HERS, "Vera Aldana", "information from another person", mia.code, "letter.txt"):
        assert said in words
    assert "Not to be filed." not in words
    page = text_of(ask(ana, "thread_detail", pk=thread.pk))
    assert page.count("In the record") == 1
    assert str(other.pk) in text_of(ask(ana, "thread_file", pk=thread.pk))
    assert ask(ana, "thread_file", {"ident": uuid.uuid4(), "messages": [first.pk]}, pk=thread.pk).status_code == 422
    assert ask(dee, "document_detail", pk=transcript.pk).status_code == 404
    assert ask(mia_herself, "document_detail", pk=transcript.pk).status_code == 404
    assert "In the record" not in text_of(ask(vera, "own_thread", pk=thread.pk))
    for user in (sofia, dee, vera):
        assert ask(user, "thread_file", pk=thread.pk).status_code == 404


def test_attack_02_only_messages_of_this_thread_are_filed(ana: User, mia: Client, vera: User, mia_herself: User, ask: Ask) -> None:
    hers, own = thread_of(vera, mia), thread_of(mia_herself, mia)
    write(hers, vera)
    foreign = write(own, mia_herself, OWN)
    answer = ask(ana, "thread_file", {"ident": uuid.uuid4(), "messages": [foreign.pk]}, pk=hers.pk)
    assert answer.status_code == 422
    with acting(ana):
        assert not Document.objects.exists()
