"""The rules of supervision, one condition at a time: what each finds, beside what it must leave out (SU-2 to SU-9, REC-1)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from audit import clock
from audit.clock import today
from breaches import actions as breaches
from clients.actions.team import _permission
from clients.models import Client, ClientPermission, Codename, Denial
from practice.models import User
from practice.roles import Role
from records import actions as records
from records.models import CosignRequest, Note
from supervision import access, actions
from supervision.actions import agreements, papers
from supervision.actions.pages import _hash
from supervision.models import DeidentifiedView
from tests.cast import acting, person, write_note
from tests.committed import House
from tests.superuser import as_superuser

from .agreed import agreed, met, signed_by, terms
from .consulting import recorded
from .test_views import shared


def found(rows: Any) -> set[Any]:
    return set(rows.values_list("pk", flat=True))


# --- whom one may ask -------------------------------------------------------------------------------------------------------


def test_su_2_one_asks_those_who_counsel_or_only_supervise_and_not_oneself(
    ana: User, ben: User, sofia: User, dee: User, ada: User, cleo: Client
) -> None:
    iris = person("Iris Only", Role.SUPERVISOR)
    with acting(ana):
        for people in (access.colleagues(ana, cleo), access.fellows(ana)):
            assert found(people) == {ben.pk, sofia.pk, iris.pk}


def test_attack_16_no_link_was_made_by_nobody(ana: User, ben: User, cleo: Client) -> None:
    row = recorded(cleo, ana)
    with acting(ana):
        made = actions.make_page(row, days=3, mail="", by=ana)
    secret = made.url.rstrip("/").rsplit("/", 1)[-1]
    assert access.maker_of(_hash(secret)) == ana
    assert access.maker_of(_hash("never-was")) is None


# --- agreements -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("later", ["signed by one", "ended", "somebody else's"])
def test_su_1_an_agreement_is_followed_by_one_of_the_same_supervisee_that_both_signed_and_nobody_ended(
    later: str, ana: User, ben: User, sofia: User
) -> None:
    row = agreed(sofia, ana, until=today() + datetime.timedelta(days=20))
    then = {"since": today() + datetime.timedelta(days=21), "until": today() + datetime.timedelta(days=300)}
    if later == "signed by one":
        with acting(sofia):
            agreements.prepare(sofia, ana, terms(**then), by=sofia)
    else:
        other = agreed(sofia, ben if later == "somebody else's" else ana, **then)
        if later == "ended":
            with acting(ana):
                agreements.end(other, by=ana)
    with acting(sofia):
        assert found(access.ending_agreements(sofia)) == {row.pk}


def test_su_4_of_all_that_is_signed_by_it_the_agreement_names_its_own_two_signatures(ana: User, sofia: User) -> None:
    row = agreed(sofia, ana)
    met(row)
    with acting(sofia):
        content = {"concern": "None.", "plan": "Reading."}
        paper = papers.write_paper(row, "remediation", (today(), today()), content, by=sofia)
        papers.sign(paper, by=sofia, shown=papers.shown_hash(paper).hex())
        assert row.signatures.count() == 5
        assert [each.person for each in access.signatures(sofia, row)] == [sofia, ana]


def test_su_9_a_meeting_is_edited_by_whoever_wrote_it_until_somebody_signs(ana: User, sofia: User) -> None:
    meeting = met(agreed(sofia, ana), signed=False)
    for user, edits in ((sofia, {meeting.pk}), (ana, set())):
        with acting(user):
            assert found(access.editable_meetings(user)) == edits


# --- where the database hides nothing ---------------------------------------------------------------------------------------


def granted(user: User, client: Client) -> Any:
    return ClientPermission.objects.filter(user=user, content_object=client.pk)


def test_su_3_of_two_supervisees_whoever_signed_their_part_signs_nobody_elses(house: House) -> None:
    ana, ben, sofia = house.ana, house.ben, house.sofia
    meeting = met(agreed(sofia, ana), agreed(sofia, ben), kind="paired", signed=False)
    for user in (sofia, ana):
        signed_by(meeting, user)
    for user, waits in ((sofia, set()), (ana, set()), (ben, {meeting.pk})):
        with as_superuser(), acting(user):
            assert found(access.signable_meetings(user)) == waits


def test_su_5_cases_are_those_that_the_supervisee_counsels_and_the_supervisor_supervises_for_these_two(house: House) -> None:
    ana, ben, sofia = house.ana, house.ben, house.sofia
    row = agreed(sofia, ana)
    every = {house.cleo.pk, house.mia.pk, house.couple.pk}
    with as_superuser():
        for user in (ana, sofia):
            with acting(user):
                assert found(access.cases(user, row)) == every
        granted(ana, house.mia).update(user=ben)  # Ben counsels her, and Sofia goes on supervising
        granted(sofia, house.couple).update(user=ben)  # and he supervises these, for Ana
        clients_of = {"user": ben, "permission": _permission(Codename.COVER), "reason": "emergency"}
        ClientPermission.objects.create(content_object=house.cleo, **clients_of)
        for user, cases in ((ana, {house.cleo.pk}), (sofia, {house.cleo.pk}), (ben, set())):
            with acting(user):
                assert found(access.cases(user, row)) == cases
    with as_superuser(), acting(sofia):
        granted(ana, house.mia).update(permission=_permission(Codename.SUPERVISE))
        assert found(access.cases(sofia, row)) == every - {house.mia.pk}


def test_su_7_of_an_incident_every_admin_reads_what_was_asked_and_of_the_rest_about_no_client_nobody_else(house: House) -> None:
    ana, ben, ada, dee = house.ana, house.ben, house.ada, house.dee
    nora = person("Nora Vance", Role.ADMIN)
    with acting(dee):
        noticed = clock.now() - datetime.timedelta(hours=1)
        incident = breaches.report(what="The letter about the opal compass", by=dee, noticed_at=noticed, going_on="no")
    asked = recorded(None, ada, about=f"incident:{incident.pk}").pk
    free, alone, bound = recorded(None, ana).pk, recorded(None, ada).pk, recorded(house.cleo, ana).pk
    for user, reads in ((ada, {asked, alone}), (nora, {asked}), (ana, {free, bound}), (ben, set()), (dee, set())):
        with acting(user):
            assert found(access.consultations(user)) == reads
        with as_superuser(), acting(user):
            assert found(access.consultations(user)) == reads


def test_su_7_whoever_asked_and_stands_on_the_deny_list_now_decides_no_more_about_that_client(house: House) -> None:
    bound, free = recorded(house.cleo, house.ana), recorded(None, house.ana)
    with as_superuser(), acting(house.ana):
        assert found(access.own_consultations(house.ana)) == {bound.pk, free.pk}
        Denial.objects.create(client=house.cleo, user=house.ana, reason="Her cousin", denied_by=house.ana)
        assert found(access.own_consultations(house.ana)) == {free.pk}


def test_su_7_a_colleague_advises_on_nothing_that_is_decided_though_the_view_still_stands(house: House) -> None:
    ana, ben = house.ana, house.ben
    views = [shared(ana, ben, house.cleo, house.signed) for _ in range(2)]
    with acting(ben):
        assert found(access.advisable_views(ben)) == {view.pk for view in views}
        actions.advise(access.advisable_views(ben).get(pk=views[0].pk).consultation, "Wait.", by=ben)
    with acting(ana):
        actions.decide(access.own_consultations(ana).get(view=views[0].pk), "Wait", "He said so", by=ana)
    with as_superuser(), acting(ben):
        DeidentifiedView.objects.update(ended_at=None)
        assert found(access.shared_views(ben)) == {view.pk for view in views}
        assert found(access.advisable_views(ben)) == {views[1].pk}
        DeidentifiedView.objects.filter(pk=views[0].pk).update(shared_at=None)  # which no page and no constraint would leave so
        assert found(access.shared_views(ben)) == {views[1].pk}


def test_rec_1_a_sample_holds_no_draft_and_no_psychotherapy_note_though_they_are_the_supervisors_own(house: House) -> None:
    sofia = house.sofia
    with as_superuser(), acting(sofia):
        Note.objects.update(author=sofia)
        assert found(access.readable_notes(sofia)) == {house.signed.pk, house.draft.pk, house.psychotherapy.pk}
        assert found(access.sampleable_notes(sofia, sofia)) == {house.signed.pk}


def test_su_6_co_signed_counts_what_was_asked_for_of_clients_still_supervised_and_not_denied(house: House) -> None:
    ana, sofia = house.ana, house.sofia
    with acting(house.ada):
        records.set_cosign_rule(ana, ["progress"], by=house.ada)
    signed = []
    for client in (house.cleo, house.mia, house.couple):
        note = write_note(ana, client, signed=True)
        with acting(sofia):
            shown = Note.objects.get(pk=note.pk)
            signed.append(records.cosign(shown, by=sofia, shown=records.cosign_hash(shown, []).hex()))
    with as_superuser(), acting(sofia):
        assert access.cosigned(sofia).count() == 3
        CosignRequest.objects.filter(note__client=house.couple.pk).delete()
        Denial.objects.create(client=house.mia, user=sofia, reason="Her niece", denied_by=ana)
        assert set(access.cosigned(sofia).values_list("note__client", flat=True)) == {house.cleo.pk}
