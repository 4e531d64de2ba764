"""Contact safety: asked beside each address, nothing allowed until asked, each change a new row (CM-3 to CM-6)."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.db import ProgrammingError, transaction
from django.urls import reverse

from audit import clock
from clients import actions, reaching
from clients.models import Channel, Client, ContactPoint, Level, Purpose, SafeWay
from clients.reaching import NotThisWay
from clients.risks import risks
from practice.actions import outbox
from practice.models import Notice, User
from practice.refusals import Refused
from tests.cast import SignIn, acting
from tests.reached import may_use, reachable

pytestmark = pytest.mark.django_db
HOME = "cleo.home@mail.test"


def ground(client: Client, by: User, **asked: object) -> str:
    """Why nothing may go, as a key of GROUNDS; nothing where it may."""
    with acting(by):
        try:
            reaching.way_to(client, **asked)  # type: ignore[arg-type]  # as a view would
        except NotThisWay as no:
            return no.ground
    return ""


def test_cm_3_nothing_is_allowed_until_it_was_asked_discussed_and_known_to_be_theirs(ana: User, cleo: Client) -> None:
    with acting(ana):
        point = actions.add_contact_point(cleo, by=ana, kind="mail", address=HOME, may_contact=True)
    assert ground(cleo, ana) == "unasked"
    with acting(ana):
        actions.agree(cleo, actions.Terms(Channel.MAIL, [Purpose.RECORDS]), by=ana, point=point)
    assert ground(cleo, ana) == "risks"
    with acting(ana), pytest.raises(Refused, match="Not yet gone through"):
        actions.agree(cleo, actions.Terms(Channel.MAIL, [Purpose.RECORDS], ticked=["transit"]), by=ana, point=point)
    with acting(ana):
        actions.agree(cleo, actions.Terms(Channel.MAIL, [Purpose.RECORDS], ticked=list(risks(Channel.MAIL))), by=ana, point=point)
    assert ground(cleo, ana) == "unverified"
    with acting(ana):
        actions.heard(point, by=ana)
        assert reaching.way_to(cleo).address == HOME
    assert ground(cleo, ana, purpose=Purpose.BILLING) == "unasked"


def test_cm_3_a_voicemail_where_no_message_is_safe_is_refused(ana: User, cleo: Client) -> None:
    """Test (a) of section 4: agreed on once, and the message beside the number is not safe any more."""
    with acting(ana):
        phone = may_use(cleo, ana, cleo.contact_points.get(kind="phone"), Channel.VOICEMAIL)
    assert ground(cleo, ana, purpose=Purpose.SCHEDULING, channel=Channel.VOICEMAIL) == ""
    with acting(ana):
        actions.change_contact_point(phone, by=ana, safe_to_leave_message=False)
    assert ground(cleo, ana, purpose=Purpose.SCHEDULING, channel=Channel.VOICEMAIL) == "voicemail"


def test_cm_3_never_means_never_whatever_else_was_agreed(ana: User, cleo: Client) -> None:
    with acting(ana):
        point = reachable(cleo, ana, "mail", HOME)
        other = actions.add_contact_point(cleo, by=ana, kind="mail", address=HOME.upper(), may_contact=False)
        actions.agree(cleo, actions.Terms(Channel.MAIL, never=True), by=ana, point=other)
    assert ground(cleo, ana) == "never"  # the same mailbox, however it is written
    with acting(ana):
        actions.agree(cleo, actions.Terms(Channel.SMS, never=True), by=ana)
    assert ground(cleo, ana, channel=Channel.SMS) == "never"
    with acting(ana), pytest.raises(NotThisWay):
        actions.send_code(point, Channel.MAIL, by=ana)


def test_cm_4_no_more_is_said_than_they_allowed_and_no_whole_text_without_a_signature(ana: User, cleo: Client) -> None:
    with acting(ana):
        reachable(cleo, ana, "mail", HOME, level=Level.MINIMAL)
    assert ground(cleo, ana, level=Level.MINIMAL) == ""
    assert ground(cleo, ana, level=Level.FULL) == "level"
    with acting(ana):
        may_use(cleo, ana, cleo.contact_points.get(kind="mail", verified_at__isnull=False), level=Level.FULL)
    assert ground(cleo, ana, level=Level.FULL) == "unsigned"


def test_cm_5_an_address_that_was_put_away_is_refused_however_it_is_written(ana: User, cleo: Client) -> None:
    with acting(ana):
        home = reachable(cleo, ana, "post", "12 Elm Street, Apt. 4\nSalem, OR 97301")
        wish = actions.Elsewhere([home], kind="post", address="PO Box 9, Salem, OR 97301", payment="In the room")
        actions.accommodate(cleo, wish, source=cleo.pk, by=ana)
        with pytest.raises(NotThisWay, match="another address"):
            reaching.require_not_replaced(cleo, "By post to 12 elm street apt 4, SALEM OR 97301")
        again = reachable(cleo, ana, "post", "12 Elm Street Apt 4 Salem OR 97301")
        assert reaching.lawful_post(cleo) == "PO Box 9, Salem, OR 97301"
    assert ground(cleo, ana, channel=Channel.POST) in ("replaced", "unverified")
    with acting(ana):
        actions.heard(cleo.contact_points.get(kind="post", verified_at=None), by=ana)
        assert reaching.way_to(cleo, channel=Channel.POST).address == "PO Box 9, Salem, OR 97301"
        assert again.may_contact


def test_cm_6_another_address_is_proved_by_a_code_that_went_there(ana: User, cleo: Client, portal_cleo: User) -> None:
    with acting(ana):
        point = reachable(cleo, ana, "mail", HOME)
        point.safe_to_leave_message = True
        point.save()
        actions.change_contact_point(point, by=ana, address="cleo.work@mail.test")
    assert ground(cleo, ana) == "unverified"
    with acting(portal_cleo):
        own = cleo.contact_points.get(pk=point.pk)
        with pytest.raises(Refused, match="known by a code"):
            actions.heard(own, by=portal_cleo)
        actions.send_code(own, Channel.MAIL, by=portal_cleo)
    outbox.send_due()
    told = {letter.to[0]: letter.body for letter in mail.outbox}
    assert "replaced by another one" in told[HOME]  # a message was safe there
    code = told["cleo.work@mail.test"].split("code is ")[1][:6]
    with acting(portal_cleo):
        assert not actions.say_code(own, "000000" if code != "000000" else "111111", by=portal_cleo)
        assert actions.say_code(own, code, by=portal_cleo)
        assert not actions.say_code(own, code, by=portal_cleo)
    assert ground(cleo, ana) == ""


def test_what_was_agreed_on_a_day_stays_readable_and_never_changes(ana: User, cleo: Client, dee: User) -> None:
    now = clock.now()
    with acting(ana):
        point = reachable(cleo, ana, "mail", HOME)
    with clock.at(now + datetime.timedelta(days=3)), acting(dee):
        actions.agree(cleo, actions.Terms(Channel.MAIL, [Purpose.BILLING]), by=dee, point=point)
    with acting(ana):
        former, latest = SafeWay.objects.filter(channel=Channel.MAIL).order_by("valid_from")
        assert (former.address, former.valid_to == latest.valid_from) == (HOME, True)
        assert latest.discussed_at == former.discussed_at
        with pytest.raises(ProgrammingError), transaction.atomic():
            SafeWay.objects.filter(pk=former.pk).update(valid_to=None)


def test_hours_are_meant_in_their_zone_and_a_late_worker_does_not_ring_at_night(ana: User, cleo: Client) -> None:
    nine, five = datetime.time(9), datetime.time(17)
    with acting(ana):
        actions.keep_profile(cleo, by=ana, zone="America/New_York")
        reachable(cleo, ana, "mail", HOME, days=[0, 1], opens=nine, closes=five)
    friday = datetime.datetime(2026, 11, 27, 15, tzinfo=datetime.UTC)
    with clock.at(friday), acting(ana):
        way = reaching.way_to(cleo)
        notice = outbox.queue("test", way.address, "A", "B", hours=way.hours)
    assert notice.due_at == datetime.datetime(2026, 11, 30, 14, tzinfo=datetime.UTC)  # Monday at nine in New York
    with clock.at(notice.due_at + datetime.timedelta(hours=9)):
        assert outbox.send_due() == 0
    assert Notice.objects.get(pk=notice.pk).due_at == datetime.datetime(2026, 12, 1, 14, tzinfo=datetime.UTC)


def test_the_client_says_it_in_the_portal_and_the_desk_on_their_page(
    ana: User, ben: User, dee: User, cleo: Client, portal_cleo: User, gus: User, browser_of: SignIn
) -> None:
    with acting(ana):
        point = cleo.contact_points.get(kind="phone")
    body = {"use": "allowed", "point": str(point.pk), "purposes": ["scheduling"], "ticked": ["overheard"], "level": "none"}
    url = reverse("portal_way", kwargs={"client": cleo.pk, "channel": "voice"})
    answer = browser_of(portal_cleo).post(url, body)
    assert answer.status_code == 422
    assert "Our number shows" in answer.text  # and what was ticked stays ticked
    assert browser_of(portal_cleo).post(url, body | {"ticked": list(risks("voice"))}).status_code == 302
    page = browser_of(dee).get(reverse("client_safety", kwargs={"pk": cleo.pk})).text
    assert "503 555 0142" in page
    assert "Risks discussed" in page
    assert "Not yet known to be theirs" in page
    never = {"use": "never", "point": "every", "level": "none"}
    assert browser_of(dee).post(reverse("safety_way", kwargs={"pk": cleo.pk, "channel": "voice"}), never).status_code == 302
    assert ground(cleo, ana, purpose=Purpose.SCHEDULING, channel=Channel.VOICE) == "never"
    for who in (ben, gus):
        assert browser_of(who).get(reverse("portal_safety", kwargs={"pk": cleo.pk})).status_code == 404
    assert browser_of(ben).get(reverse("client_safety", kwargs={"pk": cleo.pk})).status_code == 404


def test_a_representative_speaks_for_their_own_address_alone(ana: User, mia: Client, gus: User, browser_of: SignIn) -> None:
    with acting(ana):
        who = actions.add_representative(mia, by=ana, relation="guardian", name="Gus Aldana", authority="Father", since=mia.since)
        actions.give_portal(mia, gus, by=ana, representative=who)
        who.refresh_from_db()
        secret = reachable(mia, ana, "mail", "mia.only@mail.test")
        assert reaching.way_to(mia, representative=who).address == gus.email
    url = reverse("portal_own_mail", kwargs={"client": mia.pk})
    assert browser_of(gus).post(url, {"use": "never"}).status_code == 302
    with acting(ana), pytest.raises(NotThisWay):
        reaching.way_to(mia, representative=who)
    with acting(gus):
        assert not ContactPoint.objects.filter(client=mia.pk).exists()
        assert [row.point for row in SafeWay.objects.filter(client=mia.pk)] == [None]
        with pytest.raises(ProgrammingError), transaction.atomic():
            SafeWay(client=mia, channel="post", recorded_by=gus).save(force_insert=True)
    assert ground(mia, ana) == ""
    assert secret.may_contact


def test_the_intake_asks_beside_each_address(ana: User, browser_of: SignIn) -> None:
    body = {"kind": "adult", "given_name": "Nell", "family_name": "Quay", "mail": "nell@mail.test", "mail_may": "on", "heard": "on"}
    url = reverse("client_new")
    answer = browser_of(ana).post(url, body | {"mail_risks": ["email_plain:transit"]})
    assert answer.status_code == 422
    assert "A mistyped address" in answer.text
    assert browser_of(ana).post(url, body | {"mail_risks": [f"email_plain:{key}" for key in risks("email_plain")]}).status_code == 302
    with acting(ana):
        nell = Client.objects.latest("since")
        assert reaching.way_to(nell).address == "nell@mail.test"
