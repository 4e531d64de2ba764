"""The house's own pulse, for the process manager and for monitoring."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from audit.doors import public
from practice import health


@public("Says which parts work and nothing else; a monitor has no account.")
def healthz(request: HttpRequest) -> HttpResponse:
    """A line for each part: 200 if all are well, 503 if one is ill."""
    found = {part: health.well(part) for part in health.PARTS}
    lines = "".join(f"{part}: {'ok' if well else 'ill'}\n" for part, well in found.items())
    return HttpResponse(lines, status=200 if all(found.values()) else 503, content_type="text/plain; charset=utf-8")
