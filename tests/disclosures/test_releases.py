"""Releases: what may leave, what was chosen, exactly that, and nothing without a basis (AU-3, AU-6, AU-9, REC-3, IC-33, P2-6)."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from audit.clock import today
from audit.models import Act, Event
from clients import actions as clients
from clients.models import Client
from consent import access as consents
from consent import actions as consent
from consent.actions.releases import require_each_member
from consent.models import Request
from consent.signers import possible
from disclosures import access, actions
from disclosures.choosing import offer
from disclosures.law.process import Scope
from disclosures.models import Disclosure, Package, Release, Sending
from practice.models import Practice, User
from practice.refusals import Refused
from records.models import Note
from tests.cast import PRIVATE, SECRET, acting, write_note
from tests.consent.releases import NOTES as APART
from tests.consent.releases import SUBSTANCE
from tests.records.papers import opened, squeezed, structure, whole_words_of

from .releasing import NOTES, allowed, begun, files_of, handed, packed, record_of
from .serving import answering, assured

pytestmark = pytest.mark.usefixtures("portal_cleo")


@pytest.fixture(autouse=True)
def no_press(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The PDF is set where a test is about it alone."""
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))
    if "real_press" not in request.fixturenames:
        monkeypatch.setattr("disclosures.packing.pdf.press", lambda name, data: b"%PDF " + json.dumps(data).encode())
    return iter([None])


@pytest.fixture
def real_press() -> None:
    """This test sets the PDF."""


def withdrawn(request: Request, by: User) -> None:
    with acting(by):
        consent.withdraw(consents.own_signers(by).get(request=request), by=by)


def rule(row: Release, by: User) -> str:
    with pytest.raises(Refused) as refused:
        handed(row, by)
    return refused.value.rule


def test_what_was_chosen_leaves_and_is_accounted_for_in_the_same_transaction(
    cleo: Client, ana: User, portal_cleo: User, signed: Note
) -> None:
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo))
    package = packed(row, ana, notes=[str(signed.pk)], sessions=True)
    sending = handed(row, ana)
    with acting(ana):
        entry = Disclosure.objects.get()
        assert (entry.basis, entry.excluded, entry.source_id) == ("authorization", "authorization", row.pk)
        assert (entry.recipient, sending.disclosure_id, sending.package_id) == ("Dr. Amara Osei", entry.pk, package.pk)
        assert "1 signed note (progress note)" in entry.description
        assert SECRET not in entry.description
        assert SECRET in str(record_of(package.bundle)["notes"])
        assert Event.objects.filter(act=Act.EXPORT, what="records.note", what_id=signed.pk, part="release").exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            Package.objects.filter(pk=package.pk).update(made_at=clock.now())
        assert not access.open_releases(ana).exists()


def test_the_manifest_says_what_each_file_is_and_the_package_is_what_was_looked_at(
    cleo: Client, ana: User, portal_cleo: User, signed: Note
) -> None:
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo))
    package = packed(row, ana, notes=[str(signed.pk)])
    files = files_of(package.bundle)
    told = json.loads(files.pop("manifest.json"))["files"]
    assert {each["name"]: each["sha256"] for each in told} == {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()}
    assert package.manifest["bundle"] == hashlib.sha256(package.bundle).hexdigest()
    again = packed(row, ana, sessions=True)
    with acting(ana):
        assert [each.pk for each in Package.objects.all()] == [again.pk]
        assert "notes" not in record_of(again.bundle) or not record_of(again.bundle)["notes"]


def test_attack_53_nothing_beyond_the_scope_can_be_chosen(
    cleo: Client, ana: User, portal_cleo: User, signed: Note, psychotherapy: Note, bens_client: Client, ben: User
) -> None:
    plan = write_note(ana, cleo, kind="plan", signed=True, text="The plan of the russet boat.")
    draft = write_note(ana, cleo, text="A draft of the russet boat.")
    foreign = write_note(ben, bens_client, signed=True)
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo))
    with acting(ana):
        assert [note.pk for note in offer(row, ana).notes] == [signed.pk]
    for note in (plan, draft, foreign, psychotherapy):
        with pytest.raises(Refused):
            packed(row, ana, notes=[str(note.pk)])
    with pytest.raises(Refused):
        packed(row, ana, texts={"diagnosis": "Not named by the authorization"})
    with pytest.raises(Refused):
        packed(row, ana)  # nothing at all


