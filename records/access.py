"""Who may open what of the record. Each function is a queryset; its first line says who in a sentence."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import BigIntegerField, BooleanField, Case, Exists, F, Func, JSONField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from audit import asking, clock, trail
from audit.models import Act
from clients.access import counseled_clients, denied, granted, live_grants, readable_clients, whole_of
from clients.models import Client, Codename, Member
from clients.models.team import CLINICAL
from clients.scope import reaches
from practice.models import Practice, Supervision, User
from practice.roles import Role

from .models import Addendum, CosignRule, Document, DraftComment, DraftShare, EditRequest, Goal, Kind, Note, Session, Setting, Snippet

ESCALATES_AFTER = datetime.timedelta(days=7)  # without a note or a signature (REC-5)
_COUNSEL = [Codename.COUNSEL, Codename.COVER]
_PUT_AWAY = Q(client__status=Client.Status.ARCHIVED)  # such a client has left every queue; the record is where it was
_SHOWN_WITH_A_NOTE = ("client", "author", "signed_by", "session__counselor", "cosign", "cosignature")


def readable_sessions(user: Any) -> QuerySet[Session]:
    """The client's care team, while their grant is in force; of a couple's session not who may not open the couple by a deny list."""
    team = Session.objects.filter(granted(user, CLINICAL, "client"), ~denied(user, "client"), ~denied(user, "unit"))
    return team.select_related("client", "counselor").order_by("-starts_at", "-pk")


def notable_sessions(user: Any) -> QuerySet[Session]:
    """The counselor of the session, while they counsel the client (or cover): to write notes about it."""
    return readable_sessions(user).filter(granted(user, _COUNSEL, "client"), counselor=user.pk)


def changeable_sessions(user: Any) -> QuerySet[Session]:
    """The counselor of the session, while they counsel the client (or cover); a person's row follows the unit's session."""
    return notable_sessions(user).filter(within=None)


def unnoted_sessions(user: Any) -> QuerySet[Session]:
    """The counselor's own sessions that took place, or should have, without a note here; the oldest first (REC-2, REC-5)."""
    took_place = changeable_sessions(user).filter(ends_at__lte=clock.now(), outcome__in=[Session.Outcome.PLANNED, Session.Outcome.ATTENDED])
    noted = readable_notes(user).filter(session=OuterRef("pk")).exclude(kind=Kind.PSYCHOTHERAPY)
    return took_place.filter(~Exists(noted), elsewhere__isnull=True).exclude(_PUT_AWAY).order_by("ends_at", "pk")


def coming_sessions(user: Any) -> QuerySet[Session]:
    """The client's care team: what is planned from now on; the next one first. A person's row goes with the unit's session."""
    return (
        readable_sessions(user)
        .filter(starts_at__gt=clock.now(), outcome=Session.Outcome.PLANNED, within=None)
        .defer("place")
        .order_by("starts_at", "pk")
    )


def possible_participants(user: Any, unit: Client) -> QuerySet[Client]:
    """The members of the couple, family or group ``unit`` whom the person counsels: a grant on the unit shows nobody's name."""
    return counseled_clients(user).filter(places__in=unit.memberships.filter(left_at=None)).order_by("since", "pk")


def may_have_come(place: Member) -> bool:
    """Yes or no to whoever may take a member out: was there a session of the unit that this person may have been at?"""
    asked = Func(Value(place.unit_id), Value(place.person_id), function="records_came", output_field=BooleanField())
    return bool(Member.objects.filter(pk=place.pk).values_list(asked, flat=True).first())


def participants(user: Any, session: Session) -> QuerySet[Client]:
    """Who was there, of those whose own record the person may open."""
    return readable_clients(user).filter(sessions__within=session.pk).order_by("since", "pk")


def beyond_reach(user: Any, session: Session | None) -> list[dict[str, Any]]:
    """The counselor of the session: which members, or people who were there, have a record they may not open or not write in.

    Each with ``here`` (was there), ``read``, ``write``, and a code where the counselor has the unit: never a name (IC-34).
    """
    if session is None or session.setting == Setting.INDIVIDUAL:
        return []
    found = Func(F("pk"), function="records_beyond", output_field=JSONField())
    return notable_sessions(user).filter(pk=session.pk).order_by().values_list(found, flat=True).first() or []


