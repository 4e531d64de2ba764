"""What leaves the house to a client goes by the one way that decides, or stays and is told of (CM-3 to CM-7)."""

from __future__ import annotations

import ast
import datetime
from pathlib import Path

import pytest
from django.core import mail
from django.db import ProgrammingError, transaction
from django.test import override_settings
from django.urls import reverse

from audit import clock
from clients import actions as clients
from clients.models import Channel, Client, Purpose
from messaging import access, actions
from messaging.models import Outgoing, Override
from messaging.neutral import tells
from practice.actions import outbox
from practice.models import Notice, User
from practice.refusals import Refused
from tests.architecture.source import ROOMS, files, name, tree
from tests.cast import SignIn, acting
from tests.reached import may_use, reachable

pytestmark = pytest.mark.django_db
HOME = "cleo.home@mail.test"
WORDS = actions.Words("Something for you", "There is something to read.")
# Files from which the outbox is written to, and to whom. What goes to a client goes through messaging, or names what it asks before.
WRITERS = {
    "practice/actions/factors.py": "staff", "practice/actions/invitations.py": "staff", "practice/actions/credentials.py": "oneself",
    "practice/witness.py": "admins", "clients/actions/coming_of_age.py": "the counselor", "clients/actions/emergency.py": "staff",
    "clients/actions/inviting.py": "asks reaching.way_of_point", "clients/actions/safety.py": "asks require_not_never",
    "messaging/actions/notices.py": "decides",
    "messaging/actions/telling.py": "to somebody who represents them and is not on file; asks require_not_replaced",
    "consent/actions/renewing.py": "the counselor",
    "supervision/actions/agreements.py": "staff", "supervision/actions/sharing.py": "staff",
    "supervision/actions/consultations.py": "staff",
    "supervision/actions/pages.py": "an expert", "disclosures/actions/sending.py": "a recipient outside; asks require_not_replaced",
    "transfers/actions/departures.py": "staff", "transfers/actions/transfers.py": "staff", "review/actions/watching.py": "staff",
    "review/actions/asked.py": "staff", "review/actions/late.py": "staff", "breaches/actions/clocks.py": "staff",
    "breaches/actions/incidents.py": "staff", "breaches/actions/contain.py": "staff",
    "safeguards/actions/late.py": "staff",
    "upkeep/alarm.py": "admins", "paper/actions.py": "staff", "moving/actions/asking.py": "staff", "retention/actions/batches.py": "staff",
    "executor/actions/plans.py": "staff", "executor/actions/activations.py": "staff", "executor/actions/reminding.py": "staff",
    "breaches/actions/letters.py": "asks reaching.agreed_mail in the worker, and changed_since when it is sent",
}  # fmt: skip


def test_cm_3_nobody_writes_to_a_client_past_the_one_that_decides() -> None:
    """Whoever queues something new stands here with words to whom it goes, or this fails."""
    found = set()
    for path in files(*ROOMS):
        calls = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
        if any(isinstance(each, ast.Attribute) and ast.unparse(each) == "outbox.queue" for each in calls):
            found.add(name(path))
    assert found - set(WRITERS) == set()
    assert "messaging/actions/notices.py" in found
    for path in (Path(each) for each in found if "asks" in WRITERS[each]):
        asked = [word.split(".")[-1].strip(",") for word in WRITERS[str(path)].split() if "_" in word]
        assert any(word in path.read_text() or word in (path.parent / "preparing.py").read_text() for word in asked), path


def send(client: Client, by: User, words: actions.Words = WORDS, **to: object) -> Outgoing:
    with acting(by):
        return actions.notify("paper", actions.To(client, reader=False, **to), words, by=by)  # type: ignore[arg-type]  # as To's fields


def test_cm_3_what_may_not_leave_stays_and_the_counselor_is_told_why(
    ana: User, ada: User, dee: User, cleo: Client, browser_of: SignIn
) -> None:
    row = send(cleo, ana)
    assert (row.state, row.ground, Notice.objects.count()) == ("refused", "unasked", 0)
    assert "Did not leave the house" in browser_of(ana).get(reverse("home")).text
    page = browser_of(ada).get(reverse("outbox_list")).text
    assert "They have not allowed this way" in page
    assert cleo.code in page
    assert "Marchetti" not in page
    assert browser_of(dee).post(reverse("notice_note", kwargs={"pk": row.pk})).status_code == 404
    assert browser_of(ana).post(reverse("notice_note", kwargs={"pk": row.pk})).status_code == 302
    with acting(ana):
        assert not access.unnoted(ana).exists()


def test_cm_5_what_is_due_is_stopped_when_its_way_closes(ana: User, cleo: Client, portal_cleo: User) -> None:
    with acting(ana):
        point = reachable(cleo, ana, "mail", HOME)
    row = send(cleo, ana)
    with acting(portal_cleo):
        own = cleo.contact_points.get(pk=point.pk)
        clients.agree(cleo, clients.Terms(Channel.MAIL, never=True), by=portal_cleo, point=own)
    assert outbox.send_due() == 0
    with acting(ana):
        row.refresh_from_db()
        assert (row.state, row.ground) == ("stopped", "never")
    assert row.notice
    assert Notice.objects.get(pk=row.notice.pk).state == "stopped"
    assert not mail.outbox


@pytest.mark.parametrize("telling", ["Your therapy", "Cleo, something waits", "From MARCHETTI", "your Counselor wrote"])
def test_t35_words_that_tell_do_not_leave(telling: str, ana: User, cleo: Client) -> None:
    with acting(ana):
        reachable(cleo, ana, "mail", HOME)
        assert tells(telling, cleo)
        assert not tells("There is something new on your page. Sign in to read it: http://127.0.0.1:8000/", cleo)
    assert send(cleo, ana, actions.Words(telling, "Sign in.")).ground == "telling"
    assert send(cleo, ana).state == "handed"


