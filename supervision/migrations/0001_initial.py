"""De-identified views. The second lock: _views_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("supervision.migrations._views_lock").LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0019_transfers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeidentifiedView",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
                ("days", models.PositiveSmallIntegerField()),
                ("question", vault.fields.SealedText(default=str)),
                ("pseudonym", vault.fields.SealedText(default=str)),
                ("texts", vault.fields.SealedJSON(default=dict)),
                ("work", vault.fields.SealedJSON(compartment="record", default=dict)),
                ("shared_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "colleague",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "de-identified view",
                "indexes": [
                    models.Index(fields=["colleague", "until"], name="supervision_colleag_c19939_idx"),
                    models.Index(fields=["client", "-made_at"], name="supervision_client__a0f6e7_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("colleague", models.F("made_by")), _negated=True), name="nobody_consults_with_themself"
                    ),
                    models.CheckConstraint(condition=models.Q(("days__range", (1, 30))), name="a_view_stands_for_a_while"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("shared_at", None), ("until", None)),
                            models.Q(("shared_at__isnull", False), ("until__gt", models.F("shared_at"))),
                            _connector="OR",
                        ),
                        name="shared_until_a_day",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