def unit_session(user: Any, session: Session) -> Session | None:
    """The session of the couple, family or group that ``session`` is or is within, if the person may open it."""
    if session.setting == Setting.INDIVIDUAL:
        return None
    return readable_sessions(user).filter(pk=session.within_id or session.pk).defer("place").first()


def part_notes(user: Any, whole: Session) -> QuerySet[Note]:
    """The shared part and the persons' parts of ``whole`` that the reader may open, psychotherapy notes and copies left out."""
    notes = readable_notes(user).filter(Q(session=whole.pk) | Q(session__within=whole.pk), copied_from=None)
    return notes.exclude(kind=Kind.PSYCHOTHERAPY).defer("content", "session__place").order_by("created_at", "pk")


def readable_once_signed(user: Any) -> QuerySet[Note]:
    """The client's care team; a psychotherapy note is its author's alone (REC-1, REC-3)."""
    team = Note.objects.filter(reaches(user, "notes", "client", "created_at"), ~denied(user, "client"), ~denied(user, "unit"))
    shown = team.filter(Q(author=user.pk) | ~Q(kind=Kind.PSYCHOTHERAPY))
    hung = Exists(Document.objects.filter(note=OuterRef("pk"), removed_at=None))  # so that a note without any asks for none
    added_to = Exists(Addendum.objects.filter(note=OuterRef("pk")))  # likewise
    return shown.annotate(has_documents=hung, has_addenda=added_to).select_related(*_SHOWN_WITH_A_NOTE).order_by("-created_at", "-pk")


def readable_notes(user: Any) -> QuerySet[Note]:
    """The client's care team, once signed; a draft is its author's; a psychotherapy note is its author's alone (REC-1, REC-3)."""
    return readable_once_signed(user).filter(Q(author=user.pk) | Q(signed_at__isnull=False))


def editable_notes(user: Any) -> QuerySet[Note]:
    """The author, while they counsel the client and until the note is signed."""
    return readable_notes(user).filter(granted(user, _COUNSEL, "client"), author=user.pk, signed_at=None)


signable_notes = editable_notes


def unsigned_drafts(user: Any) -> QuerySet[Note]:
    """The author's own drafts, while they counsel the client; the oldest first, for they become urgent (REC-5)."""
    return editable_notes(user).exclude(_PUT_AWAY).order_by("created_at", "pk")


def amendable_notes(user: Any) -> QuerySet[Note]:
    """The author of a signed note, while they counsel the client: corrections are addenda (REC-5). A copy follows its shared part."""
    mine = readable_notes(user).filter(granted(user, _COUNSEL, "client"), author=user.pk, signed_at__isnull=False)
    return mine.filter(copied_from=None)


def late_elsewhere(user: Any) -> QuerySet[User]:
    """Supervisors, of those they supervise, and admins, of everybody: who has late notes, and how many (``late``), never which (REC-5).

    Drafts are hidden from everybody but their author, so the database counts: nobody's own. A psychotherapy note counts nowhere (REC-1).
    """
    if not user.holds(Role.SUPERVISOR, Role.ADMIN):
        return User.objects.none()
    counted = Func(F("pk"), Value(clock.now() - ESCALATES_AFTER), function="records_late", output_field=BigIntegerField())
    writers = User.objects.staff().filter(roles__contains=[Role.COUNSELOR])
    return writers.annotate(late=counted).filter(late__gt=0).order_by("-late", "pk")


# --- co-signature -------------------------------------------------------------------------------------------------------


def _passed_on(user: Any) -> Q:
    """Who was asked supervises the client no more, and ``user`` does: as the author's supervisor of now, or put in place by hand."""
    asked = live_grants([Codename.SUPERVISE]).filter(user=OuterRef("cosign__supervisor"), content_object=OuterRef("client"))
    return ~Exists(asked) & _supervises(user)


def _supervises(user: Any) -> Q:
    """A condition on rows with an author and a client: ``user`` is the author's supervisor of now, or put in place by hand."""
    now = clock.now()
    current = Supervision.objects.filter(
        Q(until=None) | Q(until__gt=now), supervisor=user.pk, supervisee=OuterRef("author"), since__lte=now
    )
    by_hand = live_grants([Codename.SUPERVISE]).filter(user=user.pk, content_object=OuterRef("client"), reason="override")
    return Q(Exists(current)) | Q(Exists(by_hand))


