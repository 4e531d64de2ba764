"""A payer or a promise keeps a record longer (RET-13); a birthday nobody wrote down (RET-21); paper that goes with its record (RET-23)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from audit import clock, doors
from clients.models import Client
from paper import actions as paper
from paper.models import PaperFile
from practice.models import User
from practice.refusals import Refused
from records import keeping
from records.models import Note
from retention import access, actions, blocks, counting, payers
from retention.models import Certificate, Longer, Standing
from tests.cast import SignIn, acting
from tests.clients.conftest import Ask, text_of
from tests.committed import as_worker
from tests.retention.past import Past, counted, night

WHY = "Her contract with the sundial plan."


def day(years: int) -> datetime.date:
    return clock.today() + datetime.timedelta(days=365 * years)


def eligible(past: Past) -> set[Any]:
    with acting(past.ada):
        return set(access.eligible(past.ada).values_list("client", flat=True))


def test_ret_13_each_payer_names_its_source_and_the_day_is_counted_from_its_own_anchor() -> None:
    assert all(each.source and each.mark for each in payers.payers().values())
    last = datetime.date(2026, 5, 20)
    for asks, said, until in (
        ("medicare", None, "2033-05-20"),
        ("medicare_advantage", None, "2036-05-20"),
        ("medicare_advantage", "2027-12-31", "2037-12-31"),
        ("promise", "2050-01-01", "2050-01-01"),
    ):
        row = Longer()
        row.told = {"asks": asks, "day": said, "why": WHY}
        assert payers.period(row, last).until.isoformat() == until


def test_ret_13_the_longest_holds_on_the_records_page_and_a_payer_is_named_with_its_source(
    ana: User, ada: User, ben: User, cleo: Client, signed: Note, ask: Ask
) -> None:
    answer = ask(ana, "longer_new", {"asks": "promise", "day": "2090-01-01", "why": WHY}, pk=cleo.pk)
    assert answer["Location"] == reverse("hold_list", args=[cleo.pk])
    page = text_of(ask(ana, "client_keeping", pk=cleo.pk))
    assert "<strong>1 Jan 2090</strong>, by RET-13" in page
    assert WHY in text_of(ask(ana, "hold_list", pk=cleo.pk))
    assert ask(ben, "longer_new", pk=cleo.pk).status_code == 404
    with acting(ana):
        row = access.kept_longer(ana).get()
        assert not access.endable_longer(ana).exists()
        with pytest.raises(Refused, match="A privacy officer ends this"):
            actions.end_longer(row, WHY, by=ana)
    assert ask(ana, "longer_end", {"why": WHY}, pk=row.pk).status_code == 404
    assert ask(ada, "longer_end", {"why": "It was another client's."}, pk=row.pk).status_code == 302
    assert "RET-13" not in text_of(ask(ana, "client_keeping", pk=cleo.pk)).replace("(RET-13)", "")
    with acting(ada), pytest.raises(Refused, match="ended already"):
        actions.end_longer(access.kept_longer(ada).get(), WHY, by=ada)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"asks": "promise", "why": WHY}, "Until when"), ({"asks": "promise", "day": "2001-01-01", "why": WHY}, "Until when"),
        ({"asks": "nobody", "why": WHY}, "Select a valid choice"), ({"asks": "medicare", "why": ""}, "This field is required"),
        ({"asks": "medicare", "day": "\0", "why": WHY}, "Enter a day"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_it(ana: User, cleo: Client, ask: Ask, said: dict[str, str], words: str) -> None:
    assert words in text_of(ask(ana, "longer_new", said, pk=cleo.pk))
    with acting(ana):
        assert not access.kept_longer(ana).exists()


def test_ret_13_a_record_that_was_over_its_day_is_not_once_a_payer_asks_and_is_again_when_that_ends(past: Past) -> None:
    client = past.old()
    counted()
    assert client.pk in eligible(past)
    with acting(past.ana):
        row = actions.keep_longer(client, "medicare_advantage", WHY, by=past.ana, day=day(-5))
    assert client.pk not in eligible(past)  # at once, and not only after the night
    with acting(past.ada), pytest.raises(Refused) as refused:
        actions.propose(actions.Proposal([past.ripe(client)], {client.pk: client.code}, "crypto", past.ana), by=past.ada)
    assert refused.value.rule == "RET-21"
    counted()
    assert client.pk not in eligible(past)
    with acting(past.ada):
        assert past.ripe(client).said["rule"] == "RET-13"
        actions.end_longer(Longer.objects.get(pk=row.pk), "It was another client's.", by=past.ada)
    counted()
    assert client.pk in eligible(past)


def test_ret_13_what_two_persons_let_go_of_stays_where_a_payer_asks_meanwhile(past: Past) -> None:
    client = past.old()
    counted()
    past.approved(client)
    with acting(past.ana):
        actions.keep_longer(client, "medicare_advantage", WHY, by=past.ana, day=day(-5))
    assert night() == 0
    with acting(past.ada):
        assert client.kept_longer.exists()
        assert not Certificate.objects.filter(client=client).exists()


def test_ret_21_a_minor_without_a_birthday_is_listed_and_kept_as_if_born_on_the_day_they_came(past: Past, browser_of: SignIn) -> None:
    young = past.old(kind="minor")
    counted()
    with acting(past.ada):
        standing = Standing.objects.get(client=young)
        came = keeping.birthdays([Client.objects.get(pk=young.pk)])[0]
        assert (came.year, standing.ripe, standing.said["unborn"]) == ((clock.now() - datetime.timedelta(days=3650)).year, False, True)
        assert standing.said["until"] == came.replace(year=came.year + 21).isoformat()
        assert young in access.unborn_clients(past.ada)
    assert young.code in text_of(browser_of(past.ada).get(reverse("eligible_list")))
    with acting(past.ben):
        assert not access.unborn_clients(past.ben).exists()
    with clock.at(clock.now() + datetime.timedelta(days=365 * 12)):
        with as_worker(), doors.system("retention"):  # whom to count is asked by the day of the database, which is not moved
            counting.look([young.pk])
        assert young.pk in eligible(past)  # nobody is kept for ever for want of a day


class TestPaper:
    """RET-23: paper goes with its record, and the certificate says so."""

    def kept(self, past: Past) -> tuple[Client, PaperFile]:
        client = past.old()
        with acting(past.ada):
            lock = paper.add_lock(f"Brass {client.code}", by=past.ada)
            cabinet = paper.add_cabinet(f"Oak {client.code}", "Room 2", lock, by=past.ada)
        with acting(past.ana):
            file = paper.add_file(client, cabinet, by=past.ana)
        counted()
        return client, file

    def test_ret_23_a_method_that_leaves_the_paper_is_refused(self, past: Past) -> None:
        client, file = self.kept(past)
        with pytest.raises(Refused, match=f"There is paper of {client.code}: {file.label}") as refused:
            past.proposed(client)
        assert refused.value.rule == "RET-23"

    def test_ret_23_paper_is_shredded_with_its_record_and_stands_on_the_certificate(self, past: Past, browser_of: SignIn) -> None:
        client, file = self.kept(past)
        batch = past.approved(client, method="paper")
        assert file.label in text_of(browser_of(past.ana).get(reverse("batch_detail", args=[batch.pk])))
        assert night() == 1
        with acting(past.ada):
            certificate = Certificate.objects.get(client=client)
            assert certificate.told["paper"] == [file.label]
            assert PaperFile.objects.get(pk=file.pk).state == "destroyed"
        assert file.label in text_of(browser_of(past.ada).get(reverse("certificate_detail", args=[certificate.pk])))

    def test_ret_23_nobody_asks_for_the_labels_of_a_client_who_is_not_theirs(self, past: Past) -> None:
        client, _ = self.kept(past)
        with acting(past.ben), pytest.raises(DatabaseError, match="not theirs"), transaction.atomic():
            blocks.labels([client.pk])
