"""What a payer or a promise asks beyond the law (RET-13), and paper that goes with its record (RET-23). The second lock: _longer_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("retention.migrations._longer_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0024_destroyed"),
        ("paper", "0001_files"),
        ("retention", "0004_what_others_hang_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Longer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("told", vault.fields.SealedJSON(default=dict)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("why", vault.fields.SealedText(default=str)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="kept_longer", to="clients.client")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("ended_at", None)), fields=["client"], name="longer_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="longer_ended_by_somebody",
                    )
                ],
            },
        ),
        *LOCKS,
    ]