def test_au_1_the_days_of_the_authorization_are_held_to(cleo: Client, ana: User, portal_cleo: User, signed: Note) -> None:
    last = today() - datetime.timedelta(days=30)
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo, dataclasses.replace(NOTES, to_date=last)))
    with acting(ana):
        assert not offer(row, ana).notes


def test_attack_49_and_au_6_what_was_taken_back_between_preview_and_sending_does_not_leave(
    cleo: Client, ana: User, portal_cleo: User, signed: Note
) -> None:
    request = allowed(cleo, ana, portal_cleo)
    row = begun(cleo, ana, request)
    packed(row, ana, notes=[str(signed.pk)])
    withdrawn(request, portal_cleo)
    assert rule(row, ana) == "AU-6"
    with acting(ana):
        assert not Disclosure.objects.exists()
        assert not Sending.objects.exists()
        assert {check.rule for check in actions.everything(row, ana) if not check.ok} == {"AU-6"}


def test_au_3_an_expired_authorization_carries_nothing(cleo: Client, ana: User, portal_cleo: User, signed: Note) -> None:
    soon = today() + datetime.timedelta(days=2)
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo, dataclasses.replace(NOTES, expires_on=soon)))
    packed(row, ana, notes=[str(signed.pk)])
    with clock.at(clock.now() + datetime.timedelta(days=5)):
        assert rule(row, ana) == "AU-3"


def test_au_9_and_acc_2_a_release_begins_with_who_asks_and_one_basis(cleo: Client, ana: User, portal_cleo: User) -> None:
    request = allowed(cleo, ana, portal_cleo)
    for more, expected in (
        ({"verified": " "}, "AU-9"),
        ({"basis": "treatment"}, "ACC-2"),
        ({"basis": "incidental", "authorization": None}, "ACC-2"),
    ):
        with pytest.raises(Refused) as refused:
            begun(cleo, ana, request, **more)
        assert refused.value.rule == expected


def test_rec_3_and_rec_4_psychotherapy_notes_leave_by_their_own_authorization_and_by_their_author_alone(
    cleo: Client, ana: User, sofia: User, portal_cleo: User, psychotherapy: Note, signed: Note
) -> None:
    to = {"recipient": "The Quince Clinic", "purpose": "Treatment"}
    with pytest.raises(Refused) as refused:
        begun(cleo, ana, basis="treatment", authorization=None, apart=True, **to)
    assert refused.value.rule == "REC-4"
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo, APART, "psychotherapy"))
    assert row.apart
    with pytest.raises(Refused):
        packed(row, ana, notes=[str(signed.pk)])  # AU-4: nothing else with them
    package = packed(row, ana, notes=[str(psychotherapy.pk)])
    assert PRIVATE in str(record_of(package.bundle))
    with acting(sofia):
        assert not access.releases(sofia).exists()
        assert not Package.objects.exists()  # the second lock
    handed(row, ana)
    with acting(ana):
        assert Disclosure.objects.get().psychotherapy


