"""Who leaves a couple, family or group keeps the row: what they said together is still theirs to release (IC-33)."""

from django.db import migrations, models

from audit.lock import WEB, sql


class Migration(migrations.Migration):
    dependencies = [("clients", "0020_own_names")]
    operations = [
        migrations.AddField("member", "left_at", models.DateTimeField(null=True)),
        sql(f"GRANT UPDATE (left_at) ON clients_member TO {WEB}", f"REVOKE UPDATE (left_at) ON clients_member FROM {WEB}"),
    ]
