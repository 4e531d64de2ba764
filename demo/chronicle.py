"""Tells a story into the record: every line of it through the actions, at its moment, by the person who did it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from audit import clock, doors
from clients import actions as clients
from clients.models import Client
from practice.models import User
from records import actions as records
from records.kinds import parts_of
from records.models import Kind, Note, Session

from . import consents, cosigning, handing_on, messages, papers, parts, traces, waiting
from .diary import LENGTH, Visit
from .people import People, days_ago, ident
from .reaching import settle_ways
from .story import Person, Story

MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)
ENDS = {"discharged": "Goals reached. They know that they can come back.", "archived": "Nothing is open any more."}
MISSED = {"late": Session.Outcome.LATE, "absent": Session.Outcome.ABSENT}


@contextmanager
def acting(by: User, moment: datetime.datetime) -> Iterator[None]:
    """Act as ``by`` at ``moment``: the actions, the trail and the database's locks all take them for present."""
    with clock.at(moment), doors.system("demo", on_behalf_of=by):
        yield


class Chronicle:
    """One story being told, in one transaction: a client is there whole or not at all."""

    def __init__(self, story: Story, visits: list[Visit], people: People) -> None:
        self.story = story
        self.visits = visits
        self.people = people
        self.client: Client
        self.members: list[Client] = []
        self.notes: dict[datetime.datetime, UUID] = {}  # signed progress notes by the start of their session
        self.signed: dict[tuple[str, UUID], datetime.datetime] = {}  # when it was last seen to, by modality and counselor
        self.last: Note | None = None  # progress note
        self.handed_over = False
        self.now = clock.now()
        self.booking = self.now  # when the coming session is agreed on: at the end of the one before

    def tell(self) -> None:
        """Write the whole story."""
        with transaction.atomic():
            self._arrive()
            for visit in self.visits:
                self._hand_over(visit.at)
                self._visit(visit)
            self._become(self.story.status, self.client.recent_at + 90 * MINUTE)
            self._hand_over(self.now)
            self._supervise(self.last)
            desk = waiting.Desk(self.client, self._counselor(self.now), self.people, acting)
            waiting.leave(self.story.key, desk)
            handing_on.leave(self.story.key, desk)
            messages.leave(self.story.key, desk)
            traces.leave(self.story, self.visits, self.notes, self.people)

    # --- the person ---------------------------------------------------------------------------------------------------

    def _arrive(self) -> None:
        """Take the client in some days before the first session."""
        first = self.visits[0].at if self.visits else days_ago(6)
        moment = first - DAY * self.story.chance.randint(4, 9) - 35 * MINUTE
        taker = self.people[self.story.taken_in_by or self.story.counselor]
        with acting(taker, moment):
            self.client = self._take_in(self.story.who, self.story.client_id, self.story.kind)
            for person in self.story.members:
                self.members.append(self._take_in(person, ident("client", self.story.key, person.given), "adult"))
        self.booking = moment + 8 * MINUTE
        with acting(self._counselor(moment), moment + 5 * MINUTE):
            for member in self.members:
                clients.join_unit(self.client, member, by=self._counselor(moment))
            self._surround(moment)

    def _take_in(self, who: Person, client_id: object, kind: str) -> Client:
        taker = self.people[self.story.taken_in_by or self.story.counselor]
        kind = "minor" if kind == "adult" and 0 < who.age < 18 else kind
        client = clients.take_in(by=taker, counselor=self.people[self.story.counselor], kind=kind, id=client_id, **self._identity(who))
        for sort, address, label, may, safe in who.contacts:
            point = clients.add_contact_point(
                client, by=taker, kind=sort, address=address, label=label, may_contact=may, safe_to_leave_message=safe
            )
            settle_ways(client, point, by=taker)
        return client

    def _identity(self, who: Person) -> dict[str, object]:
        days = who.age * 365.25 + self.story.chance.randint(20, 340)
        emergency = dict(zip(("name", "relation", "phone"), who.emergency, strict=True)) if who.emergency else {}
        return {
            "given_name": who.given, "family_name": who.family, "preferred_name": who.preferred, "pronouns": who.pronouns,
            "born_on": (self.now - DAY * int(days)).date() if who.age else None, "languages": who.languages, "emergency": emergency,
        }  # fmt: skip

    def _surround(self, moment: datetime.datetime) -> None:
        """Representatives, portal accounts and the deny list."""
        by = self._counselor(moment)
        for raw in self.story.representatives:
            account = raw.get("account")
            about = {key: value for key, value in raw.items() if key != "account"}
            person = clients.add_representative(self.client, by=by, since=moment, **about)
            if account:
                person.user = self.people[account]
                person.save(update_fields=["user"])
                clients.give_portal(self.client, self.people[account], by=by, represents=True)
        if self.story.portal:
            clients.give_portal(self.client, self.people[self.story.portal], by=by)
        if self.story.denied:
            clients.deny(self.client, self.people[self.story.denied[0]], by=by, reason=self.story.denied[1])

    def _counselor(self, moment: datetime.datetime) -> User:
        return self.people[self.story.counselor_on(moment.date())]

    def _hand_over(self, moment: datetime.datetime) -> None:
        """Transfer the client once the story's day for it has come."""
        if not self.story.transfer or self.handed_over or self.story.counselor_on(moment.date()) != self.story.counselor_now:
            return
        self.handed_over = True
        ago, to, reason = self.story.transfer
        self.booking = days_ago(ago) + 40 * MINUTE
        for client in (self.client, *self.members):
            with acting(self.people["ada"], days_ago(ago)):
                clients.transfer(client, to=self.people[to], by=self.people["ada"], reason=reason)

    def _become(self, status: str, moment: datetime.datetime) -> None:
        by = self._counselor(moment)
        for client in (self.client, *self.members):
            for step in (["discharged"] if status == "archived" else []) + [status]:
                if client.status != step:
                    with acting(by, moment):
                        clients.change_status(client, step, by=by, reason=ENDS.get(step, ""))

    # --- the sessions -------------------------------------------------------------------------------------------------

    def _visit(self, visit: Visit) -> None:
        by = self._counselor(visit.at)
        with acting(by, self.booking):
            session = self._plan(visit, by)
        self.booking = visit.at + LENGTH + MINUTE
        if visit.what in ("planned", "unmarked"):
            return
        self._sign_what_is_missing(visit, session, by)
        with acting(by, visit.at + LENGTH):
            records.record_outcome(session, MISSED.get(visit.what, Session.Outcome.ATTENDED), by=by)
        self._write(visit, session, by)
        for after in self.story.contact + self.story.crisis:
            if after[0] == visit.number >= 0:
                self._between(visit, after, by)

    def _sign_what_is_missing(self, visit: Visit, session: Session, by: User) -> None:
        """The papers are signed before the session that needs them; who has signed with a counselor is not asked each time."""
        known = self.signed.get((session.modality, by.pk))
        if visit.what in MISSED or (known and visit.at < known + 360 * DAY):
            return
        self.signed[session.modality, by.pk] = visit.at
        with acting(by, visit.at - consents.LEAD):
            consents.prepare(records.meeting_of(session), self.members, by=by)

    def _plan(self, visit: Visit, by: User) -> Session:
        story = self.story
        remote = visit.number in story.remote
        modality = "video" if remote else story.modality
        place = "At home, by video" if remote else story.place
        return records.plan_session(
            self.client, by=by, starts_at=visit.at, ends_at=visit.at + LENGTH, modality=modality, place=place, participants=self.members
        )

    def _write(self, visit: Visit, session: Session, by: User) -> None:
        story, done = self.story, visit.at + LENGTH
        if visit.what == "intake":
            self._note(by, done, Kind.INTAKE, self._with_next(story.intake, visit), session)
            self._note(by, done + 30 * MINUTE, Kind.PLAN, story.plan, session)
            with acting(by, done + 40 * MINUTE):
                papers.hang(story.key, self.client, by)
            self._become(Client.Status.ACTIVE, done + 45 * MINUTE)
        elif visit.what == "termination":
            self._note(by, done, Kind.TERMINATION, story.termination, session)
        elif visit.what == "progress":
            self._progress(visit, session, by)

    def _progress(self, visit: Visit, session: Session, by: User) -> None:
        story, number = self.story, visit.number
        signed = story.open != "draft" or number < len(story.progress) - 1
        late = 2 * DAY + 35 * MINUTE if number in story.late else DAY * 0
        begun = visit.at + LENGTH + late + story.chance.randint(2, 25) * MINUTE
        texts = self._with_next(self._progress_texts(number), visit)
        with acting(by, visit.at + MINUTE):
            parts.agree(story, number, self.client, by)
        note = self.last = self._note(by, begun, Kind.PROGRESS, texts, session, signed=signed)
        self.notes |= {visit.at: note.pk} if signed else {}
        self._parts(number, by, begun, session)
        for after, text in story.private:
            if after == number:
                self._note(by, begun + 20 * MINUTE, Kind.PSYCHOTHERAPY, [text], session)
        for after, text in story.addenda:
            if after == number:
                with acting(by, begun + DAY + 10 * MINUTE):
                    records.add_addendum(note, text, by=by)

    def _parts(self, number: int, by: User, begun: datetime.datetime, session: Session) -> None:
        """Each one's own part, written after the shared one."""
        with acting(by, begun):
            found = list(parts.of(self.story, number, self.members, session))
        for place, (member, row, texts) in enumerate(found, start=1):
            self._note(by, begun + place * 12 * MINUTE, Kind.PROGRESS, texts, row, client=member)

    def _progress_texts(self, number: int) -> list[str]:
        texts = list(self.story.progress[number])
        if len(texts) == 4:  # the risk is the story's usual one
            texts.insert(3, self.story.risk[number % len(self.story.risk)])
        return texts

    def _with_next(self, texts: list[str], visit: Visit) -> list[str]:
        if not visit.following:
            return texts
        return [*texts[:-1], f"{texts[-1]} Next appointment {visit.following:%A %-d %B, %H:%M}."]

    def _between(self, visit: Visit, after: list[str], by: User) -> None:
        """A contact or crisis note, written between two sessions."""
        kind = Kind.CONTACT if len(after) == 3 else Kind.CRISIS
        moment = min(visit.at + DAY + 85 * MINUTE, self.now - 15 * MINUTE)
        self._note(by, moment, kind, after[1:], None)

    def _note(
        self,
        by: User,
        moment: datetime.datetime,
        kind: str,
        texts: list[str],
        session: Session | None,
        signed: bool = True,
        client: Client | None = None,
    ) -> Note:
        client = client or self.client
        content = {part.key: text for part, text in zip(parts_of(kind), texts, strict=True)}
        key = ident("save", str(client.pk), kind, moment.isoformat())
        with acting(by, moment):
            note = records.begin_note(client, by=by, kind=kind, session=session)
        with acting(by, moment + 9 * MINUTE):
            records.save_note(note, content, by=by, version=note.version, key=key)
        if signed:
            with acting(by, moment + 11 * MINUTE):
                records.sign_note(note, by=by, shown=records.shown_hash(note).hex())
                due = cosigning.due(note, moment + 11 * MINUTE, self.now, self.story.key)
            if due:
                with acting(self.people[cosigning.SUPERVISOR], due):
                    cosigning.co_sign(note, self.people[cosigning.SUPERVISOR])
        return note

    def _supervise(self, last: Note | None) -> None:
        """In one story the last note was sent back; in another the draft is shown to the supervisor."""
        supervisor = self.people[cosigning.SUPERVISOR]
        if last and self.story.key == cosigning.SENT_BACK:
            with acting(supervisor, min(self.now, last.created_at + DAY)):
                cosigning.send_back(last, supervisor)
        elif last and self.story.key == cosigning.SHOWN:
            with acting(last.author, min(self.now, last.created_at + 40 * MINUTE)):
                records.share_draft(last, by=last.author, version=last.version)


def furnish(story: Story, visits: list[Visit], people: People) -> None:
    """Write ``story`` into the record, whole or not at all."""
    Chronicle(story, visits, people).tell()
