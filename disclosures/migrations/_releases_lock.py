"""The second lock on releases, as migration 0003 puts it on: the care team; psychotherapy notes to their author alone; nothing sent changes.

Whoever fetches by a link is nobody here: the house acts for whoever sent it, with the grants that person has at that moment.
"""

from __future__ import annotations

from importlib import import_module

from audit.lock import WEB, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
RELEASE, PACKAGE, LOOK, SENDING, RESTRICTION = (f"disclosures_{name}" for name in ("release", "package", "look", "sending", "restriction"))
TEAM = lock.granted("client_id")
COUNSEL = lock.granted("client_id", "'counsel', 'cover'")


def mine_if_apart(column: str) -> str:
    """SQL: nothing kept apart is in it, or the actor made it."""
    return f"(NOT apart OR {column} = subrosa_actor())"


# Whose sending a link is, for the public page that is asked for it: it alone, and nothing of the client.
SENDER = f"""
CREATE FUNCTION subrosa_release_sender(secret bytea) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN (SELECT s.sent_by_id FROM {SENDING} s WHERE s.link = secret AND s.stopped_at IS NULL); END $$;
REVOKE ALL ON FUNCTION subrosa_release_sender(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_release_sender(bytea) TO {WEB};
"""
RELEASE_COLUMNS = "version, recipient, address, purpose, asked, verified, justification, details, chosen, whole, part2, ended_as, ended_at"
SENDING_COLUMNS = "taken, tries, taken_at, stopped_at, disclosure_id"

LOCKS = [
    grant(RELEASE, web=f"SELECT, INSERT, UPDATE ({RELEASE_COLUMNS})"),
    guard(RELEASE),
    freeze(RELEASE, when="OLD.ended_as <> ''", name="over_is_final"),
    policy(RELEASE, "team", on="SELECT", using=f"{TEAM} AND {mine_if_apart('made_by_id')}"),
    policy(RELEASE, "begun", on="INSERT", check=f"made_by_id = subrosa_actor() AND {COUNSEL}"),
    policy(RELEASE, "worked_on", on="UPDATE", using=f"{TEAM} AND {mine_if_apart('made_by_id')}", check=COUNSEL),  # who looks locks the row
    grant(PACKAGE, web="SELECT, INSERT, DELETE"),
    guard(PACKAGE),
    sql(
        f"CREATE TRIGGER frozen BEFORE UPDATE ON {PACKAGE} FOR EACH ROW EXECUTE FUNCTION subrosa_refuse_change()",
        f"DROP TRIGGER frozen ON {PACKAGE}",
    ),
    policy(PACKAGE, "team", on="SELECT", using=f"{TEAM} AND {mine_if_apart('made_by_id')}"),
    policy(PACKAGE, "made", on="INSERT", check=f"made_by_id = subrosa_actor() AND {COUNSEL}"),
    policy(PACKAGE, "made_anew", on="DELETE", using=f"{COUNSEL} AND {mine_if_apart('made_by_id')}"),
    grant(LOOK, web="SELECT, INSERT"),
    guard(LOOK),
    freeze(LOOK),
    policy(LOOK, "team", on="SELECT", using=TEAM),
    policy(LOOK, "looked", on="INSERT", check=f"by_id = subrosa_actor() AND {TEAM}"),
    grant(SENDING, web=f"SELECT, INSERT, UPDATE ({SENDING_COLUMNS})"),
    guard(SENDING),
    freeze(SENDING, when="OLD.stopped_at IS NOT NULL", name="stopped_is_final"),
    policy(SENDING, "team", on="SELECT", using=f"{TEAM} AND {mine_if_apart('sent_by_id')}"),
    policy(SENDING, "sent", on="INSERT", check=f"sent_by_id = subrosa_actor() AND {COUNSEL}"),
    policy(SENDING, "fetched_or_stopped", on="UPDATE", using=f"{COUNSEL} AND {mine_if_apart('sent_by_id')}"),
    sql(SENDER, "DROP FUNCTION subrosa_release_sender(bytea)"),
    grant(RESTRICTION, web="SELECT, INSERT, UPDATE (ended_at, ended_by_id)"),
    guard(RESTRICTION),
    freeze(RESTRICTION, when="OLD.ended_at IS NOT NULL", name="ended_is_final"),
    policy(RESTRICTION, "team", on="SELECT", using=TEAM),
    policy(RESTRICTION, "agreed", on="INSERT", check=f"recorded_by_id = subrosa_actor() AND {COUNSEL}"),
    policy(RESTRICTION, "ended", on="UPDATE", using=f"{COUNSEL} AND NOT paid_in_full", check="ended_by_id = subrosa_actor()"),
]
