"""Doors: a view never gets an id, it gets an object. One act finds it, asks who may, writes the line, hands it over.

A *rule* is a function of the user that returns a queryset: what is in it may be passed, everything else is 404.
Read lines commit before the view runs; a change and its line commit together; lists write who was shown before sending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.db import connection, models, transaction
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from vault import gate

from . import asking, patience, trail
from .models import Act, Event
from .trail import Actor, Line, Recorder

Rule = Callable[[Any], models.QuerySet[Any]]
View = Callable[..., HttpResponseBase]
Piece = TypeVar("Piece")
Row = TypeVar("Row", bound=models.Model)
Found = TypeVar("Found")
Kind = Literal["reads", "lists", "changes", "exports", "public"]

_SAFE = ("GET", "HEAD")
_SAYS_NO = (409, 422)  # a rule, a conflict or a form said no: a page of such a status has changed nothing


@dataclass(frozen=True)
class Sign:
    """What a door says of itself, for the tests that walk every route and for the access matrix."""

    kind: Kind
    why: str
    rule: Rule | None = None
    within: Rule | None = None
    methods: tuple[str, ...] = _SAFE


def sign_of(view: Any) -> Sign | None:
    """The sign on ``view``'s door, or None if it has no door."""
    return getattr(view, "door", None)


def _say(rule: Rule) -> str:
    return (rule.__doc__ or "").strip().splitlines()[0] if rule.__doc__ else rule.__name__


# --- transactions -----------------------------------------------------------------------------------------------------


_acting: ContextVar[str] = ContextVar("subrosa_acting", default="")
_SET_ACTOR = "SELECT set_config('subrosa.actor', %s, true)"


class _Foreword:
    """Says who acts before the first statement of a transaction, and on the same trip to the database."""

    def __init__(self, actor: str, *, read_only: bool) -> None:
        self.words = ("SET TRANSACTION READ ONLY; " if read_only else "") + _SET_ACTOR
        self.values: list[Any] | None = [actor]

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Passed by every statement of the connection while inside."""
        values, self.values = self.values, None
        if values is None:
            return execute(sql, params, many, context)
        if many or params is None or getattr(context["cursor"].cursor, "name", None):  # these are sent in a way of their own
            with connection.cursor() as cursor:
                cursor.execute(self.words, values)
            return execute(sql, params, many, context)
        return execute(f"{self.words}; {sql}", [*values, *params], many, context)


@contextmanager
def acting(actor: Actor, *, read_only: bool = False) -> Iterator[None]:
    """A transaction in which the database, too, knows who acts; optionally one that cannot write."""
    before = _acting.get()
    token = _acting.set(str(actor.id or ""))
    if (opening := gate.glance()) and not connection.in_atomic_block:
        opening.begin()
    try:
        with transaction.atomic():
            with connection.execute_wrapper(_Foreword(_acting.get(), read_only=read_only)):
                yield
            if connection.savepoint_ids:  # nested: a released savepoint would keep the setting, so give it back
                with connection.cursor() as cursor:
                    cursor.execute(_SET_ACTOR, [before])
    finally:
        _acting.reset(token)


def _find(rule: Rule, user: Any, keys: dict[str, Any], *, lock: bool = False) -> models.Model | None:
    if lock and not asking.rows(rule, user, keys, lock=True):
        return None
    # Asked anew once the row is ours: whoever held it until then may have ended this very person's access.
    matches = asking.rows(rule, user, keys)
    return matches[0] if len(matches) == 1 else None


def _refuse(opening: Recorder, rule: Rule, user: Any, keys: dict[str, Any], part: str) -> None:
    """Leave the line of someone who was turned away. Denied and missing look the same, and cost the same."""
    label = trail.label(asking.model_of(rule, user))
    ident = keys.get("pk")
    with acting(opening.actor):
        opening.write(Line(Act.REFUSED, label, part, ident, trail.whose(label, ident)))


def _tell_the_rest(opening: Recorder, act: Act, model: type[models.Model], part: str) -> None:
    """Lines for every row that leaves or that a search shows, and for every client whose text was opened and who has no line yet."""
    named = [*((Act.EXPORT, thing) for thing in opening.leaving), *((act, thing) for thing in opening.showing)]
    if named:
        with acting(opening.actor):
            opening.write(*[trail.line_for(done, thing, part) for done, thing in named])
        opening.leaving.clear()
        opening.showing.clear()
    unsaid = sorted(opening.opened - opening.told)
    if unsaid:
        with acting(opening.actor):
            opening.write(*[Line(act, trail.label(model), part, opening.within.get(client), client) for client in unsaid])


# --- the four ways through --------------------------------------------------------------------------------------------


def _read(opening: Recorder, request: HttpRequest, rule: Rule, keys: dict[str, Any], call: View, part: str, act: Act) -> HttpResponseBase:
    with acting(opening.actor):
        found = _find(rule, request.user, keys)
        if found is not None:
            opening.write(trail.line_for(act, found, part))
    if found is None:
        _refuse(opening, rule, request.user, keys, part)
        raise Http404
    try:
        with acting(opening.actor, read_only=True):
            response = call(request, found)
    except Http404:
        _refuse(opening, rule, request.user, keys, part)  # something below the object that is not its own, or not theirs
        raise
    _tell_the_rest(opening, act, type(found), part)
    return response


class _Undone(Exception):
    """Carries the page of a view that says no out of the transaction, which goes with all that was written before."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__("The page says no.")
        self.response = response


