"""The pages of letting go: from the list of what may go over the proposal, the second person and 30 days to the certificate."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from retention import actions
from retention.models import Certificate
from tests.cast import SignIn, acting
from tests.clients.conftest import text_of
from tests.committed import as_owner
from tests.retention.past import Past, counted, night

WHY = "Her brother's lawyer wrote."
UNTIL_DONE = "Until it is done the record stays open"


class TestPages:
    """From the list to the certificate."""

    def test_ada_proposes_ana_approves_ada_reads_the_certificate(
        self, past: Past, browser_of: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("practice.factors.is_fresh", lambda request: True)
        client = past.old()
        counted()
        with acting(past.ada):
            row = past.ripe(client)
        ada, ana = browser_of(past.ada), browser_of(past.ana)
        page = text_of(ada.get(reverse("eligible_list")))
        assert (client.code in page, "RET-11" in page, "Sundial" in page) == (True, True, False)
        assert browser_of(past.ben).get(reverse("snooze_new", args=[client.pk])).status_code == 404
        said = {"row": str(row.pk), "method": "crypto", "asked": str(past.ana.pk), f"code-{client.pk}": "wrong\x00"}
        assert ada.get(reverse("batch_new"), {"row": ["x", str(row.pk)]}).status_code == 200
        assert ada.post(reverse("batch_new"), said).status_code == 422
        answer = ada.post(reverse("batch_new"), said | {f"code-{client.pk}": client.code})
        pk = answer["Location"].split("/")[-2]
        assert ada.get(reverse("batch_approve", args=[pk])).status_code == 404
        page = text_of(ana.get(reverse("batch_detail", args=[pk])))
        assert (client.code in page, UNTIL_DONE in page) == (True, True)
        assert ana.post(reverse("batch_approve", args=[pk]), {f"code-{client.pk}": "x"}).status_code == 422
        assert ana.post(reverse("batch_approve", args=[pk]), {f"code-{client.pk}": client.code}).status_code == 302
        assert ada.get(reverse("batch_undo", args=[pk])).status_code == 200
        with as_owner(past.name) as owner:  # time passes
            owner.execute("ALTER TABLE retention_batch DISABLE TRIGGER approved_is_final")
            owner.execute("UPDATE retention_batch SET approved_at = approved_at - interval '31 days'")
            owner.execute("ALTER TABLE retention_batch ENABLE TRIGGER approved_is_final")
        night()
        with acting(past.ada):
            certificate = Certificate.objects.get(client=client)
        page = text_of(ada.get(reverse("certificate_detail", args=[certificate.pk])))
        assert (certificate.name in page, "Sundial" in page) == (True, False)
        pdf = ada.get(reverse("certificate_pdf", args=[certificate.pk]))
        assert pdf.content.startswith(b"%PDF")
        page = text_of(ana.get(reverse("batch_detail", args=[pk])))
        assert (certificate.name in page, UNTIL_DONE in page, "To be taken back until" in page) == (True, False, False)
        assert "Over" in text_of(ada.get(reverse("eligible_list"))).partition("Proposed to destroy")[2]
        assert "This record was destroyed" in text_of(ada.get(reverse("client_team", args=[client.pk])))
        assert ana.get(reverse("client_detail", args=[client.pk])).status_code == 404
        assert browser_of(past.ben).get(reverse("certificate_detail", args=[certificate.pk])).status_code == 404

    def test_ret_22_where_every_record_is_blocked_nothing_is_offered_to_be_ticked(self, past: Past, browser_of: SignIn) -> None:
        past.old()
        counted()
        ada, propose = browser_of(past.ada), "Propose to destroy what is ticked"
        assert propose in text_of(ada.get(reverse("eligible_list")))
        with acting(past.ada):
            hold = actions.place(None, "court", WHY, by=past.ada)
        page = text_of(ada.get(reverse("eligible_list")))
        assert ("Blocked" in page, propose in page) == (True, False)
        with acting(past.ada):
            actions.release(hold, WHY, by=past.ada)

    def test_the_list_asks_no_statement_per_row(self, past: Past, browser_of: SignIn, django_assert_max_num_queries: Any) -> None:
        ada = browser_of(past.ada)
        counts = []
        for _ in range(2):
            for _ in range(2):
                past.old()
            counted()
            ada.get(reverse("eligible_list"))
            with django_assert_max_num_queries(40) as asked:
                ada.get(reverse("eligible_list"))
            counts.append(len(asked))
        assert counts[0] == counts[1]
