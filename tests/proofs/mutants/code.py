"""Rules and checks with one condition taken out, or one role for another. A function keeps its identity and gets other code."""

from __future__ import annotations
import __future__

import ast
import copy
import inspect
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from tests.architecture.source import ROOMS, ROOT

from .mutant import Mutant

Change = Callable[[ast.AST], None]
FLAGS = __future__.annotations.compiler_flag
SWAPS = {
    "COUNSELOR": "DESK", "DESK": "COUNSELOR", "ADMIN": "COUNSELOR", "SUPERVISOR": "COUNSELOR", "COUNSEL": "SUPERVISE", "COVER": "SUPERVISE",
    "SUPERVISE": "COUNSEL", "PORTAL_SELF": "PORTAL_REPRESENT", "PORTAL_REPRESENT": "PORTAL_SELF",
}  # fmt: skip
NAMES = {"CLINICAL": "PORTAL", "PORTAL": "CLINICAL", "_COUNSEL": "CLINICAL", "STAFF": "PORTAL"}
# Beside each room's access.py: where else it is decided who may.
CHECKS = {
    "practice.models.people": [
        "UserManager.working", "UserManager.staff", "User.holds", "User.is_staff_member", "User.is_portal_user", "User.has_left",
    ],
    "practice.signin": [
        "SignIn.authenticate", "SignIn.user_can_authenticate", "is_fresh", "is_own_path", "Accounts.pre_login", "Accounts.login",
    ],
    "practice.middleware": ["needs_second_factor", "has_factor", "Standing.__call__", "Standing.process_view"],
    "audit.doors": ["_find", "_read", "_change"],
}  # fmt: skip


@cache
def functions() -> list[tuple[str, FunctionType, ast.FunctionDef, str]]:
    """(name, function, its source as a tree, its file) of everything that decides who may."""
    return list(_functions())


def _functions() -> Iterator[tuple[str, FunctionType, ast.FunctionDef, str]]:
    rooms = {f"{room}.access": None for room in ROOMS if (ROOT / room / "access.py").exists()}
    for place, chosen in (rooms | CHECKS).items():
        module = import_module(place)
        path = inspect.getsourcefile(module) or ""
        for name, tree in _defined(ast.parse(Path(path).read_text())):
            if chosen is None or name in chosen:
                yield f"{place}.{name}", _found(module, name), tree, path