def _change(opening: Recorder, request: HttpRequest, rule: Rule, keys: dict[str, Any], call: View, part: str) -> HttpResponseBase:
    try:
        with acting(opening.actor):
            found = _find(rule, request.user, keys, lock=True)
            response = call(request, found) if found is not None else None
            if response is not None and response.status_code in _SAYS_NO and opening.changed:
                raise _Undone(response)
            if found is not None and not opening.changes:
                opening.write(trail.line_for(Act.READ, found, part))
    except _Undone as undone:
        response = undone.response
        _refuse(opening, rule, request.user, keys, part)
        opening.told.clear()  # what went with the transaction was not told; what the page shows is, below
    except Exception:
        _refuse(opening, rule, request.user, keys, part)  # rolled back: nothing changed, and the attempt is told
        raise
    if response is None:
        _refuse(opening, rule, request.user, keys, part)
        raise Http404
    _tell_the_rest(opening, Act.READ, type(found), part)  # type: ignore[arg-type]  # a page, so something was found
    return response


def _list(opening: Recorder, request: HttpRequest, rule: Rule, call: View, part: str) -> HttpResponseBase:
    rows = rule(request.user)
    model = rows.model
    with acting(opening.actor, read_only=True):
        response = call(request, rows)
    if not opening.opened - opening.told:
        with acting(opening.actor):
            opening.write(Line(Act.LIST, trail.label(model), part))
    _tell_the_rest(opening, Act.LIST, model, part)
    return response


def _list_within(opening: Recorder, request: HttpRequest, sign: Sign, keys: dict[str, Any], call: View, part: str) -> HttpResponseBase:
    """A list that hangs on an object: the object's rule is asked first, and strangers get 404."""
    assert sign.within
    assert sign.rule
    rule = sign.rule

    def hang(request: HttpRequest, parent: models.Model) -> HttpResponseBase:
        return call(request, parent, rule(request.user))

    return _read(opening, request, sign.within, keys, hang, part, Act.LIST)