def test_blacked_out_words_are_gone_from_data_and_pdf(cleo: Client, ana: User, portal_cleo: User, session: Any, real_press: None) -> None:
    text = "Her sister  Marisol\u00ad Vega said it; MARISOL VEGA\u2019s boat. The annual ann."
    note = write_note(ana, cleo, session=session, signed=True, text=text)
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo))
    with pytest.raises(Refused, match="stands nowhere"):
        packed(row, ana, notes=[str(note.pk)], redact=["Marisole"])
    package = packed(row, ana, notes=[str(note.pk)], redact=["marisol vega", "Ann"], texts={"summary": "Ann came."})
    held = json.dumps(record_of(package.bundle), ensure_ascii=False)
    paper = squeezed(whole_words_of(package.pdf))
    for made in (held, paper):
        assert "marisol" not in made.lower()
        assert "annual" in made
    assert "Passages were blacked out" in held
    assert b"arisol" not in package.pdf
    assert squeezed("[blacked out] boat") in paper
    with opened(package.pdf) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Release of information"
        assert "/Author" not in pdf.docinfo
        assert not {"Cleo", "Marchetti", "Osei"} & {*bytes(pdf.Root.Metadata.read_bytes()).decode().split()}
        assert {"/H1", "/H2", "/H3"} <= {*structure(pdf)}
    assert package.pdf.count(b"%%EOF") == 1  # one revision: nothing older lies beneath
    assert squeezed("For Dr. Amara Osei") in paper  # the watermark


def test_p2_6_substance_use_records_carry_notice_scope_and_copy_of_the_consent(
    cleo: Client, ana: User, sofia: User, portal_cleo: User, signed: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo, SUBSTANCE, "part2"))
    with pytest.raises(Refused) as refused:
        packed(row, ana, notes=[str(signed.pk)])
    assert refused.value.rule == "P2-6"  # here no paper was kept
    monkeypatch.setattr("disclosures.packing.readable_papers", lambda by: FakePapers())
    package = packed(row, ana, notes=[str(signed.pk)])
    files = files_of(package.bundle)
    assert files["consent-01.pdf"] == b"%PDF the consent"
    assert b"42 CFR part 2 prohibits" in files["redisclosure.txt"]
    assert "42 CFR part 2 prohibits" in package.pdf.decode()
    assert record_of(package.bundle)["scope"]["Who receives it"] == "Dr. Amara Osei"
    assert rule(row, ana) == "AU-8"  # policy: another person looks first
    with acting(sofia):
        actions.look(access.lookable_releases(sofia).get(), "", passed=True, by=sofia)
    handed(row, ana)


class FakePapers(list[Any]):
    """The signed papers of a consent."""

    def filter(self, **_: Any) -> list[Any]:
        return [type("Paper", (), {"pdf": b"%PDF the consent"})()]


def test_p2_2_a_general_authorization_is_not_enough_for_a_part_2_program(
    cleo: Client, ana: User, portal_cleo: User, signed: Note, db: None
) -> None:
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo))
    packed(row, ana, notes=[str(signed.pk)])
    from practice.models import Practice  # the tests' practice

    Practice.objects.update(is_part2_program=True)
    assert rule(row, ana) == "P2-2"


NOTES_AND_DATES = Scope(("progress_notes", "session_dates"))


def test_lp_2_au_8_and_section_19_a_subpoena_needs_a_reason_and_a_second_person(cleo: Client, ana: User, sofia: User, signed: Note) -> None:
    with pytest.raises(Refused) as refused:
        begun(cleo, ana, basis="subpoena", authorization=None, recipient="Lawyer Quill", purpose="A lawsuit")
    assert refused.value.rule == "LP-2"  # no paper was served
    row = begun(cleo, ana, **answering(assured(cleo, ana, NOTES_AND_DATES), "subpoena"))
    packed(row, ana, notes=[str(signed.pk)])
    assert rule(row, ana) == "AU-8"
    package = packed(row, ana, notes=[str(signed.pk)], justification="The note of that day alone.")
    with acting(ana), pytest.raises(Refused):
        actions.look(row, "", passed=True, by=ana)
    with acting(ana), pytest.raises(Refused):
        actions.look(row, "A friend outside", passed=True, by=ana, outside=True)  # Sofia could
    with acting(sofia):
        actions.look(row, "Too much.", passed=False, by=sofia)
    assert rule(row, ana) == "AU-8"
    assert package.pk != packed(row, ana, sessions=True, justification="Days alone.").pk
    with acting(sofia):
        actions.look(access.lookable_releases(sofia).get(pk=row.pk), "", passed=True, by=sofia)
    handed(row, ana)
    with acting(ana):
        entry = Disclosure.objects.get()
        assert (entry.basis, entry.accountable) == ("subpoena", True)


