"""A crisis session is held whatever was signed (IC-23), a recorded one has a permission of its own (IC-35); both as final as the note."""

from django.db import migrations, models

from audit.lock import sql

DROP = "DROP TRIGGER facts_are_final ON records_session;"
FACTS = """
CREATE TRIGGER facts_are_final BEFORE UPDATE ON records_session FOR EACH ROW
    WHEN (((OLD.client_id, OLD.counselor_id, OLD.starts_at, OLD.ends_at, OLD.modality, OLD.place{more})
        IS DISTINCT FROM (NEW.client_id, NEW.counselor_id, NEW.starts_at, NEW.ends_at, NEW.modality, NEW.place{new})
        OR (OLD.outcome <> 'planned' AND OLD.outcome <> NEW.outcome)) AND records_session_is_signed(OLD.id))
    EXECUTE FUNCTION subrosa_refuse_change();
"""
FORMERLY = DROP + FACTS.format(more="", new="")
NOW = DROP + FACTS.format(more=", OLD.crisis, OLD.recorded", new=", NEW.crisis, NEW.recorded")


class Migration(migrations.Migration):
    dependencies = [("records", "0015_parts_lock"), ("consent", "0009_supervisor")]
    operations = [
        migrations.AddField("session", "crisis", models.BooleanField(default=False)),
        migrations.AddField("session", "recorded", models.BooleanField(default=False)),
        sql(NOW, FORMERLY),
    ]
