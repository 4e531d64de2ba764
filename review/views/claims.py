"""What the practice may claim of its safeguards, asked of the running system now (SE-1 to SE-20)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit import clock
from audit.doors import exports, reads
from clients.views import me
from practice import pdf
from practice.access import governed_practice
from practice.models import Practice
from review import claims
from review.claims.paper import claims_paper


@reads(governed_practice)
def claim_list(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Each safeguard: Active, Off or Planned, with what was asked just now and what was answered."""
    rows = [{"claim": claim, "answer": answer} for claim, answer in claims.every(request.user)]
    counts = [(state, sum(row["answer"].state == state for row in rows)) for state in (claims.ACTIVE, claims.OFF, claims.PLANNED)]  # type: ignore[attr-defined]  # an answer
    return render(request, "review/claim_list.html", {"rows": rows, "counts": counts, "at": clock.now()})


@exports(governed_practice)
def claim_pdf(request: HttpRequest, practice: Practice) -> HttpResponse:
    """The same as PDF, for a client or an insurer."""
    made = pdf.press("claims", claims_paper(me(request), practice))
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="safeguards.pdf"'})
