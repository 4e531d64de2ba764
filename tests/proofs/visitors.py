"""Workload W before several webs: people who save, save by themselves, sign and invite, each request at another machine."""

from __future__ import annotations

import http.client
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median, quantiles
from urllib.parse import urlsplit

from django.db import connections

from consent import law
from consent.access import own_signers
from consent.models import Signature
from consent.sample import word_for
from practice.models import Notice
from records.models import Note
from tests.cast import acting, write_note
from tests.committed import House
from tests.consent.papers import asked, form_in_force
from tests.consent.portal import signature

from .stolen.forms import Form, forms_of
from .stolen.people import Person

ACKNOWLEDGED = (200, 302)


class Visitor(Person):
    """Somebody before a balancer: each request goes to the next machine, and to the one after where nobody listens. Nothing was
    sent then, so nothing can happen twice."""

    def __init__(self, sites: list[str], name: str) -> None:
        super().__init__(sites[0], name)
        self.sites = cycle(sites)
        self.many, self.passed = len(sites), 0
        self.met: Counter[str] = Counter()
        self.unclear = 0  # answers of ours that are neither a page nor the plain words of a 503

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: str) -> tuple[int, str]:
        status, text = super().ask(method, path, body, kind, **headers)
        plain = "What you saved is safe" in text and "Traceback" not in text and "psycopg2" not in text
        self.unclear += status >= 500 and not (status == 503 and plain)
        return status, text

    def link(self) -> http.client.HTTPConnection:
        for _ in range(self.many):
            self.site = next(self.sites)
            link = http.client.HTTPConnection(urlsplit(self.site).netloc, timeout=60)
            try:
                link.connect()
            except ConnectionRefusedError:
                self.passed += 1
                continue
            self.met[self.site] += 1
            return link
        raise ConnectionRefusedError

    @property
    def token(self) -> dict[str, list[str]]:
        """What proves that a form is ours."""
        return {"csrfmiddlewaretoken": [self.cookies["csrf"]]}


@dataclass
class Act:
    """One kind of act of one person, again and again. ``sent``: what, and whether it was acknowledged; ``None`` where nobody knows."""

    person: Visitor
    sent: list[tuple[str, bool | None]] = field(default_factory=list)
    took: list[tuple[float, float]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)  # what the person met: a page that is none, or no answer at all

    def act(self) -> None:
        raise NotImplementedError

    def once(self) -> None:
        """The act; a trouble is written down, and the person goes on."""
        try:
            self.act()
        except (OSError, http.client.HTTPException, StopIteration) as error:
            self.troubles.append(f"{type(self).__name__}: {type(error).__name__}: {error}")
            time.sleep(0.2)

    def send(self, what: str, post: Callable[[], tuple[int, str]], again: bool = True) -> None:
        """Send it; where no answer came, once more with the very same key, as the page in the browser does."""
        self.sent.append((what, None))
        began = time.monotonic()
        try:
            status, _ = post()
        except (OSError, http.client.HTTPException):
            if not again:
                raise
            self.troubles.append(f"{type(self).__name__}: no answer, sent again")
            status, _ = post()
        self.took.append((began, time.monotonic() - began))
        self.sent[-1] = (what, status in ACKNOWLEDGED)
        if status not in ACKNOWLEDGED:
            self.troubles.append(f"{type(self).__name__}: {status}")

    def acknowledged(self) -> list[str]:
        return [what for what, ok in self.sent if ok]

    def lost(self) -> int:
        raise NotImplementedError


@dataclass
class Saving(Act):
    """A draft is opened and saved; every second time as the page does it by itself."""

    note: Note | None = None

    def act(self) -> None:
        assert self.note
        path, text = f"/notes/{self.note.pk}/edit/", f"Lantern {uuid.uuid4()}"
        form = self._form(path)
        given = {each.name: [each.value] for each in form.fields} | {"presenting": [text], "key": [str(uuid.uuid4())]}
        to = form.autosave if len(self.sent) % 2 else path
        self.send(text, lambda: self.person.post(to, given))

    def _form(self, path: str) -> Form:
        status, page = self.person.open(path)
        if status >= 500:
            raise OSError(f"the page of the note: {status}")
        return next(form for form in forms_of(page) if any(each.name == "presenting" for each in form.fields))

    def lost(self) -> int:
        """What the note may say: the last acknowledged text, or one sent after it of which nobody knows."""
        assert self.note
        last = max((at for at, (_, ok) in enumerate(self.sent) if ok), default=0)
        return Note.objects.get(pk=self.note.pk).content["presenting"] not in {text for text, ok in self.sent[last:] if ok is not False}