def test_cm_4_a_word_they_asked_not_to_use_does_not_leave(ana: User, cleo: Client) -> None:
    with acting(ana):
        reachable(cleo, ana, "mail", HOME)
        clients.keep_profile(cleo, by=ana, avoid="letter\nappointment")
    assert send(cleo, ana, actions.Words("A Letter", "Sign in.")).ground == "word"
    assert send(cleo, ana).state == "handed"


def test_a_text_message_is_a_file_for_the_house_alone(ana: User, cleo: Client, tmp_path: Path) -> None:
    with acting(ana):
        may_use(cleo, ana, cleo.contact_points.get(kind="phone"))
    row = send(cleo, ana, channel=Channel.SMS, purpose=Purpose.SCHEDULING)
    with override_settings(OUTBOX_DIR=str(tmp_path), NEUTRAL_SENDER="R. Quill"):
        assert outbox.send_due() == 1
    [file] = (tmp_path / "sms").iterdir()
    assert row.notice
    assert file.name == f"{row.notice.pk}.txt"
    assert (file.stat().st_mode & 0o777, (tmp_path / "sms").stat().st_mode & 0o777) == (0o600, 0o700)
    assert file.read_text() == "From: R. Quill\nTo: 503 555 0142\n\nThere is something to read."


def test_a_carrier_that_is_away_keeps_only_its_own_channel(ana: User, cleo: Client, tmp_path: Path) -> None:
    with acting(ana):
        may_use(cleo, ana, cleo.contact_points.get(kind="phone"))
        reachable(cleo, ana, "mail", HOME)
    for channel in (Channel.SMS, Channel.MAIL):
        send(cleo, ana, channel=channel)
    (tmp_path / "file").write_text("no folder")
    with override_settings(OUTBOX_DIR=str(tmp_path / "file")), pytest.raises(OSError, match=r"."):
        outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [[HOME]]
    assert set(Notice.objects.values_list("channel", "state")) == {("mail", "sent"), ("sms", "due")}


# --- in danger (CM-7) ---


def test_cm_7_in_danger_any_way_with_a_reason_and_another_reviews_it(
    ana: User, ben: User, ada: User, cleo: Client, browser_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("practice.factors.is_fresh", lambda *_: True)
    url = reverse("danger_send", kwargs={"pk": cleo.pk})
    body = {"channel": "sms", "address": "503 555 0199", "text": "Call me now.", "reason": ""}
    with acting(ana):
        clients.agree(cleo, clients.Terms(Channel.SMS, never=True), by=ana)
    assert browser_of(ana).post(url, body).status_code == 422
    assert "CM-7" in browser_of(ana).post(url, body | {"reason": "danger"}).text
    assert browser_of(ben).post(url, body | {"reason": "A reason here"}).status_code == 404
    assert browser_of(ana).post(url, body | {"reason": "She wrote of the ochre bridge."}).status_code == 302
    with acting(ada):
        row = access.overrides_to_review(ada).get()
        with pytest.raises(Refused, match="what was found"):
            actions.review_override(row, " ", by=ada)
    with acting(ana):
        assert not access.overrides_to_review(ana).exists()
        assert Override.objects.filter(pk=row.pk).update(reviewed_at=clock.now(), reviewed_by=ana) == 0
    review = reverse("danger_review", kwargs={"pk": row.pk})
    assert "the ochre bridge" in browser_of(ada).get(review).text
    assert browser_of(ada).post(review, {"findings": "She was right to."}).status_code == 302
    assert browser_of(ada).get(review).status_code == 404


def test_cm_7_an_admin_reaches_somebody_and_does_not_review_it_themself(ada: User, nora: User, cleo: Client) -> None:
    with acting(ada):
        row = actions.send_in_danger(cleo, "voice", "503 555 0142", "Call the house.", reason="A neighbor rang us.", by=ada)
        with pytest.raises(Refused, match="themself"):
            actions.review_override(row, "All right.", by=ada)
    with acting(nora):
        actions.review_override(access.overrides_to_review(nora).get(), "All right.", by=nora)


# --- the contact log ---


def line(address: str = "", at: datetime.datetime | None = None, **more: object) -> actions.Line:
    values: dict[str, object] = {"channel": "post", "direction": "out", "words": "A statement, by the ochre bridge"} | more
    return actions.Line(at=at or clock.now(), address=address, **values)  # type: ignore[arg-type]  # as Line's fields


def test_a_line_stays_and_a_correction_is_another(ana: User, dee: User, ben: User, cleo: Client, browser_of: SignIn) -> None:
    with acting(ana):
        row = actions.log_contact(cleo, line(), by=ana)
        with pytest.raises(ProgrammingError), transaction.atomic():
            row.save(update_fields=["words"])
        actions.log_contact(cleo, line(words="A letter, not a statement"), by=ana, corrects=row)
        with pytest.raises(Refused, match="corrected already"):
            actions.log_contact(cleo, line(), by=ana, corrects=row)
        with pytest.raises(Refused, match="still to come"):
            actions.log_contact(cleo, line(at=clock.now() + datetime.timedelta(hours=1)), by=ana)
    url = reverse("contact_log", kwargs={"pk": cleo.pk})
    page = browser_of(dee).get(url).text
    assert "by the ochre bridge" in page
    assert "A correction" in page
    assert browser_of(ben).get(url).status_code == 404
    new = reverse("contact_log_new", kwargs={"pk": cleo.pk})
    body = {"channel": "voice", "direction": "in", "on": "2026-02-30", "time": "10:00", "words": "Rang\x00"}
    assert browser_of(dee).post(new, body).status_code == 422
