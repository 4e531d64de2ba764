"""The paper "How we may reach you": what was agreed is read, signed under, and over when it is taken back (CM-3, CM-4)."""

from __future__ import annotations

import pytest

from audit import clock
from clients import actions as clients
from clients.models import Channel, Client, Purpose, SafeWay
from clients.reaching import standing
from clients.risks import risks
from consent import actions
from consent.access import own_signers
from consent.actions.asking import Named
from consent.models import Signer
from consent.renewals import renewing_version
from messaging import actions as messaging
from practice.models import User
from practice.refusals import Refused
from tests.cast import acting
from tests.reached import may_use, reachable

from .papers import asked, form_in_force, signed_by

TEXT = "You decide.\n\n## Take it back {#stop CM-3.stop}\nAt any time.\n"
HER_MAIL = "only.hers@mail.test"


def rows(client: Client, by: User) -> dict[str, SafeWay]:
    with acting(by):
        return {row.channel: row for row in standing(client)}


def test_cm_3_the_paper_shows_each_way_with_its_risks_and_marks_no_other_as_signed(cleo: Client, ana: User, portal_cleo: User) -> None:
    with acting(ana):
        reachable(cleo, ana, "mail", HER_MAIL)
        phone = cleo.contact_points.get(kind="phone")
        clients.agree(cleo, clients.Terms(Channel.VOICE, never=True), by=ana, point=phone)
        clients.agree(cleo, clients.Terms(Channel.PORTAL, purposes=Purpose.values), by=ana)  # its risks were not gone through
    request = asked(cleo, ana, form_in_force("reaching", TEXT, "How we may reach you"))
    with acting(ana):
        shown = request.shown.replace("\\", "")
        assert f"**Plain e-mail, {HER_MAIL}:** For everything" in shown
        assert all(words in shown for words in risks("email_plain").values())
        assert f"**Calls, {phone.address}:** Never" in shown
        assert risks("portal")["lost_phone"] not in shown
        clients.agree(cleo, clients.Terms(Channel.VOICE, purposes=["crisis"], ticked=list(risks("voice"))), by=ana, point=phone)
        assert renewing_version(request) is None  # it is sent anew when what it shows changes, and by no clock
    signature = signed_by(portal_cleo, request)
    found = rows(cleo, ana)
    assert found["email_plain"].signature == signature.pk
    assert found["voice"].signature is None  # said after the paper was made
    assert found["portal"].signature is None


def test_cm_3_nothing_is_asked_to_be_signed_before_its_risks_were_gone_through(cleo: Client, ana: User) -> None:
    version = form_in_force("reaching", TEXT, "How we may reach you")
    with acting(ana):
        clients.agree(cleo, clients.Terms(Channel.PORTAL, purposes=["records"]), by=ana)
    with pytest.raises(Refused, match="risks gone through") as refused:
        asked(cleo, ana, version)
    assert refused.value.rule == "CM-3"


def test_cm_3_the_paper_is_one_persons(mia: Client, ana: User) -> None:
    version = form_in_force("reaching", TEXT, "How we may reach you")
    with acting(ana):
        mother = clients.add_representative(mia, by=ana, relation="parent", name="Iris Vale", authority="parent", since=clock.now())
    two = (Named(mia, Signer.Capacity.ASSENT), Named(mia, Signer.Capacity.GUARDIAN, mother))
    with pytest.raises(Refused, match="one person's own addresses"):
        asked(mia, ana, version, *two)


def test_cm_4_whole_texts_wait_for_the_signature_and_stop_with_it(cleo: Client, ana: User, portal_cleo: User) -> None:
    with acting(ana):
        may_use(cleo, ana, reachable(cleo, ana, "mail", HER_MAIL), level="full")
        never = clients.add_contact_point(cleo, by=ana, kind="phone", address="503 555 0199")
        clients.agree(cleo, clients.Terms(Channel.SMS, never=True), by=ana, point=never)
        said = messaging.Words("Tuesday", "We meet on Tuesday at ten.", level="full")

        def told() -> str:
            return messaging.notify("paper", messaging.To(cleo, channel=Channel.MAIL), said, by=ana).state

        assert told() == "refused"
    paper = asked(cleo, ana, form_in_force("reaching", TEXT, "How we may reach you"))
    signed_by(portal_cleo, paper)
    with acting(ana):
        assert told() == "handed"
    with acting(portal_cleo):
        actions.withdraw(own_signers(portal_cleo).get(request=paper), by=portal_cleo)
    found = rows(cleo, ana)
    assert set(found) == {"sms"}
    assert found["sms"].never
    with acting(ana):
        assert told() == "refused"
        assert not next(point for point in cleo.contact_points.all() if point.address == HER_MAIL).may_contact
