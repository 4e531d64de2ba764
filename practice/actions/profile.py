"""The practice's profile: each change leaves a line that says what was changed."""

from __future__ import annotations

from typing import Any

from audit import clock, trail
from practice import profile
from practice.models import Logo, Ownership, Practice, User
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


def choose_ownership(practice: Practice, model: str, reason: str = "", *, by: User) -> Ownership:
    """Say to whom the records belong. Raises Refused where it is so already, and for a change without a reason (RET-26)."""
    before = Ownership.objects.order_by("-chosen_at").first()
    if model not in Ownership.Model.values:
        raise Refused("RET-26", "The records belong to the practice or to the counselor.", "Choose one.")
    if before and before.model == model:
        raise Refused("", "This is what holds already.", "")
    if before and not reason.strip():
        raise Refused("RET-26", "A change of who owns the records needs a reason.", "Write it down: it stays with the choice.")
    row = Ownership(model=model, chosen_by=by, reason=reason.strip())
    row.save(force_insert=True)
    trail.change(practice, f"ownership_{model}")
    profile.forget()
    return row


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
