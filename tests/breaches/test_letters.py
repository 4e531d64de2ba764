"""The letters of a breach: five blocks and plain words, the safe address, the worker's part, once each, and the proof."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from audit import doors
from breaches import access, actions
from breaches.actions import preparing
from breaches.letters import grade, missing, unplain
from breaches.models import Batch, ClientLetter, Incident, State, Told
from clients import actions as clients
from clients.models import Client, ContactPoint
from practice.actions import outbox
from practice.models import Notice, User
from practice.refusals import Refused
from tests.cast import SignIn, acting
from tests.committed import House, as_worker, furnish, own_database
from tests.reached import may_use

from .worded import BLOCKS, SPANISH, notifying


def test_br_7_each_of_the_five_blocks_is_compulsory() -> None:
    assert missing(BLOCKS) == []
    for name in BLOCKS:
        (found,) = missing(BLOCKS | {name: "  soon "})
        assert (found.rule, bool(found.todo)) == ("BR-7", True)
    (found,) = missing(BLOCKS | {"contact": "Come by whenever you like to, the door is open."})
    assert "reach" in found.words


def test_br_7_the_letter_is_plain() -> None:
    assert unplain(BLOCKS) == []
    assert grade(" ".join(BLOCKS.values())) < 10
    legal = "Pursuant to applicable regulations, we hereby provide notification regarding unauthorized acquisition of ePHI."
    assert any("pursuant" in each.words for each in unplain(BLOCKS | {"doing": legal}))
    endless = "We " + "looked at it and then " * 12 + "stopped."
    assert any("too long" in each.words for each in unplain(BLOCKS | {"doing": endless}))
    assert unplain(BLOCKS | {"doing": ""}) == []


def test_br_7_nothing_is_sent_before_the_letter_is_approved(ada: User, cleo: Client) -> None:
    row = notifying(ada)
    with acting(ada):
        actions.save_wording(row, BLOCKS | {"protect": ""}, by=ada)
        with pytest.raises(Refused, match="What you can do"):
            actions.approve_wording(access.wordings(row)[0], by=ada)
        assert access.approved_wording(row).number == 1  # the second is not approved, the first stays as it was
        with transaction.atomic(), pytest.raises(DatabaseError):
            access.wordings(row).filter(number=1).update(approved_at=None, approved_by=None)
        with transaction.atomic():
            assert actions.plan(row, [cleo.pk], by=ada) == 1
            assert actions.plan(row, [cleo.pk], by=ada) == 0


def test_br_6_nobody_is_told_before_it_is_decided(ada: User, cleo: Client) -> None:
    row = notifying(ada, state=State.ASSESSING)
    with acting(ada), pytest.raises(Refused, match="not decided yet"):
        actions.plan(row, [cleo.pk], by=ada)


@pytest.fixture(scope="module")
def worked(django_db_setup: None, django_db_blocker: Any, worker_id: str) -> Iterator[tuple[House, Incident]]:
    """Cleo has an account and agreed to mail, Bruno a safe address, Mia's guardian none: all three prepared by the worker."""
    with own_database(django_db_blocker, worker_id):
        house = furnish()
        with acting(house.ana):
            house.cleo.languages = "Spanish"
            house.cleo.save(update_fields=["languages"])
            mail = {"kind": ContactPoint.Kind.MAIL, "address": house.portal_cleo.email, "label": "mine"}
            may_use(house.cleo, house.ana, clients.add_contact_point(house.cleo, by=house.ana, may_contact=True, **mail))
            unsafe = {"kind": ContactPoint.Kind.POST, "address": "9 Unsafe Road", "label": "home"}
            clients.add_contact_point(house.mia, by=house.ana, may_contact=False, **unsafe)
            clients.add_representative(house.mia, by=house.ana, relation="guardian", name="Gus Aldana", since=house.mia.since)
        with acting(house.ben):
            post = {"kind": ContactPoint.Kind.POST, "address": "7 Quartz Lane\nSalem, OR 97301", "label": "home"}
            clients.add_contact_point(house.bruno, by=house.ben, may_contact=True, **post)
        row = notifying(house.ada)
        with acting(house.ada):
            actions.approve_wording(actions.save_wording(row, SPANISH, by=house.ada, language="es"), by=house.ada)
            actions.plan(row, [house.cleo.pk, house.bruno.pk, house.mia.pk], by=house.ada)
        with as_worker():
            while preparing.prepare_next():
                pass
            assert preparing.press_next()
            assert not preparing.press_next()
        yield house, row


def test_br_8_post_to_the_safe_address_the_portal_where_agreed_and_nobody_at_an_unsafe_one(worked: tuple[House, Incident]) -> None:
    house, row = worked
    with acting(house.ada):
        found = {told.client_id: told for told in access.told(house.ada).filter(incident=row)}
        bruno, cleo, mia = found[house.bruno.pk], found[house.cleo.pk], found[house.mia.pk]
        assert (bruno.state, bruno.way, bruno.name, bruno.may_portal) == ("ready", "post", "Bruno Ferreira", False)
        assert bruno.address.startswith("7 Quartz Lane")
        assert (cleo.state, cleo.may_portal, cleo.mail) == ("unreachable", True, house.portal_cleo.email)
        assert (mia.state, mia.address, mia.name) == ("unreachable", "", "Gus Aldana")  # a minor's guardian, and no address they refused
        batch = access.batches(house.ada).get()
        assert (batch.letters, bytes(batch.pdf[:5])) == (1, b"%PDF-")
        with pytest.raises(Refused, match="did not agree"):
            actions.choose(bruno, "portal", by=house.ada)


