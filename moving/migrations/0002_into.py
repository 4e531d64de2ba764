"""Files that are brought in. The second lock: _in_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("moving.migrations._in_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0022_executor"),
        ("moving", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MoveIn",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("clients", "clients"),
                            ("contacts", "contact points"),
                            ("sessions", "sessions"),
                            ("notes", "notes"),
                            ("charts", "PDF charts, in a zip"),
                            ("bundle", "a bundle of Sub Rosa"),
                        ],
                        max_length=8,
                    ),
                ),
                ("system", models.CharField(max_length=20)),
                ("as_drafts", models.BooleanField(default=False)),
                ("brought_at", models.DateTimeField(default=audit.clock.now)),
                ("about", vault.fields.SealedJSON(default=dict)),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "columns are to be chosen"),
                            ("ready", "looked through"),
                            ("running", "being brought in"),
                            ("done", "brought in"),
                            ("stopped", "stopped"),
                        ],
                        default="",
                        max_length=7,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("made", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("wrong", models.PositiveIntegerField(default=0)),
                ("until", models.DateTimeField()),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "brought_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MoveInFault",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveIntegerField()),
                ("words", vault.fields.SealedText(default=str)),
                ("cells", vault.fields.SealedJSON(default=dict)),
                ("move", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="faults", to="moving.movein")),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="MoveInPiece",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("content", vault.fields.SealedBytes()),
                ("move", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="moving.movein")),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("token", models.BinaryField()),
                ("what", models.CharField(max_length=8)),
                ("what_id", models.UUIDField()),
                (
                    "brought_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
            ],
            options={
                "indexes": [models.Index(fields=["token"], name="moving_arri_token_322e5d_idx")],
                "constraints": [models.UniqueConstraint(fields=("brought_by", "token"), name="brought_in_once")],
            },
        ),
        migrations.AddIndex(
            model_name="movein",
            index=models.Index(fields=["brought_by", "-brought_at"], name="moving_move_brought_fdbc58_idx"),
        ),
        migrations.AddConstraint(
            model_name="movein",
            constraint=models.CheckConstraint(condition=models.Q(("done__lte", models.F("total"))), name="no_more_rows_than_there_are"),
        ),
        migrations.AddConstraint(
            model_name="moveinfault",
            constraint=models.UniqueConstraint(fields=("move", "number"), name="a_row_is_wrong_once"),
        ),
        migrations.AddConstraint(
            model_name="moveinpiece",
            constraint=models.UniqueConstraint(fields=("move", "position"), name="one_piece_of_a_file_in_each_place"),
        ),
        *LOCKS,
    ]
