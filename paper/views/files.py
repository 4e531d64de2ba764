"""A client's paper, and one file: taken out, brought back, lost, scanned, shredded; its label."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.doors import changes, exports
from clients import header
from clients.access import counseled_clients
from clients.models import Client
from clients.views import again, me
from paper import access, actions
from paper.forms import BackForm, FileForm, OutForm, PagesForm, VerifyForm
from paper.label import label_paper
from paper.models import Checkout, PaperFile
from practice import pdf
from practice.refusals import Refused


@changes(access.papered_clients)
def client_paper(request: HttpRequest, client: Client) -> HttpResponse:
    """The paper of a client: where each file is; and a new one."""
    counsels, refusal = counseled_clients(request.user).filter(pk=client.pk).exists(), None
    given = [request.POST] if request.method == "POST" else []
    form = FileForm(*given, cabinets=list(access.cabinets(request.user)), counsels=counsels)
    if form.is_valid():
        try:
            file = actions.add_file(client, form.cleaned_data["cabinet"], by=me(request), apart=form.cleaned_data.get("apart", False))
            messages.success(request, f"Kept as {file.label}. Print its label.")
            return redirect("paper_detail", pk=file.pk)
        except Refused as refused:
            refusal = refused
    files = access.paper_files(request.user).filter(client=client)
    found = {"client": client, "head": header.of(request, client, ""), "files": files, "form": form, "refusal": refusal}
    return again(request, "paper/client_paper.html", found)


@changes(access.paper_files)
def paper_detail(request: HttpRequest, file: PaperFile) -> HttpResponse:
    """One file by its label, and what may be done with it now."""
    what = request.POST.get("what", "")
    forms, refusal = _forms(request, what), None
    form = forms.get(what)
    if request.method == "POST" and (what == "lose" or what == "shred" or (form is not None and form.is_valid())):
        try:
            _done(request, file, what, form.cleaned_data if form else {})
            messages.success(request, "Kept.")
            return redirect("home") if what == "lose" else redirect("paper_detail", pk=file.pk)
        except Refused as refused:
            refusal = refused
    return again(request, "paper/paper_detail.html", _context(request, file) | {"forms": forms, "refusal": refusal})


def _forms(request: HttpRequest, what: str) -> dict[str, Any]:
    kinds = {"out": OutForm, "back": BackForm, "scan": PagesForm, "verify": VerifyForm}
    return {name: form(request.POST) if what == name else form() for name, form in kinds.items()}


def _open(request: HttpRequest, file: PaperFile) -> Checkout | None:
    return access.checkouts(request.user).filter(file=file, in_at=None).first()


def _context(request: HttpRequest, file: PaperFile) -> dict[str, Any]:
    row, may_open = _open(request, file), access.papered_clients(request.user).filter(pk=file.client_id).exists()
    past = access.checkouts(request.user).filter(file=file, in_at__isnull=False).defer("purpose", "destination", "condition")
    shredding = access.shreddings(request.user).filter(file=file).first()
    shreds = access.shreddable_files(request.user).filter(pk=file.pk).exists()
    found = {"file": file, "open": row, "may_open": may_open, "past": past.order_by("-out_at")[:20]}
    return found | {"shredding": shredding, "shreds": shreds}


def _done(request: HttpRequest, file: PaperFile, what: str, said: dict[str, Any]) -> None:
    by, row = me(request), _open(request, file)
    if what == "out":
        transport = Checkout.Transport.LOCKED if said["locked"] else Checkout.Transport.BY_HAND
        trip = actions.Trip(said["purpose"], said["destination"], said["due_at"], said["off_site"], transport)
        actions.take_out(file, trip, by=by)
    elif what == "lose":
        actions.lose(file, by=by)
    elif what == "scan":
        actions.scan(file, said["pages"], by=by)
    elif what == "back" and row:
        actions.bring_back(row, said["condition"], by=by)
    else:
        _shred(request, file, what, said)


def _shred(request: HttpRequest, file: PaperFile, what: str, said: dict[str, Any]) -> None:
    row = access.shreddings(request.user).filter(file=file).first()
    if row is None:
        raise Refused("PA-5", "There is nothing to do that with.", "Scan it first, or take it out first.")
    if what == "verify":
        actions.verify_scan(row, said["counted"], said["legible"], by=me(request))
    else:
        actions.shred_paper(row, by=me(request))


@changes(access.checkouts_to_approve)
def paper_approve(request: HttpRequest, checkout: Checkout) -> HttpResponse:
    """Let a file leave the house."""
    refusal = None
    if request.method == "POST":
        try:
            actions.approve(checkout, by=me(request))
            messages.success(request, "Approved: it is out from now on.")
            return redirect("home")
        except Refused as refused:
            refusal = refused
    return again(request, "paper/paper_approve.html", {"checkout": checkout, "file": checkout.file, "refusal": refusal})


@exports(access.paper_files)
def paper_label(request: HttpRequest, file: PaperFile) -> HttpResponse:
    """The label to print, under a name that says nothing."""
    if file.state == PaperFile.State.DESTROYED:
        raise Http404
    made = pdf.press("label", label_paper(file))
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="label.pdf"'})
