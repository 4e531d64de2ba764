"""Bundles of records that leave. The second lock: _out_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("moving.migrations._out_lock").LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0022_executor"),
        ("records", "0020_members_who_left"),
        ("consent", "0012_resealing"),
        ("disclosures", "0009_stopped_alone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MoveOut",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("own", "our own next system or archive"), ("person", "the client asked for it")],
                        default="own",
                        max_length=6,
                    ),
                ),
                ("private", models.BooleanField(default=False)),
                ("reason", vault.fields.SealedText(default=str)),
                ("asked_at", models.DateTimeField(default=audit.clock.now)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "waiting for a second person"),
                            ("approved", "approved"),
                            ("declined", "declined"),
                            ("stopped", "stopped"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("total", models.PositiveIntegerField(null=True)),
                ("made_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("taken", models.PositiveSmallIntegerField(default=0)),
                ("gone_at", models.DateTimeField(null=True)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "client",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MoveOutPart",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("made", "made"),
                            ("unread", "left out: nobody on the care team may open all of it"),
                            ("broken", "left out: something in it does not open"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
                ),
                ("out", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="moving.moveout")),
                (
                    "reader",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="MoveOutPiece",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("content", vault.fields.SealedBytes()),
                ("part", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="moving.moveoutpart")),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddIndex(
            model_name="moveout",
            index=models.Index(fields=["client", "-asked_at"], name="moving_move_client__598aee_idx"),
        ),
        migrations.AddIndex(
            model_name="moveout",
            index=models.Index(condition=models.Q(("made_at", None), ("outcome", "approved")), fields=["asked_at"], name="moves_to_make"),
        ),
        migrations.AddConstraint(
            model_name="moveout",
            constraint=models.CheckConstraint(
                condition=models.Q(("client__isnull", False), models.Q(("private", False), ("purpose", "own")), _connector="OR"),
                name="a_practice_moves_for_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="moveout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "approved"), _negated=True),
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_approves_their_own_move",
            ),
        ),
        migrations.AddConstraint(
            model_name="moveout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("outcome", "")),
                    models.Q(models.Q(("outcome", ""), _negated=True), ("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="move_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="moveout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("made_at", None), ("until", None)),
                    models.Q(("made_at__isnull", False), ("until__gt", models.F("made_at"))),
                    _connector="OR",
                ),
                name="a_made_move_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="moveoutpart",
            constraint=models.UniqueConstraint(fields=("out", "number"), name="parts_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="moveoutpiece",
            constraint=models.UniqueConstraint(fields=("part", "position"), name="one_piece_of_a_part_in_each_place"),
        ),
        *LOCKS,
    ]
