"""The second lock on everything that belongs to a client, keyed on the same guardian rows as clients/access.py."""

from django.db import migrations

from audit.lock import WEB, WORKER, grant, guard, policy, sql

# What policies ask. Each is a PL/pgSQL function on purpose: its plan is made once a connection, where SQL written into the
# policy would be planned anew with every statement, and with the policies of the tables it looks into (measured: 5 ms of
# planning for one note, 0.2 ms this way). SECURITY DEFINER: the grant table's own policies ask the same questions.
LIVE = "(g.until IS NULL OR g.until > now())"  # "since" is left to the first lock: clocks differ by seconds


def function(name: str, arguments: str, answer: str) -> str:
    """SQL: a function of the running roles that answers yes or no."""
    signature = f"{name}({arguments})"
    types = ", ".join(part.replace("VARIADIC ", "").split()[-1] for part in arguments.split(", "))
    return f"""
CREATE FUNCTION {signature} RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN {answer}; END $$;
REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name}({types}) TO {WEB}, {WORKER};
"""


def grants(codes: str) -> str:
    """SQL: the actor's live grants on ``client`` with one of ``codes``."""
    return f"""SELECT 1 FROM clients_clientpermission g JOIN auth_permission p ON p.id = g.permission_id
        WHERE g.content_object_id = client AND g.user_id = subrosa_actor() AND p.codename {codes} AND {LIVE}"""


FUNCTIONS = (
    function("subrosa_role", "VARIADIC wanted text[]", """EXISTS (SELECT 1 FROM practice_user u WHERE u.id = subrosa_actor()
        AND u.roles && wanted::varchar[] AND u.is_active AND (u.leaves_at IS NULL OR u.leaves_at > now()))""")
    + function("subrosa_denied", "client uuid", """EXISTS (SELECT 1 FROM clients_denial d WHERE d.client_id = client
        AND d.user_id = subrosa_actor())""")
    + function("subrosa_granted", "client uuid, VARIADIC codes text[]", f"EXISTS ({grants('= ANY(codes)')}) AND NOT subrosa_denied(client)")
    + function("subrosa_counsels", "client uuid", f"""EXISTS ({grants("IN ('counsel', 'cover', 'supervise')")})""")
    + function("subrosa_unassigned", "client uuid", "NOT EXISTS (SELECT 1 FROM clients_clientpermission g WHERE g.content_object_id = client)")
    + function("subrosa_is", "permission integer, VARIADIC codes text[]", """EXISTS (SELECT 1 FROM auth_permission p
        WHERE p.id = permission AND p.codename = ANY(codes))""")
)  # fmt: skip
DROP = """DROP FUNCTION subrosa_is(integer, text[]); DROP FUNCTION subrosa_unassigned(uuid); DROP FUNCTION subrosa_counsels(uuid);
DROP FUNCTION subrosa_granted(uuid, text[]); DROP FUNCTION subrosa_denied(uuid); DROP FUNCTION subrosa_role(text[])"""

CLINICAL = "'counsel', 'supervise', 'cover'"
ANY = CLINICAL + ", 'portal_self', 'portal_represent'"


def granted(client: str, codes: str = CLINICAL) -> str:
    """SQL: the actor holds a live grant with one of ``codes`` on ``client`` (a column), and stands on no deny list."""
    return f"subrosa_granted({client}, {codes})"


def not_denied(client: str) -> str:
    """SQL: the actor does not stand on the deny list of ``client``."""
    return f"NOT subrosa_denied({client})"


def role(*names: str) -> str:
    """SQL: the actor works here in one of these roles; asked once per statement, not per row."""
    return "(SELECT subrosa_role(" + ", ".join(f"'{name}'" for name in names) + "))"


def contact(client: str) -> str:
    """SQL: who may see and change contact data: the care team, and the front desk."""
    return f"({granted(client)}) OR ({role('desk')} AND {not_denied(client)})"


SEEN_BY_THE_CLIENT = ["clients_contactpoint", "clients_representative"]


