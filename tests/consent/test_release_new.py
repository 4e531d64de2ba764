"""Filling in a release: what it names stands in the paper and is signed with it; what may not be combined is refused by its rule."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Client
from consent.actions.asking import Named, words_of
from consent.clauses import clauses
from consent.models import Authorization, Request, Signer, Version
from consent.papers import in_groups, paper_of
from consent.particulars import Particulars
from practice.models import User
from practice.refusals import Refused
from tests.cast import SignIn, acting
from tests.records.hands import fresh, page, turned_away, words

from .papers import form_in_force, signed_by
from .releases import DOCTOR, NOTES, PART2, RELEASE, SUBSTANCE, WHAT, in_force, release

WORDS = "A summary of the plum orchard months"


def filled(**more: Any) -> dict[str, Any]:
    """What the page sends."""
    typed = {
        "description": WORDS, "information": ["summary"], "from_party": "Willow Street Counseling", "to_party": DOCTOR, "to_address": "",
        "purpose": "treatment", "purpose_words": "", "ends": "on", "expires_on": "2099-01-31", "expiry_event": "", "from_date": "",
        "to_date": "", "signers": ["self"], "rule": "all", "reply_by": "", "interpreter": "", "then": "send",
    }  # fmt: skip
    return typed | {"ident": str(uuid.uuid4())} | more


@pytest.fixture
def paper(ada: User) -> Version:
    return form_in_force("release", RELEASE, "Permission to share")


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signed paper itself is made elsewhere (test_papers)."""
    monkeypatch.setattr("consent.actions.signing.papers.keep", lambda signature: SimpleNamespace(pdf=b"%PDF"))


def asked_of(cleo: Client, ana: User) -> list[Request]:
    with acting(ana):
        return list(Request.objects.filter(client=cleo))


def test_what_is_filled_in_is_shown_hashed_and_signed(
    cleo: Client, ana: User, dee: User, ben: User, ada: User, portal_cleo: User, paper: Version, browser_of: SignIn
) -> None:
    turned_away(browser_of(ben), ben, "release_new", cleo.pk, filled())
    turned_away(browser_of(ada), ada, "release_new", cleo.pk)
    browser = browser_of(dee)
    shown = words(browser.get(page("release_new", cleo.pk)))
    assert "Psychotherapy notes" not in shown  # they have a paper of their own
    assert "never: only for treatment" not in shown
    assert browser.post(page("release_new", cleo.pk), filled()).status_code == 302
    (request,) = asked_of(cleo, ana)
    with acting(ana):
        named = next(clause for clause in clauses(request.shown) if clause.anchor == "named-here")
        assert WORDS in named.text
        assert "Dr\\. Amara Osei" in named.text
        assert "31 January 2099" in named.text
        assert "Cleopatra Marchetti" in named.text
    signature = signed_by(portal_cleo, request)
    assert in_force(cleo, ana)
    assert WORDS in words(browser_of(ana).get(page("consent_detail", request.pk)))
    assert WORDS not in words(browser.get(page("consent_detail", request.pk)))
    with acting(ana):
        said = paper_of(fresh(signature, ana))
        assert said["facts"][-1] == ("Fingerprint", in_groups(bytes(signature.shown_hash)))
        assert WORDS in str(said["clauses"])


def test_what_a_client_is_called_or_somebody_typed_stays_plain_words(cleo: Client, ana: User, paper: Version, browser_of: SignIn) -> None:
    odd = "**bold** [link](http://x) [[counselor]]\n## A heading {#revoke}\n\u202eright to left"
    assert browser_of(ana).post(page("release_new", cleo.pk), filled(description=odd, to_party="<script>x</script>")).status_code == 302
    (request,) = asked_of(cleo, ana)
    with acting(ana):
        made = clauses(request.shown)
        runs = [run for block in made[0].blocks for item in block["items"] for part in item for run in part["runs"]]
    assert [clause.anchor for clause in made] == ["named-here", "revoke", "conditions", "passed"]
    assert " ".join(odd.split()) in "".join(run["text"] for run in runs)
    assert [run["text"] for run in runs if run["strong"]][1] == "What is shared:"