def test_rg_11_an_agreed_restriction_binds_every_later_release(cleo: Client, ana: User, signed: Note) -> None:
    with acting(ana):
        agreed = actions.restrict(cleo, recipient="The Quince Plan", words="Nothing of it", agreed_on=today(), paid_in_full=True, by=ana)
        assert not access.endable_restrictions(ana).exists()  # RG-10
        assert agreed.paid_in_full
    row = begun(cleo, ana, basis="payment", authorization=None, recipient="the quince  plan", purpose="A claim")
    packed(row, ana, sessions=True, justification="Dates alone.")
    assert rule(row, ana) == "RG-11"


def test_ic_33_what_a_couple_said_together_needs_each_of_them(cleo: Client, ana: User, portal_cleo: User) -> None:
    with acting(ana):
        unit = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="Cleo", family_name="Marchetti")
        clients.join_unit(unit, cleo, by=ana)
    row = begun(unit, ana, basis="individual", authorization=None, recipient="Cleo Marchetti", purpose="Her own request")
    with acting(ana):
        assert "IC-33" in {check.rule for check in actions.everything(row, ana) if not check.ok}


def test_ic_33_who_left_the_couple_is_asked_all_the_same(cleo: Client, ana: User, portal_cleo: User) -> None:
    with acting(ana):
        unit = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="Cleo", family_name="Marchetti")
        will = clients.take_in(by=ana, counselor=ana, given_name="Wilhelm", family_name="Thorvaldsen")
        for person in (cleo, will):
            clients.join_unit(unit, person, by=ana)
        clients.leave_unit(unit.memberships.get(person=will), by=ana)
        alone = [each.named for each in possible(unit)]
        assert [each.person for each in alone] == [cleo]
        assert [each.named.person for each in possible(unit, left=True)] == [cleo, will]
        with pytest.raises(Refused, match="each of them signs"):
            require_each_member(unit, alone, Request.Rule.ALL)


def test_nobody_else_reaches_a_release_or_its_package(
    request: pytest.FixtureRequest, cleo: Client, ana: User, portal_cleo: User, signed: Note
) -> None:
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo))
    packed(row, ana, notes=[str(signed.pk)])
    for name in ("ben", "dee", "ada", "lena", "portal_cleo"):
        person = request.getfixturevalue(name)
        with acting(person):
            assert not access.releases(person).exists()
            assert not Release.objects.exists()
            assert not Package.objects.exists()


def test_given_up_nothing_of_it_stays(cleo: Client, ana: User, portal_cleo: User, signed: Note) -> None:
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo))
    packed(row, ana, notes=[str(signed.pk)])
    with acting(ana):
        actions.give_up(row, by=ana)
        assert not Package.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            Release.objects.filter(pk=row.pk).update(ended_as="")


def test_rg_8_a_statement_of_disagreement_goes_along_with_the_notes_and_not_with_dates_alone(
    cleo: Client, ana: User, portal_cleo: User, signed: Note
) -> None:
    wish = actions.Wish("amend", "client", "Cleo Marchetti", "Known in person", "The kettle was never cobalt.", today())
    with acting(ana):
        asked = actions.receive(cleo, wish, practice=Practice.objects.get(), by=ana)
        actions.decide(asked, actions.Answer("denied", "It is as it was said.", ground="accurate"), by=ana)
        actions.reply(asked, "disagrees", "I said teal, twice.", by=ana)
    row = begun(cleo, ana, allowed(cleo, ana, portal_cleo))
    alone, along = (record_of(packed(row, ana, **chosen).bundle) for chosen in ({"sessions": True}, {"notes": [str(signed.pk)]}))
    assert alone["amendments"] == []
    (carried,) = along["amendments"]
    assert "never cobalt" in carried["text"]
    assert "I said teal, twice." in carried["text"]