def contact_tables():
    for table in ("clients_contactpoint", "clients_representative", "clients_searchtoken"):
        yield guard(table)
        yield policy(table, "contact", using=contact(f"{table}.client_id"), check=contact(f"{table}.client_id"))
    for table in SEEN_BY_THE_CLIENT:
        yield policy(table, "own", on="SELECT", using=granted(f"{table}.client_id", ANY))


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0001_initial"),
        ("practice", "0002_lock"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        sql(FUNCTIONS, DROP),
        grant("clients_client", web="SELECT, INSERT, UPDATE", worker="SELECT"),
        grant("clients_member", web="SELECT, INSERT, DELETE"),
        grant("clients_contactpoint", web="SELECT, INSERT, UPDATE, DELETE"),
        grant("clients_representative", web="SELECT, INSERT, UPDATE"),
        grant("clients_searchtoken", web="SELECT, INSERT, DELETE"),
        grant("clients_clientpermission", web="SELECT, INSERT, UPDATE"),
        grant("clients_denial", web="SELECT, INSERT, UPDATE, DELETE"),
        *[grant(f"clients_{name}_id_seq", web="USAGE") for name in ("member", "searchtoken")],
        grant("vault_datakey", web="SELECT, INSERT", worker="SELECT, INSERT"),
        # The client's own row.
        guard("clients_client"),
        policy("clients_client", "seen", on="SELECT", using=f"({granted('clients_client.id', ANY)}) OR ({role('desk', 'admin')} AND {not_denied('clients_client.id')})"),
        policy("clients_client", "taken_in", on="INSERT", check=f"({granted('clients_client.id')}) OR {role('desk')}"),
        policy("clients_client", "kept", on="UPDATE", using=f"({granted('clients_client.id')}) OR ({role('desk', 'admin')} AND {not_denied('clients_client.id')})"),
        # Contact data, and the tokens it is found by.
        *contact_tables(),
        guard("clients_member"),
        policy("clients_member", "of_the_unit", using=contact("clients_member.unit_id"), check=contact("clients_member.unit_id")),
        policy("clients_member", "of_the_person", on="SELECT", using=contact("clients_member.person_id")),
        # The care team: one's own grants, those of clients one counsels, and for admins all.
        guard("clients_clientpermission"),
        policy("clients_clientpermission", "seen", on="SELECT",
            using=f"user_id = subrosa_actor() OR {role('admin', 'desk')} OR subrosa_counsels(content_object_id)"),
        policy("clients_clientpermission", "given", on="INSERT",
            check=f"{role('admin')} OR subrosa_counsels(content_object_id) OR ({role('counselor', 'desk')} AND subrosa_unassigned(content_object_id))"),
        policy("clients_clientpermission", "dated", on="UPDATE",
            using=f"{role('admin')} OR subrosa_counsels(content_object_id)", check="true"),
        # The deny list: a person's own entries (every policy above asks for them), the counselor's and the admin's.
        guard("clients_denial"),
        policy("clients_denial", "own", on="SELECT", using="user_id = subrosa_actor()"),
        policy("clients_denial", "kept", using=f"{role('admin')} OR subrosa_counsels(client_id)", check=f"{role('admin')} OR subrosa_counsels(client_id)"),
        # Keys: who may not open a compartment does not even get its wrapped key.
        guard("vault_datakey"),
        policy("vault_datakey", "practice", on="SELECT", using="owner = '00000000-0000-4000-8000-000000000001'"),
        policy("vault_datakey", "practice_for_jobs", on="SELECT", using="owner = '00000000-0000-4000-8000-000000000001'", to=WORKER),
        policy("vault_datakey", "contact", on="SELECT", using=f"compartment = 'contact' AND (({granted('vault_datakey.owner', ANY)}) OR ({role('desk')} AND {not_denied('vault_datakey.owner')}))"),
        policy("vault_datakey", "record", on="SELECT", using=f"compartment IN ('record', 'report') AND holder IS NULL AND {granted('vault_datakey.owner')}"),
        policy("vault_datakey", "held", on="SELECT", using=f"holder = subrosa_actor() AND {granted('vault_datakey.owner')}"),
        policy("vault_datakey", "made", on="INSERT",
            check=f"owner <> '00000000-0000-4000-8000-000000000001' AND (holder IS NULL OR holder = subrosa_actor()) AND (({granted('vault_datakey.owner')}) OR {role('desk')})"),
        # Who may read which lines of the trail.
        policy("audit_event", "read", on="SELECT", using=f"actor_id = subrosa_actor() OR {role('admin')} OR ({granted('audit_event.client_id')})"),
        policy("audit_event", "job_reads", on="SELECT", using="true", to=WORKER),
    ]  # fmt: skip
