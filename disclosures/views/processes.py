"""Legal process on one page a paper: what is due, what stands for or against an answer, its steps, its letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import clock
from audit.doors import changes, exports, lists, reads, shown
from clients import header
from clients.access import counseled_clients, readable_clients
from clients.models import Client
from clients.views import me, rows_of, under_kept
from disclosures import access, actions, letters, standing
from disclosures.forms.processes import (
    AssureForm,
    AuthorizeForm,
    CloseForm,
    CounselForm,
    LogForm,
    OrderForm,
    ReplyForm,
    ServeForm,
    ToldForm,
    ValidateForm,
    WordsForm,
    issued_today,
)
from disclosures.law import process as rules
from disclosures.models import LegalProcess, LegalReply
from practice import pdf
from practice.access import staffed_practice
from practice.models import Practice
from practice.refusals import Refused
from supervision import serving

from .accounting import page
from .requests import download

MOST = 200
UNOPENED = [name for name in LegalProcess.Privacy.sealed if name != "issuer"]
State = LegalProcess.State
ASSURED_IN = (State.LOGGED, State.VALIDATED, State.NOTIFIED, *actions.RULED)


@lists(access.processes, within=readable_clients)
@under_kept(readable_clients)
def process_list(request: HttpRequest, client: Client, papers: QuerySet[LegalProcess]) -> HttpResponse:
    """The papers about this client: a compartment of its own, for the care team alone."""
    found = papers.filter(client__in=rows_of(request, client, readable_clients)).defer(*UNOPENED)
    context = {"client": client, "head": header.of(request, client, "disclosure_list"), "papers": found, "today": _today()}
    may = counseled_clients(request.user).filter(pk=client.pk).exists()
    return render(request, "disclosures/process_list.html", context | {"may": may})


@lists(access.processes, within=staffed_practice)
def process_all(request: HttpRequest, practice: Practice, papers: QuerySet[LegalProcess]) -> HttpResponse:
    """The papers about all clients whose team one is on, by their clock; those that are over stand last."""
    found = list(papers.defer(*UNOPENED)[:MOST])
    shown([row.client_id for row in found])
    return render(request, "disclosures/process_all.html", {"papers": found, "today": _today()})


def _today() -> Any:
    return clock.today()


@changes(counseled_clients)
@under_kept(counseled_clients)
def process_new(request: HttpRequest, client: Client) -> HttpResponse:
    """A paper was served: what, whose, when and how. Nothing is answered yet."""
    form, refusal = ServeForm(request.POST if request.method == "POST" else None, initial=issued_today()), None
    if form.is_valid():
        try:
            return redirect("process_detail", actions.serve(client, form.served(), by=me(request)).pk)
        except Refused as refused:
            refusal = refused
    return page(request, "process_new", client, form=form, refusal=refusal)


@reads(access.processes)
def process_detail(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """One paper."""
    return _detail(request, row)


def _detail(request: HttpRequest, row: LegalProcess, refusal: Refused | None = None, forms: dict[str, Form] | None = None) -> HttpResponse:
    by, practice = me(request), staffed_practice(request.user).get()
    if refusal:
        row = access.processes(by).get(pk=row.pk)  # as it is, not as it would have been
    facts = standing.facts_of(row)
    context: dict[str, Any] = {
        "paper": row, "kind": rules.kinds()[row.kind], "refusal": refusal, "today": _today(),
        "may": access.open_processes(by).filter(pk=row.pk).exists(), "next": rules.MOVES[row.state],
        "checks": standing.checks(facts, _today(), practice.states) if row.closed_at is None else [],
        "asked": letters.scope_words(row.scope), "given": letters.scope_words(row.granted) if row.stands_on else "",
        "window": rules.window(row.notice_on, row.objection_days) if row.notice_on and row.objection_days else None,
        "steps": row.steps.select_related("made_by").order_by("made_at", "pk"), "replies": access.legal_replies(by).filter(process=row.pk),
        "answers": access.answers_to(by, row), "client_text": letters.client_text(row),
        "assurable": row.state in ASSURED_IN, "answerable": row.state in (State.AUTHORIZED, State.ORDERED),
    }  # fmt: skip
    steps = _forms(row, practice, by) | (forms or {})
    for name, form in steps.items():
        form.auto_id = f"id_{name}_%s"  # several of them ask for words, or days
    return page(request, "process_detail", row.client, **(context | serving.around(by, "process", row.pk) | steps))


def _forms(row: LegalProcess, practice: Practice, by: Any) -> dict[str, Form]:
    concerned = practice.is_part2_program or practice.holds_part2_records
    return {
        "log": LogForm(row, practice.states), "validate": ValidateForm(row, practice.states), "consult": CounselForm(), "tell": ToldForm(),
        "assure": AssureForm(row), "privilege": WordsForm(), "motion": WordsForm(), "authorize": AuthorizeForm(),
        "order": OrderForm(row, part2=concerned), "respond": WordsForm(), "close": CloseForm(),
        "reply": ReplyForm(row, actions.offered_replies(row, by)),
    }  # fmt: skip


def _step(request: HttpRequest, row: LegalProcess, name: str, form: Form, act: Callable[[], object], said: str) -> HttpResponse:
    if not form.is_valid():
        return _detail(request, row, None, {name: form})
    try:
        act()
    except Refused as refused:
        return _detail(request, row, refused, {name: form})
    messages.success(request, said)
    return redirect("process_detail", row.pk)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@changes(access.open_processes)
def process_log(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """What the paper says, item by item."""
    form = LogForm(row, staffed_practice(request.user).get().states, _posted(request))
    return _step(request, row, "log", form, lambda: actions.log_process(row, form.logged(), by=me(request)), "Logged.")


@changes(access.open_processes)
def process_validate(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """It is genuine, and in force here."""
    practice = staffed_practice(request.user).get()
    form = ValidateForm(row, practice.states, _posted(request))
    act = partial(actions.validate_process, row, practice=practice, by=me(request))
    return _step(request, row, "validate", form, lambda: act(**form.cleaned_data), "Validated. Tell the client next.")


@changes(access.open_processes)
def process_consult(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """Whom one consulted."""
    form = CounselForm(_posted(request))
    return _step(request, row, "consult", form, lambda: actions.consult_counsel(row, by=me(request), **form.cleaned_data), "Written down.")


@changes(access.open_processes)
def process_tell(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """The client was told, or may not be."""
    form = ToldForm(_posted(request))
    return _step(request, row, "tell", form, lambda: actions.tell_of_process(row, form.told(), by=me(request)), "Written down.")


@changes(access.open_processes)
def process_assure(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """What assurance there is, with its days."""
    form = AssureForm(row, _posted(request))
    return _step(request, row, "assure", form, lambda: actions.assure(row, form.assured(), by=me(request)), "Written down.")


@changes(access.open_processes)
def process_privilege(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """Privilege is asserted."""
    form = WordsForm(_posted(request))
    done = "Asserted. Send the letter that says so."
    return _step(request, row, "privilege", form, lambda: actions.assert_privilege(row, form.cleaned_data["words"], by=me(request)), done)


@changes(access.open_processes)
def process_motion(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """A motion is pending."""
    form = WordsForm(_posted(request))
    done = "Written down. Nothing leaves meanwhile."
    return _step(request, row, "motion", form, lambda: actions.note_motion(row, form.cleaned_data["words"], by=me(request)), done)


@changes(access.open_processes)
def process_authorize(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """Assurance, or the client's authorization, lets it be answered."""
    form, practice = AuthorizeForm(_posted(request)), staffed_practice(request.user).get()
    act = partial(actions.authorize_answer, row, practice=practice, by=me(request))
    return _step(request, row, "authorize", form, lambda: act(**form.cleaned_data), "It may be answered.")


