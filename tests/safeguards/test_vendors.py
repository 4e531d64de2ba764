"""Vendors: agreements before records reach them, what the running configuration uses, an alarm before the end (SE-18, REV-8)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit import clock
from audit.clock import today
from practice.models import User
from practice.refusals import Refused
from review import claims
from review.models import Evidence
from safeguards import access, actions
from safeguards.inventory import in_use
from safeguards.models import Agreement, Vendor
from tests.cast import acting
from tests.clients.conftest import Ask, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
PAPER = ("contract of amber lane.txt", b"Signed at amber lane.")


def relay(by: User, **more: Any) -> Vendor:
    given = {"name": "Amber Relay", "services": "They carry our mail.", "sees_records": True, "runs": ["mail"]} | more
    return actions.add_vendor(actions.Offer(**given), by=by)


def answer(by: User, key: str) -> claims.Answer:
    with acting(by):
        return next(found for claim, found in claims.every(by) if claim.key == key)


def test_se_18_what_the_running_configuration_uses_outside_is_named(settings: Any) -> None:
    settings.EMAIL_HOST, settings.REDIS_URL, settings.DOCUMENT_SCANNER = "", "unix:///run/redis.sock", ""
    assert [each.key for each in in_use()] == []
    settings.EMAIL_HOST, settings.REDIS_URL, settings.DOCUMENT_SCANNER = "127.0.0.1", "rediss://10.0.0.9:6379", "practice.nowhere"
    assert [each.key for each in in_use()] == ["redis", "scanner"]
    settings.EMAIL_HOST = "mail.amber.example"
    assert [each.key for each in in_use()] == ["mail", "redis", "scanner"]


def test_se_18_a_service_in_use_without_an_agreement_is_marked_and_the_claim_is_off(ada: User, ask: Ask, settings: Any) -> None:
    assert answer(ada, "vendors").state == "Active"
    settings.EMAIL_HOST = "mail.amber.example"
    assert answer(ada, "vendors").state == "Off"
    with acting(ada):
        assert access.unagreed_practice(ada).exists()
    assert "No agreement" in text_of(ask(ada, "vendor_list"))
    with acting(ada):
        vendor = relay(ada)
        assert access.vendors_without(ada).get() == vendor
        actions.add_agreement(vendor, actions.Terms(today(), today() + 90 * DAY, 5), by=ada)
        assert not access.unagreed_practice(ada).exists()
    assert answer(ada, "vendors").state == "Active"
    assert "amber.example" not in answer(ada, "vendors").said
    with clock.at(clock.now() + 91 * DAY):
        assert answer(ada, "vendors").state == "Off"


def test_se_18_an_agreement_that_ends_within_sixty_days_stands_on_home(ada: User, ask: Ask) -> None:
    with acting(ada):
        vendor = relay(ada)
        actions.add_agreement(vendor, actions.Terms(today(), today() + 90 * DAY, 5), by=ada)
    for days, found in ((0, False), (29, False), (30, True), (90, True), (91, True)):
        with clock.at(clock.now() + days * DAY), acting(ada):
            assert access.vendors_without(ada).exists() is found, days
    with acting(ada):
        actions.add_agreement(vendor, actions.Terms(today(), None, 5), by=ada)
    with clock.at(clock.now() + 300 * DAY), acting(ada):
        assert not access.vendors_without(ada).exists()


def test_se_18_the_pages_keep_an_agreement_with_its_paper_for_admins_alone(ada: User, ben: User, ask: Ask) -> None:
    sent = {"name": "Amber Relay", "services": "They carry our mail.", "sees_records": "on", "runs": ["mail"]}
    assert ask(ada, "vendor_new", sent).status_code == 302
    assert ask(ada, "vendor_new", sent).status_code == 422
    with acting(ada):
        vendor = Vendor.objects.get()
        row = actions.add_agreement(vendor, actions.Terms(today(), None, 5, "Amber words.", PAPER), by=ada)
    page = text_of(ask(ada, "vendor_detail", pk=vendor.pk))
    assert "They carry our mail." in page
    assert "within 5 days" in page
    served = ask(ada, "agreement_download", pk=row.pk)
    assert served.content == PAPER[1]
    assert "amber" not in served["Content-Disposition"]
    for route, keys in (("vendor_list", {}), ("vendor_detail", {"pk": vendor.pk}), ("agreement_download", {"pk": row.pk})):
        assert ask(ben, route, **keys).status_code == 404
    late = {
        "what": "agreement",
        "signed_on": f"{today()}",
        "ends_on": f"{today() - DAY}",
        "breach_days": "5",
        "words": "Typed in vain.",
    }
    answered = ask(ada, "vendor_detail", late, pk=vendor.pk)
    assert answered.status_code == 422
    assert "Typed in vain." in text_of(answered)


def test_se_18_when_it_ends_what_they_held_is_back_or_destroyed_and_that_is_final(ada: User) -> None:
    with acting(ada):
        vendor = relay(ada)
        row = actions.add_agreement(vendor, actions.Terms(today(), None, 5), by=ada)
        with pytest.raises(Refused, match="something came back"):
            actions.end_vendor(vendor, today(), "nothing", "They say so.", by=ada)
        with pytest.raises(Refused, match="What became of"):
            actions.end_vendor(vendor, today(), "destroyed", " ", by=ada)
        actions.end_vendor(vendor, today(), "destroyed", "Their letter of today.", by=ada)
        with pytest.raises(Refused, match="has ended"):
            actions.add_agreement(vendor, actions.Terms(today(), None, 5), by=ada)
        with pytest.raises(DatabaseError), transaction.atomic():
            Vendor.objects.filter(pk=vendor.pk).update(ended_on=None)
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.filter(pk=row.pk).update(breach_days=1)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"name": " "}, "Who they are"), ({"services": ""}, "Who they are"), ({"sees_records": False}, "passes through it is of clients")],
)
def test_se_18_who_they_are_and_what_reaches_them_is_said(ada: User, more: dict[str, Any], words: str) -> None:
    with acting(ada), pytest.raises(Refused, match=words):
        relay(ada, **more)


def test_se_18_they_tell_of_a_breach_within_sixty_days_at_the_latest(ada: User) -> None:
    with acting(ada):
        vendor = relay(ada)
        with pytest.raises(Refused, match="60 days at the latest"):
            actions.add_agreement(vendor, actions.Terms(today(), None, 61), by=ada)


def test_rev_8_the_agreements_are_evidence_as_they_stand(ada: User, ask: Ask) -> None:
    with acting(ada):
        actions.add_agreement(relay(ada), actions.Terms(today(), None, 5), by=ada)
        relay(ada, name="=Amber()", runs=[])
    assert ask(ada, "list_evidence", {"rule": "REV-8"}).status_code == 302
    with acting(ada):
        row = Evidence.objects.get(task__kind="REV-8", key="agreements")
        table = bytes(row.content).decode()
        assert row.words == "2 vendors, 1 agreement in force, 1 missing."
        assert "Amber Relay,yes,Mail relay" in table
        assert "'=Amber()" in table
