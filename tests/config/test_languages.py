"""What is marked for translation, what is translated, and what the house reads are the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo
from django.conf import settings

from practice.management.commands.languages import marked, read

FILES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))


def pairs(catalog: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalog if message.id}


def test_every_language_of_the_house_has_a_catalog_but_the_one_it_is_written_in() -> None:
    assert {path.parent.parent.name for path in FILES} == {code for code, _ in settings.LANGUAGES} - {"en"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.parent.name)
class TestEach:
    """Each catalog. After a change of words: python manage.py languages."""

    def test_it_holds_every_marked_string_and_no_other(self, path: Path) -> None:
        assert set(pairs(read(path))) == set(marked(settings.ROOT))

    def test_everything_is_translated(self, path: Path) -> None:
        assert [text for text, there in pairs(read(path)).items() if not there] == []

    def test_what_the_house_reads_is_what_the_translator_wrote(self, path: Path) -> None:
        with path.with_suffix(".mo").open("rb") as file:
            assert pairs(read_mo(file)) == pairs(read(path))

    def test_a_translation_brings_no_markup_and_loses_no_value(self, path: Path) -> None:
        """A quote would end an attribute; a tag or a value that was not there could be anything."""
        for text, there in pairs(read(path)).items():
            assert '"' not in there, there
            for kind in (r"</?\w+>", r"%\(\w+\)s"):
                assert sorted(re.findall(kind, text)) == sorted(re.findall(kind, there)), there
