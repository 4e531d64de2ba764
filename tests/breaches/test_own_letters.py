"""Massachusetts' letter of its own, letters in Spanish, drafts to every recipient a clock names, and law that nobody checked."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from breaches import access, actions, law
from breaches.letters import ease_es, lacks, letter_text, own_letters, parts_of, unplain
from breaches.models import Affected, Draft, Incident, State, Told
from breaches.standing import standing, unplanned
from clients.models import Client
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

from .worded import BLOCKS, SPANISH, notifying

OWN = {
    "happened": "", "kinds": "",
    "protect": "You have a right to a police report. You can ask each credit bureau for a security freeze by phone, mail or web. They ask "
    "for your name, address, date of birth and number. A security freeze is free of charge.",
    "doing": "We look into it, and we will help you with any question you have about it.",
    "contact": BLOCKS["contact"],
}  # fmt: skip


def rules_of(blocks: dict[str, str]) -> list[str]:
    return [f"{refused.rule}: {refused.words}" for refused in lacks(blocks, "US-MA", "en")]


def test_sb_9_the_letter_of_massachusetts_leaves_out_what_it_forbids_and_holds_what_it_demands() -> None:
    assert parts_of("US-MA") == ["protect", "doing", "contact"]
    assert rules_of(OWN) == []
    assert any("forbids “What happened”" in words for words in rules_of(OWN | {"happened": BLOCKS["happened"]}))
    for forbidden in ("Among 214 people you were one.", "A laptop was stolen from a car.", "It went to the wrong address."):
        assert [words[:5] for words in rules_of(OWN | {"doing": f"{OWN['doing']} {forbidden}"})] == ["SB-9:"], forbidden
    for gone, left in (("police report", "police report"), ("security freeze", "security freeze"), ("free of charge", "costs nothing")):
        assert any(left in words for words in rules_of(OWN | {"protect": OWN["protect"].replace(gone, "…")})), gone
    text = letter_text(OWN, "Willow", "Bruno")
    assert "What happened" not in text
    assert "police report" in text
    assert own_letters()["US-MA"].checked >= datetime.date(2026, 11, 23)


def from_massachusetts(by: User, *people: Client) -> Incident:
    row = notifying(by)
    with acting(by):
        actions.add_affected(row, people, "A folder.", by=by)
        actions.say_home(row, access.affected(row).filter(client=people[0]), "US", "MA", by=by)
        actions.say_home(row, access.affected(row).exclude(client=people[0]), "US", "OR", by=by)
    return row


def test_sb_9_who_lives_there_gets_both_letters_and_only_its_own_ends_its_clock(ada: User, cleo: Client, mia: Client, ask: Ask) -> None:
    row = from_massachusetts(ada, cleo, mia)
    assert "forbids the letter to say" in text_of(ask(ada, "incident_letters", pk=row.pk))
    page = text_of(ask(ada, "wording_change", pk=row.pk, query="?for=US-MA&in=en"))
    assert 'name="protect"' in page
    assert 'name="happened"' not in page
    people = [cleo.pk, mia.pk]
    with acting(ada):
        assert actions.plan(row, people, by=ada) == 2
        said = ("By phone.", "By hand.")
        for told, proof in zip(access.told(ada).filter(incident=row), said, strict=True):
            Told.objects.filter(pk=told.pk).update(state="unreachable")
            actions.told_otherwise(Told.objects.get(pk=told.pk), proof, by=ada)
        with pytest.raises(Refused):
            actions.close(row, actions.Ending("Got it back.", "Look twice.", "none", ""), by=ada)
        running = {each.clock.key for each in standing(row) if each.runs}
        assert "ma-individuals" in running
        assert not {"hipaa-individuals", "or-individuals"} & running
    assert ask(ada, "wording_change", OWN | {"approve": "yes"}, pk=row.pk, query="?for=US-MA&in=en").status_code == 302
    with acting(ada):
        assert [(client, letter.place) for client, letter in unplanned(row, people)] == [(cleo.pk, "US-MA")]
        assert any("no letter yet" in refused.words for refused in actions.keeps_open(row, ada))
        assert actions.plan(row, people, by=ada) == 1
        assert access.approved_wording(row).number == 1  # type: ignore[union-attr]  # there is one
        assert Told.objects.filter(incident=row, client=cleo).count() == 2


# --- Spanish ---


def test_br_7_a_letter_in_spanish_is_plain_in_spanish_and_speaks_it_throughout() -> None:
    assert lacks(SPANISH, "", "es") == []
    assert ease_es(" ".join(SPANISH.values())) > 60
    legal = "En virtud de la normativa aplicable procedemos a comunicarle la vulneración de confidencialidad acaecida recientemente."
    assert any("En virtud de" in each.words or "en virtud de" in each.words for each in unplain(SPANISH | {"doing": legal}, "es"))
    text = letter_text(SPANISH, "Willow", "Lucía", "es")
    assert text.startswith("Para Lucía:")
    assert all(words in text for words in ("Qué pasó", "Cómo comunicarse con nosotros"))
    assert "What happened" not in text


# --- drafts, and what nobody checked ---


def test_sb_6_every_recipient_that_a_clock_names_has_a_draft(ada: User, cleo: Client, ask: Ask) -> None:
    audiences = {rule.audience for rule in law.rules()} - {"individuals", "associate", "ourselves"}
    assert audiences <= set(Draft.Kind.values)
    row = notifying(ada)
    with acting(ada):
        actions.add_affected(row, [cleo], "A folder.", by=ada)
        actions.say_home(row, access.affected(row), "US", "CO", by=ada)
        bureaus = actions.draw(row, "agencies", "the consumer reporting agencies", by=ada)
        assert BLOCKS["happened"] not in bureaus.text  # no health information to a bureau
        assert "About 1 people are affected" in bureaus.text
        state = actions.draw(row, "regulator", "the Attorney General of Colorado", by=ada)
        assert "Residents affected\n1 of 1" in state.text
        assert BLOCKS["happened"] in state.text
        other = actions.draw(row, "regulator", "the Attorney General of Texas", by=ada)
        assert "Residents affected\n0 of 1" in other.text
        with pytest.raises(Refused, match="gaps"):
            actions.sent(state, clock.today(), "Receipt", by=ada)


def test_section_17_what_nobody_checked_says_so_and_hides_no_clock(ada: User, cleo: Client, ask: Ask) -> None:
    unchecked = [rule for rule in law.rules() if rule.mark.startswith("M")]
    assert {rule.rule for rule in unchecked} == {"BR-11", "SB-3", "SB-9", "SB-10", "SB-11", "SB-17"}
    numbered = {rule.key for rule in unchecked if any((rule.over, rule.at_least, rule.below))}
    assert numbered == {"hipaa-media"}  # the rulebook has that number
    row = notifying(ada)
    with acting(ada):
        Affected(incident=row, client=cleo, source="hand", country="US", state="MA", home_said=True).save(force_insert=True)
        actions.rework(row, "where they live", by=ada)
        marked = {each.clock.key: each.clock.is_checked for each in standing(row)}
        assert (marked["ma-individuals"], marked["hipaa-individuals"]) == (False, True)
    page = text_of(ask(ada, "incident_clocks", pk=row.pk))
    assert page.count("Not checked") == sum(not checked for checked in marked.values())
    assert State(row.state) == State.NOTIFYING