def _unanswered(note: str = "pk") -> Exists:
    """A condition: a supervisor asked for edits, and no addendum came since. ``note`` is the path to the note's id."""
    since = Addendum.objects.filter(note=OuterRef("note"), signed_at__gt=OuterRef("asked_at"))
    return Exists(EditRequest.objects.filter(~Exists(since), note=OuterRef(note)))


def cosignable_notes(user: Any) -> QuerySet[Note]:
    """The supervisor of the day the note was signed or, when that supervision ended, of now; never its author (SU-5, SU-6)."""
    waiting = readable_notes(user).filter(granted(user, [Codename.SUPERVISE], "client"), cosign__isnull=False, cosignature=None)
    mine = waiting.exclude(author=user.pk).filter(Q(cosign__supervisor=user.pk) | _passed_on(user))
    return mine.order_by("cosign__due_at", "pk")


def cosign_queue(user: Any) -> QuerySet[Note]:
    """The supervisor's own queue: what they may co-sign and have not sent back; what is due first stands first."""
    return cosignable_notes(user).filter(~_unanswered()).exclude(_PUT_AWAY)


def sent_back(user: Any) -> QuerySet[Note]:
    """What the supervisor may co-sign and has sent back: it is with its author."""
    return cosignable_notes(user).filter(_unanswered())


def returned_notes(user: Any) -> QuerySet[Note]:
    """The author's own notes that a supervisor asked to have edited, and nothing was added since; what is due first stands first."""
    mine = amendable_notes(user).filter(_unanswered(), cosignature=None).exclude(_PUT_AWAY)
    return mine.order_by("cosign__due_at", "pk")


def edit_requests(user: Any, note: Note) -> QuerySet[EditRequest]:
    """The author and those who supervise the client: what was asked of the author, the latest last. Supervision is not the record."""
    asked = EditRequest.objects.filter(Q(note__author=user.pk) | granted(user, [Codename.SUPERVISE], "note__client"), note=note.pk)
    return asked.select_related("supervisor", "note").order_by("asked_at", "pk")


def stated(notes: QuerySet[Note]) -> QuerySet[Note]:
    """``notes`` with ``cosign_state``: "" where nobody is asked, otherwise "waiting", "edits" or "cosigned"."""
    signed, unasked = When(cosignature__isnull=False, then=Value("cosigned")), When(cosign__isnull=True, then=Value(""))
    return notes.annotate(cosign_state=Case(signed, unasked, When(_unanswered(), then=Value("edits")), default=Value("waiting")))


def last_look(user: Any, note: Note) -> datetime.datetime | None:
    """When ``user`` last had ``note`` before them, by the trail; the page that asks does not count."""
    own = trail.lines().filter(actor_id=user.pk, client_id=note.client_id, what_id=note.pk, act=Act.READ, at__gte=note.signed_at)
    before = own.exclude(request_id=trail.recorder().actor.request_id).values_list("at", flat=True)
    return before.first()


# --- drafts that were shared ---------------------------------------------------------------------------------------------


def shareable_drafts(user: Any) -> QuerySet[Note]:
    """The author of a draft, while they counsel the client; a psychotherapy note is shared with nobody (REC-1)."""
    return editable_notes(user).exclude(kind=Kind.PSYCHOTHERAPY)


def shared_drafts(user: Any) -> QuerySet[DraftShare]:
    """The supervisor whom the author showed it, while they supervise them and the client, until it is signed or taken back (SU-5)."""
    mine = DraftShare.objects.filter(granted(user, [Codename.SUPERVISE], "client"), ~denied(user, "client"), supervisor=user.pk, until=None)
    works = live_grants(_COUNSEL).filter(user=OuterRef("author"), content_object=OuterRef("client"))
    theirs = mine.filter(_supervises(user), Exists(works))
    return theirs.select_related("client", "author", "session__counselor").order_by("shared_at", "pk")


