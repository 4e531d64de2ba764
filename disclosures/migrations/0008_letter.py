"""Which letter of 45 CFR 164.512 something else rests on; and what was decided in an emergency (SU-7)."""

from django.db import migrations, models

from audit.lock import WEB, sql

EVENT = "disclosures_exceptionevent"


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0007_processes")]
    operations = [
        migrations.AddField("exceptionevent", "letter", models.CharField(blank=True, default="", max_length=20)),
        migrations.AddField("exceptionevent", "at_once", models.BooleanField(default=False)),
        sql(f"GRANT UPDATE (at_once) ON {EVENT} TO {WEB}", f"REVOKE UPDATE (at_once) ON {EVENT} FROM {WEB}"),
    ]