@dataclass
class Inviting(Act):
    """Somebody is invited: each makes a mail."""

    def act(self) -> None:
        self.person.open("/staff/invite/")
        to = f"n{uuid.uuid4().hex[:12]}@sub.test"
        given = {"name": ["A colleague"], "email": [to], "roles": ["counselor"]} | self.person.token
        self.send(to, lambda: self.person.post("/staff/invite/", given), again=False)
        time.sleep(0.5)

    def lost(self) -> int:
        there = {str(notice.to) for notice in Notice.objects.filter(kind="invitation")}
        return len(set(self.acknowledged()) - there)


@dataclass
class Signing(Act):
    """A client signs one paper after the other."""

    waiting: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # each paper, and what signing it sends
    word: str = ""

    def act(self) -> None:
        if not self.waiting:
            time.sleep(0.5)
            return
        signer, typed = self.waiting.pop()
        self.person.open("/portal/papers/")
        self.person.post(f"/portal/papers/{signer}/", {"act": ["open"]} | self.person.token)
        if not self.sent:
            said = {"edition": [law.edition()], "word": [self.word], "agree": ["on"]}
            self.person.post(f"/portal/papers/{signer}/agree/", said | self.person.token)
        given = {name: [value] for name, value in typed.items()} | self.person.token
        self.send(signer, lambda: self.person.post(f"/portal/papers/{signer}/sign/", given), again=False)

    def lost(self) -> int:
        there = {str(pk) for pk in Signature.objects.values_list("signer_id", flat=True)}
        return len(set(self.acknowledged()) - there)


@dataclass
class Crowd:
    """Everybody at once."""

    house: House
    acts: list[Act]

    @contextmanager
    def going(self, patience: float = 120) -> Iterator[None]:
        """All of them, while inside."""
        over = threading.Event()

        def go(one: Act) -> None:
            while not over.is_set():
                one.once()
            connections.close_all()

        threads = [threading.Thread(target=go, args=(one,)) for one in self.acts]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join(patience)

    def sum(self, kind: type[Act] = Act) -> int:
        return sum(len(one.acknowledged()) for one in self.acts if isinstance(one, kind))

    def lost(self) -> int:
        """Acknowledged, and not there."""
        found = 0
        connections.close_all()  # ours may have met the same end as the webs'
        for one in self.acts:
            with acting(self.house.people[one.person.name]):
                found += one.lost()
        return found

    def troubles(self) -> list[str]:
        return [trouble for one in self.acts for trouble in one.troubles]

    def passed(self) -> int:
        return sum(one.person.passed for one in self.acts)

    def took(self, since: float, until: float) -> list[float]:
        """Milliseconds of the saves that began between these."""
        return [took * 1000 for one in self.acts if isinstance(one, Saving) for began, took in one.took if since <= began < until]

    def unclear(self) -> int:
        return sum(one.person.unclear for one in self.acts)

    def last(self) -> float:
        """When the last save that was acknowledged began."""
        return max((one.took[-1][0] for one in self.acts if one.took and one.sent[-1][1]), default=0.0)

    def mails(self) -> list[str]:
        """To whom an invitation was acknowledged."""
        return [to for one in self.acts if isinstance(one, Inviting) for to in one.acknowledged()]


def words(took: list[float]) -> str:
    """The middle and the 95th percentile."""
    return f"{median(took):.0f} ms in the middle, p95 {quantiles(took, n=20)[-1]:.0f} ms ({len(took):,} saves)" if len(took) > 1 else "none"


def crowd(house: House, sites: list[str], savers: int, papers: int = 0, inviting: bool = True) -> Crowd:
    """The people of the workload, signed in; each has a draft of their own."""
    acts: list[Act] = [Saving(Visitor(sites, "ana"), note=write_note(house.ana, house.cleo, text="begins")) for _ in range(savers)]
    if inviting:
        acts.append(Inviting(Visitor(sites, "ada")))
    if papers:
        acts.append(Signing(Visitor(sites, "portal_cleo"), waiting=_papers(house, papers), word=word_for(house.portal_cleo)))
    for one in acts:
        one.person.sign_in()
    return Crowd(house, acts)


def _papers(house: House, many: int) -> list[tuple[str, dict[str, str]]]:
    found = []
    for number in range(many):
        request = asked(house.cleo, house.ana, form_in_force("questionnaire", title=f"Paper {uuid.uuid4().hex[:6]} {number}"))
        with acting(house.portal_cleo):
            signer = own_signers(house.portal_cleo).get(request=request)
            found.append((str(signer.pk), signature(signer)))
    return found
