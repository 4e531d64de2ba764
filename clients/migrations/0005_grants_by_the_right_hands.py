"""The second lock says what the actions say: nobody opens a record to themself, and only those who keep a team keep it."""

from importlib import import_module

from django.db import migrations

from audit.lock import policy, sql

lock = import_module("clients.migrations.0002_lock")

CHANGED = (
    lock.function("subrosa_counsels", "client uuid", f"subrosa_granted(client, {lock.CLINICAL})")
    # At intake the grant goes first: a client who is there already, though with nobody, is the admins' to assign.
    + lock.function("subrosa_unassigned", "client uuid", """NOT EXISTS (SELECT 1 FROM clients_clientpermission g WHERE g.content_object_id = client)
        AND NOT EXISTS (SELECT 1 FROM clients_client c WHERE c.id = client)""")
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")  # fmt: skip

GRANTS, CLIENTS, KEYS = "clients_clientpermission", "clients_client", "vault_datakey"
ADMIN, COUNSELOR, DESK = lock.role("admin"), lock.role("counselor"), lock.role("desk")
KEEPERS = "'counsel', 'cover'"
SELF = "user_id = subrosa_actor()"


def keeps(client: str) -> str:
    """SQL: who may change the team and the deny list: admins and the client's counselor. A supervisor reads."""
    return f"({ADMIN} OR {lock.granted(client, KEEPERS)})"


OF_A_GRANT, OF_A_DENIAL = keeps("content_object_id"), keeps("client_id")
AT_INTAKE = f"subrosa_unassigned(content_object_id) AND ({COUNSELOR} OR ({DESK} AND NOT {SELF}))"
GIVEN_BACK = f"{SELF} AND until <= clock_timestamp()"
DENIALS = f"compartment = 'denial' AND holder IS NULL AND {keeps('owner')} AND {lock.not_denied('owner')}"
KEY = "owner <> '00000000-0000-4000-8000-000000000001' AND (holder IS NULL OR holder = subrosa_actor())"
TEAMS_KEY = f"{KEY} AND ({lock.granted('owner')} OR ({DESK} AND compartment = 'contact'))"
OWN_ADDRESSES = lock.granted("client_id", "'portal_self'")


def replaced(table: str, name: str, **clauses: str):
    """The policy ``name`` of ``table``, anew."""
    return [sql(f"DROP POLICY {name} ON {table}"), policy(table, name, **clauses)]


class Migration(migrations.Migration):
    dependencies = [("clients", "0004_authors_alone")]
    operations = [
        sql(CHANGED),
        *replaced(GRANTS, "given", on="INSERT", check=f"(NOT {SELF} AND {OF_A_GRANT}) OR ({AT_INTAKE})"),
        *replaced(GRANTS, "dated", on="UPDATE", using=OF_A_GRANT, check=OF_A_GRANT),
        policy(GRANTS, "given_back", on="UPDATE", using=SELF, check=GIVEN_BACK),
        # Whoever stands on the list does not take themself off it.
        *replaced("clients_denial", "kept", using=f"NOT {SELF} AND {OF_A_DENIAL}", check=OF_A_DENIAL),
        *replaced(KEYS, "denial", on="SELECT", using=DENIALS),
        *replaced(KEYS, "denial_made", on="INSERT", check=DENIALS),
        *replaced(KEYS, "made", on="INSERT", check=TEAMS_KEY),
        # Admins lock the row to keep its team, and write nothing in it.
        sql(f"ALTER POLICY kept ON {CLIENTS} WITH CHECK ({lock.contact('id')})"),
        # A representative's authority does not reach the addresses that a client gave for themself.
        sql(f"ALTER POLICY own ON clients_contactpoint USING ({OWN_ADDRESSES})"),
    ]
