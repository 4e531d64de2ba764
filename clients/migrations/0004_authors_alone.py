"""The care team reads the trail of its client, but not that an author opened or wrote what is theirs alone (REC-1)."""

from importlib import import_module

from django.db import migrations

from audit.lock import policy, sql

lock = import_module("clients.migrations.0002_lock")
TEAM = f"what <> 'records.psychotherapy' AND {lock.granted('audit_event.client_id')}"


class Migration(migrations.Migration):
    dependencies = [("clients", "0003_lock_by_column")]
    operations = [
        sql("DROP POLICY read ON audit_event"),
        policy("audit_event", "read", on="SELECT", using=f"actor_id = subrosa_actor() OR {lock.role('admin')} OR ({TEAM})"),
    ]