def _defined(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{each.name}", each) for each in node.body if isinstance(each, ast.FunctionDef))


def _found(module: Any, name: str) -> FunctionType:
    """The function behind ``name``: below a cache, a property, a context manager."""
    thing: Any = module
    for part in name.split("."):
        thing = inspect.getattr_static(thing, part)
    thing = getattr(thing, "fget", None) or getattr(thing, "__func__", None) or thing
    return inspect.unwrap(thing)


def compiled(tree: ast.FunctionDef, function: FunctionType, path: str) -> CodeType | None:
    """The code of the changed ``tree``, to be put into ``function``; None where it would be of another shape."""
    tree.decorator_list = []
    wrapper: ast.stmt = tree
    if "__class__" in function.__code__.co_freevars:  # super() wants a class around
        wrapper = ast.ClassDef("Around", [], [], [tree], [])
    module = ast.fix_missing_locations(ast.Module([wrapper], []))
    made = [compile(module, path, "exec", FLAGS, dont_inherit=True)]
    while made:
        code = made.pop()
        if code.co_name == tree.name and code.co_freevars == function.__code__.co_freevars:
            return code
        made += [each for each in code.co_consts if isinstance(each, CodeType)]
    return None


# --- what can be changed -------------------------------------------------------------------------------------------------


def _become(node: ast.AST, other: ast.AST) -> None:
    node.__class__ = other.__class__  # type: ignore[assignment]  # in place: its parent need not be known
    node.__dict__ = other.__dict__


def _drop(node: Any, list_name: str, index: int) -> None:
    del getattr(node, list_name)[index]


def _receiver(node: Any) -> None:
    """``rows.filter(…)`` becomes ``rows``."""
    rows = node.func.value
    if isinstance(rows, ast.Attribute) and rows.attr == "objects":
        rows = ast.Call(ast.Attribute(rows, "all", ast.Load()), [], [])
    _become(node, rows)


def _set(name: str, value: Any, node: Any) -> None:
    setattr(node, name, value)


def _side(name: str, node: Any) -> None:
    _become(node, getattr(node, name))


def _of_call(node: ast.Call) -> Iterator[tuple[str, Change]]:
    """Each condition of a filter; each role of a question for roles; each part of a Q or Exists that has several."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    given = [("args", number, ast.unparse(each)) for number, each in enumerate(node.args)]
    given += [("keywords", number, ast.unparse(each)) for number, each in enumerate(node.keywords)]
    if called in ("filter", "exclude"):
        if len(given) == 1:
            yield f"{called} without {given[0][2]}", _receiver
            return
        for where, number, words in given:
            yield f"{called} without {words}", partial(_drop, list_name=where, index=number)
    elif called == "Q" and len(given) > 1:
        for where, number, words in given:
            yield f"{called} without {words}", partial(_drop, list_name=where, index=number)
    elif called == "_practice_if":
        yield f"always, not if {given[0][2]}", partial(_set, "args", [ast.Constant(True)])


def _of_node(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Call():
            yield from _of_call(node)
        case ast.BoolOp(op=ast.And()):
            for number, each in enumerate(node.values):
                yield f"and without {ast.unparse(each)}", partial(_drop, list_name="values", index=number)
        case ast.BinOp(op=ast.BitAnd()):
            yield f"without {ast.unparse(node.right)}", partial(_side, "left")
            yield f"without {ast.unparse(node.left)}", partial(_side, "right")
        case ast.IfExp():
            yield f"always, not if {ast.unparse(node.test)}", partial(_side, "body")
            if "none()" not in ast.unparse(node.orelse):
                yield f"never, even if {ast.unparse(node.test)}", partial(_side, "orelse")
        case ast.If():
            yield f"never: if {ast.unparse(node.test)}", partial(_set, "test", ast.Constant(False))
            if node.orelse:
                yield f"always: if {ast.unparse(node.test)}", partial(_set, "test", ast.Constant(True))
        case ast.Attribute(value=ast.Name(id="Role" | "Codename"), attr=attr) if attr in SWAPS:
            yield f"{SWAPS[attr]} for {attr}", partial(_set, "attr", SWAPS[attr])
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            yield f"{NAMES[name]} for {name}", partial(_set, "id", NAMES[name])


def _single(values: list[Any]) -> bool:
    return len(values) == 1


def _tidied(tree: ast.AST) -> None:
    """A boolean operation that lost all but one part is that part."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BoolOp) and _single(node.values):
            _become(node, node.values[0])


def _inside(tree: ast.FunctionDef) -> list[ast.AST]:
    """The nodes of the body alone: a default or an annotation is no check."""
    return [node for statement in tree.body for node in ast.walk(statement)]


def _put(function: FunctionType, code: CodeType) -> None:
    function.__code__ = code


def mutants() -> Iterator[Mutant]:
    """Every one, named by function and change."""
    seen: dict[str, int] = {}
    for name, function, tree, path in functions():
        for number, node in enumerate(_inside(tree)):
            for change, make in _of_node(node):
                changed = copy.deepcopy(tree)
                make(_inside(changed)[number])
                _tidied(changed)
                code = compiled(changed, function, path)
                if code is None:
                    continue
                full = f"{name}: {' '.join(change.split())}"
                seen[full] = seen.get(full, 0) + 1
                full += f" ({seen[full]})" if seen[full] > 1 else ""
                place = f"{path.removeprefix(f'{ROOT}/')}:{getattr(node, 'lineno', tree.lineno)}"
                yield Mutant(full, place, frozenset({name}), partial(_put, function, code))