def drafts_to_look_at(user: Any) -> QuerySet[DraftShare]:
    """The same supervisor: what they have not answered, as it was shared last; what waits longest stands first."""
    later = DraftShare.objects.filter(note=OuterRef("note"), shared_at__gt=OuterRef("shared_at"))
    return shared_drafts(user).exclude(_PUT_AWAY).filter(~Exists(later), answered_at=None)


def own_shares(user: Any, note: Note) -> QuerySet[DraftShare]:
    """The author of ``note``: what they showed of it to whom, the latest first."""
    return DraftShare.objects.filter(note=note.pk, author=user.pk).select_related("supervisor").order_by("-shared_at", "pk")


def draft_comments(user: Any, note: Any) -> QuerySet[DraftComment]:
    """The author of the note and whoever commented: what was asked about the draft (``note`` is its id), the latest last."""
    asked = DraftComment.objects.filter(Q(author=user.pk) | Q(supervisor=user.pk), note=note)
    return asked.select_related("supervisor").order_by("asked_at", "pk")


def returned_drafts(user: Any) -> QuerySet[Note]:
    """The author's own drafts with a comment that came after they last shared it; the oldest first."""
    return shareable_drafts(user).exclude(_PUT_AWAY).filter(_commented()).order_by("created_at", "pk")


def undisputed_drafts(user: Any) -> QuerySet[Note]:
    """The author's own drafts that no supervisor sent back; the oldest first."""
    return unsigned_drafts(user).filter(~_commented())


def _commented() -> Exists:
    """A condition on drafts: a supervisor asked for edits, and it was not shared since."""
    since = DraftShare.objects.filter(note=OuterRef("note"), shared_at__gt=OuterRef("asked_at"))
    return Exists(DraftComment.objects.filter(~Exists(since), note=OuterRef("pk")))


def looked_at(user: Any, share: DraftShare) -> tuple[DraftShare | None, datetime.datetime | None]:
    """Which share of the same draft ``user`` last had before them, by the trail, and when; the page that asks does not count."""
    shares = list(shared_drafts(user).filter(note=share.note_id))
    own = trail.lines().filter(actor_id=user.pk, client_id=share.client_id, what_id__in=[row.pk for row in shares], act=Act.READ)
    line = own.exclude(request_id=trail.recorder().actor.request_id).first()
    return next(((row, line.at) for row in shares if line and row.pk == line.what_id), (None, None))


# --- goals and snippets -------------------------------------------------------------------------------------------------


def nameable_goals(user: Any, client: Client) -> QuerySet[Goal]:
    """The care team: the goals of the client's latest signed plan, for notes to name."""
    rows = whole_of(client, readable_clients, user)
    plans = readable_notes(user).filter(client__in=rows, kind=Kind.PLAN, signed_at__isnull=False, copied_from=None)
    plans = plans.order_by("-signed_at", "-pk")
    return Goal.objects.filter(plan__in=plans.values("pk")[:1]).order_by("position")


def writing_practice(user: Any) -> QuerySet[Practice]:
    """Those who write notes: counselors."""
    return Practice.objects.all() if user.holds(Role.COUNSELOR) else Practice.objects.none()


def supervising_practice(user: Any) -> QuerySet[Practice]:
    """Those who supervise others."""
    return Practice.objects.all() if user.holds(Role.SUPERVISOR) else Practice.objects.none()


def own_snippets(user: Any) -> QuerySet[Snippet]:
    """The counselor who keeps it."""
    return Snippet.objects.filter(owner=user.pk if user.holds(Role.COUNSELOR) else None).order_by("-changed_at", "pk")


def usable_snippets(user: Any) -> QuerySet[Snippet]:
    """Counselors: their own snippets, and those that colleagues share."""
    found = Snippet.objects.filter(Q(owner=user.pk) | Q(shared=True)) if user.holds(Role.COUNSELOR) else Snippet.objects.none()
    return found.select_related("owner").order_by("shared", "-changed_at", "pk")


def cosign_rules() -> QuerySet[CosignRule]:
    """What was laid down for single people; asked for under an admin's door."""
    return CosignRule.objects.all()


def next_session(user: Any, client: Client) -> Session | None:
    """The client's next session with this counselor, if one is planned."""
    rows = whole_of(client, readable_clients, user)
    planned = notable_sessions(user).filter(client__in=rows, starts_at__gt=clock.now(), outcome=Session.Outcome.PLANNED)
    return planned.defer("place").order_by("starts_at").first()


