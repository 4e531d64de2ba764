"""A release, step by step: on what it rests, what it holds, exactly what leaves, the second look. Sending stands next door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from audit.doors import changes, exports, named, reads
from clients.access import counseled_clients
from clients.models import Client
from clients.views import me, rows_of, under_kept
from consent.law import information
from consent.models import Authorization
from disclosures import access, actions, choosing, law
from disclosures.checks import checks, needs_second_look
from disclosures.forms.releases import BeginForm, ChooseForm, LookForm, OutsideForm
from disclosures.law import Basis
from disclosures.law.process import basis_of
from disclosures.models import LegalProcess, Release
from disclosures.verdicts import stands_in_the_way
from practice.access import staffed_practice
from practice.refusals import Refused
from supervision import serving

from .accounting import offered, page
from .processes import UNOPENED
from .requests import download


@changes(counseled_clients)
@under_kept(counseled_clients)
def release_begin(request: HttpRequest, client: Client) -> HttpResponse:
    """Somebody asks for parts of the record: first on what it rests, then who asks and how that is known."""
    try:
        basis, signed, paper = _basis(request, client)
    except ValueError:
        basis, signed, paper = None, None, None
    if basis is None:
        rows = [{"named": row, "kinds": [information().get(key, key) for key in row.information]} for row in _signed(request, client)]
        groups = [(title, [each for each in bases if each.key != "authorization"]) for title, bases in offered(only_releases=True)]
        rows_here = rows_of(request, client, counseled_clients)
        papers = access.open_processes(request.user).filter(client__in=rows_here).defer(*UNOPENED)
        return page(request, "release_basis", client, signed=rows, groups=groups, papers=papers, paper=paper)
    asks = staffed_practice(request.user).get().holds_part2_records
    form, refusal = BeginForm(basis, signed, request.POST if request.method == "POST" else None, paper=paper, asks_part2=asks), None
    if form.is_valid():
        try:
            row = actions.begin_release(paper.client if paper else client, form.begun(), by=me(request))
            return redirect("release_choose", row.pk)
        except Refused as refused:
            refusal = refused
    return page(request, "release_begin", client, form=form, refusal=refusal, basis=basis, named=signed, paper=paper)


def _signed(request: HttpRequest, client: Client) -> list[Authorization]:
    return list(access.authorizations_now(client, request.user))


def _basis(request: HttpRequest, client: Client) -> tuple[Basis | None, Authorization | None, LegalProcess | None]:
    """What the address names: a paper and an authorization of this client, or another basis that releases rest on. Raises ValueError."""
    paper = _paper(request, client)
    if "authorization" in request.GET:
        found = access.authorizations_now(client, request.user).filter(pk=UUID(request.GET["authorization"])).first()
        return (law.bases()["authorization"], found, paper) if found else (None, None, None)
    if paper and paper.stands_on not in ("", "authorization"):
        return law.bases()[basis_of(paper.stands_on)], None, paper
    basis = law.bases().get(request.GET.get("basis", ""))
    fits = basis and basis.release and not basis.process and basis.key != "authorization"
    return (basis, None, None) if fits else (None, None, paper)


def _paper(request: HttpRequest, client: Client) -> LegalProcess | None:
    if "process" not in request.GET:
        return None
    rows = rows_of(request, client, counseled_clients)
    return access.answerable_processes(request.user).filter(client__in=rows, pk=UUID(request.GET["process"])).first()


def around(request: HttpRequest, release: Release) -> dict[str, Any]:
    """What every page of a release shows: its facts, its checks, and what comes next."""
    by = me(request)
    found = actions.everything(release, by) if release.is_open else []
    package = access.package_of(by, release)
    looked = access.looks(by, release).filter(package=package.pk).first() if package else None
    return {
        "release": release, "basis": law.bases()[release.basis], "checks": found, "in_the_way": stands_in_the_way(found),
        "package": package, "second": needs_second_look(release), "looked": looked, "mine": release.made_by_id == by.pk,
        "alone": not access.others_on_the_team(release.client, by), "may": access.open_releases(by).filter(pk=release.pk).exists(),
        "asked_of": [(law.asked()[key].words, said) for key, said in release.details.items() if key in law.asked()],
        "may_stop": access.stoppable(by).filter(release=release.pk).exists(),
    } | serving.around(by, "release", release.pk)  # fmt: skip


@changes(access.open_releases)
def release_choose(request: HttpRequest, release: Release) -> HttpResponse:
    """The checks, green or red, and what may be chosen. Going on makes the preview: exactly what would leave."""
    by = me(request)
    found = choosing.offer(release, by)
    form, refusal = ChooseForm(release, found, choosing.chosen_of(release), request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            actions.prepare(release, form.chosen(), form.cleaned_data.get("justification", ""), by=by)
            return redirect("release_detail", release.pk)
        except Refused as refused:
            refusal = refused
    return page(
        request,
        "release_choose",
        release.client,
        form=form,
        refusal=refusal,
        offer=found,
        **(around(request, release) | {"checks": checks(release, by)}),
    )


@reads(access.releases)
def release_detail(request: HttpRequest, release: Release) -> HttpResponse:
    """Exactly what leaves, or left: text, files with their checksums, checks, second look, sending."""
    return detail(request, release)


def detail(request: HttpRequest, release: Release, refusal: Refused | None = None, **forms: Form) -> HttpResponse:
    """The page of one release, with ``forms`` that did not pass."""
    found = around(request, release)
    shown = None
    if found["package"]:
        try:
            held = choosing.content(release, choosing.chosen_of(release), me(request))
            named(held.notes)
            shown = held.values
        except Refused:
            shown = None  # the record or the scope changed since: the PDF holds what was packed
    context = {
        "look": LookForm(),
        "outside": OutsideForm(),
        "refusal": refusal,
        "shown": shown,
        "sending": getattr(release, "sending", None),
    }
    return page(request, "release_detail", release.client, **(found | context | forms))


@exports(access.packed_releases)
def release_pdf(request: HttpRequest, release: Release) -> HttpResponse:
    """The PDF that leaves, to the byte."""
    package = access.package_of(request.user, release)
    assert package  # the rule
    return download(package.pdf, "release.pdf")


@exports(access.packed_releases)
def release_bundle(request: HttpRequest, release: Release) -> HttpResponse:
    """The bundle that leaves, to the byte."""
    package = access.package_of(request.user, release)
    assert package  # the rule
    return download(package.bundle, "release.zip", "application/zip")


@changes(access.lookable_releases)
def release_look(request: HttpRequest, release: Release) -> HttpResponse:
    """The second look: another person says whether exactly this may leave."""
    form = LookForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return detail(request, release, look=form)
    try:
        actions.look(release, form.cleaned_data["words"], passed=form.cleaned_data["passed"], by=me(request))
    except Refused as refused:
        return detail(request, release, refused)
    messages.success(request, "Written down.")
    return redirect("release_detail", release.pk)


@changes(access.open_releases)
def release_outside(request: HttpRequest, release: Release) -> HttpResponse:
    """Somebody outside looked, where nobody else here may open the record."""
    form = OutsideForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return detail(request, release, outside=form)
    try:
        actions.look(release, form.cleaned_data["words"], passed=True, by=me(request), outside=True)
    except Refused as refused:
        return detail(request, release, refused)
    return redirect("release_detail", release.pk)


@changes(access.open_releases)
def release_give_up(request: HttpRequest, release: Release) -> HttpResponse:
    """Nothing is sent; the package is removed."""
    if request.method != "POST":
        return detail(request, release)
    actions.give_up(release, by=me(request))
    messages.success(request, "Given up. Nothing left.")
    return redirect(reverse("disclosure_list", args=[release.client_id]))
