"""T02: no index, column or extension keeps pieces of what is sealed, such as trigrams or lexemes; only keyed tokens are searched."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.committed import as_owner

PIECES = """SELECT 'extension ' || extname FROM pg_extension WHERE extname <> 'plpgsql'
    UNION ALL SELECT 'column ' || c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_type t ON t.oid = a.atttypid
        WHERE c.relnamespace = 'public'::regnamespace AND t.typname IN ('tsvector', 'tsquery', 'gtrgm', 'hstore')
    UNION ALL SELECT 'index ' || i.relname || ' of ' || c.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_class c ON c.oid = x.indrelid JOIN pg_am m ON m.oid = i.relam
        WHERE c.relnamespace = 'public'::regnamespace AND m.amname NOT IN ('btree', 'brin')"""
INDEXED = """SELECT c.relname || '.' || a.attname FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(x.indkey) WHERE c.relnamespace = 'public'::regnamespace"""


def sealed() -> set[str]:
    """table.column of every sealed field."""
    return {
        f"{model._meta.db_table}.{model._meta.get_field(name).column}"  # type: ignore[union-attr]  # a column
        for model in apps.get_models()
        for name in getattr(getattr(model, "Privacy", None), "sealed", [])
    }


def asked(cursor: Any, statement: str) -> set[str]:
    cursor.execute(statement)
    return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_t02_nothing_keeps_pieces_of_what_is_sealed() -> None:
    with connection.cursor() as cursor:
        assert asked(cursor, PIECES) == set()
        assert asked(cursor, INDEXED) & sealed() == set()
    assert len(sealed()) > 100


def test_t02_control_an_index_of_words_is_found(own_db: str) -> None:
    with as_owner(own_db) as owner:
        owner.execute("CREATE TABLE public.t (words tsvector); CREATE INDEX pieces ON public.t USING gin (words)")
        assert asked(owner, PIECES) == {"column t.words", "index pieces of t"}
