"""Seals over the trail: a row each, only ever added to; the watch over them; a small index that finds lines by their number."""

from django.db import migrations, models

from audit.lock import WORKER, freeze, grant, sql

# Lines are looked for by number once a minute and when they are verified. They lie in the order of their numbers, so that a
# BRIN of some pages is enough and an insert pays next to nothing.
INDEX = "CREATE INDEX audit_event_number ON audit_event USING brin (id) WITH (pages_per_range = 32, autosummarize = on)"
NEVER_EMPTIED = "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION subrosa_refuse_change()"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_no_truncate")]
    operations = [
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("looked_at", models.DateTimeField(null=True)),
                ("anchored", models.BigIntegerField(default=0)),
                ("anchored_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=20)),
                ("verified_at", models.DateTimeField(null=True)),
                ("verified_lines", models.BigIntegerField(default=0)),
                ("findings", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("version", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("after", models.BigIntegerField(unique=True)),
                ("upto", models.BigIntegerField()),
                ("lines", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=44)),
                ("mac", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=88)),
                ("farewell", models.CharField(blank=True, max_length=88)),
                ("marks", models.BinaryField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("upto__gt", models.F("after"))), name="seal_goes_forward")],
            },
        ),
        grant("audit_seal", web="SELECT", worker="SELECT, INSERT"),
        freeze("audit_seal"),
        sql(NEVER_EMPTIED, "DROP TRIGGER never_emptied ON audit_seal"),
        grant("audit_watch", web="SELECT", worker="SELECT, UPDATE"),
        sql("INSERT INTO audit_watch (anchored, trouble, verified_lines, findings) VALUES (0, '', 0, 0)", "DELETE FROM audit_watch"),
        sql(INDEX, "DROP INDEX audit_event_number"),
        # How far the numbers of lines have come, whether or not their transactions are over.
        sql(f"GRANT SELECT ON SEQUENCE audit_event_id_seq TO {WORKER}", f"REVOKE SELECT ON SEQUENCE audit_event_id_seq FROM {WORKER}"),
    ]
