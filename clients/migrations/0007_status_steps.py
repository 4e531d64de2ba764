"""Discharge, archive and reopening, each with its sealed reason: added by the client's counselor, and never changed."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import freeze, grant, guard, policy

lock = import_module("clients.migrations.0002_lock")
STATUSES = [("enquiry", "enquiry"), ("intake", "intake"), ("active", "active"), ("discharged", "discharged"), ("archived", "archived")]
TEAM = lock.granted("clients_statusstep.client_id")
COUNSEL = lock.granted("clients_statusstep.client_id", "'counsel', 'cover'")


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0006_denied_in_units"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="StatusStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("was", models.CharField(choices=STATUSES, max_length=12)),
                ("became", models.CharField(choices=STATUSES, max_length=12)),
                ("on", models.DateField()),
                ("reason", vault.fields.SealedText(default=str)),
                ("left_open", models.PositiveSmallIntegerField(default=0)),
                ("taken_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="clients.client")),
                ("taken_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"indexes": [models.Index(fields=["client", "-taken_at"], name="clients_sta_client__367a49_idx")]},
        ),
        grant("clients_statusstep", web="SELECT, INSERT"),
        guard("clients_statusstep"),
        policy("clients_statusstep", "care_team", on="SELECT", using=TEAM),
        policy("clients_statusstep", "taken", on="INSERT", check=f"taken_by_id = subrosa_actor() AND {COUNSEL}"),
        freeze("clients_statusstep", name="step_is_final"),
    ]
