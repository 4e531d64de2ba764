"""Reading a form's Markdown: clauses with stable anchors, and their text as plain blocks for the page and the PDF alike.

A clause begins with ``## Title {#anchor WORD …}``. Words are rule keys it covers (``IC-7``), or say what is to be answered:
``check`` (an understanding check: a list of options, the right ones marked ``[x]``), ``short``, ``long``, ``choice``, ``date``,
with ``required``. Only emphasis, paragraphs and lists are markup; links, images and HTML stay the letters they are (attack 74).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

ANSWERS = ("check", "short", "long", "choice", "date")
START = "start"  # the anchor of what stands before the first heading

_HEADING = re.compile(r"^##\s+(?P<title>.*?)(?:\s*\{(?P<marks>[^{}]*)\})?\s*$")
_ANCHOR = re.compile(r"^#[a-z0-9][a-z0-9-]{0,58}$")
_OPTION = re.compile(r"^\s*[-*]\s+(?:\[(?P<mark>[ xX])\]\s+)?(?P<text>.+?)\s*$")
_PLACEHOLDER = re.compile(r"\[\[\s*([a-z_]*)\s*\]\]")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>&~])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>&~])")
_READER = MarkdownIt("zero").enable(["emphasis", "escape", "list", "newline"])

PLACEHOLDERS = {
    "practice": "the practice's name",
    "counselor": "the counselor's name and credentials",
    "supervision": "whether the counselor works under supervision, and whose",
    "client": "the client's name",
    "date": "the day of asking",
}


@dataclass(frozen=True)
class Option:
    """One choice of a question; ``right`` matters for an understanding check."""

    text: str
    right: bool


@dataclass(frozen=True)
class Clause:
    """A clause: ``text`` is Markdown, ``answer`` one of ANSWERS or empty."""

    anchor: str
    title: str
    text: str
    covers: tuple[str, ...] = ()
    answer: str = ""
    required: bool = False
    options: tuple[Option, ...] = field(default=())

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The text as blocks; the options of a question are not among them."""
        return blocks(self.text)


class Unreadable(ValueError):
    """A form that cannot be read; the message says where and why."""


def clauses(text: str) -> list[Clause]:
    """The clauses of ``text``. Raises Unreadable where an anchor is wrong, missing or there twice."""
    found: list[tuple[str, str, str, list[str]]] = []
    marks, title, lines, anchor = "", "", [], START
    for line in [*text.replace("\r\n", "\n").split("\n"), None]:
        heading = _HEADING.match(line) if line is not None else None
        if line is not None and heading is None:
            lines.append(line)
            continue
        if title or any(each.strip() for each in lines):
            found.append((anchor, title, marks, lines))
        if heading:
            title, marks, lines = heading["title"], heading["marks"] or "", []
            anchor = _anchor(title, marks)
    made = [_clause(*each) for each in found]
    _once(made)
    return made


def _anchor(title: str, marks: str) -> str:
    named = [mark for mark in marks.split() if mark.startswith("#")]
    if len(named) != 1 or not _ANCHOR.match(named[0]):
        raise Unreadable(f"“{title[:60]}” needs one anchor of small letters, digits and hyphens: ## {title[:40]} {{#anchor}}")
    return named[0][1:]


def _once(made: list[Clause]) -> None:
    seen: set[str] = set()
    for clause in made:
        if clause.anchor in seen:
            raise Unreadable(f"The anchor #{clause.anchor} is there twice: a question pinned to it would not know where it belongs.")
        seen.add(clause.anchor)


def _clause(anchor: str, title: str, marks: str, lines: list[str]) -> Clause:
    words = [mark for mark in marks.split() if not mark.startswith("#")]
    answer = next((word for word in words if word in ANSWERS), "")
    covers = tuple(word for word in words if word not in (*ANSWERS, "required"))
    options: tuple[Option, ...] = ()
    if answer in ("check", "choice"):
        options, lines = _options(lines)
        if len(options) < 2 or (answer == "check" and not any(option.right for option in options)):
            raise Unreadable(
                f"“{title[:60]}” needs a list of at least two answers{', the right one marked [x]' if answer == 'check' else ''}."
            )
    return Clause(anchor, _ESCAPED.sub(r"\1", title), "\n".join(lines).strip("\n"), covers, answer, "required" in words, options)


def _options(lines: list[str]) -> tuple[tuple[Option, ...], list[str]]:
    found = [(_OPTION.match(line), line) for line in lines]
    options = tuple(Option(match["text"], (match["mark"] or "").lower() == "x") for match, _ in found if match)
    return options, [line for match, line in found if not match]


# --- names --------------------------------------------------------------------------------------------------------------


def unknown_placeholders(text: str) -> list[str]:
    """What stands in [[…]] and is no name we fill in."""
    return sorted({name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS})


def filled(text: str, values: dict[str, str]) -> str:
    """``text`` with each [[name]] replaced by its value, which stays plain words whatever it looks like."""
    return _PLACEHOLDER.sub(lambda found: plain(values.get(found[1], found[0])), text)


def plain(words: str) -> str:
    """``words`` so that no reader of Markdown sees markup in them."""
    return _MARKUP.sub(r"\\\1", " ".join(words.split()))


# --- blocks -------------------------------------------------------------------------------------------------------------


def blocks(text: str) -> list[dict[str, Any]]:
    """Markdown as blocks: {"kind": "text", "runs": […]} and {"kind": "list", "ordered": bool, "items": [[block, …], …]}.

    A run is {"text", "strong", "em"}; a line end within a paragraph is a run with the text "\\n".
    """
    return _blocks(SyntaxTreeNode(_READER.parse(text)).children)


def _blocks(nodes: list[SyntaxTreeNode]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            items = [_blocks(item.children) for item in node.children]
            made.append({"kind": "list", "ordered": node.type == "ordered_list", "items": items})
        elif node.type == "paragraph":
            made.append({"kind": "text", "runs": _runs(node.children[0].children, strong=False, em=False)})
    return made


def _runs(nodes: list[SyntaxTreeNode], *, strong: bool, em: bool) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for node in nodes:
        if node.type in ("strong", "em"):
            runs += _runs(node.children, strong=strong or node.type == "strong", em=em or node.type == "em")
        else:
            runs.append({"text": "\n" if node.type in ("softbreak", "hardbreak") else node.content, "strong": strong, "em": em})
    return runs


# --- from version to version --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """How a clause differs between two versions: ``what`` is "new", "gone", "changed" or "same"."""

    what: str
    before: Clause | None
    after: Clause | None


def compared(before: str, after: str) -> list[Change]:
    """Clause by clause, by anchor, in the order of ``after``; what is gone stands last."""
    old = {clause.anchor: clause for clause in clauses(before)}
    new = clauses(after)
    changes = [_change(old.get(clause.anchor), clause) for clause in new]
    kept = {clause.anchor for clause in new}
    return changes + [Change("gone", clause, None) for clause in old.values() if clause.anchor not in kept]


def _change(before: Clause | None, after: Clause) -> Change:
    if before is None:
        return Change("new", None, after)
    same = (before.title, before.text.split(), before.options) == (after.title, after.text.split(), after.options)
    return Change("same" if same else "changed", before, after)
