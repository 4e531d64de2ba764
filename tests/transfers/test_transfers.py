"""Handing a client on: nothing opens before the receiver accepts, and the former access ends on its day (RET-26, SE-10)."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from clients import actions as clients
from clients.access import care_team, live_grants, readable_clients
from clients.models import Client, ClientPermission, Codename
from practice.actions.profile import choose_ownership
from practice.models import Notice, Practice, Supervision, User
from practice.refusals import Refused
from practice.roles import Role
from records.access import readable_documents, readable_notes
from records.models import Document, Note
from tests.cast import PRIVATE, SECRET, acting, person, write_note
from tests.clients.conftest import Ask
from tests.records.uploads import keep
from transfers import access, actions
from transfers.models import Transfer

from .conftest import WHY, Offered, today, told


def rule(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def answer(row: Transfer, by: User, how: str = "accept") -> Transfer:
    with acting(by):
        found = Transfer.objects.get(pk=row.pk)
        actions.accept(found, by=by) if how == "accept" else actions.decline(found, "Too many evenings.", by=by)
    return found


def test_the_receiver_knows_code_reason_and_scope_and_nothing_else_until_they_accept(
    ben: User, cleo: Client, signed: Note, offered: Offered
) -> None:
    row = offered()
    with acting(ben):
        (found,) = access.offered_transfers(ben)
        assert (found.code, found.reason, found.ends_on) == (cleo.code, WHY, today(14))
        assert not readable_clients(ben).exists()
        assert not Client.objects.filter(pk=cleo.pk).exists()
        assert not readable_notes(ben).exists()
        assert not ClientPermission.objects.filter(content_object=cleo.pk).exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            clients.take_over(Client(pk=cleo.pk), ben, reason="wish", ends_at=clock.now(), withheld=[], at=clock.now())
    with acting(ben):
        assert Transfer.objects.filter(pk=row.pk, outcome="").exists()
        assert not readable_clients(ben).exists()


def test_se_10_accepted_all_begins_at_once_and_ends_on_its_day_and_nothing_is_doubled(
    ana: User, ben: User, sofia: User, cleo: Client, signed: Note, psychotherapy: Note, offered: Offered
) -> None:
    Supervision.objects.create(supervisor=person("Vera Above", Role.SUPERVISOR, Role.COUNSELOR), supervisee=ben)
    answer(offered(), ben)
    with acting(ben):
        team = {(grant.user.name, grant.permission.codename): grant for grant in care_team(cleo)}
        assert {name for name, _ in team} == {"Ben Okafor", "Vera Above", "Ana Reyes", "Sofia Lindqvist"}
        assert team["Ben Okafor", "counsel"].until is None
        assert team["Ana Reyes", "counsel"].until == team["Sofia Lindqvist", "supervise"].until
        assert {note.pk for note in readable_notes(ben)} == {signed.pk}  # the psychotherapy note stays with Ana
        assert readable_notes(ben).get().content["presenting"] == SECRET
        assert Note.objects.count() == 1
    with acting(ana):
        assert {note.pk for note in readable_notes(ana)} == {signed.pk, psychotherapy.pk}
        assert live_grants([Codename.COUNSEL]).filter(content_object=cleo.pk).count() == 2
    with clock.at(clock.now() + datetime.timedelta(days=16)):
        for former in (ana, sofia):
            with acting(former):
                assert not readable_clients(former).exists()
        with acting(ben):
            assert readable_clients(ben).get().pk == cleo.pk


def test_the_receivers_scope_leaves_earlier_notes_and_documents_shut_for_their_supervisor_too_until_an_admin_opens_them(
    ana: User, ben: User, ada: User, cleo: Client, signed: Note, offered: Offered
) -> None:
    above = person("Vera Above", Role.SUPERVISOR, Role.COUNSELOR)
    Supervision.objects.create(supervisor=above, supervisee=ben)
    keep(ana, cleo, name="letter.txt")
    answer(offered(withheld=["notes", "documents"]), ben)
    own = write_note(ben, cleo, signed=True, text="Since the handover.")
    for reader in (ben, above):
        with acting(reader):
            assert {note.pk for note in readable_notes(reader)} == {own.pk}
            assert {note.pk for note in Note.objects.all()} == {own.pk}  # the second lock alone
            assert not readable_documents(reader).exists()
            assert not Document.objects.exists()
    third = person("Otis Third", Role.COUNSELOR)
    with acting(ben):
        clients.assign(cleo, third, by=ben)  # hands on no more than he has
        mine = ClientPermission.objects.filter(content_object=cleo.pk, user=ben)
        with pytest.raises(DatabaseError), transaction.atomic():
            mine.update(withheld=[])
        assert rule(lambda: actions.open_earlier(mine.get(), by=ben)) == "SE-10"
    with acting(third):
        assert {note.pk for note in readable_notes(third)} == {own.pk}
    with acting(ada):
        actions.open_earlier(care_team(cleo).get(user=ben, permission__codename="counsel"), by=ada)
    for reader in (ben, above):
        with acting(reader):
            assert {note.pk for note in readable_notes(reader)} == {signed.pk, own.pk}
            assert readable_documents(reader).count() == 1


ACTS: dict[str, Callable[[Transfer, User, User], object]] = {
    "accept": lambda row, ana, ben: actions.accept(row, by=ben),
    "decline": lambda row, ana, ben: actions.decline(row, "Too many evenings.", by=ben),
    "withdraw": lambda row, ana, ben: actions.withdraw(row, by=ana),
    "tell": lambda row, ana, ben: actions.tell(row, told(), by=ana),
}
AFTER = {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn", "tell": ""}


def _acts(name: str, row: Transfer, ana: User, ben: User) -> None:
    with acting(ben if name in ("accept", "decline") else ana):
        ACTS[name](Transfer.objects.get(pk=row.pk), ana, ben)


@pytest.mark.parametrize("first", ACTS)
def test_each_step_is_taken_from_where_it_may_be_and_what_ended_is_final(first: str, ana: User, ben: User, offered: Offered) -> None:
    row = offered()
    _acts(first, row, ana, ben)
    with acting(ana):
        assert Transfer.objects.get().outcome == AFTER[first]
    if first == "tell":
        return
    for then in ACTS:
        assert rule(lambda then=then: _acts(then, row, ana, ben)) == ""  # type: ignore[misc]  # a default keeps each
    with acting(ana):
        assert Transfer.objects.filter(pk=row.pk).update(outcome="", ended_at=None, ended_by=None) == 0
    with acting(ben):
        assert not access.offered_transfers(ben).exists()
        assert access.transfers(ben).exists() == (first == "accept")


def test_ret_26_nobody_accepts_before_the_client_is_told_or_it_is_said_why_not(ana: User, ben: User, offered: Offered) -> None:
    row = offered(telling=actions.Telling())
    assert rule(lambda: answer(row, ben)) == "RET-26"
    with acting(ana):
        for wrong in (
            actions.Telling("untold"),
            actions.Telling("told"),
            actions.Telling("told", today(1), "person"),
            actions.Telling("x"),
        ):
            assert rule(lambda wrong=wrong: actions.tell(row, wrong, by=ana)) == "RET-26"  # type: ignore[misc]  # as above
        actions.tell(row, actions.Telling("untold", words="She moved, and left no address."), by=ana)
    assert answer(row, ben).outcome == "accepted"


def test_au_1_where_records_belong_to_counselors_the_client_agrees_in_writing_first(
    ana: User, ben: User, ada: User, offered: Offered, portal_cleo: User, cleo: Client, ask: Ask
) -> None:
    with acting(ada):
        choose_ownership(Practice.objects.get(), "counselor", by=ada)
    row = offered()
    assert rule(lambda: answer(row, ben)) == "AU-1"
    with acting(ana):
        actions.tell(row, actions.Telling("agrees", today(), "writing"), by=ana)
    assert answer(row, ben).outcome == "accepted"
    for page in (ask(portal_cleo, "portal_record", pk=cleo.pk), ask(portal_cleo, "confidentiality_policy")):
        assert "Your record is kept by your counselor." in page.content.decode()


def test_se_10_to_whom_and_until_when_a_client_can_be_offered(
    ana: User, ben: User, sofia: User, ada: User, otto: User, dee: User, cleo: Client, offered: Offered
) -> None:
    with acting(ana):
        for wrong in ({"to": ana}, {"to": otto}, {"to": dee}, {"ends_on": today(-1)}, {"ends_on": today(91)}):
            assert rule(lambda wrong=wrong: offered(**wrong)) == "SE-10"  # type: ignore[misc]  # as above
        assert rule(lambda: offered(reason="  ")) == "RET-26"
    offered()
    assert rule(lambda: offered(to=sofia)) == ""  # one open offer at a time
    with acting(sofia):
        assert Transfer.objects.filter(client=cleo).update(outcome="accepted", ended_by=sofia, ended_at=clock.now()) == 0


def test_attack_11_whoever_is_denied_neither_is_offered_a_client_nor_accepts(ana: User, ben: User, cleo: Client, offered: Offered) -> None:
    row = offered()
    with acting(ana):
        clients.deny(cleo, ben, by=ana, reason="Her brother.")
    with acting(ben):
        assert not access.offered_transfers(ben).exists()
        with pytest.raises((DatabaseError, Transfer.DoesNotExist)), transaction.atomic():
            actions.accept(Transfer.objects.get(pk=row.pk), by=ben)
    with acting(ana):
        actions.withdraw(row, by=ana)
    assert rule(offered) == "SE-10"


def test_ended_later_an_accepted_transfer_opens_nothing_again(ana: User, ben: User, cleo: Client, offered: Offered) -> None:
    now = clock.now()
    with clock.at(now - datetime.timedelta(hours=2)):
        answer(offered(), ben)
    with clock.at(now - datetime.timedelta(hours=1)), acting(ana):
        clients.end_grant(live_grants([Codename.COUNSEL]).get(content_object=cleo.pk, user=ben), by=ana)
    with acting(ben):
        own = ClientPermission.objects.filter(user=ben, content_object=cleo.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            own.update(until=None)
        assert not readable_clients(ben).exists()
    answer(offered(), ben)  # offered anew, it does
    with acting(ben):
        assert readable_clients(ben).exists()


def test_an_admin_offers_a_client_only_where_the_counselor_left_or_leaves(
    ana: User, ben: User, ada: User, cleo: Client, offered: Offered
) -> None:
    from clients.scope import handable_clients

    with acting(ada):
        assert not handable_clients(ada).exists()
        User.objects.filter(pk=ana.pk).update(leaves_at=clock.now() - datetime.timedelta(hours=1))
        assert handable_clients(ada).get().pk == cleo.pk
    answer(offered(by=ada), ben)
    with acting(ben):
        assert readable_clients(ben).get().pk == cleo.pk


def test_the_notices_say_nothing_of_the_client_and_the_reason_is_sealed(
    ana: User, ben: User, cleo: Client, offered: Offered, ada: User
) -> None:
    answer(offered(), ben)
    with acting(ada):
        sent = [(notice.to, notice.subject, notice.body) for notice in Notice.objects.filter(kind="transfer")]
    assert {to for to, _, _ in sent} == {"ben@sub.test", "ana@sub.test"}
    assert not any(word in " ".join(each) for each in sent for word in (cleo.code, "Cleo", "Marchetti", WHY, PRIVATE))
    with acting(ana):
        assert WHY not in str(Transfer.objects.values().get())
