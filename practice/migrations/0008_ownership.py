"""To whom the records belong: rows that are only added to."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import freeze, grant


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0007_review"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ownership",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("model", models.CharField(choices=[("practice", "the practice"), ("counselor", "the counselor")], max_length=9)),
                ("chosen_at", models.DateTimeField(default=audit.clock.now)),
                ("reason", vault.fields.SealedText(default=str)),
                (
                    "chosen_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        grant("practice_ownership", web="SELECT, INSERT", worker="SELECT"),
        freeze("practice_ownership"),
    ]
