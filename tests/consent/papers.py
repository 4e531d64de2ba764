"""Forms in force for tests, and the shortest way to a signature."""

from __future__ import annotations

from audit import clock
from clients import actions as clients
from clients.models import Client, ContactPoint
from consent import actions, law
from consent.access import own_signers
from consent.actions.asking import Named
from consent.actions.signing import Given
from consent.evidence import text_hash
from consent.models import Form, Request, Signature, Signer, Version
from practice.models import User
from tests.cast import acting
from tests.reached import may_use

CONSENT = """We keep what you say between us.

## What counseling is {#what IC-1 IC-2 IC-3 IC-4 IC-5 IC-6 IC-8 IC-9 IC-10 IC-12}
[[counselor]] will **listen** and help.

## Limits {#limits IC-7}
There are limits, by law.

## Supervision {#supervision IC-11}
[[supervision]]
"""
CHECK = """
## Who may read the notes? {#who-reads check}
- [x] The care team
- [ ] Anybody
"""


def form_in_force(
    kind: str = "counseling", text: str = CONSENT, title: str = "Consent to counseling", language: str = "en", **fields: object
) -> Version:
    """A form of ``kind`` with a version in force, without going through its approval."""
    now = clock.now()
    form = Form.objects.create(kind=kind, title=title, **fields)
    version = Version(form=form, number=1, title=title, text=text, language=language, state="in_force", approved_at=now, in_force_at=now)
    version.approved_by = User.objects.create_user(f"approver-{form.pk}@sub.test", name="An approver")
    version.text_hash = text_hash(version)
    version.save(force_insert=True)
    return version


def allow_mail(client: Client, by: User, address: str, **more: object) -> ContactPoint:
    """A mail address that ``client`` allowed."""
    with acting(by):
        point = clients.add_contact_point(client, by=by, kind="mail", address=address, label="mine", may_contact=True, **more)  # type: ignore[arg-type]  # label
        return may_use(client, by, point)


def asked(client: Client, by: User, version: Version, *signers: Named, **more: object) -> Request:
    """``version`` asked of ``client``; of themself, unless others are named."""
    with acting(by):
        named = signers or (Named(client, Signer.Capacity.SELF),)
        return actions.ask(client, version, by=by, counselor=by, signers=named, **more)  # type: ignore[arg-type]  # rule, particulars, sending


def given(request: Request, **more: object) -> Given:
    """What somebody gives who agrees; ``more`` changes it."""
    values = {"name": "Cleo Marchetti", "shown": bytes(request.shown_hash).hex(), "voluntary": True, "method": "password"} | more
    return Given(**values)  # type: ignore[arg-type]  # as Given's fields


def signed_by(user: User, request: Request, **more: object) -> Signature:
    """``user`` opens ``request`` in the portal, agrees to sign on screen, and signs."""
    with acting(user):
        signer = own_signers(user).get(request=request)
        actions.present(signer, by=user)
        actions.agree_electronically(signer, by=user, shown=list(law.disclosures()), demonstrated="opened the sample paper")
        return actions.sign(signer, given(request, **more), by=user)
