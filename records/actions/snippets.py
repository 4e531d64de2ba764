"""Snippets: kept, shared, taken away. Each leaves a line."""

from __future__ import annotations

from uuid import UUID

from audit import clock, trail
from practice.models import User
from records.models import Snippet
from records.rows import insert


def keep_snippet(*, by: User, name: str, text: str, shared: bool, ident: UUID | None = None) -> Snippet:
    """A new snippet of ``by``; ``shared`` shows it to every counselor. Sent twice, it is kept once."""
    already = Snippet.objects.filter(pk=ident, owner=by).first() if ident else None
    if already:
        return already
    snippet = Snippet(owner=by, name=name, text=text, shared=shared)
    insert(snippet, ident)
    trail.change(snippet, "keep_snippet")
    return snippet


def change_snippet(snippet: Snippet, *, by: User, name: str, text: str, shared: bool) -> None:
    """Change one's own snippet. Notes it was put into stay as they are."""
    snippet.name, snippet.text, snippet.shared, snippet.changed_at = name, text, shared, clock.now()
    snippet.save()
    trail.change(snippet, "change_snippet")


def remove_snippet(snippet: Snippet, *, by: User) -> None:
    """Take one's own snippet away, from everybody it was shared with as well."""
    trail.change(snippet, "remove_snippet")
    snippet.delete()
