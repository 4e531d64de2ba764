"""The shipped templates: each can be read, says what its checklist asks, is plain, and comes in once, as a draft."""

from __future__ import annotations

import re
import tomllib

import pytest

from audit import doors
from consent import actions, law, shipped
from consent.checks import FLAGS, fill_gaps, gaps
from consent.clauses import Clause, clauses, filled, unknown_placeholders
from consent.models import Form, Packet, Version
from consent.naming import sample_names
from consent.shipped import Template, templates
from practice.models import Practice, User
from practice.refusals import Refused
from tests.cast import acting

EVERY = frozenset(FLAGS)
named = pytest.mark.parametrize("template", templates(), ids=lambda each: f"{each.language}-{each.name}")


def bring_in() -> tuple[int, int]:
    with doors.system("consent_templates"):
        return actions.bring_in_templates()


def words_of(clause: Clause) -> str:
    def runs(blocks: list[dict[str, object]]) -> str:
        said = []
        for block in blocks:
            if block["kind"] == "text":
                said.append("".join(run["text"] for run in block["runs"]))  # type: ignore[attr-defined]  # a list of runs
            else:
                said += [runs(item) for item in block["items"]]  # type: ignore[attr-defined]  # a list of items
        return "\n".join(said)

    return runs(clause.blocks)


@named
def test_a_template_says_all_that_its_checklist_asks(template: Template) -> None:
    said = {key for clause in clauses(template.text(EVERY)) if clause.text.strip() for key in clause.covers}
    assert {element.key for element in law.elements(template.kind, EVERY)} <= said
    assert said <= {element.key for element in law.elements(template.kind, EVERY)} | {"IC-33", "IC-34", "NPP-11"}


@named
@pytest.mark.django_db
def test_a_template_leaves_no_markup_and_no_unknown_name(template: Template) -> None:
    text = template.text(EVERY)
    assert unknown_placeholders(text) == []
    shown = clauses(fill_gaps(filled(text, sample_names()), dict.fromkeys(gaps(text), "words")))
    told = "\n".join([*(clause.title for clause in shown), *(words_of(clause) for clause in shown)])
    assert not re.search(r"\*|\[\[|\]\]|\(\(|\{|\}|^#|^- |\bwhen-", told, re.MULTILINE)
    assert len(told) > 500


@named
def test_a_template_is_written_in_short_sentences(template: Template) -> None:
    text = " ".join(words_of(clause) for clause in clauses(template.text(EVERY)))
    sentences = [len(each.split()) for each in re.split(r"(?<=[.?!:;])\s+|\n", text) if each.split()]
    assert sum(sentences) / len(sentences) < 18
    assert max(sentences) < 46


@pytest.mark.parametrize("name", ["counseling", "telehealth", "recording"])
def test_ic_22_what_must_be_understood_is_asked(name: str) -> None:
    found = shipped.template(name)
    assert found
    assert 2 <= sum(clause.answer == "check" for clause in clauses(found.text())) <= 3


@pytest.mark.django_db
def test_they_come_in_as_drafts_once_and_what_exists_is_left_alone(ada: User) -> None:
    first = bring_in()
    assert first[0] == len(templates())
    assert set(Version.objects.values_list("state", flat=True)) == {"draft"}
    assert {kind for packet in Packet.objects.all() for kind in packet.client_kinds} >= {"adult", "minor", "couple", "family"}
    draft = Version.objects.get(form__shipped_as="telehealth")
    with acting(ada):
        actions.save_version(draft, by=ada, revision=1, title="Ours", text="## Ours {#ours}\nOurs.", material=False, what_changed="")
    assert bring_in() == (0, 0)
    assert Version.objects.get(pk=draft.pk).title == "Ours"


@pytest.mark.django_db
def test_gen_9_a_template_is_not_approved_before_its_gaps_are_filled_in(ada: User) -> None:
    bring_in()
    draft = Version.objects.get(form__shipped_as="telehealth")
    with acting(ada), pytest.raises(Refused) as refused:
        actions.approve(draft, by=ada)
    assert refused.value.rule == "GEN-9"
    assert "states of license" in refused.value.words
    with acting(ada):
        text = fill_gaps(draft.text, dict.fromkeys(gaps(draft.text), "Oregon"))
        actions.save_version(draft, by=ada, revision=1, title=draft.title, text=text, material=False, what_changed="")
        actions.approve(draft, by=ada)
    assert draft.state == Version.State.APPROVED


@pytest.mark.django_db
def test_npp_7_part_2_clauses_appear_where_the_practice_holds_such_records() -> None:
    bring_in()
    assert "NPP-7" not in Version.objects.get(form__shipped_as="privacy-notice").text
    Practice.objects.update(holds_part2_records=True)
    Form.objects.filter(shipped_as="privacy-notice").update(shipped_as="privacy-notice-before")
    bring_in()
    assert "#part2-limits NPP-7.limits}" in Version.objects.get(form__shipped_as="privacy-notice").text


def test_every_template_has_its_place_in_the_order() -> None:
    order = tomllib.loads((shipped.HERE / "packets.toml").read_text())["order"]
    assert {path.stem for path in shipped.HERE.glob("en/*.md")} == set(order)
