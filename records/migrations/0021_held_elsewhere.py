"""Sessions that were held elsewhere: what is known of where, and that no note here is late for them (REC-5)."""

from importlib import import_module

from django.db import migrations

import vault.fields
from audit.lock import sql

FORMERLY = import_module("records.migrations.0015_parts_lock").LATE
LATE = FORMERLY.replace("WHERE s.within_id IS NULL AND", "WHERE s.within_id IS NULL AND s.elsewhere IS NULL AND")


class Migration(migrations.Migration):
    dependencies = [("records", "0020_members_who_left")]
    operations = [
        migrations.AddField("session", "elsewhere", vault.fields.SealedJSON(null=True)),
        sql(LATE, FORMERLY),
    ]
