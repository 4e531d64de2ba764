"""T02 and T02b: 2,000 strings typed into the pages of the running house are looked for in everything that can be stolen.

What was typed and refused counts like what was kept: it must not lie about either. Figures are printed; anything found outside what
is open by design fails the proof, and so does a control that is not found.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps

from audit import doors
from tests.cast import browser_of
from tests.committed import as_owner, as_role, own_database
from tests.conftest import ROOT
from tests.journeys.conftest import _environment, _free_port, _wait_for
from tests.matrix.things import SIGNED_IN, build
from vault.keys import KeyShredded

from .figures import figure
from .stolen.backups import backed_up
from .stolen.loot import Search, carried_off
from .stolen.people import Person
from .stolen.planting import Walk
from .stolen.words import Planted, Seeds

MANY = int(os.environ.get("PLANTED", "2000"))
SEED = int(os.environ.get("SEED", "20261122"))
LONGEST = 20  # rounds
CONTROL = "practice_profile.name"
# The practice's own and no client's, in the open by design; where else a string is found, the proof fails.
OPEN = {
    CONTROL: "the practice's name stands on every letter: the control",
    "form_new.title": "the title of a form that the practice hands out",
    "form_settings.title": "the title of a form that the practice hands out",
    "version_edit.title": "the title of a form that the practice hands out",
    "version_edit.text": "the text of a form that the practice hands out",
    "version_approve.what_changed": "what changed in a form that the practice hands out",
    "version_edit.what_changed": "what changed in a form that the practice hands out",
    "packet_new.name": "the name of a packet of forms",
    "packet_edit.name": "the name of a packet of forms",
    "draft_new.whom": "an authority or a newspaper that is told of a breach, never a person (breaches.Draft.whom)",
    "invitation_accept.credentials": "letters behind a counselor's name, which clients see",
    "agreement_edit.licence_number": "the supervisor's license, as the board's public register has it",
    **dict.fromkeys(("device_new.label", "device_new.system", "device_detail.system"), "a machine of the practice's"),
    **dict.fromkeys(("paper_cabinets.name", "paper_cabinets.place", "paper_cabinets.lock_name"), "a cabinet of the practice's"),
    **dict.fromkeys(("practice_profile.crisis_words", "practice_profile.reply_time"), "what the portal tells everybody"),
    "vendor_new.name": "a firm that the practice buys from",
}
# What stands in the mail that went there, and nowhere else.
SENT = {
    "consultation_detail.mail": "the address of the colleague who is asked",
    "danger_send.address": "the address of somebody in danger",
    "danger_send.text": "what they are told there: in danger any way may be used, with a reason, and another person reviews it (CM-7)",
}
BREAKS = (
    (
        "REVOKE INSERT ON clients_contactpoint, clients_client FROM subrosa_web",
        "GRANT INSERT ON clients_contactpoint, clients_client TO subrosa_web",
    ),
    ("ALTER TABLE clients_searchtoken RENAME TO gone", "ALTER TABLE gone RENAME TO clients_searchtoken"),
    ("ALTER TABLE audit_event RENAME TO gone", "ALTER TABLE gone RENAME TO audit_event"),
)


@contextmanager
def running(name: str, place: Path) -> Iterator[str]:
    """Web, worker and beat on the database ``name``; yields the address. Logs and mail go below ``place``."""
    port = _free_port()
    shared = _environment(name, port) | {"MAIL_DIR": str(place / "mail"), "PYTHONUNBUFFERED": "1"}
    (place / "mail").mkdir()
    web = [
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        "1",
        "--no-ws",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "config.wsgi:application",
    ]
    worker = ["celery", "-A", "config.celery", "worker", "--concurrency", "1", "--loglevel", "info"]
    beat = ["celery", "-A", "config.celery", "beat", "--pidfile=", "--schedule", str(place / "schedule"), "--loglevel", "info"]
    with ExitStack() as stack:
        for part, command in (("web", web), ("worker", worker), ("beat", beat)):
            log = stack.enter_context((place / f"{part}.log").open("w+b"))
            environ = shared | {"SUBROSA_AS": "web" if part == "web" else "worker"}
            process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environ, stdout=log, stderr=log)
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
            if part == "web":
                _wait_for(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"


def broken(name: str, walk: Walk) -> int:
    """Forms are sent while the database refuses: a right is gone, a table, the trail. How many answers were errors of ours."""
    before = sum(person.failed for person in walk.people.values())
    walk.only = ("client_new", "contact_point_new", "note_edit", "client_edit")
    with as_owner(name) as owner:
        for begin, end in BREAKS:
            owner.execute(begin)
            try:
                walk.round(0)
            finally:
                owner.execute(end)
    walk.only = ()
    return sum(person.failed for person in walk.people.values()) - before


def held(words: set[str]) -> dict[str, int]:
    """Each sealed field of each model, and how many rows of it hold a planted word: opened with the keys, as the database's owner."""
    found: dict[str, int] = {}
    with as_role("DATABASE_URL_OWNER"), doors.system("proof"):
        for model in apps.get_models():
            rows = list(model._base_manager.all()) if (names := getattr(getattr(model, "Privacy", None), "sealed", [])) else []
            for name in names:
                found[f"{model._meta.label}.{name}"] = sum(any(word in _told_by(row, name) for word in words) for row in rows)
    return found


def _told_by(row: Any, name: str) -> str:
    """A sealed field, opened; nothing where its record was destroyed on the way."""
    try:
        return _said(getattr(row, name))
    except KeyShredded:
        return ""


def _said(value: Any) -> str:
    return value.decode(errors="ignore") if isinstance(value, bytes) else str(value)


