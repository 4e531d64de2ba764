"""Runs: what was done to keep the house. The owner, who makes backups, writes them; web and worker look."""

import uuid

from django.db import migrations, models

import audit.clock
from audit.lock import grant


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("backup", "backup"), ("drill", "drill"), ("restore", "restore")], max_length=10)),
                ("name", models.CharField(max_length=20)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("running", "under way"), ("good", "good"), ("failed", "failed")], default="running", max_length=10
                    ),
                ),
                ("began_at", models.DateTimeField(default=audit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("bytes", models.BigIntegerField(default=0)),
                ("rows", models.BigIntegerField(default=0)),
                ("lost_seconds", models.FloatField(null=True)),
                ("took_seconds", models.FloatField(null=True)),
                ("differing", models.IntegerField(default=0)),
                ("lines", models.BigIntegerField(default=0)),
                ("findings", models.IntegerField(default=0)),
                ("opened", models.IntegerField(default=0)),
                ("shut", models.IntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "-began_at"], name="runs_by_kind")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "running")), ("ended_at__isnull", False), _connector="OR"
                        ),
                        name="ended_with_an_outcome",
                    )
                ],
            },
        ),
        grant("upkeep_run", web="SELECT", worker="SELECT"),
    ]
