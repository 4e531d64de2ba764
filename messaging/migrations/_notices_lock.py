"""The second lock on notices to clients, on what was sent in danger, and on the contact log."""

from __future__ import annotations

from importlib import import_module

from audit.lock import WORKER, freeze, grant, guard, own_name, policy

lock = import_module("clients.migrations.0002_lock")
portal = import_module("clients.migrations.0011_portal_lock")
OUT, OVER, LINE = "messaging_outgoing", "messaging_override", "messaging_contactline"
ADMIN = lock.role("admin")


def free(table: str) -> str:
    """SQL: an admin who does not stand on the client's deny list."""
    return f"({ADMIN} AND {lock.not_denied(f'{table}.client_id')})"


def counsels(table: str) -> str:
    """SQL: the client's counselor, or who covers."""
    return lock.granted(f"{table}.client_id", "'counsel', 'cover'")


SELF, REPRESENTS = "'portal_self'", "'portal_represent'"
# The client who closes a way stops what is due to it, and so does a representative with their own.
CLOSES = f"""({lock.granted(f"{OUT}.client_id", SELF)} AND {OUT}.representative_id IS NULL)
    OR ({lock.granted(f"{OUT}.client_id", REPRESENTS)} AND subrosa_represents_as({OUT}.representative_id))"""
TEAM = lock.contact(f"{OUT}.client_id")

LOCKS = [
    grant(OUT, web="SELECT, INSERT, UPDATE (state, ground, noted_at, noted_by_id)", worker="SELECT, INSERT"),
    guard(OUT),
    policy(OUT, "seen", on="SELECT", using=f"({TEAM}) OR {free(OUT)} OR {CLOSES}"),
    policy(OUT, "asked", on="INSERT", check=f"by_id = subrosa_actor() AND (({TEAM}) OR ({free(OUT)} AND kind = 'danger'))"),
    policy(OUT, "kept", on="UPDATE", using=f"({TEAM}) OR {CLOSES}"),
    own_name(OUT, "noted_by_id"),
    policy(OUT, "job_sees", on="SELECT", using=counsels(OUT), to=WORKER),
    policy(OUT, "job_asks", on="INSERT", check=f"by_id IS NULL AND {counsels(OUT)}", to=WORKER),
    grant(OVER, web="SELECT, INSERT, UPDATE (version, reason, findings, reviewed_at, reviewed_by_id)"),
    guard(OVER),
    freeze(OVER, when="OLD.reviewed_at IS NOT NULL", name="reviewed_is_final"),
    policy(OVER, "seen", on="SELECT", using=f"({lock.granted(f'{OVER}.client_id')}) OR {free(OVER)}"),
    policy(OVER, "sent", on="INSERT", check=f"by_id = subrosa_actor() AND reviewed_at IS NULL AND (({counsels(OVER)}) OR {free(OVER)})"),
    policy(OVER, "reviewed", on="UPDATE", using=f"{free(OVER)} AND by_id <> subrosa_actor()", check="reviewed_by_id = subrosa_actor()"),
    grant(LINE, web="SELECT, INSERT"),
    guard(LINE),
    freeze(LINE),
    policy(LINE, "seen", on="SELECT", using=lock.contact(f"{LINE}.client_id")),
    policy(LINE, "written", on="INSERT", check=f"recorded_by_id = subrosa_actor() AND ({portal.keeps(f'{LINE}.client_id')})"),
]  # fmt: skip