def found_in(loot: dict[str, list[Path]], planted: list[Planted], place: Path) -> dict[str, set[str]]:
    """Search all of it and print what is found; answers places of fields (route.name), and in what each was found."""
    search, by_word = Search(planted, place), {word: each for each in planted for word in each.words}
    places: dict[str, set[str]] = {}
    for what, paths in loot.items():
        found = search.through(paths)
        hidden = {by_word[word].text for word in found if by_word[word].place not in OPEN}
        open_ones = {by_word[word].text for word in found} - hidden
        print(f"    {what:<28} {len(paths):5} files  {len(hidden):4} of {len(planted)} found; {len(open_ones)} of open fields")
        for word in found:
            places.setdefault(by_word[word].place, set()).add(what)
    print(f"    {search.bytes / 1e6:,.0f} MB with what was packed in it, each in seven guises")
    return places


def judged(proof: str, places: dict[str, set[str]], many: int) -> None:
    """Nothing but what is open by design, and addresses of mail in the mail that went there; the control was found."""
    mailed = {place for place, where in places.items() if where == {"mail"} and (place in SENT or place.endswith(".email"))}
    stray = {place: where for place, where in places.items() if place not in {*OPEN, *mailed}}
    print(f"    open by design, and found: {', '.join(sorted(set(places) & set(OPEN)))}")
    print("".join(f"    FOUND {place} in {', '.join(sorted(where))}\n" for place, where in sorted(stray.items())), end="")
    told = ", ".join(sorted(places.get(CONTROL, ()))) or "not found"
    figure(f"{proof} planted strings found in what was stolen", len(stray), f"{many:,} strings", f"the practice's name: {told}")
    assert stray == {}
    assert {"pg_dump, plain", "pg_dump, custom", "data directory"} <= places.get(CONTROL, set()), (
        "the control was not found: the search is blind"
    )


def _in_a_backup(planted: list[Planted], place: Path) -> None:
    """T39: the same strings in a backup of the house, whose key is elsewhere; with it, what is open by design is there."""
    backup = backed_up(place / "backup")
    search, named = Search(planted, place), {each.text for each in planted if each.place == CONTROL}
    found, control = search.through(backup.files), {*Search(planted, place).through([backup.opened])}
    told = any(word in control for text in named for word in text.split())
    print(f"  T39: {len(planted)} strings looked for in a backup of {len(backup.files)} files: {len(found)} found; opened: {told}")
    with_key = f"opened with its key, the practice's name: {'found' if told else 'not found'}"
    figure("T39 planted strings in a backup", len(found), f"{len(planted):,} strings", with_key)
    assert (found, told) == ({}, True)


def planted_by(walk: Walk) -> None:
    """Rounds through the pages until enough is typed; after the first one only pages that take words are opened."""
    for turn in range(LONGEST):
        walk.round((1, 2, 0)[turn % 3])
        walk.only = tuple(walk.wordy)
        if len(walk.seeds.all) >= MANY:
            break
    walk.only = ()


def test_nothing_that_was_typed_is_found_in_a_stolen_house(
    django_db_setup: None, django_db_blocker: Any, worker_id: str, tmp_path: Path
) -> None:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    began = time.monotonic()
    with own_database(django_db_blocker, worker_id) as name:
        world = build(browser_of.__wrapped__())  # type: ignore[attr-defined]  # a fixture's own function
        Authenticator.objects.all().delete()  # the cast signs in by password: Ana's passkey is in nobody's hands
        with running(name, tmp_path) as site:
            people = {who: Person(site, who) for who in (*SIGNED_IN, "anonymous")}
            walk = Walk(world, people, Seeds(random.Random(SEED)), random.Random(SEED))
            planted_by(walk)
            walk.look()
            walk.go_wrong()
            errors = broken(name, walk)
            logs = [tmp_path / f"{part}.log" for part in ("web", "worker", "beat")]
            _told(walk, errors, time.monotonic() - began)
            judged("T02", found_in(carried_off(name, tmp_path, tmp_path / "mail", logs), walk.seeds.all, tmp_path), len(walk.seeds.all))
            _in_a_backup(walk.seeds.all, tmp_path)
            searched = walk.search("ana", "client_search", walk.seeds.all[:40]) + walk.search("ana", "note_search", walk.seeds.all[:40])
            before = len(walk.seeds.all)
            walk.round(1, ending=True)
            walk.look()
            more = len(walk.seeds.all) - before
            print(f"  T02b: {searched} searches for planted words, then everything that ends or is removed ({more} more strings)")
            judged("T02b", found_in(carried_off(name, tmp_path, tmp_path / "mail", logs), walk.seeds.all, tmp_path), len(walk.seeds.all))
            _covered(walk)
    many, seconds = len(walk.seeds.all), time.monotonic() - began
    print(f"  N = {many}: 0 found says fewer than {3 / many:.4f} (3/N, 95 %); {seconds:.0f} s, seed {SEED}")


def _told(walk: Walk, errors: int, seconds: float) -> None:
    everything = walk.seeds.all
    asked, refused = (sum(getattr(person, what) for person in walk.people.values()) for what in ("asked", "refused"))
    print(f"\n  T02: {len(everything)} strings typed into {len(walk.forms)} forms, {sum(each.kept for each in everything)} of them taken;")
    print(f"    {asked} requests by {len(walk.people)} people, {refused} refused, {errors} errors forced; {seconds:.0f} s")


def _covered(walk: Walk) -> None:
    rows = held({word for each in walk.seeds.all if each.kept for word in each.words})
    print(f"    {sum(map(bool, rows.values()))} of {len(rows)} sealed fields hold a planted string. None in:")
    print(f"    {', '.join(name for name, count in rows.items() if not count)}")
