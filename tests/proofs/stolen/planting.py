"""The walk through every page that takes words: whoever may open it fills its forms in and sends them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse

from tests.matrix.test_matrix import LINES
from tests.matrix.things import World

from .forms import Form, forms_of
from .people import TYPED, Files, Person, target
from .words import Planted, Seeds

# What ends something comes last: afterwards some pages are not there any more.
ENDS = re.compile(
    r"leave|_end|end_|remove|withdraw|close|discharge|decide|archive|cancel|lift|merge|deny|refuse|finish|drop|undo|lock|suspect|miss|transfer"
    r"|decline|sign$|status|reopen|publish|approve"
)
# Would change how the walkers themselves sign in, or send them away.
NEVER = re.compile(r"account_|mfa_(?!edit)|signin_|tablet_hand|factor_|staff_(roles|leave)|room_open")
NUMBERS = re.compile(r"\d")


@dataclass
class Walk:
    """One walk: who has been where, and what was sown."""

    world: World
    people: dict[str, Person]
    seeds: Seeds
    chance: random.Random
    pages: int = 0
    taken: int = 0
    turned_down: int = 0
    forms: set[str] = field(default_factory=set)
    wordy: set[str] = field(default_factory=set)  # routes whose pages take words
    only: tuple[str, ...] = ()

    def stops(self, ending: bool) -> Iterator[tuple[Person, str, str]]:
        """Who opens which page: of each line of policy one of those who may, another one each time."""
        for route, thing, may in LINES:
            who = sorted(may & {*self.people}) or (["anonymous"] if may == {"public"} else [])
            if who and not NEVER.match(route) and bool(ENDS.search(route)) == ending and (not self.only or route in self.only):
                yield self.people[self.chance.choice(who)], route, reverse(route, kwargs=self.world.things[thing])

    def round(self, bold: int, ending: bool = False) -> None:
        """Open every page once and send each of its forms."""
        for person, route, path in self.stops(ending):
            status, page = person.open(path)
            self.pages += 1
            for form in forms_of(page) if status == 200 else []:
                if form.method == "post":
                    self.send(person, route, path, form, bold)

    def send(self, person: Person, route: str, path: str, form: Form, bold: int) -> None:
        """Fill a form in and send it; where it is turned down, once more with less that is new. A draft is saved on the way."""
        to = target(path, form.action)
        if any(word in to for word in ("/logout", "/language")):
            return
        for daring in dict.fromkeys((bold, 0, 2)):
            before = len(self.seeds.all)
            given = form.filled(route, self.seeds, self.chance, daring)
            sown = self.seeds.all[before:]
            if not sown and not form.files:
                return
            self.forms.add(f"{route} {NUMBERS.sub('', to)}")
            self.wordy.add(route)
            if form.autosave:
                self.took(person.post(target(path, form.autosave), given)[0], sown)
            if self.took(person.post(to, given, self._files(form, route))[0], sown):
                return

    def took(self, status: int, sown: list[Planted]) -> bool:
        """Whether the page took what was sent; then it is kept, or was searched for."""
        took = status in (200, 201, 204, 302)
        for each in sown:
            each.kept |= took
        self.taken, self.turned_down = self.taken + took, self.turned_down + (not took)
        return took

    def _files(self, form: Form, route: str) -> Files:
        made: Files = {}
        for name in form.files:
            title, words = (self.seeds.sow(route, f"{name} {what}", "text", 40) for what in ("name", "content"))
            made[name] = (f"{title}.txt", f"{words}\n".encode() * 3, "text/plain")
        return made

    # --- use ---

    def look(self) -> None:
        """Everybody opens everything they may: pages, papers, exports."""
        for route, thing, may in LINES:
            for who in sorted(may & {*self.people})[:2]:
                if not NEVER.match(route):
                    self.people[who].open(reverse(route, kwargs=self.world.things[thing]))
                    self.pages += 1

    def search(self, who: str, route: str, planted: list[Planted]) -> int:
        """Look for some of the planted strings; how many answers came."""
        person, path = self.people[who], reverse(route)
        forms = [form for form in forms_of(person.open(path)[1]) if form.method == "post"]
        form, name = next((form, each.name) for form in forms for each in form.fields if each.kind in ("search", "text"))
        done = 0
        for each in planted:
            given = {field.name: [field.value] for field in form.fields} | {name: [each.words[0]]}
            done += person.post(target(path, form.action), given)[0] == 200
        return done

    def go_wrong(self) -> None:
        """Requests that fail in every way we know, with planted words in each part of them."""
        client = reverse("client_detail", kwargs=self.world.things["cleo"])
        for person in [*self.people.values()][:6]:
            person.ask("GET", f"/{self._word('path')}/")
            person.ask("GET", f"{client}?q={self._word('query')}")
            person.ask("GET", client, **{"User-Agent": self._word("agent"), "X-Forwarded-For": self._word("address")})
            person.ask("POST", client, f"words={self._word('body')}&words=%00%ff".encode(), TYPED)
            person.ask("POST", reverse("client_new"), f'{{"{self._word("json")}": '.encode(), "application/json")
            person.ask("POST", reverse("client_new"), f"given_name={self._word('no token')}".encode(), TYPED)
            person.ask("PUT", client, self._word("put").encode(), TYPED)
            wrong = f"login={self._word('login')}@mail.test&password={self._word('password')}"
            person.ask("POST", "/accounts/login/", wrong.encode(), TYPED)

    def _word(self, name: str) -> str:
        return self.seeds.sow("gone wrong", name, "text", 13)
