"""Clients offered to a colleague. The second lock: _transfers_lock.py."""

import uuid
from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("transfers.migrations._transfers_lock").LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0019_transfers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("code", models.CharField(max_length=40)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("wish", "the client's wish"),
                            ("fit", "a better fit for what is needed"),
                            ("leave", "the counselor is on leave"),
                            ("leaving", "the counselor is leaving the practice"),
                            ("workload", "workload or times"),
                            ("conflict", "a conflict of interest"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", vault.fields.SealedText(default=str)),
                (
                    "withheld",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("notes", "earlier notes"), ("documents", "earlier documents")], max_length=10
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("ends_on", models.DateField()),
                (
                    "told",
                    models.CharField(
                        choices=[
                            ("not_yet", "not yet"),
                            ("told", "told"),
                            ("agrees", "told, and agrees in writing"),
                            ("untold", "cannot be told"),
                        ],
                        default="not_yet",
                        max_length=7,
                    ),
                ),
                ("told_on", models.DateField(null=True)),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
                        choices=[("person", "in person"), ("remote", "by phone or video"), ("writing", "in writing")],
                        default="",
                        max_length=7,
                    ),
                ),
                ("told_words", vault.fields.SealedText(default=str)),
                ("asked_at", models.DateTimeField(default=audit.clock.now)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "waiting for an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("answer", vault.fields.SealedText(default=str)),
                ("ended_at", models.DateTimeField(null=True)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("to", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "-asked_at"], name="transfers_t_client__b4eb3a_idx"),
                    models.Index(condition=models.Q(("outcome", "")), fields=["to"], name="transfers_offered"),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("outcome", "")), fields=("client",), name="one_open_transfer_each"),
                    models.CheckConstraint(
                        condition=models.Q(("to", models.F("asked_by")), _negated=True), name="nobody_offers_to_themself"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None), ("outcome", "")),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="transfer_ended_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "accepted"), _negated=True), models.Q(("told", "not_yet"), _negated=True), _connector="OR"
                        ),
                        name="accepted_once_the_client_is_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("told__in", ["not_yet", "untold"]), ("told_on__isnull", False), _connector="OR"),
                        name="told_on_a_day",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
