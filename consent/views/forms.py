"""The practice's forms: all of them, one with its versions, a new one, and its settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from audit.doors import changes, lists, reads
from clients.views import again, me
from consent import access, actions
from consent.forms.papers import FormForm, LanguageForm, SettingsForm
from consent.languages import named
from consent.models import Form, Version
from consent.shelf import clients_on, shelf
from practice.access import governed_practice, staffed_practice
from practice.models import Practice
from practice.roles import Role


@lists(access.forms, within=staffed_practice)
def form_list(request: HttpRequest, practice: Practice, forms: QuerySet[Form]) -> HttpResponse:
    """Every form: what is in force, what is being written, and how many clients are on which version."""
    found = {"rows": shelf(request.user), "retired": shelf(request.user, retired=True), "governs": governs(request)}
    return render(request, "consent/form_list.html", found)


def governs(request: HttpRequest) -> bool:
    """Whether the buttons of those who change forms are shown; the doors behind them decide."""
    return me(request).holds(Role.ADMIN)


@changes(governed_practice)
def form_new(request: HttpRequest, practice: Practice) -> HttpResponse:
    """A form of the practice's own: its name and what it is for; the words come next."""
    form = FormForm(request.POST if request.method == "POST" else None, initial={"kind": Form.Kind.OWN})
    if not form.is_valid():
        return again(request, "consent/form_new.html", {"form": form})
    begun = actions.begin_form(by=me(request), **form.cleaned_data)
    return redirect("version_edit", actions.begin_version(begun, by=me(request)).pk)


@reads(access.forms)
def form_detail(request: HttpRequest, form: Form) -> HttpResponse:
    """One form: its versions with their states and dates, who approved them, and how many clients are on each."""
    found: dict[str, Any] = {"form": form, "rows": _versions(request, form), "governs": governs(request), "languages": LanguageForm()}
    return render(request, "consent/form_detail.html", found)


def _versions(request: HttpRequest, form: Form) -> list[dict[str, Any]]:
    numbers = clients_on(request.user)
    versions = access.versions(request.user).filter(form=form).select_related("approved_by", "written_by")
    return [{"version": each, "clients": numbers.get(each.pk, 0), "language": named(each.language)} for each in versions]


@changes(access.governed_forms)
def form_settings(request: HttpRequest, form: Form) -> HttpResponse:
    """Name and renewal of a form; and taking it out of use, or back."""
    if request.method == "POST" and request.POST.get("then") == "retire":
        actions.retire_form(form, by=me(request))
        messages.success(request, "It is not sent any more. What was signed stays signed." if form.retired_at else "It is in use again.")
        return redirect("form_detail", form.pk)
    stored = {"title": form.title, "renewal_months": form.renewal_months}
    fields = SettingsForm(request.POST if request.method == "POST" else None, initial=stored)
    if not fields.is_valid():
        return again(request, "consent/form_settings.html", {"form": fields, "paper": form})
    actions.change_form(form, by=me(request), **fields.cleaned_data)
    messages.success(request, "Saved. It holds for what is signed from now on.")
    return redirect("form_detail", form.pk)


@require_POST
@changes(access.governed_forms)
def version_new(request: HttpRequest, form: Form) -> HttpResponse:
    """Begin the next version in a language, from the wording of now; a draft that is open is gone on with."""
    chosen = LanguageForm(request.POST)
    if not chosen.is_valid():
        return redirect("form_detail", form.pk)
    language = chosen.cleaned_data["language"]
    versions = access.versions(request.user).filter(form=form)
    source = versions.filter(state=Version.State.IN_FORCE).first()
    text = source.text if source and not versions.filter(language=language).exists() else ""  # to be translated
    return redirect("version_edit", actions.begin_version(form, by=me(request), language=language, text=text).pk)
