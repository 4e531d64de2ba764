"""A large file comes in parts: how many rows it has is known once all of it is here."""

from importlib import import_module

from django.db import migrations, models

from audit.lock import WEB, sql

lock = import_module("moving.migrations._in_lock")
STATES = [
    ("coming", "being sent"), ("", "columns are to be chosen"), ("ready", "looked through"), ("running", "being brought in"),
    ("done", "brought in"), ("stopped", "stopped"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("moving", "0002_into")]
    operations = [
        migrations.AlterField("movein", "state", models.CharField(blank=True, choices=STATES, default="", max_length=7)),
        sql(f"GRANT UPDATE (total) ON {lock.MOVE} TO {WEB}", f"REVOKE UPDATE (total) ON {lock.MOVE} FROM {WEB}"),
    ]
