"""What went to an address that was put away is an incident (CM-5)."""

from __future__ import annotations

import datetime

import pytest

from audit import clock
from breaches.models import Incident
from clients import actions as clients
from clients.models import Client
from disclosures import actions as disclosures
from messaging import actions as messaging
from practice.models import Practice, User
from tests.cast import acting
from tests.reached import reachable

pytestmark = pytest.mark.django_db
HOME = "12 Elm Street\nSalem, OR 97301"
ASKED = datetime.datetime(2026, 12, 1, 18, tzinfo=datetime.UTC)


def test_cm_5_a_statement_mailed_home_after_the_request_opens_an_incident(ana: User, ada: User, cleo: Client) -> None:
    """Test (b) of section 4: asked on 1 December to use the work address, mailed home on 3 December."""
    with clock.at(ASKED), acting(ana):
        home = reachable(cleo, ana, "post", HOME)
        messaging.log_contact(cleo, messaging.Line("post", "out", clock.now(), "A statement", address=HOME), by=ana)
        wish = disclosures.Wish("contact", "client", "Cleo", "Known in person", "Use the work address", ASKED.date())
        row = disclosures.receive(cleo, wish, practice=Practice.objects.get(), by=ana)
        elsewhere = clients.Elsewhere([home], "post", "1 Work Plaza, Salem, OR 97301", "Paid in the room")
        disclosures.decide(row, disclosures.Answer("granted", "We do.", elsewhere=elsewhere), by=ana)
    with acting(ada):
        assert not Incident.objects.exists()  # what was mailed before was right
    with clock.at(ASKED + datetime.timedelta(days=2)), acting(ana):
        sent = messaging.Line("post", "out", clock.now(), "A statement", address="12 Elm Street, Salem OR 97301")
        messaging.log_contact(cleo, sent, by=ana)
    with acting(ada):
        incident = Incident.objects.get()
        assert "CM-5" in incident.what
        assert cleo.code in incident.what
        assert "Marchetti" not in incident.what
