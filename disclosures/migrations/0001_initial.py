"""The accounting of disclosures: rows that are only added to. The second lock stands from the first day."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import freeze, grant, guard, policy

lock = import_module("clients.migrations.0002_lock")
ROW = "disclosures_disclosure"
TEAM = lock.granted("client_id")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0017_emergency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("on", models.DateField()),
                ("basis", models.CharField(choices=[("impermissible", "not permitted: a breach")], max_length=16)),
                ("recipient", vault.fields.SealedText(default=str)),
                ("description", vault.fields.SealedText(default=str)),
                ("purpose", vault.fields.SealedText(default=str)),
                ("accountable", models.BooleanField(default=True)),
                ("source_id", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="disclosures", to="clients.client")),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["client", "-on"], name="disclosures_client__b1d2c5_idx")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("basis__in", ["impermissible"])), name="basis_known"),
                    models.UniqueConstraint(fields=("client", "source_id"), name="disclosed_once_a_source"),
                ],
            },
        ),
        grant(ROW, web="SELECT, INSERT"),
        guard(ROW),
        freeze(ROW),
        policy(ROW, "team", on="SELECT", using=TEAM),
        policy(ROW, "made", on="INSERT", check=f"made_by_id = subrosa_actor() AND {TEAM}"),
    ]