@changes(access.open_processes)
def process_order(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """A court orders it, or law enforcement may demand it: exactly this."""
    practice = staffed_practice(request.user).get()
    form = OrderForm(row, _posted(request), part2=practice.is_part2_program or practice.holds_part2_records)
    return _step(request, row, "order", form, lambda: actions.order_answer(row, form.ordered(), by=me(request)), "Written down.")


@changes(access.open_processes)
def process_respond(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """It was answered."""
    form = WordsForm(_posted(request))
    return _step(request, row, "respond", form, lambda: actions.respond(row, form.cleaned_data["words"], by=me(request)), "Answered.")


@changes(access.open_processes)
def process_close(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """It is over; nothing of it changes any more."""
    form = CloseForm(_posted(request))
    act = partial(actions.close_process, row, by=me(request))
    return _step(request, row, "close", form, lambda: act(**form.cleaned_data), "Closed. It stays as it is.")


@changes(access.open_processes)
def process_reply(request: HttpRequest, row: LegalProcess) -> HttpResponse:
    """Write a letter. Before the paper is validated there is one."""
    by = me(request)
    form = ReplyForm(row, actions.offered_replies(row, by), _posted(request))
    done = "Written. Print it from the list of letters."
    return _step(request, row, "reply", form, lambda: actions.reply_to(row, by=by, **form.cleaned_data), done)


@exports(access.legal_replies)
def process_letter(request: HttpRequest, reply: LegalReply) -> HttpResponse:
    """The letter, as it is sent."""
    return download(pdf.press("accounting", letters.process_reply(reply, staffed_practice(request.user).get())), "letter.pdf")
