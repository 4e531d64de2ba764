"""A session can be cancelled in time, as when the client is discharged; and an archived client's notes are nobody's late ones."""

from importlib import import_module

from django.db import migrations, models

from audit.lock import sql

FORMERLY = import_module("records.migrations.0007_late_notes_counted").LATE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
KEPT = "AND NOT EXISTS (SELECT 1 FROM clients_client c WHERE c.id = found.client AND c.status = 'archived')"
LATE = FORMERLY.replace("clock_timestamp()));\n    RETURN counted", f"clock_timestamp()))\n        {KEPT};\n    RETURN counted")

OUTCOMES = [
    ("planned", "planned"),
    ("attended", "attended"),
    ("cancelled", "cancelled in time"),
    ("late", "cancelled late"),
    ("absent", "did not come"),
]


class Migration(migrations.Migration):
    dependencies = [("records", "0007_late_notes_counted")]
    operations = [
        sql(LATE, FORMERLY),
        migrations.RemoveConstraint(model_name="session", name="session_outcome_known"),
        migrations.AlterField("session", "outcome", models.CharField(choices=OUTCOMES, default="planned", max_length=10)),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(outcome__in=["planned", "attended", "cancelled", "late", "absent"]), name="session_outcome_known"
            ),
        ),
    ]
