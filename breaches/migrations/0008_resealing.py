"""What belongs to an incident that is over never changes, also when its words go under another key (audit 0004)."""

from importlib import import_module

from django.db import migrations

from audit.lock import OWNER, sql

lock = import_module("breaches.migrations._letters_lock")
BEFORE = lock.OVER[: lock.OVER.index("REVOKE ALL")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
UNLESS = f"""BEGIN
    IF TG_OP = 'UPDATE' AND session_user = '{OWNER}' THEN
        IF subrosa_is_reseal(to_jsonb(OLD), to_jsonb(NEW)) THEN RETURN NEW; END IF;
    END IF;
    IF EXISTS"""


class Migration(migrations.Migration):
    dependencies = [("breaches", "0007_over_is_over"), ("audit", "0004_resealing")]

    operations = [sql(BEFORE.replace("BEGIN\n    IF EXISTS", UNLESS), BEFORE)]
