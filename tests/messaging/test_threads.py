"""Threads: each person reads their own and no other's, on the page, by the rule and in the database (RG-12, attacks 1-32)."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from audit import clock
from audit.models import Event
from clients import actions as clients
from clients.access import live_grants
from clients.models import Client, Codename
from messaging import access, actions
from messaging.models import Draft, Filed, Message, Thread
from practice.models import Notice, User
from practice.refusals import Refused
from review.access import portal_lines
from tests.cast import acting
from tests.clients.conftest import Ask, Lines, text_of

from .conftest import HERS, HIS, OWN, sent, thread_of, write

pytestmark = pytest.mark.django_db


def test_rg_12_two_parents_and_their_child_each_read_their_own_thread_and_learn_of_no_other(
    ana: User, sofia: User, mia: Client, gus: User, vera: User, mia_herself: User, ask: Ask
) -> None:
    texts = {vera: HERS, gus: HIS, mia_herself: OWN}
    threads = {user: thread_of(user, mia) for user in texts}
    for user, text in texts.items():
        write(threads[user], user, text)
    for user in texts:
        pages = [
            ask(user, "own_thread_list"),
            ask(user, "portal_home"),
            ask(user, "portal_record", pk=mia.pk),
            ask(user, "own_thread", pk=threads[user].pk),
        ]
        shown = "".join(text_of(page) for page in pages)
        assert texts[user] in shown
        for other in texts.keys() - {user}:
            assert texts[other] not in shown
            assert str(threads[other].pk) not in shown
            for page in ("own_thread", "own_thread_send", "thread_detail"):
                assert ask(user, page, pk=threads[other].pk).status_code == 404
            assert ask(user, "own_thread_send", sent("in between"), pk=threads[other].pk).status_code == 404
        assert "Vera" not in shown.replace("Vera Aldana, representative", "") or user == vera
        with acting(user):
            assert [row.pk for row in Thread.objects.all()] == [threads[user].pk]
            assert [row.text for row in Message.objects.select_related("thread")] == [texts[user]]
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM vault_datakey WHERE compartment IN ('messages', 'office')")
                assert cursor.fetchone() == (1,)
    listed = text_of(ask(sofia, "thread_list", pk=mia.pk))
    assert "Vera Aldana" in listed
    assert HERS in text_of(ask(sofia, "thread_detail", pk=threads[vera].pk))
    assert ask(sofia, "thread_send", sent("no"), pk=threads[vera].pk).status_code == 404  # a supervisor reads


def test_attack_64_the_client_does_not_learn_from_who_opened_the_record_that_a_parent_writes(
    ana: User, mia: Client, vera: User, mia_herself: User, ask: Ask
) -> None:
    hers, own = thread_of(vera, mia), thread_of(mia_herself, mia)
    write(hers, vera)
    write(own, mia_herself, OWN)
    for thread in (hers, own):
        assert ask(ana, "thread_detail", pk=thread.pk).status_code == 200
    assert ask(ana, "thread_send", sent("I read it."), pk=hers.pk).status_code == 302
    assert ask(vera, "own_thread_list").status_code == 200
    with acting(mia_herself):
        assert {line.what_id for line in portal_lines(mia_herself).filter(what__startswith="messaging.")} == {own.pk}
        assert not Event.objects.filter(actor_id=vera.pk, part="own_thread_list").exists()
        assert not Event.objects.filter(what_id=hers.pk).exists()
    with acting(ana):
        assert Event.objects.filter(what_id=hers.pk, what="messaging.represented").exists()


def test_who_of_the_practice_reads_care_and_who_appointments(
    ana: User, ben: User, dee: User, ada: User, sofia: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    care, office = thread_of(portal_cleo, cleo), thread_of(portal_cleo, cleo, "office")
    write(care, portal_cleo, "Of the care kind.")
    write(office, portal_cleo, "Of the office kind.")
    for user, may in ((ana, "co"), (sofia, "co"), (dee, "o"), (ben, ""), (ada, "")):
        found = "".join(kind for kind, row in (("c", care), ("o", office)) if ask(user, "thread_detail", pk=row.pk).status_code == 200)
        assert found == may, user.name
        with acting(user), connection.cursor() as cursor:
            assert Message.objects.count() == len(may)
            cursor.execute("SELECT compartment FROM vault_datakey WHERE compartment IN ('messages', 'office')")
            assert len(cursor.fetchall()) == len(may)  # and no key of what they may not read
    assert "Of the office kind" in text_of(ask(dee, "thread_detail", pk=office.pk))
    assert str(care.pk) not in text_of(ask(dee, "thread_list", pk=cleo.pk))
    assert ask(dee, "thread_new", {"person": "x", "kind": "care"}, pk=cleo.pk).status_code == 422
    assert ask(dee, "thread_send", sent("Monday at ten?"), pk=office.pk).status_code == 302
    with acting(dee):
        assert Message.objects.filter(sender=dee, by_staff=True).count() == 1
    assert "The front desk" in text_of(ask(portal_cleo, "own_thread", pk=office.pk))
    assert "The front desk" not in text_of(ask(portal_cleo, "own_thread", pk=care.pk))


def test_attack_05_and_37_what_was_sent_never_changes_and_bears_its_senders_name(
    ana: User, ben: User, cleo: Client, portal_cleo: User
) -> None:
    message = write(thread_of(portal_cleo, cleo), portal_cleo)
    for user, act in (
        (portal_cleo, Message.objects.update),
        (ana, Message.objects.update),
        (ana, lambda **_: Message.objects.all().delete()),
    ):
        with acting(user), pytest.raises(DatabaseError), transaction.atomic():
            act(sent_at=clock.now())
    forged = {"client_id": cleo.pk, "thread_id": message.thread_id, "text": "x"}
    tries = ((portal_cleo, ana, True), (portal_cleo, portal_cleo, True), (ana, portal_cleo, False), (ana, ana, False), (ben, ben, True))
    for user, sender, by_staff in tries:
        row = Message(sender=sender, by_staff=by_staff, **forged)
        row.thread = message.thread
        with acting(user), pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)
    with acting(ana), pytest.raises(DatabaseError), transaction.atomic():
        Filed(client_id=cleo.pk, message_id=message.pk, document=uuid.uuid4(), filed_by=ben).save(force_insert=True)


def test_rg_12_ended_standing_ends_reading_and_writing_at_once(ana: User, mia: Client, vera: User, gus: User, ask: Ask) -> None:
    thread = thread_of(vera, mia)
    write(thread, vera)
    with clock.at(clock.now() - datetime.timedelta(hours=1)), acting(ana):  # the database looks at its own clock
        clients.end_representation(mia.representatives.get(user=vera), by=ana)
    for page in ("own_thread", "own_thread_send"):
        assert ask(vera, page, pk=thread.pk).status_code == 404
    with acting(vera):
        assert not Thread.objects.exists()
        assert not Message.objects.exists()
    shown = text_of(ask(ana, "thread_detail", pk=thread.pk))
    assert HERS in shown
    assert "You can read this, not answer" in shown
    assert ask(ana, "thread_send", sent("still?"), pk=thread.pk).status_code == 404
    with acting(ana), pytest.raises(DatabaseError), transaction.atomic():
        Message(client_id=mia.pk, thread=thread, sender=ana, by_staff=True, text="x").save(force_insert=True)


def test_ic_32_at_majority_the_parents_threads_stay_theirs_and_the_adult_never_reads_them(
    ana: User, mia: Client, vera: User, mia_herself: User, ask: Ask
) -> None:
    thread = thread_of(vera, mia)
    write(thread, vera)
    with clock.at(clock.now() + datetime.timedelta(days=366 * 8)):
        with acting(vera):
            assert not access.own_threads(vera).exists()
        with acting(mia_herself):
            assert not access.own_threads(mia_herself).exists()
            assert not Message.objects.exists()
        with acting(ana):
            assert access.messages(ana).get().text == HERS


def test_attack_16_reassigned_denied_and_covering(
    ana: User, ben: User, lena: User, nora: User, ada: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    thread = thread_of(portal_cleo, cleo)
    write(thread, portal_cleo)
    with acting(ana):
        clients.assign(cleo, lena, by=ana)
        clients.transfer(cleo, to=ben, by=ana, reason="wish")
    for user, status in ((ana, 404), (lena, 404), (ben, 200)):
        assert ask(user, "thread_detail", pk=thread.pk).status_code == status
    with acting(ben):
        clients.deny(cleo, portal_cleo, by=ben, reason="A mistake of ours.")
    assert ask(portal_cleo, "own_thread", pk=thread.pk).status_code == 404
    with acting(portal_cleo):
        assert not Message.objects.exists()
    assert ask(ben, "thread_send", sent("x"), pk=thread.pk).status_code == 404


def test_ret_26_where_a_transfer_left_earlier_notes_shut_so_are_earlier_messages(
    ana: User, ben: User, cleo: Client, portal_cleo: User
) -> None:
    thread = thread_of(portal_cleo, cleo)
    with clock.at(clock.now() - datetime.timedelta(days=3)):
        write(thread, portal_cleo, "Of before.")
    with acting(ana):
        clients.assign(cleo, ben, by=ana)
        grant = live_grants([Codename.COUNSEL]).get(content_object=cleo.pk, user=ben)
        grant.withheld, grant.record_from = ["notes"], clock.now() - datetime.timedelta(days=1)
        type(grant).objects.filter(pk=grant.pk).update(withheld=grant.withheld, record_from=grant.record_from)
    write(thread, portal_cleo, "Of after.")
    with acting(ben):
        assert [row.text for row in access.messages(ben)] == ["Of after."]
        assert [row.text for row in Message.objects.select_related("thread")] == ["Of after."]


def test_a_record_is_not_put_away_while_a_message_waits(ana: User, cleo: Client, portal_cleo: User) -> None:
    thread = thread_of(portal_cleo, cleo)
    write(thread, portal_cleo)
    with acting(ana):
        assert "waits for an answer" in " ".join(refused.words for refused in clients.keeps_open(cleo, ana))
        actions.settle(Thread.objects.get(), by=ana)
        assert not [refused for refused in clients.keeps_open(cleo, ana) if "message" in refused.words]


def test_a_closed_record_is_read_and_nobody_writes(ana: User, cleo: Client, portal_cleo: User, ask: Ask) -> None:
    thread = thread_of(portal_cleo, cleo)
    write(thread, portal_cleo)
    with acting(ana):
        Client.objects.filter(pk=cleo.pk).update(status=Client.Status.ARCHIVED)
    assert "This record is closed" in text_of(ask(portal_cleo, "own_thread", pk=thread.pk))
    for user, page in ((portal_cleo, "own_thread_send"), (ana, "thread_send")):
        assert ask(user, page, sent("x"), pk=thread.pk).status_code == 404
    for user in (ana, portal_cleo):
        with acting(user), pytest.raises(Refused):
            actions.begin_thread(Client.objects.get(pk=cleo.pk), portal_cleo, "office", by=user)


def test_a_unit_has_no_thread_of_its_own_and_a_merged_row_is_read_under_the_kept_one(
    ana: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    with acting(ana):
        unit = clients.take_in(by=ana, counselor=ana, kind="couple", given_name="The", family_name="Two")
        with pytest.raises(Refused) as refused:
            actions.begin_thread(unit, portal_cleo, "care", by=ana)
        assert refused.value.rule == "ACA A.8"
        kept = clients.take_in(by=ana, counselor=ana, given_name="Cleo", family_name="Marchetti")
        clients.merge(cleo, kept, by=ana)
    thread = thread_of(portal_cleo, cleo)
    write(thread, portal_cleo)
    assert "none of its own" in text_of(ask(ana, "thread_list", pk=unit.pk))
    assert str(thread.pk) in text_of(ask(ana, "thread_list", pk=kept.pk))
    assert "the client" in text_of(ask(ana, "thread_new", pk=kept.pk))


def test_cm_3_a_mail_says_that_something_waits_once_until_it_is_read_and_nothing_else(
    ana: User, cleo: Client, mia: Client, vera: User, portal_cleo: User, reachable: str, ask: Ask
) -> None:
    own, hers = thread_of(portal_cleo, cleo, by=ana), thread_of(vera, mia, by=ana)
    for text in ("The violet ledger.", "And more of it."):
        write(own, ana, text)
        write(hers, ana, text)
    with acting(ana):
        mails = list(Notice.objects.filter(kind="message"))
        told = {mail.to: f"{mail.subject} {mail.body}" for mail in mails}
        assert set(told) == {reachable, vera.email}
    assert len(mails) == 2
    for words in ("violet", "Cleo", "Mia", "Ana", "message", "counsel", "health", str(own.pk)):
        assert all(words.casefold() not in text.casefold() for text in told.values())
    assert "A new message" in text_of(ask(portal_cleo, "portal_home"))
    assert "The violet ledger." in text_of(ask(portal_cleo, "own_thread", pk=own.pk))
    assert "A new message" not in text_of(ask(portal_cleo, "portal_home"))
    assert "They last had it before them" in text_of(ask(ana, "thread_detail", pk=own.pk))
    write(own, ana, "Once more.")
    with acting(ana):
        assert Notice.objects.filter(kind="message").count() == 3


def test_cm_3_a_client_who_allowed_no_mail_is_written_none(ana: User, cleo: Client, portal_cleo: User) -> None:
    write(thread_of(portal_cleo, cleo, by=ana), ana)
    with acting(ana):
        assert not Notice.objects.filter(kind="message").exists()


def test_what_waits_stands_on_home_until_it_is_answered_or_laid_aside(
    ana: User, sofia: User, dee: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    care, office = thread_of(portal_cleo, cleo), thread_of(portal_cleo, cleo, "office")
    with clock.at(clock.now() - datetime.timedelta(days=3)):
        write(care, portal_cleo)
        write(office, portal_cleo)
    home = text_of(ask(ana, "home"))
    assert "Messages waiting" in home
    assert "Waits 3 days" in home
    assert HERS not in home
    assert "Messages waiting" not in text_of(ask(sofia, "home"))
    assert str(care.pk) not in text_of(ask(dee, "home"))
    assert str(office.pk) in text_of(ask(dee, "home"))
    assert ask(ana, "thread_send", sent("Thank you."), pk=care.pk).status_code == 302
    assert ask(dee, "thread_settle", {}, pk=office.pk).status_code == 302
    for user in (ana, dee):
        assert "Messages waiting" not in text_of(ask(user, "home"))


def test_before_one_writes_the_page_says_when_there_is_an_answer_and_where_to_turn_in_a_crisis(
    ana: User, ada: User, cleo: Client, portal_cleo: User, ask: Ask
) -> None:
    from practice.actions.profile import change
    from practice.models import Practice

    with acting(ada):
        change(Practice.objects.get(), by=ada, reply_time="within a day", crisis_words="Or our own line.", states=["OR"])
    thread = thread_of(portal_cleo, cleo)
    for page in (ask(portal_cleo, "own_thread", pk=thread.pk), ask(portal_cleo, "own_thread_new", client=cleo.pk)):
        text = text_of(page)
        assert "We answer within a day." in text
        assert "988" in text
        assert text.index("911") < text.index("Or our own line.") < text.index("<form class=")
    assert "Ana Reyes" in text_of(ask(portal_cleo, "own_thread", pk=thread.pk))  # who can read this?


def test_lines_of_both_sides_are_on_the_trail_of_the_client(ana: User, cleo: Client, portal_cleo: User, ask: Ask, lines: Lines) -> None:
    thread = thread_of(portal_cleo, cleo)
    assert ask(portal_cleo, "own_thread_send", sent(), pk=thread.pk).status_code == 302
    assert ask(ana, "thread_detail", pk=thread.pk).status_code == 200
    told = {(line.actor_id, line.act, line.part) for line in lines(client_id=cleo.pk, what="messaging.thread", what_id=thread.pk)}
    assert {(portal_cleo.pk, "change", "send_message"), (ana.pk, "read", "thread_detail")} <= told
    assert "essage sent" in text_of(ask(ana, "client_access", pk=cleo.pk))


def test_attack_40_drafts_are_kept_and_two_windows_lose_nothing(ana: User, cleo: Client, portal_cleo: User, ask: Ask) -> None:
    thread = thread_of(portal_cleo, cleo)
    first = ask(portal_cleo, "own_thread_save", sent("One window."), pk=thread.pk)
    assert first.json()["fields"] == {"version": "1"}
    assert "One window." in text_of(ask(portal_cleo, "own_thread", pk=thread.pk))
    assert HERS not in text_of(ask(ana, "thread_list", pk=cleo.pk))
    with acting(ana):
        assert not Draft.objects.exists()
    for page in ("own_thread_save", "own_thread_send"):
        other = ask(portal_cleo, page, sent("Another window."), pk=thread.pk)
        assert other.status_code == 409
        for text in ("One window.", "Another window."):
            assert text in text_of(other)
    ident = uuid.uuid4()
    for _ in range(2):
        assert ask(portal_cleo, "own_thread_send", sent("Another window.", version=1, ident=ident), pk=thread.pk).status_code == 302
    with acting(portal_cleo):
        assert [row.text for row in Message.objects.select_related("thread")] == ["Another window."]
        assert Draft.objects.select_related("thread").get().text == ""
    assert ask(portal_cleo, "own_thread_send", sent(" "), pk=thread.pk).status_code == 422
    assert (
        ask(portal_cleo, "own_thread_send", sent("Other words, after going back.", version=1, ident=ident), pk=thread.pk).status_code == 302
    )
    with acting(portal_cleo):
        assert Message.objects.count() == 2


def test_attack_04_an_id_of_somebody_elses_message_overwrites_nothing(
    ana: User, cleo: Client, mia: Client, portal_cleo: User, vera: User, ask: Ask
) -> None:
    taken = write(thread_of(vera, mia), vera)
    answer = ask(portal_cleo, "own_thread_send", sent("mine now", ident=taken.pk), pk=thread_of(portal_cleo, cleo).pk)
    assert answer.status_code == 422
    assert "mine now" in text_of(answer)
    with acting(ana):
        assert Message.objects.select_related("thread").get().text == HERS


def test_both_lists_have_pages(ana: User, cleo: Client, portal_cleo: User, ask: Ask) -> None:
    thread = thread_of(portal_cleo, cleo)
    began = clock.now() - datetime.timedelta(hours=1)
    for number in range(27):
        with clock.at(began + datetime.timedelta(minutes=number)):
            write(thread, portal_cleo, f"Number {number}.")
    page = text_of(ask(ana, "thread_detail", pk=thread.pk))
    assert "Number 2." in page
    assert "Number 1." not in page
    older = page.split("?older=")[1].split('"')[0]
    assert "Number 1." in text_of(ask(ana, "thread_detail", query=f"?older={older}", pk=thread.pk))
    assert ask(ana, "thread_detail", query="?older=x&newer=%00", pk=thread.pk).status_code == 200
