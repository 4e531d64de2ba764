"""Devices: listed, looked at, lost, retired by a method that somebody else saw; the inventory as evidence (SE-19, REV-6, REV-10)."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from audit.clock import today
from breaches.models import Incident
from practice.models import User
from practice.refusals import Refused
from review import claims
from review.models import Evidence
from review.schedule import kinds, subjects_of
from safeguards import access, actions
from safeguards.models import Device, DeviceEntry
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def laptop(by: User, used_by: User | None, label: str = "WS-07", **more: Any) -> Device:
    seen = actions.Seen(**({"disk": "yes", "system": "Debian 13", "patched_on": today()} | more))
    return actions.add_device(label, "laptop", seen, by=by, used_by=used_by)


def claimed(by: User) -> claims.Answer:
    with acting(by):
        return next(found for claim, found in claims.every(by) if claim.key == "devices")


def test_se_19_a_device_is_there_for_admins_and_for_whoever_uses_it(ada: User, ana: User, ben: User, ask: Ask) -> None:
    sent = {"label": "WS-07", "kind": "laptop", "person": str(ana.pk), "owned_here": "on", "disk": "yes", "system": "Debian 13"}
    assert ask(ada, "device_new", sent).status_code == 302
    assert ask(ada, "device_new", sent).status_code == 422
    with acting(ada):
        device = Device.objects.get()
    assert "WS-07" in text_of(ask(ana, "device_list"))
    assert "Devices to look at" in text_of(ask(ana, "home"))
    assert "WS-07" not in text_of(ask(ben, "device_list"))
    assert ask(ben, "device_detail", pk=device.pk).status_code == 404
    seen = {"what": "seen", "disk": "yes", "system": "Debian 13.2", "patched_on": f"{today()}"}
    assert ask(ana, "device_detail", seen, pk=device.pk).status_code == 302
    assert "Devices to look at" not in text_of(ask(ana, "home"))
    assert "Retire it" not in text_of(ask(ana, "device_detail", pk=device.pk))
    retire = {"what": "retire", "method": "clear", "person": str(ben.pk)}
    assert ask(ana, "device_detail", retire, pk=device.pk).status_code == 422
    with acting(ada):
        assert Device.objects.get().state == "used"


def test_se_19_updates_that_nobody_looked_at_for_thirty_days_stand_on_home(ada: User, ana: User) -> None:
    with acting(ada):
        laptop(ada, ana)
        laptop(ada, None, "WS-08")
    for days, found in ((30, False), (31, True)):
        with clock.at(clock.now() + days * DAY):
            for who in (ana, ada):
                with acting(who):
                    assert access.devices_to_look_at(who).count() == int(found), (days, who)


def test_se_19_a_lost_device_opens_an_incident_and_found_again_the_incident_stays(ada: User, ana: User, ask: Ask) -> None:
    with acting(ada):
        device = laptop(ada, ana, disk="no")
    lost = {"what": "lose", "lost_words": "Left in the russet tram."}
    assert ask(ana, "device_detail", lost, pk=device.pk).status_code == 302
    assert ask(ana, "device_detail", lost, pk=device.pk).status_code == 422
    with acting(ada):
        row = Incident.objects.get()
        assert row.source == "device"
        assert "WS-07, laptop, disk not encrypted. Left in the russet tram." in row.what
    assert ask(ada, "device_detail", {"what": "find"}, pk=device.pk).status_code == 302
    with acting(ada):
        assert Device.objects.get().state == "used"
        assert Incident.objects.get().state == "reported"
        device.refresh_from_db()
        actions.lose_device(device, "", by=ada)
        assert Incident.objects.count() == 2
        assert [entry.kind for entry in DeviceEntry.objects.order_by("at")] == ["added", "lost", "found", "lost"]


def test_se_19_nothing_is_retired_without_a_method_and_a_witness_and_it_is_final(ada: User, ben: User) -> None:
    with acting(ada):
        device = laptop(ada, None)
        for witness in (None, ada):
            with pytest.raises(Refused, match="Somebody else sees"):
                actions.retire_device(device, "destroy", witness, "", by=ada)
        actions.retire_device(device, "destroy", ben, "Shredded at the depot.", by=ada)
        with pytest.raises(Refused, match="retired"):
            actions.move_device(device, ben, by=ada)
        with pytest.raises(DatabaseError), transaction.atomic():
            Device.objects.filter(pk=device.pk).update(state="used")
        with pytest.raises(DatabaseError), transaction.atomic():
            DeviceEntry.objects.update(kind="seen")


def test_each_field_of_a_devices_page_has_an_id_and_a_label_of_its_own(ada: User, ben: User, ask: Ask) -> None:
    with acting(ada):
        device = laptop(ada, ben)
    page = ask(ada, "device_detail", pk=device.pk).content.decode()
    ids, labels = re.findall(r'\sid="([^"]+)"', page), re.findall(r'<label for="([^"]+)"', page)
    assert {"id_person", "id_retire_person"} <= {*labels}
    assert (len(ids), len(labels)) == (len({*ids}), len({*labels}))


def test_se_19_what_is_lost_is_only_wiped_from_afar(ada: User, ben: User) -> None:
    with acting(ada):
        device = laptop(ada, None)
        actions.lose_device(device, "", by=ada)
        with pytest.raises(Refused, match="wiped from afar"):
            actions.retire_device(device, "clear", ben, "", by=ada)
        actions.retire_device(device, "purge", ben, "", by=ada)


def test_se_19_the_claim_is_off_while_a_disk_is_not_encrypted(ada: User, ben: User) -> None:
    assert claimed(ada).state == "Off"
    with acting(ada):
        device = laptop(ada, ben, disk="unknown")
    assert claimed(ada).state == "Off"
    with acting(ada):
        actions.see_device(device, actions.Seen("yes", "", None), by=ada)
        assert subjects_of(kinds()["REV-6"]) == {ben.pk}
    assert claimed(ada).state == "Active"
    assert "WS-07" not in claimed(ada).said


def test_rev_6_the_inventory_is_a_table_and_evidence_and_no_cell_is_a_formula(ada: User, ben: User, ask: Ask) -> None:
    with acting(ada):
        laptop(ada, ben, "=cmd|'/c calc'!A0")
        laptop(ada, None, "WS-08", disk="no")
    table = ask(ada, "device_sheet").content.decode()
    assert "'=cmd|" in table
    assert "\r\n=cmd" not in table
    assert "Ben Okafor,encrypted" in table
    assert "Django," in ask(ada, "software_sheet").content.decode()
    for route in ("device_sheet", "software_sheet", "list_evidence"):
        assert ask(ben, route).status_code == 404
    assert ask(ada, "list_evidence", {"rule": "REV-4"}).status_code == 422
    assert ask(ada, "list_evidence", {"rule": "REV-6"}).status_code == 302
    with acting(ada):
        row = Evidence.objects.get(task__kind="REV-6", key="inventory")
        assert row.words.startswith("2 devices, 1 without an encrypted disk, 0 lost")
        assert b"Django," in bytes(row.content)


def test_rev_10_the_roster_names_who_was_trained_and_of_sanctions_the_number_alone(ada: User, ben: User, ask: Ask) -> None:
    with acting(ada):
        actions.record_sanction(ben, actions.Charge("Read the russet file.", today()), by=ada)
    assert ask(ada, "list_evidence", {"rule": "REV-10"}).status_code == 302
    with acting(ada):
        row = Evidence.objects.get(task__kind="REV-10", key="roster")
        assert row.words == "2 colleagues, 0 without training in force, 0 sanctions decided, 1 open."
        assert "Ben Okafor,Privacy and confidentiality" in bytes(row.content).decode()
        assert "russet" not in bytes(row.content).decode()


def test_rev_6_labels_that_cannot_be_kept_are_answered_beside_the_field(ada: User, ask: Ask) -> None:
    for label in ("", "x\0", "y" * 41):
        sent = {"label": label, "kind": "laptop", "disk": "yes", "system": "typed all the same"}
        answer = ask(ada, "device_new", sent)
        assert answer.status_code == 422
        assert "typed all the same" in answer.content.decode()
