"""Whoever stops a link changes nothing else of its sending: an admin with an open incident may stop it, and no more."""

from django.db import migrations

from audit.lock import sql

SENDING, REST = "disclosures_sending", ("taken", "taken_at", "tries", "disclosure_id", "version")
OLD, NEW = (", ".join(f"{row}.{name}" for name in REST) for row in ("OLD", "NEW"))
ALONE = f"""CREATE TRIGGER stopped_alone BEFORE UPDATE ON {SENDING} FOR EACH ROW
    WHEN (OLD.stopped_at IS NULL AND NEW.stopped_at IS NOT NULL AND ({OLD}) IS DISTINCT FROM ({NEW}))
    EXECUTE FUNCTION subrosa_refuse_change()"""


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0008_letter"), ("audit", "0004_resealing")]
    operations = [sql(ALONE, f"DROP TRIGGER stopped_alone ON {SENDING}")]
