"""The forms of a page as they stand in it, and what a person could put into each field."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from .words import Seeds

TEXT = {"text", "search", "email", "tel", "url", "password", "textarea"}


@dataclass
class Field:
    """One name of a form, with what it held when the page came."""

    name: str
    kind: str
    value: str = ""
    longest: int = 2000
    options: list[str] = field(default_factory=list)
    required: bool = False
    checked: bool = False


@dataclass
class Form:
    """A form: where it goes and what is in it."""

    action: str
    method: str
    autosave: str = ""
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        return [each.name for each in self.fields if each.kind == "file"]

    def filled(self, route: str, seeds: Seeds, chance: random.Random, bold: int) -> dict[str, list[str]]:
        """What is sent: planted strings in everything that takes words. ``bold``: how much of the rest is chosen anew, 0 to 2."""
        given: dict[str, list[str]] = {}
        for each in self.fields:
            for value in _values(each, route, seeds, chance, bold):
                given.setdefault(each.name, []).append(value)
        if self.buttons:
            name, value = self.buttons[0] if bold == 0 else chance.choice(self.buttons)
            if name:
                given[name] = [value]
        return given


def _values(each: Field, route: str, seeds: Seeds, chance: random.Random, bold: int) -> list[str]:
    match each.kind:
        case "password" | "file":
            return []
        case kind if kind in TEXT:
            kind = "tel" if bold == 2 and each.name in ("address", "phone") else kind
            return [seeds.sow(route, each.name, kind, each.longest) or each.value]
        case "select" | "radio":
            filled = [value for value in each.options if value]
            return [chance.choice(filled) if bold and filled else each.value or (filled[0] if filled else "")]
        case "checkbox":
            return [each.value or "on"] if each.checked or bold == 1 or (bold and chance.random() < 0.5) else []
        case _:
            return [each.value]


class Reader(HTMLParser):
    """Reads the forms out of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.inside: Field | None = None  # of a select or a textarea

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("data-autosave", ""))
            self.forms.append(self.form)
        elif self.form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text").lower() if tag == "input" else tag
        form = self.form
        assert form
        if tag == "option" and self.inside:
            self.inside.options.append(given.get("value", ""))
            self.inside.value = given.get("value", "") if "selected" in given else self.inside.value
        elif tag == "button" and given.get("type", "submit") == "submit":
            form.buttons.append((name, given.get("value", "")))
        elif tag in ("input", "select", "textarea") and name and "disabled" not in given:
            if kind == "radio" and (known := next((each for each in form.fields if each.name == name and each.kind == "radio"), None)):
                known.options.append(given.get("value", ""))
                known.value = given.get("value", "") if "checked" in given else known.value
                return
            longest = int(given.get("maxlength") or 2000)
            made = Field(name, kind, given.get("value", ""), min(longest, 2000), required="required" in given, checked="checked" in given)
            if kind == "radio":
                made.options, made.value = [made.value], made.value if made.checked else ""
            form.fields.append(made)
            self.inside = made if tag != "input" else None

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside.kind == "textarea":
            self.inside.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.inside = None
        elif tag == "form":
            self.form = None


def forms_of(page: str) -> list[Form]:
    """The forms of a page."""
    reader = Reader()
    reader.feed(page)
    return reader.forms


def multipart(given: dict[str, list[str]], files: dict[str, tuple[str, bytes, str]]) -> tuple[bytes, str]:
    """A body with files, and its content type."""
    edge = "----planted"
    parts: list[Any] = []
    for name, values in given.items():
        parts += [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for value in values]
    for name, (title, raw, kind) in files.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{title}"\r\nContent-Type: {kind}\r\n\r\n'
        parts += [head.encode() + raw + b"\r\n"]
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
