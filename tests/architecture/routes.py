"""Every route of the house, from the resolver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One path and what answers there."""

    name: str
    path: str
    view: Callable[..., Any]
    pattern: URLPattern

    def __str__(self) -> str:
        return self.name


def _walk(resolver: URLResolver, start: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        path = start + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        else:
            yield Route(entry.name or "", path, entry.callback, entry)


def routes() -> list[Route]:
    """All routes, by name."""
    return sorted(_walk(get_resolver()), key=lambda route: route.name)
