"""The second lock on consultations: who asked, the client's care team, and whoever is asked, who adds advice and reads no more of it.

Whoever opens a page of outside is nobody here: the house acts for whoever asked, with the grants that person has at that moment.
"""

from __future__ import annotations

from importlib import import_module

from audit.lock import WEB, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
CONSULT, PAGE, ADVICE, OUTCOME, VIEW, KEYS = (
    "supervision_consultation", "supervision_outsidepage", "supervision_advice", "supervision_outcome", "supervision_deidentifiedview", "vault_datakey",
)  # fmt: skip
FREE = lock.not_denied("client_id")
UNDECIDED = f"NOT EXISTS (SELECT 1 FROM {OUTCOME} o WHERE o.consultation_id = c.id)"
STAFF = lock.role("counselor", "supervisor", "admin")
TEAM, COUNSEL = lock.granted("client_id"), lock.granted("client_id", "'counsel', 'cover'")
OFFICER = f"(serves = 'incident' AND {lock.role('admin')})"


def seen(author: str) -> str:
    """SQL: the care team; about no client, who asked."""
    return f"((client_id IS NOT NULL AND {TEAM}) OR (client_id IS NULL AND {author} = subrosa_actor() AND {STAFF}))"


def own(author: str) -> str:
    """SQL: who asked, while they counsel the client, if it is about one."""
    return f"{author} = subrosa_actor() AND {STAFF} AND (client_id IS NULL OR {COUNSEL})"


def of_an_incident() -> str:
    """SQL: an admin, of what belongs to a consultation about an incident."""
    return f"{lock.role('admin')} AND EXISTS (SELECT 1 FROM {CONSULT} c WHERE c.id = consultation_id AND c.serves = 'incident')"


# What the policies of pages and advice ask of the consultation that they belong to.
MINE = lock.function("subrosa_consults", "asked uuid", f"""EXISTS (SELECT 1 FROM {CONSULT} c WHERE c.id = asked AND {UNDECIDED}
    AND c.asked_by_id = subrosa_actor())""")  # fmt: skip
THEIRS = lock.function("subrosa_advises", "asked uuid", f"""EXISTS (SELECT 1 FROM {CONSULT} c JOIN {VIEW} v ON v.id = c.view_id
    WHERE c.id = asked AND {UNDECIDED} AND v.colleague_id = subrosa_actor() AND v.shared_at IS NOT NULL AND v.ended_at IS NULL
    AND v.until > now())""")  # fmt: skip
ABOUT = lock.function("subrosa_about_nobody", "asked uuid", f"""NOT EXISTS (SELECT 1 FROM clients_client k WHERE k.id = asked)
    AND NOT EXISTS (SELECT 1 FROM {CONSULT} c WHERE c.id = asked AND NOT (c.asked_by_id = subrosa_actor()
        OR (c.serves = 'incident' AND subrosa_role('admin'))))""")  # fmt: skip
ADVISING = f"""colleague_id = subrosa_actor() AND shared_at IS NOT NULL AND ended_at IS NULL AND until > now()
    AND {lock.role("counselor", "supervisor")} AND {FREE}"""
ASKER = f"""
CREATE FUNCTION subrosa_page_maker(secret bytea) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN (SELECT p.made_by_id FROM {PAGE} p WHERE p.link = secret AND p.stopped_at IS NULL); END $$;
REVOKE ALL ON FUNCTION subrosa_page_maker(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_page_maker(bytea) TO {WEB};
"""
KEY = f"compartment = 'consult' AND holder IS NULL AND {STAFF} AND subrosa_about_nobody(vault_datakey.owner)"
# A page opens once: what was written down of that stays.
ONCE = f"""CREATE TRIGGER opened_once BEFORE UPDATE ON {PAGE} FOR EACH ROW
    WHEN (OLD.opened_at IS NOT NULL AND (NEW.opened_at, NEW.reader) IS DISTINCT FROM (OLD.opened_at, OLD.reader))
    EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER row_stays BEFORE DELETE ON {PAGE} FOR EACH ROW EXECUTE FUNCTION subrosa_refuse_change()"""
FREED = f"DROP TRIGGER row_stays ON {PAGE}; DROP TRIGGER opened_once ON {PAGE}"

LOCKS = [
    sql(MINE + THEIRS + ABOUT + ASKER, "DROP FUNCTION subrosa_page_maker(bytea); DROP FUNCTION subrosa_about_nobody(uuid); "
        "DROP FUNCTION subrosa_advises(uuid); DROP FUNCTION subrosa_consults(uuid)"),
    grant(CONSULT, web="SELECT, INSERT, UPDATE (version)"),  # to lock the row: nothing of it changes
    guard(CONSULT),
    freeze(CONSULT),
    policy(CONSULT, "team", on="SELECT", using=f"({seen('asked_by_id')} OR {OFFICER})"),
    policy(CONSULT, "advising", on="SELECT", using="subrosa_advises(id)"),
    policy(CONSULT, "asked", on="INSERT", check=own("asked_by_id")),
    policy(CONSULT, "worked_on", on="UPDATE", using=own("asked_by_id")),
    # Whoever advises locks the view, and changes nothing of it.
    policy(VIEW, "advised_on", on="UPDATE", using=ADVISING, check="false"),
    grant(PAGE, web="SELECT, INSERT, UPDATE (tries, opened_at, reader, answered_at, stopped_at)"),
    guard(PAGE),
    freeze(PAGE, when="(OLD.stopped_at IS NOT NULL OR OLD.answered_at IS NOT NULL)", name="over_is_final"),
    policy(PAGE, "made_by", on="SELECT", using=own("made_by_id")),
    policy(PAGE, "made", on="INSERT", check=f"{own('made_by_id')} AND subrosa_consults(consultation_id)"),
    policy(PAGE, "used", on="UPDATE", using=own("made_by_id")),
    sql(ONCE, FREED),
    grant(ADVICE, web="SELECT, INSERT"),
    guard(ADVICE),
    freeze(ADVICE),
    policy(ADVICE, "team", on="SELECT", using=f"{seen('by_id')} OR (by_id = subrosa_actor() AND {STAFF} AND {FREE})"),
    policy(ADVICE, "officer", on="SELECT", using=of_an_incident()),
    policy(ADVICE, "told", on="INSERT", check=f"{own('by_id')} AND subrosa_consults(consultation_id)"),
    policy(ADVICE, "advised", on="INSERT", check=f"by_id = subrosa_actor() AND page_id IS NULL AND {STAFF} AND {FREE} AND subrosa_advises(consultation_id)"),
    grant(OUTCOME, web="SELECT, INSERT"),
    guard(OUTCOME),
    freeze(OUTCOME),
    policy(OUTCOME, "team", on="SELECT", using=seen("by_id")),
    policy(OUTCOME, "officer", on="SELECT", using=of_an_incident()),
    policy(OUTCOME, "decided", on="INSERT", check=f"{own('by_id')} AND subrosa_consults(consultation_id)"),
    policy(KEYS, "about_nobody", on="SELECT", using=KEY),
    policy(KEYS, "about_nobody_made", on="INSERT", check=KEY),
]  # fmt: skip
