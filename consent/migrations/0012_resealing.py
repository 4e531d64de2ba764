"""What was asked and signed stands as it is, also when its words go under another key (audit 0004)."""

from importlib import import_module

from django.db import migrations

from audit.lock import OWNER, sql

lock = import_module("consent.migrations.0004_lock")
BEFORE = lock.FORWARD[lock.FORWARD.index("CREATE FUNCTION consent_request_forward") : lock.FORWARD.index("CREATE TRIGGER request_moves")]
BEFORE = BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
UNLESS = f"""BEGIN
    IF session_user = '{OWNER}' THEN
        IF subrosa_is_reseal(to_jsonb(OLD), to_jsonb(NEW)) THEN RETURN NEW; END IF;
    END IF;
    IF OLD.ended_at"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0011_renewal"), ("audit", "0004_resealing")]

    operations = [sql(BEFORE.replace("BEGIN\n    IF OLD.ended_at", UNLESS), BEFORE)]
