"""Keeps locale/ in step with the sources: finds marked strings, updates each .po file and compiles it to .mo.

For those who translate; it needs Babel (requirements-dev) and no gettext tools. The .mo files are kept in the repository,
so that a house speaks its languages with nothing to build. tests/config/test_languages.py fails where they drifted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

_CALL = re.compile(r"""\b(?:_|gettext)\((u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))\)""")
_KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None}


def _of_template(path: Path) -> Iterator[str]:
    """The marked strings of a template."""
    for literal in _CALL.findall(templatize(path.read_text())):
        (_, text, _, _) = next(iter(extract("python", BytesIO(f"_({literal})".encode()), _KEYWORDS)))
        yield str(text)


def _of_source(path: Path) -> Iterator[str]:
    """The marked strings of a Python file."""
    with path.open("rb") as file:
        for _, text, _, _ in extract("python", file, _KEYWORDS):
            yield str(text)


def marked(root: Path) -> dict[str, list[str]]:
    """Every marked string below ``root`` with the files it stands in, in their order."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "templates").rglob("*.html")):
        for text in _of_template(path):
            found.setdefault(text, []).append(str(path.relative_to(root)))
    for room in settings.ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            for text in _of_source(path):
                found.setdefault(text, []).append(str(path.relative_to(root)))
    return found


def template_of(root: Path) -> Catalog:
    """An empty catalog of every marked string."""
    catalog = Catalog(project="Sub Rosa", charset="utf-8")
    for text, places in marked(root).items():
        catalog.add(text, locations=[(place, 0) for place in dict.fromkeys(places)])
    return catalog


def read(path: Path) -> Catalog:
    """The catalog in ``path``, in the language its folder is named for."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, charset="utf-8")


def compiled(catalog: Catalog) -> bytes:
    """``catalog`` as a .mo file."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Finds the strings to translate, updates locale/*/LC_MESSAGES/django.po and compiles django.mo. Needs Babel."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po")):
            catalog = read(path)
            catalog.update(template_of(settings.ROOT), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
            catalog.obsolete.clear()
            catalog.msgid_bugs_address, catalog.last_translator, catalog.language_team = "", "Sub Rosa", "Sub Rosa"
            with path.open("wb") as file:
                write_po(file, catalog, width=140, sort_output=True, include_lineno=False)
            path.with_suffix(".mo").write_bytes(compiled(read(path)))
            missing = sum(1 for message in catalog if message.id and not message.string)
            self.stdout.write(f"{path.parent.parent.name}: {len(catalog)} strings, {missing} not translated yet")
