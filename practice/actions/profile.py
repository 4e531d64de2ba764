"""The practice's profile: each change leaves a line that says what was changed."""

from __future__ import annotations

from typing import Any

from audit import clock, trail
from practice import profile
from practice.models import Logo, Practice, User
from practice.pictures import NotAPicture, redraw
from practice.refusals import Refused


def change(practice: Practice, *, by: User, **values: Any) -> list[str]:
    """Give ``practice`` these values; returns the names of those that are new. Each leaves a line, a flag's with its new state."""
    changed = [name for name, value in values.items() if getattr(practice, name) != value]
    for name in changed:
        setattr(practice, name, values[name])
        trail.change(practice, _verb(name, values[name]))
    practice.save(update_fields=changed)
    profile.forget()
    return changed


def _verb(name: str, value: Any) -> str:
    state = {True: "_on", False: "_off"}[value] if isinstance(value, bool) else ""
    return f"profile_{name.removesuffix('_on')}{state}"


def put_up_logo(practice: Practice, raw: bytes, *, by: User) -> None:
    """Make ``raw`` the practice's logo, drawn again. Raises Refused where it is no PNG, JPEG or WebP."""
    try:
        picture = redraw(raw)
    except NotAPicture:
        raise Refused("", "This is no PNG, JPEG or WebP picture that we can read.", "Save it as PNG and try again.") from None
    fields = {"image": picture.image, "width": picture.width, "height": picture.height, "changed_at": clock.now()}
    Logo.objects.update_or_create(practice=practice, defaults=fields)
    trail.change(practice, "profile_logo")
    profile.forget()


def take_down_logo(practice: Practice, *, by: User) -> None:
    """Remove the logo; without one the mark of the house stands in its place."""
    Logo.objects.filter(practice=practice).delete()
    trail.change(practice, "profile_logo_removed")
    profile.forget()
