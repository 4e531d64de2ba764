"""One press stops links of releases from an incident, by sender or by client; nothing of them is shown (BR-17, attack 97)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from audit import clock
from breaches import access, actions
from clients.models import Client
from disclosures.actions import send_link
from disclosures.models import Sending
from practice.models import User
from records.models import Note
from tests.cast import acting
from tests.clients.conftest import Ask, Lines
from tests.disclosures.releasing import begun, packed
from vault.keys import KeyMissing

from .conftest import Report


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("disclosures.packing.pdf.press", lambda name, data: b"%PDF quick")
    monkeypatch.setattr("practice.factors.is_fresh", lambda request: True)


@pytest.fixture
def links(cleo: Client, ana: User, signed: Note) -> list[Sending]:
    """Two links of Ana's to the record of Cleo."""
    for _ in range(2):
        row = begun(cleo, ana, basis="treatment", authorization=None, recipient="The Quince Clinic", purpose="Her care")
        packed(row, ana, notes=[str(signed.pk)])
        with acting(ana):
            send_link(row, days=3, most=2, mail="osei@quince.test", by=ana)
    with acting(ana):
        return list(Sending.objects.all())


@pytest.mark.parametrize("whose", ["sender", "client"])
def test_br_17_links_of_releases_are_stopped_in_one_press(
    reported: Report, links: list[Sending], ada: User, ana: User, ben: User, cleo: Client, mia: Client, lines: Lines, ask: Ask, whose: str
) -> None:
    row = reported()
    right, other = ({"person": str(ana.pk)}, {"person": str(ben.pk)}) if whose == "sender" else ({"code": cleo.code}, {"code": mia.code})
    for given in (other, right):
        assert ask(ada, "incident_contain", given | {"act": "links"}, pk=row.pk).status_code == 302
    with acting(ana):
        assert Sending.objects.filter(stopped_at__isnull=False).count() == 2
    with acting(ada):
        words = [entry.words for entry in access.entries(row).filter(kind="done")]
        assert not access.ended_links(ada).exists()
    assert words[0].startswith("Stopped 0 links")
    assert words[1].startswith("Stopped 2 links of releases")
    assert "Quince" not in " ".join(words)
    assert {line.what_id for line in lines(part="release_stopped")} == {each.pk for each in links}


def test_whoever_stops_a_link_changes_nothing_else_of_it(reported: Report, links: list[Sending], ada: User) -> None:
    reported()
    with acting(ada):
        mine = Sending.objects.filter(pk=links[0].pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            mine.update(stopped_at=clock.now(), taken=F("taken") + 1)
        assert mine.update(stopped_at=clock.now()) == 1


def test_br_17_a_drill_stops_no_link(reported: Report, links: list[Sending], ada: User, ana: User) -> None:
    with acting(ada):
        row = reported(drill=True)
        assert actions.stop_links(row, ana, by=ada, called="Ana").words.startswith("Rehearsed")
        assert access.ended_links(ada).count() == 2


def test_attack_97_links_are_not_there_without_an_incident_and_nothing_else_of_them_changes(
    reported: Report, links: list[Sending], ada: User, ben: User
) -> None:
    for nobody in (ada, ben):
        with acting(nobody):
            assert not access.ended_links(nobody).exists()
            assert not Sending.objects.exists()
    reported()
    with acting(ben):
        assert not Sending.objects.exists()
    with acting(ada):
        assert access.ended_links(ada).count() == 2
        with pytest.raises(KeyMissing):
            assert Sending.objects.all()[0].where != "osei@quince.test"
        with pytest.raises(DatabaseError), transaction.atomic():
            Sending.objects.update(taken=1)
