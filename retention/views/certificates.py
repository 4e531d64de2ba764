"""Certificates: the list, the page, the paper. No name stands on any of them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.doors import exports, lists, reads, shown
from practice.access import staffed_practice
from practice.models import Practice
from practice.pdf import press
from practice.refusals import Refused
from retention import access, paper
from retention.models import Certificate


@lists(access.certificates, within=staffed_practice)
def certificate_list(request: HttpRequest, practice: Practice, rows: QuerySet[Certificate]) -> HttpResponse:
    """What was destroyed, the latest first."""
    found = list(rows.defer("told")[:200])
    shown([row.client_id for row in found])
    return render(request, "retention/certificate_list.html", {"rows": found})


@reads(access.certificates)
def certificate_detail(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    """What was there, by counts; by which rule it went, who let go of it, and when the backups' copies are gone."""
    return render(request, "retention/certificate_detail.html", {"certificate": certificate, "facts": paper.facts(certificate)})


@exports(access.certificates)
def certificate_pdf(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    """The same on paper."""
    try:
        made = press("certificate", paper.sheet(certificate))
    except Refused as refused:
        facts = paper.facts(certificate)
        context = {"certificate": certificate, "facts": facts, "refusal": refused}
        return render(request, "retention/certificate_detail.html", context, status=422)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{certificate.name}.pdf"'
    return answer
