"""The file of a supervision: papers of each kind, hours with their picture, the report to hand in."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from audit import clock
from audit.doors import changes, exports, reads
from clients.views import again, me
from practice.pdf import press
from practice.refusals import Refused
from supervision import access, hours, report
from supervision.actions import papers as actions
from supervision.forms.papers import DaysForm, PaperForm, SignForm
from supervision.models import Agreement, Paper
from supervision.papers import PLANS, lines
from supervision.views.agreements import posted

Kind = Paper.Kind


@changes(access.filed_agreements)
def filed_new(request: HttpRequest, row: Agreement, kind: str) -> HttpResponse:
    """Write a paper for both to sign."""
    by = me(request)
    if kind not in PLANS or kind == Kind.OUTCOME or (PLANS[Kind(kind)].led and by.pk != row.supervisor_id):
        raise Http404
    return _written(request, row, kind, lambda form: actions.write_paper(row, kind, form.days(), form.content(), by=by))


@changes(access.reviewable_plans)
def outcome_new(request: HttpRequest, plan: Paper) -> HttpResponse:
    """Write what came of a plan."""
    by, row = me(request), plan.agreement
    return _written(
        request, row, Kind.OUTCOME, lambda form: actions.write_paper(row, Kind.OUTCOME, form.days(), form.content(), by=by, about=plan)
    )


def _written(request: HttpRequest, row: Agreement, kind: str, act: Callable[[PaperForm], Any], **initial: Any) -> HttpResponse:
    form, refusal = PaperForm(posted(request), kind=kind, initial=initial or {"begins": clock.today()}), None
    if form.is_valid():
        try:
            return redirect("filed_detail", pk=act(form).pk)
        except Refused as refused:
            refusal = refused
    context = {"row": row, "form": form, "refusal": refusal, "heading": Kind(kind).label, "plan": PLANS[Kind(kind)]}
    return again(request, "supervision/filed_new.html", context)


@changes(access.editable_papers)
def filed_edit(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Write it anew, while nobody has signed."""
    by = me(request)

    def act(form: PaperForm) -> Paper:
        actions.change_paper(paper, form.days(), form.content(), by=by)
        return paper

    return _written(request, paper.agreement, paper.kind, act, begins=paper.begins, ends=paper.ends, **paper.said)


@reads(access.papers)
def filed_detail(request: HttpRequest, paper: Paper) -> HttpResponse:
    """One paper: what it says, who signed."""
    return _detail(request, paper)


def _detail(request: HttpRequest, paper: Paper, refusal: Refused | None = None) -> HttpResponse:
    user, is_report = me(request), paper.kind == Kind.HOURS
    context: dict[str, Any] = {
        "paper": paper, "row": paper.agreement, "refusal": refusal, "shown": actions.shown_hash(paper).hex(), "form": SignForm(),
        "lines": report.lines(paper) if is_report else lines(paper), "days": report.DAYS if is_report else PLANS[Kind(paper.kind)].days,
        "signatures": actions.signed_by(paper, user), "edits": access.editable_papers(user).filter(pk=paper.pk).exists(),
        "signs": access.signable_papers(user).filter(pk=paper.pk).exists(), "leads": paper.agreement.supervisor_id == user.pk,
        "comments": paper.kind == Kind.EVALUATION and paper.agreement.supervisee_id == user.pk,
        "fetches": access.signed_reports(user).filter(pk=paper.pk).exists(), "outcome": access.papers(user).filter(about=paper).first(),
    }  # fmt: skip
    return again(request, "supervision/filed_detail.html", context)


@changes(access.signable_papers)
def filed_sign(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Sign for oneself, what the page showed."""
    if request.method != "POST":
        return _detail(request, paper)
    form = SignForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {"shown": "", "comment": ""}
    try:
        actions.sign(paper, by=me(request), **said)
    except Refused as refused:
        return _detail(request, paper, refused)
    messages.success(request, "Signed.")
    return redirect("filed_detail", pk=paper.pk)


@reads(access.signed_agreements)
def agreement_hours(request: HttpRequest, row: Agreement) -> HttpResponse:
    """Hours by month and category, with pictures; the same as a table."""
    return _hours(request, row)


def _hours(request: HttpRequest, row: Agreement, form: DaysForm | None = None, refusal: Refused | None = None) -> HttpResponse:
    user, today = me(request), clock.today()
    begins, ends = max(row.since, today - datetime.timedelta(days=365)), min(row.until, today)
    form = form or DaysForm(request.GET if "begins" in request.GET else None, initial={"begins": begins, "ends": ends})
    if form.is_bound and form.is_valid():
        begins, ends = form.days()
    found = hours.figures(user, row, begins, ends)
    context: dict[str, Any] = {
        "row": row, "found": found, "form": form, "refusal": refusal, "bars": hours.picture(found), "wide": hours.wide(found),
        "contact": [(hours.CONTACT[key], hours.said(minutes)) for key, minutes in found.contact.items()],
        "kinds": [(hours.KINDS[key], hours.said(minutes)) for key, minutes in found.kinds.items()],
        "months": [_month(each) for each in found.months],
        "sums": {"contact": hours.said(found.contact_sum), "met": hours.said(found.supervised)},
        "files": access.filed_agreements(user).filter(pk=row.pk).exists(),
    }  # fmt: skip
    return again(request, "supervision/agreement_hours.html", context)


def _month(each: hours.Month) -> dict[str, Any]:
    said = {"contact": each.contact_sum, "met": each.supervised, "needs": each.needs}
    return {"month": each} | {name: hours.said(minutes) for name, minutes in said.items()}


@changes(access.filed_agreements)
def report_new(request: HttpRequest, row: Agreement) -> HttpResponse:
    """Make the report of some days, for both to sign."""
    if request.method != "POST":
        return redirect("agreement_hours", pk=row.pk)
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _hours(request, row, form)
    try:
        return redirect("filed_detail", pk=actions.report(row, form.days(), by=me(request)).pk)
    except Refused as refused:
        return _hours(request, row, form, refused)


@exports(access.signed_reports)
def hours_pdf(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The report as PDF: figures, the two names, no client."""
    found = get_object_or_404(access.signed_reports(request.user), pk=paper.pk)
    made = press("accounting", report.paper(found, actions.signed_by(found, me(request))))
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="hours.pdf"'})