def test_it_is_read_as_the_client_does_before_it_is_sent(cleo: Client, ana: User, paper: Version, browser_of: SignIn) -> None:
    answer = browser_of(ana).post(page("release_new", cleo.pk), filled(then="look"))
    assert answer.status_code == 200
    assert "As the client reads it" in words(answer)
    assert words(answer).count(WORDS) == 2  # in the paper, and still in its field
    assert asked_of(cleo, ana) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"description": "", "information": [], "to_party": "", "ends": ""}, "(AU-1)"),
        ({"expires_on": "2020-01-01"}, "from today on"),
        ({"expires_on": "\0"}, "valid date"),
        ({"ends": "event"}, "with which event"),
        ({"ends": "event", "expiry_event": "None."}, "AU-1"),
        ({"description": "All records"}, "AU-1"),
        ({"purpose": "other"}, "Say what it is for"),
        ({"from_date": "2026-02-01", "to_date": "2026-01-01"}, "before the first"),
        ({"information": ["psychotherapy_notes"]}, "not one of the available choices"),
        ({"description": "x" * 1001}, "at most 1000"),
    ],
    ids=lambda each: str(each)[:24],
)
def test_au_1_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(
    cleo: Client, ana: User, paper: Version, browser_of: SignIn, wrong: dict[str, Any], told: str
) -> None:
    answer = browser_of(ana).post(page("release_new", cleo.pk), filled(to_address="14 Juniper Lane") | wrong)
    assert answer.status_code == 422
    assert told in words(answer)
    assert "14 Juniper Lane" in words(answer)
    assert asked_of(cleo, ana) == []


def test_the_paper_is_chosen_first_and_says_what_can_be_named(cleo: Client, ana: User, paper: Version, browser_of: SignIn) -> None:
    notes = form_in_force("psychotherapy", RELEASE, "Psychotherapy notes alone")
    browser = browser_of(ana)
    assert "Which paper is it?" in words(browser.get(page("release_new", cleo.pk)))
    assert "Which paper is it?" in words(browser.get(page("release_new", cleo.pk) + "?paper=nonsense"))
    address = f"{page('release_new', cleo.pk)}?paper={notes.pk}"
    assert 'name="information"' not in words(browser.get(address))
    assert browser.post(address, filled(information=["summary"])).status_code == 302  # what the paper is for is not the sender's choice
    with acting(ana):
        named = Authorization.objects.get()
        assert (named.kind, named.information) == ("psychotherapy", ["psychotherapy_notes"])


def refused(client: Client, ana: User, named: Particulars, kind: str = "release", **more: Any) -> str:
    with pytest.raises(Refused) as no:
        release(client, ana, named, kind, **more)
    with acting(ana):
        assert not Request.objects.filter(authorization__isnull=False).exists()
    return no.value.rule


def test_au_4_and_p2_4_no_paper_carries_what_has_one_of_its_own(cleo: Client, ana: User) -> None:
    change = dataclasses.replace
    assert refused(cleo, ana, NOTES) == "AU-4"
    assert refused(cleo, ana, change(WHAT, kind="psychotherapy"), "psychotherapy") == "AU-4"
    assert refused(cleo, ana, change(WHAT, information=["part2_records"])) == "P2-2"
    assert refused(cleo, ana, change(WHAT, information=["part2_notes"])) == "P2-4"
    assert refused(cleo, ana, change(SUBSTANCE, information=["part2_notes"]), "part2") == "P2-4"
    assert refused(cleo, ana, change(SUBSTANCE, kind="part2_notes", information=["part2_notes"], purpose="tpo"), "part2") == "P2-4"
    assert refused(cleo, ana, WHAT, "part2") == "P2-2"


def test_p2_5_a_consent_for_proceedings_is_for_those_alone(cleo: Client, ana: User) -> None:
    day, change = datetime.date(2099, 1, 31), dataclasses.replace
    assert refused(cleo, ana, change(SUBSTANCE, purpose="legal", expires_on=day), "part2") == "P2-5"
    assert refused(cleo, ana, change(SUBSTANCE, kind="part2_proceed", expires_on=day), "part2") == "P2-5"
    assert release(cleo, ana, change(SUBSTANCE, kind="part2_proceed", purpose="legal", expires_on=day), "part2")


def test_p2_13_a_guardian_alone_releases_no_substance_use_records_of_a_minor(mia: Client, gus: User, ana: User) -> None:
    with acting(ana):
        gus_himself = clients.add_representative(
            mia, by=ana, name="Gus Aldana", relation="guardian", authority="Court order of 2020", since=clock.now()
        )
    guardian, herself = Named(mia, Signer.Capacity.GUARDIAN, gus_himself), Named(mia, Signer.Capacity.SELF)
    assert refused(mia, ana, SUBSTANCE, "part2", signers=(guardian,)) == "P2-13"
    assert refused(mia, ana, SUBSTANCE, "part2", signers=(guardian, herself), rule=Request.Rule.ANY) == "P2-13"
    assert release(mia, ana, SUBSTANCE, "part2", signers=(guardian, herself), rule=Request.Rule.ALL)
    assert release(mia, ana, SUBSTANCE, "part2", signers=(herself,))
    assert release(mia, ana, WHAT, signers=(guardian,))


