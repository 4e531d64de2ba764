"""The second lock on contact safety: staff who keep contact data, the client themself, and a representative for their own ways alone."""

from __future__ import annotations

from importlib import import_module

from audit.lock import WORKER, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
portal = import_module("clients.migrations.0011_portal_lock")
WAY, PROFILE, REPLACED, CODE = "clients_safeway", "clients_safetyprofile", "clients_replacedaddress", "clients_addresscode"
POINT, TOKEN = "clients_contactpoint", "clients_searchtoken"


def self_of(table: str) -> str:
    """SQL: the actor is the client of the row, in the portal."""
    return lock.granted(f"{table}.client_id", "'portal_self'")


# A function: to a policy that looks into the representatives their own policies would hide whom the actor may not see anyway.
STANDS = lock.function("subrosa_represents_as", "one uuid", """EXISTS (SELECT 1 FROM clients_representative r
    WHERE r.id = one AND r.user_id = subrosa_actor())""")  # fmt: skip
OWN = f"{self_of(WAY)} AND {WAY}.representative_id IS NULL"
REPRESENTS = "'portal_represent'"
THEIRS = f"{lock.granted(f'{WAY}.client_id', REPRESENTS)} AND subrosa_represents_as({WAY}.representative_id)"
WAYS = f"({portal.keeps(f'{WAY}.client_id')}) OR ({OWN}) OR ({THEIRS})"
MINE = "recorded_by_id = subrosa_actor()"


def job(table: str) -> list[object]:
    """The job that acts for a counselor sees what they may: it writes to their clients."""
    mine = lock.granted(f"{table}.client_id", "'counsel', 'cover'")
    return [
        sql(f"GRANT SELECT ON {table} TO {WORKER}", f"REVOKE ALL ON {table} FROM {WORKER}"),
        policy(table, "job_sees", on="SELECT", using=mine, to=WORKER),
    ]


def kept(table: str) -> str:
    """SQL: whoever keeps contact data, and the client themself."""
    return f"({portal.keeps(f'{table}.client_id')}) OR ({self_of(table)})"


LOCKS = [
    sql(STANDS, "DROP FUNCTION subrosa_represents_as(uuid)"),
    grant(WAY, web="SELECT, INSERT, UPDATE (valid_to, signature)"),
    guard(WAY),
    freeze(WAY, when="OLD.valid_to IS NOT NULL", name="over_is_final"),
    policy(WAY, "seen", on="SELECT", using=f"({lock.contact(f'{WAY}.client_id')}) OR ({OWN}) OR ({THEIRS})"),
    policy(WAY, "said", on="INSERT", check=f"{MINE} AND ({WAYS})"),
    policy(WAY, "ended", on="UPDATE", using=WAYS),
    *job(WAY),
    grant(PROFILE, web="SELECT, INSERT, UPDATE (valid_to)"),
    guard(PROFILE),
    freeze(PROFILE, when="OLD.valid_to IS NOT NULL", name="over_is_final"),
    policy(PROFILE, "seen", on="SELECT", using=f"({lock.contact(f'{PROFILE}.client_id')}) OR ({self_of(PROFILE)})"),
    policy(PROFILE, "said", on="INSERT", check=f"{MINE} AND ({kept(PROFILE)})"),
    policy(PROFILE, "ended", on="UPDATE", using=kept(PROFILE)),
    *job(PROFILE),
    grant(REPLACED, web="SELECT, INSERT"),
    guard(REPLACED),
    freeze(REPLACED),
    policy(REPLACED, "seen", on="SELECT", using=f"({lock.contact(f'{REPLACED}.client_id')}) OR ({self_of(REPLACED)})"),
    policy(REPLACED, "put_away", on="INSERT", check=f"{MINE} AND ({portal.keeps(f'{REPLACED}.client_id')})"),
    *job(REPLACED),
    grant(CODE, web="SELECT, INSERT, UPDATE (tries, used_at)"),
    guard(CODE),
    freeze(CODE, when="OLD.used_at IS NOT NULL", name="used_is_final"),
    policy(CODE, "kept", on="SELECT", using=kept(CODE)),
    policy(CODE, "sent", on="INSERT", check=f"sent_by_id = subrosa_actor() AND ({kept(CODE)})"),
    policy(CODE, "tried", on="UPDATE", using=kept(CODE)),
    # The client keeps their own addresses, and what they are found by.
    policy(POINT, "own_new", on="INSERT", check=self_of(POINT)),
    policy(POINT, "own_changed", on="UPDATE", using=self_of(POINT)),
    policy(TOKEN, "own", using=self_of(TOKEN), check=self_of(TOKEN)),
]  # fmt: skip
