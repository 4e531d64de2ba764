"""The trail as the admin reads it: who did what, when and from where; clients by code, staff by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from audit import keeping, sheet
from audit.doors import continued, exports, lists, shown
from audit.models import Act, Event
from practice.access import governed_practice, staff
from practice.factors import reauthenticated
from practice.models import Practice

from .access import governed_clients, trail_lines, whole
from .forms.trail import TrailForm
from .history import TONES, words_of
from .models import Client
from .paging import page_of
from .views import me

OTHER_WORDS = {"records.psychotherapy": "psychotherapy note", "messaging.represented": "messages of a representative"}
ORDER = ("-at", "-id")
SIZE = 50
CHUNK = 500  # lines of an export fetched at a time
ICONS = {
    Act.READ: "eye", Act.LIST: "list", Act.CHANGE: "pencil", Act.EXPORT: "download", Act.REFUSED: "ban", Act.LOGIN: "log-in",
    Act.LOGOUT: "log-out", Act.FAILED: "key-round", Act.BREAK_GLASS: "siren", Act.SYSTEM: "cog",
}  # fmt: skip
HEADER = ("when", "who", "role", "act", "what", "part", "client", "address", "request", "session", "what_id", "client_id", "actor_id")


@dataclass(frozen=True)
class Told:
    """One line with its words. Clients and representatives have no name here: an admin sees codes."""

    line: Event
    who: str
    code: str

    @property
    def role(self) -> str:
        """The roles held at that moment."""
        return self.line.role.replace("+", ", ")

    @property
    def act(self) -> str:
        """ "opened", "changed"…"""
        return str(Act(self.line.act).label)

    @property
    def tone(self) -> str:
        """The tone of the act."""
        return TONES.get(Act(self.line.act), "neutral")

    @property
    def icon(self) -> str:
        """The icon of the act."""
        return ICONS[Act(self.line.act)]

    @property
    def what(self) -> str:
        """The kind of thing, in words."""
        app, _, model = self.line.what.partition(".")
        known = apps.all_models.get(app, {}).get(model)
        return str(known._meta.verbose_name) if known else OTHER_WORDS.get(self.line.what, self.line.what)

    @property
    def part(self) -> str:
        """The page or verb, in words."""
        return words_of(self.line.part)


@dataclass(frozen=True)
class Folded:
    """Lines of one request that say the same of several clients: a list that was shown, folded into one row."""

    told: Told
    others: list[Told]


def _same(told: Told) -> tuple[object, ...]:
    line = told.line
    return (line.request_id, line.act, line.what, line.part, line.actor_id, None if told.code else line.id)


def _fold(lines: list[Told]) -> list[Folded]:
    groups = [list(group) for _, group in groupby(lines, key=_same)]
    return [Folded(first, others) for first, *others in groups]


def _tell(lines: list[Event], clients: QuerySet[Client], names: dict[UUID, str]) -> list[Told]:
    codes = dict(clients.order_by().filter(pk__in={line.client_id for line in lines if line.client_id}).values_list("pk", "code"))
    return [Told(line, names.get(line.actor_id, ""), codes.get(line.client_id, "")) for line in lines]  # type: ignore[arg-type]  # None is in neither


def _names(request: HttpRequest) -> dict[UUID, str]:
    return {person.pk: str(person.name) for person in staff(me(request))}


def _from_address(request: HttpRequest) -> dict[str, Any]:
    """The form's values as an address carries them: the client's id becomes the code again."""
    given = request.GET.dict()
    try:
        client = governed_clients(me(request)).filter(pk=UUID(str(given.pop("client", "")))).first()
    except ValueError:
        client = None
    return given | {"code": client.code if client else ""}


def _form(request: HttpRequest) -> TrailForm:
    given = request.POST if request.method == "POST" else _from_address(request)

    def whole_of(found: list[UUID]) -> list[UUID]:
        return whole(found, governed_clients, me(request))

    return TrailForm(given, people=staff(me(request)), clients=governed_clients(me(request)), whole=whole_of)


def _to(request: HttpRequest, wanted: dict[str, str]) -> str:
    return f"{request.path}?{urlencode(wanted)}" if wanted else request.path


def _page(request: HttpRequest, form: TrailForm, lines: QuerySet[Event]) -> dict[str, Any]:
    keys = {name: request.GET.get(name, "") for name in ("newer", "older")}
    page = page_of(lines.filter(form.conditions), order=ORDER, size=SIZE, **keys)
    wanted = form.address
    urls = {f"{name}_url": _to(request, wanted | {name: key}) if (key := getattr(page, name)) else "" for name in ("newer", "older")}
    told = _tell(page.rows, governed_clients(me(request)), _names(request))
    return {"lines": _fold(told), "filtered": bool(wanted), "wanted": urlencode(wanted), **urls}


@lists(trail_lines, within=governed_practice)
def trail(request: HttpRequest, practice: Practice, lines: QuerySet[Event]) -> HttpResponse:
    """Every line, newest first, however old. What is typed is sent by POST and becomes an address of ids and days.

    Reading leaves one line, and one more about the client where one was asked for: a line about each client on the page
    would drown the trail in its own readings.
    """
    with timezone.override(ZoneInfo(practice.timezone)):
        form = _form(request)
        if not form.is_valid():
            return render(request, "clients/trail.html", {"form": form, "lines": []}, status=422)
        if request.method == "POST":
            return redirect(_to(request, form.address))
        shown(form.rows)
        about = {"form": form, "zone": practice.timezone, "seals": keeping.standing()}
        return render(request, "clients/trail.html", about | _page(request, form, lines))


def _cells(told: Told, zone: ZoneInfo) -> tuple[object, ...]:
    line = told.line
    when = line.at.astimezone(zone).isoformat(timespec="microseconds")
    ids = (line.request_id, line.session, line.what_id, line.client_id, line.actor_id)
    return (when, told.who, line.role, line.act, line.what, line.part, told.code, line.address, *ids)


def _pieces(request: HttpRequest, found: QuerySet[Event], zone: ZoneInfo) -> Iterator[str]:
    yield sheet.rows([HEADER])
    names, older = _names(request), ""
    while True:
        page = page_of(found, order=ORDER, size=CHUNK, older=older)
        yield sheet.rows(_cells(told, zone) for told in _tell(page.rows, governed_clients(me(request)), names))
        older = page.older
        if not older:
            return


@exports(governed_practice)
@reauthenticated
def trail_export(request: HttpRequest, practice: Practice) -> HttpResponseBase:
    """The lines of a filter as CSV, newest first. The line of the export itself is written before the first byte."""
    zone = ZoneInfo(practice.timezone)
    with timezone.override(zone):
        form = _form(request)
        if not form.is_valid():
            return render(request, "clients/trail.html", {"form": form, "lines": []}, status=422)
        shown(form.rows)
        found = trail_lines(me(request)).filter(form.conditions)
    headers = {"Content-Disposition": 'attachment; filename="trail.csv"'}
    pieces = continued(_pieces(request, found, zone))
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8; header=present", headers=headers)
