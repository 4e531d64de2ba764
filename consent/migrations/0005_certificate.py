"""The practice's certificate for signed papers, and the practice's own key that its secret is sealed with."""

import os
import uuid

from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import freeze, grant
from vault import keys
from vault.gate import PRACTICE


def make_the_key(apps, schema_editor):
    """A wrapped key of the practice for the compartment "certificate"."""
    row = apps.get_model("vault", "DataKey")(id=uuid.uuid4(), owner=PRACTICE, compartment="certificate")
    keys.wrap(row, os.urandom(32))
    row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0004_lock"),
        ("vault", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("der", models.BinaryField()),
                ("key", vault.fields.SealedBytes()),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
                ("until", models.DateTimeField()),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("until__gt", models.F("made_at"))), name="certificate_dates_in_order")
                ],
            },
        ),
        migrations.RunPython(make_the_key, migrations.RunPython.noop),
        grant("consent_certificate", web="SELECT, INSERT"),
        freeze("consent_certificate", name="certificate_is_final"),
    ]
