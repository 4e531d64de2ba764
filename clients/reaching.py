"""At which address somebody with an account in the portal agreed to be written to. Nobody is written to anywhere else (CM-3)."""

from __future__ import annotations

from .access import in_portal
from .models import Client, ClientPermission, Codename, ContactPoint, Representative


def account_of(person: Client, representative: Representative | None = None) -> ClientPermission | None:
    """The grant by which ``person``, or ``representative`` for them, is in the portal now, if any. Asked with a client that a door gave."""
    if representative:
        grants = in_portal(person).filter(permission__codename=Codename.PORTAL_REPRESENT, user=representative.user_id)
    else:
        grants = in_portal(person).filter(permission__codename=Codename.PORTAL_SELF)
    return grants.select_related("user").order_by("-since").first()


def agreed_mail(person: Client, representative: Representative | None = None) -> str:
    """Where to write to them; empty without an account, or where the client allowed no mail.

    To a client only at an address they allowed: their account's if that is one, else another. Who represents somebody signs in with an
    address they named for it themselves.
    """
    grant = account_of(person, representative)
    if grant is None:
        return ""
    own: str = grant.user.email
    return own if representative else _allowed(person, own)


def _allowed(person: Client, own: str) -> str:
    points = ContactPoint.objects.filter(client=person.pk, kind=ContactPoint.Kind.MAIL, may_contact=True).order_by("pk")
    allowed = [point.address.strip() for point in points]
    return next((address for address in allowed if address.casefold() == own.casefold()), allowed[0] if allowed else "")
