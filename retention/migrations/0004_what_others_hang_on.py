"""Mail that somebody else's record hangs on stays; and whoever was worked with again is counted again, whatever day was set for it."""

from importlib import import_module

from django.db import migrations

from audit.lock import sql

rows = import_module("retention.migrations._rows")
lock = import_module("retention.migrations._destroying_lock")
DAYS = lock.DAYS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
WORKED_SINCE = DAYS.replace("s.look_on > current_date", "s.look_on > current_date AND s.looked_at >= c.recent_at")


class Migration(migrations.Migration):
    dependencies = [("retention", "0003_arrivals"), ("messaging", "0003_notices")]
    operations = [sql(rows.DESTROY), sql(WORKED_SINCE, DAYS)]