def searching_practice(user: Any) -> QuerySet[Practice]:
    """Those who read notes: counselors and supervisors."""
    return Practice.objects.all() if user.holds(Role.COUNSELOR, Role.SUPERVISOR) else Practice.objects.none()


def searchable_notes(user: Any) -> QuerySet[Note]:
    """Every note the person may read, and no other: what is searched is their own caseload (REC-1, REC-3).

    With their addenda as ``added``, the newest first by ``dated``: the session's start, or when a note without one was begun.
    """
    addenda = Prefetch("addenda", Addendum.objects.order_by("signed_at", "pk"), to_attr="added")
    notes = readable_notes(user).select_related(None).annotate(dated=Coalesce("session__starts_at", "created_at"))
    return notes.prefetch_related(addenda).order_by("-dated", "-pk")


# --- on paper -----------------------------------------------------------------------------------------------------------


def charted_sessions(user: Any) -> QuerySet[Session]:
    """The client's care team, for a part of the record on paper; the oldest first."""
    return readable_sessions(user).defer("place").order_by("starts_at", "pk")


def charted_notes(user: Any) -> QuerySet[Note]:
    """The client's care team, for a part of the record on paper: signed notes, and no psychotherapy note, not even one's own (REC-1).

    With their addenda, the oldest first by ``dated``: the session's start, or when a note without one was begun.
    """
    signed = readable_notes(user).filter(signed_at__isnull=False).exclude(kind=Kind.PSYCHOTHERAPY)
    addenda = Prefetch("addenda", Addendum.objects.select_related("author").order_by("signed_at", "pk"))
    dated = signed.annotate(dated=Coalesce("session__starts_at", "created_at")).order_by("dated", "pk")
    named = dated.select_related("cosign__supervisor", "cosignature__supervisor")
    return named.defer("session__place").prefetch_related(addenda)


def charted_documents(user: Any) -> QuerySet[Document]:
    """The client's care team, for a part of the record on paper: what hangs on the record itself; the oldest first.

    What hangs on a note stands with the note.
    """
    return readable_documents(user).filter(note=None).order_by("added_at", "pk")


# --- documents ----------------------------------------------------------------------------------------------------------


def listed_documents(user: Any) -> QuerySet[Document]:
    """The client's care team; what hangs on a note, whoever may read that note. Those taken out again leave a line of who, when and why."""
    of_record = Q(reaches(user, "documents", "client", "added_at"), ~denied(user, "client"), note=None)
    of_notes = Q(Exists(readable_notes(user).filter(pk=OuterRef("note"))))
    shown = Document.objects.filter(of_record | of_notes)
    return shown.select_related("client", "uploader", "note__session", "removed_by").defer("note__content", "note__session__place")


def readable_documents(user: Any) -> QuerySet[Document]:
    """The client's care team; what hangs on a note, whoever may read that note."""
    return listed_documents(user).filter(removed_at=None).order_by("-added_at", "-pk")


def removable_documents(user: Any) -> QuerySet[Document]:
    """Who added it, while they counsel the client, and until the note it hangs on is signed."""
    mine = readable_documents(user).filter(granted(user, _COUNSEL, "client"), uploader=user.pk)
    return mine.filter(Q(note=None) | Q(note__signed_at=None))


def documents_of(note: Note) -> list[Document]:
    """The documents of ``note``, the oldest first. Call it with a note that a door gave."""
    if not getattr(note, "has_documents", True):
        return []
    if hasattr(note, "hung"):
        return list(note.hung)
    return list(Document.objects.filter(note=note, removed_at=None).select_related("uploader").order_by("added_at", "pk"))


def _legible_once_signed(user: Any) -> QuerySet[Note]:
    return readable_once_signed(user).order_by().select_related(None).only("pk")


def readers_of(note: Note) -> list[User]:
    """Who can read ``note``, now or (a draft) once it is signed: the door's own rule, asked for each of the team."""
    people = User.objects.staff().filter(clientpermission__content_object=note.client_id).distinct()
    return [person for person in people if asking.rows(_legible_once_signed, person, {"pk": note.pk})]
