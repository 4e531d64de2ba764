"""A client in danger at home sets a safe profile in the portal, and nothing ever reaches the old mailbox, phone or house."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core import mail
from django.test import override_settings
from django.urls import reverse

from breaches import actions as breaches
from breaches import tasks
from breaches.models import Told
from clients import actions as clients
from clients.models import Channel
from consent import actions as consent
from consent.actions.asking import Named
from consent.models import Signer
from messaging import actions as messaging
from practice.actions import outbox
from tests.breaches.worded import notifying
from tests.cast import acting, browser_of
from tests.committed import as_worker, furnish, own_database
from tests.consent.papers import form_in_force
from tests.reached import may_use, reachable

from .conftest import thread_of, write

OLD_MAIL, OLD_POST, SAFE = "shared.home@mail.test", "12 Elm Street\nSalem, OR 97301", "only.hers@mail.test"


def test_cm_3_cm_5_nothing_ever_reaches_the_old_address_of_somebody_watched_at_home(
    django_db_setup: None, django_db_blocker: Any, worker_id: str, tmp_path: Path
) -> None:
    with own_database(django_db_blocker, worker_id), override_settings(OUTBOX_DIR=str(tmp_path)):
        house = furnish()
        ana, cleo, her = house.ana, house.cleo, house.portal_cleo
        with acting(ana):  # as it was until today
            home, post = reachable(cleo, ana, "mail", OLD_MAIL), reachable(cleo, ana, "post", OLD_POST)
            phone = may_use(cleo, ana, cleo.contact_points.get(kind="phone"))
            messaging.notify("paper", messaging.To(cleo, channel=Channel.SMS), messaging.Words("A", "Read it."), by=ana)
        browser = browser_of.__wrapped__()(her)  # type: ignore[attr-defined]  # a fixture's own function
        for channel, point in (("email_plain", home), ("post", post), ("sms", phone), ("voice", phone)):
            way = reverse("portal_way", kwargs={"client": cleo.pk, "channel": channel})
            assert browser.post(way, {"use": "never", "point": str(point.pk), "level": "none"}).status_code == 302
        with acting(her):
            safe = clients.add_contact_point(cleo, by=her, kind="mail", address=SAFE, may_contact=True)
        with acting(ana):
            may_use(cleo, ana, safe)
        # Several rooms want to reach her.
        write(thread_of(her, cleo, by=ana), ana)
        version = form_in_force("telehealth", title="Video")
        with acting(ana):
            paper = consent.ask(cleo, version, by=ana, counselor=ana, signers=[Named(cleo, Signer.Capacity.SELF)])
            consent.tell([paper], by=ana)
            for channel in (Channel.SMS, Channel.VOICEMAIL, Channel.POST):
                row = messaging.notify("paper", messaging.To(cleo, channel=channel), messaging.Words("A", "Read it."), by=ana)
                assert row.state == "refused"
        incident = notifying(house.ada)
        with acting(house.ada):
            breaches.plan(incident, [cleo.pk], by=house.ada)
        with as_worker():
            tasks.letters()
        with acting(house.ada):
            told = Told.objects.get(incident=incident)
            assert told.address == ""
            assert told.state != Told.State.READY or told.may_portal
            if told.may_portal:
                breaches.choose(told, Told.Way.PORTAL, by=house.ada)
                assert breaches.send(incident, by=house.ada) == 1
        outbox.send_due()
        reached = {to for letter in mail.outbox for to in letter.to}
        files = "\n".join(path.read_text() for path in tmp_path.rglob("*.txt"))
    assert SAFE in reached
    assert OLD_MAIL not in reached
    assert "503 555 0142" not in files
    assert "Elm" not in files
