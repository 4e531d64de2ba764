"""Attack 57: where the trail cannot be written nothing opens, nothing changes, a page says so, and the pulse does."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from audit import clock
from practice import health
from records.models import Note
from tests.cast import SECRET, SignIn, acting
from tests.committed import DRAFT, House, as_owner

FULL = """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION full_disk()"""

# What happens to the trail, how it is undone, and whether the pulse can see it without writing a line.
MISHAPS = {
    "a right is missing": ("REVOKE INSERT ON audit_event FROM subrosa_web", "GRANT INSERT ON audit_event TO subrosa_web", True),
    "no place for this month": (
        "ALTER TABLE audit_event DETACH PARTITION {month}; ALTER TABLE {month} RENAME TO elsewhere; "
        "ALTER TABLE audit_event DETACH PARTITION audit_event_other",
        "ALTER TABLE elsewhere RENAME TO {month}; ALTER TABLE audit_event ATTACH PARTITION {month} FOR VALUES FROM ({since}) TO ({until}); "
        "ALTER TABLE audit_event ATTACH PARTITION audit_event_other DEFAULT",
        True,
    ),
    "the disk is full": (FULL, "DROP TRIGGER full_disk ON audit_event; DROP FUNCTION full_disk()", False),
}


def _in_this_month(statement: str) -> str:
    now = clock.now()
    until = f"'{now.year + now.month // 12}-{now.month % 12 + 1:02}-01 UTC'"
    return statement.format(month=f"audit_event_{now:%Y_%m}", since=f"'{now:%Y-%m}-01 UTC'", until=until)


def _asked(house: House, browser: Any) -> None:
    """Reading, listing, being refused, changing: each page says 503 and nothing else."""
    sent = {"version": house.draft.version, "format": "free", "part_content": "Changed meanwhile"}
    for answer in (
        browser.get(reverse("note_detail", args=[house.signed.pk])),
        browser.get("/clients/"),
        browser.post(reverse("note_edit", args=[house.draft.pk]), sent),
        browser.get(reverse("client_detail", args=[house.bruno.pk])),
    ):
        assert answer.status_code == 503
        words = answer.content.decode()
        assert "nothing is shown or changed" in words
        assert not [secret for secret in (SECRET, DRAFT, "Cleo", "Marchetti") if secret in words]


def test_attack_57_a_missing_right_no_place_and_a_full_disk_each_shut_every_door(house: House, own_db: str, browser_of: SignIn) -> None:
    browser = browser_of(house.ana)
    for name, (mishap, remedy, seen) in MISHAPS.items():
        with as_owner(own_db) as owner:
            owner.execute(_in_this_month(mishap))
            _asked(house, browser)
            assert health.well("trail") is not seen, name
            owner.execute(_in_this_month(remedy))
        assert browser.get(reverse("note_detail", args=[house.signed.pk])).status_code == 200, name
    with acting(house.ana):
        assert Note.objects.get(pk=house.draft.pk).content == house.draft.content
