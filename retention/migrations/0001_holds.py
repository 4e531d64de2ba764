"""Legal holds, and the one question what stands against destroying a record. The second lock: _holds_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("retention.migrations._holds_lock").LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0005_own_name"),
        ("breaches", "0009_called_and_over"),
        ("clients", "0022_executor"),
        ("consent", "0012_resealing"),
        ("disclosures", "0009_stopped_alone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("court", "a court, a lawyer, or a claim that may come"),
                            ("board", "a complaint to a board or an insurer"),
                            ("inquiry", "an authority asks"),
                            ("audit", "a payer's audit, or a bill that is not paid"),
                            ("abuse", "abuse, suicide or violence: keep indefinitely"),
                            ("other", "something else"),
                        ],
                        max_length=7,
                    ),
                ),
                ("reason", vault.fields.SealedText(default=str)),
                ("since", models.DateField()),
                ("placed_at", models.DateTimeField(default=audit.clock.now)),
                ("release", vault.fields.SealedText(default=str)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
                ),
                (
                    "placed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("released_at", None)), fields=["client"], name="holds_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at", None), ("released_by", None)),
                            models.Q(("released_at__isnull", False), ("released_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="hold_released_by_somebody",
                    )
                ],
            },
        ),
        *LOCKS,
    ]