def actor_of(request: HttpRequest) -> Actor:
    """The actor of this request, from the session alone."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by audit.middleware
    return actor


def _door(sign: Sign, view: View, walk: Callable[[Recorder, HttpRequest, dict[str, Any], View, str], HttpResponseBase]) -> View:
    part = view.__name__

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in sign.methods:
            return HttpResponseNotAllowed(sign.methods)
        keys = {"pk": kwargs.pop("pk")} if "pk" in kwargs else {}

        def call(request: HttpRequest, *objects: Any) -> HttpResponseBase:
            return view(request, *objects, *args, **kwargs)

        with gate.open_by(Recorder(actor_of(request))) as opening:
            return walk(opening, request, keys, call, part)

    door.door = sign  # type: ignore[attr-defined]  # read back by sign_of
    return door


def reads(rule: Rule) -> Callable[[View], View]:
    """``view(request, obj)``: shows one object of ``rule``; runs in a read-only transaction."""

    def wrap(view: View) -> View:
        return _door(
            Sign("reads", _say(rule), rule),
            view,
            lambda o, request, keys, call, part: _read(o, request, rule, keys, call, part, Act.READ),
        )

    return wrap


def lists(rule: Rule, *, within: Rule | None = None) -> Callable[[View], View]:
    """``view(request, queryset)``, or ``view(request, parent, queryset)`` for a list that hangs on an object.

    POST is allowed, so that words searched for stay out of the address; the transaction is read-only all the same.
    """
    sign = Sign("lists", _say(within or rule), rule, within, (*_SAFE, "POST"))

    def wrap(view: View) -> View:
        if within:
            return _door(sign, view, lambda o, request, keys, call, part: _list_within(o, request, sign, keys, call, part))
        return _door(sign, view, lambda o, request, keys, call, part: _list(o, request, rule, call, part))

    return wrap


def changes(rule: Rule) -> Callable[[View], View]:
    """``view(request, obj)``: GET shows the form like ``reads``; POST changes, in one transaction with its line."""

    def walk(opening: Recorder, request: HttpRequest, keys: dict[str, Any], call: View, part: str) -> HttpResponseBase:
        if request.method in _SAFE:
            return _read(opening, request, rule, keys, call, part, Act.READ)
        return _change(opening, request, rule, keys, call, part)

    def wrap(view: View) -> View:
        return _door(Sign("changes", _say(rule), rule, None, (*_SAFE, "POST")), view, walk)

    return wrap


def exports(rule: Rule, *, posted: bool = False) -> Callable[[View], View]:
    """``view(request, obj)``: something leaves the house; the line is an export, written before the first byte.

    ``posted``: what leaves is chosen in a form, so that the choice stays out of the address; POST alone passes then.
    """

    def wrap(view: View) -> View:
        return _door(
            Sign("exports", _say(rule), rule, None, ("POST",) if posted else _SAFE),
            view,
            lambda o, request, keys, call, part: _read(o, request, rule, keys, call, part, Act.EXPORT),
        )

    return wrap


def public(why: str) -> Callable[[View], View]:
    """A page without an object, open to anyone; ``why`` says so. Client text stays shut behind it."""
    sign = Sign("public", why, methods=(*_SAFE, "POST"))

    def wrap(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in sign.methods:
                return HttpResponseNotAllowed(sign.methods)
            with gate.open_by(Recorder(actor_of(request), practice_only=True)):
                return view(request, *args, **kwargs)

        door.door = sign  # type: ignore[attr-defined]  # read back by sign_of
        return login_not_required(door)

    return wrap


def continued(
    pieces: Iterator[Piece], *, act: Act = Act.EXPORT, model: type[models.Model] = Event, part: str = "streamed", sorry: Piece | None = None
) -> Iterator[Piece]:
    """Go on with ``pieces`` of a streamed answer after the view returned: each step runs behind the door that is open now.

    A step must finish its queries before it yields. What a step shows is told before the step is sent, as ``act`` on ``model``.
    Should a step fail, or its line, then ``sorry`` is sent instead of it, and nothing after. Between steps no transaction is open:
    whoever goes away leaves the connection clean.
    """
    opening = trail.recorder()
    here = copy_context()  # the practice's clock, open-room mode: what holds in the view holds in each step
    here.run(_acting.set, "")  # but for its transaction, which is over by then

    def step() -> Piece | None:
        with patience.watched(), gate.open_by(opening), acting(opening.actor, read_only=True):
            piece = next(pieces, None)
        _tell_the_rest(opening, act, model, part)
        return piece

    def steps() -> Iterator[Piece]:
        try:
            while (piece := here.run(step)) is not None:
                yield piece
        except Exception:
            if sorry is not None:
                yield sorry
            raise

    return steps()


@contextmanager
def system(name: str, *, on_behalf_of: Any = None) -> Iterator[Recorder]:
    """The door of jobs and commands: acts as ``system:<name>``, and the database lets it see what that person may."""
    actor = Actor(f"system:{name}", getattr(on_behalf_of, "pk", None))
    with gate.open_by(Recorder(actor)) as opening, acting(actor):
        yield opening
        unsaid = sorted(opening.opened - opening.told)
        opening.write(*[Line(Act.SYSTEM, "clients.client", name, client, client) for client in unsaid])


def tell(act: Act, thing: models.Model | None, part: str) -> None:
    """A line that is not about a record, written by a page without an object: a sign-in, a failed one, a sign-out."""
    opening = trail.recorder()
    with acting(opening.actor):
        opening.write(trail.line_for(act, thing, part) if thing else Line(act, "practice.user", part))


def shown(clients: Any, *, within: models.Model | None = None) -> None:
    """Tell the door that these clients (rows or ids) were shown though nothing of theirs was unsealed, as by code.

    ``within``: as part of that row, which their lines then name.
    """
    opening, idents = trail.recorder(), {getattr(client, "pk", client) for client in clients}
    opening.opened |= idents
    opening.within |= {ident: within.pk for ident in idents if within}


def named(things: Iterable[models.Model]) -> None:
    """Tell the door that each of these rows is shown: one line for each, for rows with a key of their own."""
    trail.recorder().showing += things


def leaves(things: Iterable[models.Model]) -> None:
    """Tell the door that each of these rows leaves the house with its answer: one line of export for each, before the first byte."""
    trail.recorder().leaving += things


def sift(rows: Iterable[Row], look: Callable[[Row], Found | None]) -> Iterator[Found]:
    """A search: what ``look`` makes of each row, where it makes something. Its row then has a line, before it is sent.

    What else was opened on the way was read by the machine alone: nobody saw it, so no line says that somebody did.
    """
    opening = trail.recorder()
    for row in rows:
        before = set(opening.opened)
        found = look(row)
        opening.opened = before
        if found is not None:
            opening.showing.append(row)
            yield found