def test_attack_97_the_worker_sees_names_only_while_it_prepares(worked: tuple[House, Incident]) -> None:
    house, _ = worked
    with as_worker(), doors.system("breach_letters"):
        assert not Client.objects.filter(pk=house.bruno.pk).exists()
        assert not ContactPoint.objects.exists()
    with acting(house.ben):
        assert not access.told(house.ben).exists()
        assert not Told.objects.exists()
        assert not ClientLetter.objects.exists()  # not sent yet


def test_br_16_posted_once_with_proof_back_again_and_told_otherwise(worked: tuple[House, Incident]) -> None:
    house, _ = worked
    ada = house.ada
    with acting(ada):
        batch = access.postable(ada).get()
        with pytest.raises(Refused, match="proof is missing"):
            actions.posted(batch, " ", by=ada)
        assert actions.posted(batch, "Certificate of mailing 4711, 20 Nov 2026", by=ada) == 1
        with pytest.raises(Refused, match="already"):
            actions.posted(batch, "again", by=ada)
        bruno = access.told(ada).get(client=house.bruno)
        assert (bruno.state, bruno.proof) == ("sent", "Certificate of mailing 4711, 20 Nov 2026")
    with acting(house.ben):
        letter = access.letters_to_offer(house.ben).get()  # BR-18: his counselor offers to talk
        assert "Dear Bruno" in letter.text
        actions.offer(letter, by=house.ben)
        assert not access.letters_to_offer(house.ben).exists()
    with acting(ada):
        actions.returned(bruno, by=ada)
        actions.address(bruno, "Rosa Ferreira", "3 Slate Way\nSalem, OR 97301", kin=True, by=ada)
        assert (bruno.state, bruno.way) == ("ready", "kin")
        mia = access.told(ada).get(client=house.mia)
        actions.told_otherwise(mia, "Told by phone on 21 Nov 2026, 10:15; repeated what was said.", by=ada)
        assert (mia.state, mia.way) == ("sent", "other")
    with as_worker():
        assert preparing.press_next()
    assert [each.number for each in _batches(ada)] == [1, 2]


def _batches(ada: User) -> list[Batch]:
    with acting(ada):
        return list(access.batches(ada))


def test_br_8_the_mail_says_nothing_is_sent_once_and_the_letter_speaks_her_language(
    worked: tuple[House, Incident], mailoutbox: list[Any], browser_of: SignIn
) -> None:
    house, row = worked
    with acting(house.ada):
        actions.choose(access.told(house.ada).get(client=house.cleo), "portal", by=house.ada)
        assert actions.send(row, by=house.ada) == 1
        assert actions.send(row, by=house.ada) == 0
    with as_worker():
        outbox.send_due()
        outbox.send_due()
        assert preparing.settle() == 1
    (mail,) = [each for each in mailoutbox if each.to == [house.portal_cleo.email]]
    for word in ("breach", "counsel", "practice", "Cleo", "compass", "health"):
        assert word.casefold() not in (mail.subject + mail.body).casefold().replace("sub.test", "")
    with acting(house.ada):
        cleo = access.told(house.ada).get(client=house.cleo)
        assert (cleo.state, bool(cleo.sent_at)) == ("sent", True)
        assert "mail server took" in cleo.proof
    with acting(house.portal_cleo):
        assert "opal" not in access.own_letters(house.portal_cleo).get().text
    page = browser_of(house.portal_cleo).get(reverse("portal_letters", kwargs={"pk": house.cleo.pk}))  # she reads Spanish, and no English
    assert page.headers["Content-Language"] == "es"
    assert all(words in page.content.decode() for words in ('<p dir="auto" lang="es">', "Cartas", "Para Cleo", "Qué pasó"))


def test_a_drill_opens_no_address_and_sends_nothing(ada: User, cleo: Client) -> None:
    row = notifying(ada, drill=True)
    with acting(ada):
        actions.plan(row, [cleo.pk], by=ada)
        told = access.told(ada).get(incident=row)
        assert (told.state, told.name) == ("waiting", "")
        before = Notice.objects.count()
        Told.objects.filter(pk=told.pk).update(state="ready", way="portal")
        assert actions.send(row, by=ada) == 1
        assert (Notice.objects.count(), access.told(ada).get(pk=told.pk).proof) == (before, "A drill: nothing left the house.")


def test_what_is_over_is_not_changed_by_sql(ada: User, cleo: Client) -> None:
    row = notifying(ada)
    with acting(ada):
        actions.plan(row, [cleo.pk], by=ada)
        Incident.objects.filter(pk=row.pk).update(state="closed")
        for statement in (
            "UPDATE breaches_told SET state = 'ready'",
            "DELETE FROM breaches_told",
            "UPDATE breaches_incident SET state = 'reported'",
            "DELETE FROM breaches_clockrow",
            "UPDATE breaches_entry SET at = now()",
        ):
            assert _changes(statement) == 0, statement


def _changes(statement: str) -> int:
    """How many rows ``statement`` changes; none where it is refused."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.rowcount
    except DatabaseError:
        return 0
