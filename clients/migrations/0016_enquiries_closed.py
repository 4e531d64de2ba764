"""The front desk closes an enquiry that nobody ever counseled, opens it again, and reads why; no other step is theirs."""

from importlib import import_module

from django.db import migrations

from audit.lock import policy, sql

lock = import_module("clients.migrations.0002_lock")
FUNCTION = lock.function(
    "subrosa_never_counseled",
    "client uuid",
    f"""NOT EXISTS (SELECT 1 FROM clients_clientpermission g JOIN auth_permission p ON p.id = g.permission_id
        WHERE g.content_object_id = client AND p.codename IN ({lock.CLINICAL}))""",
)
CLOSED = "((was IN ('enquiry', 'intake') AND became = 'archived') OR (was = 'archived' AND became = 'enquiry'))"
DESK = f"{CLOSED} AND {lock.role('desk')} AND {lock.not_denied('clients_statusstep.client_id')}"
TAKEN = f"taken_by_id = subrosa_actor() AND {DESK} AND subrosa_never_counseled(clients_statusstep.client_id)"


class Migration(migrations.Migration):
    dependencies = [("clients", "0015_lists_ask_once")]
    operations = [
        sql(FUNCTION, "DROP FUNCTION subrosa_never_counseled(uuid)"),
        policy("clients_statusstep", "of_an_enquiry", on="SELECT", using=DESK),
        policy("clients_statusstep", "enquiry_closed", on="INSERT", check=TAKEN),
    ]
