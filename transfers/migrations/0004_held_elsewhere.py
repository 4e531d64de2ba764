"""A session that was held elsewhere wants no note here: it is not counted among what somebody leaves (as in records.access)."""

from importlib import import_module

from django.db import migrations

from audit.lock import sql

lock = import_module("transfers.migrations._departures_lock")
BEFORE = lock.LEFT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
OWN = BEFORE.replace("s.outcome IN ('planned', 'attended') AND", "s.outcome IN ('planned', 'attended') AND s.elsewhere IS NULL AND")


class Migration(migrations.Migration):
    dependencies = [("transfers", "0003_own_names"), ("records", "0021_held_elsewhere")]
    operations = [sql(OWN, BEFORE)]
