"""Somebody leaves. The second lock, and the count of what they leave: _departures_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("transfers.migrations._departures_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("transfers", "0001_initial"),
        ("clients", "0019_transfers"),
        ("records", "0019_earlier_record"),
        ("disclosures", "0005_exceptions"),
        ("breaches", "0001_initial"),
        ("review", "0002_signals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Departure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("last_day", models.DateField()),
                ("begun_at", models.DateTimeField(default=audit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("called_off", models.BooleanField(default=False)),
                ("left", models.PositiveIntegerField(default=0)),
                ("left_words", vault.fields.SealedText(default=str)),
                ("begun_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("person",), name="one_open_departure_each"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="departure_ended_by_somebody",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
