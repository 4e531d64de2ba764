"""The client does not learn from who opened their record that a parent looked at messages; an absence is kept in moments, as rules ask."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import F, Q

from audit import clock
from audit.lock import sql

threads = import_module("messaging.migrations._threads_lock")
BEFORE = f"{threads.OTHERS} OR what <> 'messaging.represented'"
LOOKED = "(part LIKE 'own\\_thread%' OR part LIKE 'own\\_attachment%')"
NOW = f"{BEFORE} AND NOT {LOOKED}"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_threads")]
    operations = [
        sql(f"ALTER POLICY messages ON audit_event USING ({NOW})", f"ALTER POLICY messages ON audit_event USING ({BEFORE})"),
        migrations.RemoveConstraint(model_name="away", name="away_ends_after_it_begins"),
        migrations.RemoveIndex(model_name="away", name="messaging_a_person__4ed258_idx"),
        migrations.RemoveField(model_name="away", name="first"),
        migrations.RemoveField(model_name="away", name="last"),
        migrations.AddField(model_name="away", name="begins_at", field=models.DateTimeField(default=clock.now), preserve_default=False),
        migrations.AddField(model_name="away", name="ends_at", field=models.DateTimeField(default=clock.now), preserve_default=False),
        migrations.AddIndex(model_name="away", index=models.Index(fields=["person", "ends_at"], name="messaging_a_person__77e579_idx")),
        migrations.AddConstraint(
            model_name="away",
            constraint=models.CheckConstraint(condition=Q(ends_at__gte=F("begins_at")), name="away_ends_after_it_begins"),
        ),
    ]