def test_p2_2_and_p2_3_what_each_consent_says(cleo: Client, ana: User) -> None:
    change = dataclasses.replace
    assert refused(cleo, ana, SUBSTANCE, "part2", text=PART2) == "P2-3"  # the rulebook's case: nothing about refusing
    assert refused(cleo, ana, change(SUBSTANCE, purpose="treatment"), "part2") == "P2-2"  # no end, but not for all three
    assert refused(cleo, ana, change(SUBSTANCE, to_party=" "), "part2") == "P2-2"
    assert refused(cleo, ana, change(SUBSTANCE, kind="general", information=["summary"], expires_on=WHAT.expires_on)) == "P2-2"


def test_au_2_a_paper_that_leaves_out_a_statement_is_not_asked(cleo: Client, ana: User) -> None:
    for lost in ("AU-2.revoke", "AU-2.conditions", "AU-2.redisclosure"):
        assert refused(cleo, ana, WHAT, text=RELEASE.replace(lost, "AU-9")) == "AU-2"


def test_ic_33_what_a_couple_said_together_is_released_only_if_each_signs(cleo: Client, ana: User) -> None:
    with acting(ana):
        couple = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="The", family_name="Couplings")
        other = clients.take_in(by=ana, counselor=ana, given_name="Omar", family_name="Haddad")
        for each in (cleo, other):
            clients.join_unit(couple, each, by=ana)
    both = tuple(Named(each, Signer.Capacity.MEMBER) for each in (cleo, other))
    assert refused(couple, ana, WHAT, signers=both[:1]) == "IC-33"
    assert refused(couple, ana, WHAT, signers=both, rule="any") == "IC-33"
    assert release(couple, ana, WHAT, signers=both)


def test_a_paper_in_spanish_names_it_in_spanish(cleo: Client, ana: User) -> None:
    version = form_in_force("release", RELEASE, "Permiso")
    version.language = "es"
    with acting(ana):
        shown = words_of(version, cleo, ana, WHAT)
    assert "Quién lo recibe" in shown
    assert "un resumen por escrito" in shown
    assert "31 de enero de 2099" in shown


# --- the event ----------------------------------------------------------------------------------------------------------


def test_the_event_is_marked_by_the_counselor_with_what_happened(
    cleo: Client, ana: User, dee: User, sofia: User, portal_cleo: User, browser_of: SignIn
) -> None:
    request = release(cleo, ana, dataclasses.replace(WHAT, expires_on=None, expiry_event="the end of the plum season"))
    signed_by(portal_cleo, request)
    browser = browser_of(ana)
    assert page("release_event", request.pk) in words(browser.get(page("consent_detail", request.pk)))
    assert "the end of the plum season" in words(browser.get(page("release_event", request.pk)))
    for other in (dee, sofia, portal_cleo):
        turned_away(browser_of(other), other, "release_event", request.pk, {"what": "x"})
    assert browser.post(page("release_event", request.pk), {"what": ""}).status_code == 422
    assert in_force(cleo, ana)
    assert browser.post(page("release_event", request.pk), {"what": "The plums are in."}).status_code == 302
    assert not in_force(cleo, ana)
    shown = words(browser.get(page("consent_detail", request.pk)))
    assert "it happened on" in shown
    assert "The plums are in." in shown
    assert "The plums are in." not in words(browser_of(dee).get(page("consent_detail", request.pk)))
    turned_away(browser, ana, "release_event", request.pk, {"what": "again"})


def test_a_release_is_asked_anew_with_what_it_named(cleo: Client, ana: User, portal_cleo: User, paper: Version, browser_of: SignIn) -> None:
    browser = browser_of(ana)
    assert browser.post(page("release_new", cleo.pk), filled()).status_code == 302
    (former,) = asked_of(cleo, ana)
    signed_by(portal_cleo, former)
    address = f"{page('release_new', cleo.pk)}?again={former.pk}"
    assert WORDS in words(browser.get(address))
    assert browser.post(address, filled(information=["attendance"])).status_code == 302
    newer = next(each for each in asked_of(cleo, ana) if each.pk != former.pk)
    assert newer.replaces_id == former.pk
    signed_by(portal_cleo, newer)
    assert fresh(former, ana).ended_as == "superseded"
    assert not in_force(cleo, ana)
