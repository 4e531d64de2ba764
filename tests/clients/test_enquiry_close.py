"""An enquiry that nobody counsels is the front desk's to close, and to open again; nothing that began with a counselor is."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from clients import access, actions
from clients.models import Client, StatusStep
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting

from .conftest import Ask, Lines, text_of

pytestmark = pytest.mark.django_db

WHY = "She wanted somebody nearer the copper quay."


@pytest.fixture
def enquiry(dee: User) -> Client:
    with acting(dee):
        found = actions.take_in(by=dee, given_name="Enid", family_name="Quill")
        actions.change_status(found, "enquiry", by=dee)
    return found


def test_the_desk_closes_it_and_takes_it_back(dee: User, enquiry: Client, ask: Ask, lines: Lines) -> None:
    assert "Close the enquiry" in text_of(ask(dee, "client_status", pk=enquiry.pk))
    assert ask(dee, "enquiry_close", {"ending": "wish", "words": WHY}, pk=enquiry.pk).status_code == 302
    assert "Quill" not in text_of(ask(dee, "client_list"))
    assert "Quill" in text_of(ask(dee, "client_search", {"words": "quill", "archived": "on"}))
    closed = text_of(ask(dee, "client_status", pk=enquiry.pk))
    assert f"They changed their mind. {WHY}" in closed
    assert "Enquiry closed" in closed
    assert ask(dee, "enquiry_close", {"ending": "wish"}, pk=enquiry.pk).status_code == 404
    assert ask(dee, "enquiry_reopen", {"reason": "She called again."}, pk=enquiry.pk).status_code == 302
    assert "Quill" in text_of(ask(dee, "client_list"))
    assert len(lines(client_id=enquiry.pk, part="close_enquiry", actor_id=dee.pk)) == 1
    assert len(lines(client_id=enquiry.pk, part="reopen_enquiry", actor_id=dee.pk)) == 1


@pytest.mark.parametrize(
    "sent", [{}, {"ending": "unheard-of"}, {"ending": "other", "words": "a\x00b"}, {"ending": "other", "words": "x" * 1001}]
)
def test_a_reason_is_asked_for_and_what_was_typed_is_kept(sent: dict[str, str], dee: User, enquiry: Client, ask: Ask) -> None:
    answer = ask(dee, "enquiry_close", sent, pk=enquiry.pk)
    assert answer.status_code == 422
    with acting(dee):
        assert Client.objects.get(pk=enquiry.pk).status == "enquiry"


def test_who_had_a_counselor_is_not_closed_by_the_desk_even_when_that_one_has_gone(
    ana: User, ada: User, dee: User, enquiry: Client, ask: Ask
) -> None:
    with acting(ada):
        actions.assign(enquiry, ana, by=ada)
    assert ask(dee, "enquiry_close", {"ending": "wish"}, pk=enquiry.pk).status_code == 404
    with acting(ana):
        actions.end_grant(access.live_grants(["counsel"]).get(content_object=enquiry.pk), by=ana)  # type: ignore[list-item]  # its value
    assert ask(dee, "enquiry_close", {"ending": "wish"}, pk=enquiry.pk).status_code == 404
    with acting(dee), pytest.raises(Refused, match="nobody has counseled"):
        actions.close_enquiry(enquiry, by=dee, reason=WHY)
    with pytest.raises(DatabaseError), acting(dee), transaction.atomic():  # the second lock says so too
        StatusStep(client=enquiry, was="enquiry", became="archived", on="2026-01-01", reason=WHY, taken_by=dee).save(force_insert=True)


def test_the_desk_reads_no_step_of_anybody_counseled_and_the_counselor_reads_the_enquirys(
    ana: User, ada: User, dee: User, ben: User, enquiry: Client, cleo: Client, ask: Ask
) -> None:
    with acting(ana):
        actions.change_status(cleo, "discharged", by=ana, reason="A reason of the cobalt boat.")
    ask(dee, "enquiry_close", {"ending": "other", "words": WHY}, pk=enquiry.pk)
    with acting(dee):
        assert [step.client_id for step in StatusStep.objects.all()] == [enquiry.pk]
        assert not access.enquiry_steps(dee).filter(client=cleo.pk)
    with acting(ben):
        assert not StatusStep.objects.exists()
    with acting(ada):
        actions.assign(enquiry, ana, by=ada)
    assert WHY in text_of(ask(ana, "client_detail", pk=enquiry.pk))
    assert ask(ana, "client_reopen", {"status": "intake", "reason": "She came after all."}, pk=enquiry.pk).status_code == 302
