"""What is eligible, destruction by two persons, certificates. The second lock: _destroying_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("retention.migrations._destroying_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("breaches", "0012_own_names"),
        ("clients", "0024_destroyed"),
        ("messaging", "0003_notices"),
        ("supervision", "0001_initial"),
        ("transfers", "0003_own_names"),
        ("review", "0001_initial"),
        ("retention", "0001_holds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("crypto", "crypto-erase: the keys are destroyed, the rows deleted"),
                            ("paper", "the same, and the paper shredded or pulverized"),
                            ("media", "the same, and the media cleared, purged or destroyed"),
                            ("both", "the same, and both paper and media"),
                        ],
                        max_length=6,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=audit.clock.now)),
                ("approved_at", models.DateTimeField(null=True)),
                ("outside", models.BooleanField(default=False)),
                ("witness", vault.fields.SealedText(default=str)),
                ("vendor", vault.fields.SealedText(default=str)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("code", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("stopped", "stopped by a rule"),
                            ("taken_back", "taken back"),
                            ("destroyed", "destroyed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("rules", models.CharField(blank=True, default="", max_length=40)),
                ("ended_at", models.DateTimeField(null=True)),
                ("told", vault.fields.SealedJSON(default=dict)),
                ("why", vault.fields.SealedText(default=str)),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="items", to="retention.batch")),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveIntegerField(unique=True)),
                ("code", models.CharField(max_length=40)),
                ("rule", models.CharField(max_length=12)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("crypto", "crypto-erase: the keys are destroyed, the rows deleted"),
                            ("paper", "the same, and the paper shredded or pulverized"),
                            ("media", "the same, and the media cleared, purged or destroyed"),
                            ("both", "the same, and both paper and media"),
                        ],
                        max_length=6,
                    ),
                ),
                ("approved_at", models.DateTimeField()),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("keys", models.PositiveIntegerField()),
                ("backups_until", models.DateField()),
                ("told", vault.fields.SealedJSON(default=dict)),
                (
                    "approver",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("client", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "performed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "item",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="certificate", to="retention.item"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("until", models.DateField()),
                ("reason", vault.fields.SealedText(default=str)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="snoozes", to="clients.client")),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("ripe", models.BooleanField()),
                ("look_on", models.DateField()),
                ("looked_at", models.DateTimeField(default=audit.clock.now)),
                ("told", vault.fields.SealedJSON(default=dict)),
                ("client", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="standing", to="clients.client")),
            ],
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["-proposed_at"], name="retention_b_propose_1c1641_idx"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked", models.F("proposed_by")), _negated=True), name="nobody_asks_themself_to_destroy"
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="destruction_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("asked__isnull", False),
                        ("outside", False),
                        models.Q(("approved_by", None), ("approved_by", models.F("asked")), _connector="OR"),
                    ),
                    models.Q(
                        ("asked", None),
                        ("outside", True),
                        models.Q(("approved_by", None), ("approved_by", models.F("proposed_by")), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="two_persons_or_somebody_from_outside",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["batch"], name="items_waiting"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("client",), name="one_destruction_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("state", "waiting")),
                    models.Q(models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="item_ends_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "taken_back"), ("ended_by", None), _connector="XOR"), name="taken_back_by_somebody"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("approver", models.F("performed_by")), _negated=True), name="nobody_approves_what_they_perform"
            ),
        ),
        migrations.AddIndex(
            model_name="snooze",
            index=models.Index(fields=["client", "-at"], name="retention_s_client__972233_idx"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(condition=models.Q(("ripe", True)), fields=["-looked_at", "-id"], name="standings_ripe"),
        ),
        *LOCKS,
    ]
