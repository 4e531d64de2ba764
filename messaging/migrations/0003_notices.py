"""What leaves the house to a client or is kept from leaving, what is sent in danger, and the contact log."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("messaging.migrations._notices_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0002_quieter"),
        ("clients", "0023_contact_safety"),
        ("practice", "0011_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("scheduling", "appointments"),
                            ("billing", "bills"),
                            ("clinical", "counseling itself"),
                            ("crisis", "a crisis"),
                            ("records", "papers and records"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("portal", "the portal"),
                            ("email_plain", "plain e-mail"),
                            ("sms", "text messages"),
                            ("voice", "calls"),
                            ("voicemail", "voicemail"),
                            ("post", "post"),
                            ("video", "video"),
                            ("in_person", "in person"),
                        ],
                        default="",
                        max_length=11,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("handed", "handed to the outbox"), ("refused", "refused"), ("stopped", "stopped")], max_length=7
                    ),
                ),
                ("ground", models.CharField(blank=True, default="", max_length=12)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("noted_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.notice"),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.representative"
                    ),
                ),
            ],
            options={
                "verbose_name": "outgoing notice",
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reason", vault.fields.SealedText(default=str)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("findings", vault.fields.SealedText(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "outgoing",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="override", to="messaging.outgoing"),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "sent in danger",
            },
        ),
        migrations.CreateModel(
            name="ContactLine",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("portal", "the portal"),
                            ("email_plain", "plain e-mail"),
                            ("sms", "text messages"),
                            ("voice", "calls"),
                            ("voicemail", "voicemail"),
                            ("post", "post"),
                            ("video", "video"),
                            ("in_person", "in person"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("out", "we reached them"), ("tried", "we tried, and did not reach them"), ("in", "they reached us")],
                        max_length=5,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField(null=True)),
                ("who", vault.fields.SealedText(default=str)),
                ("address", vault.fields.SealedText(default=str)),
                ("words", vault.fields.SealedText(default=str)),
                ("recorded_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="corrected_by", to="messaging.contactline"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "line of the contact log",
                "indexes": [models.Index(fields=["client", "-at"], name="messaging_c_client__ad1526_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes", None), ("minutes__lte", 1440), _connector="OR"), name="a_day_at_most"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(fields=["client", "-at"], name="messaging_o_client__1bbfb2_idx"),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(
                condition=models.Q(models.Q(("state", "handed"), _negated=True), ("noted_at", None)), fields=["at"], name="outgoing_unnoted"
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", ""), ("state", "handed")),
                    models.Q(models.Q(("state", "handed"), _negated=True), models.Q(("ground", ""), _negated=True)),
                    _connector="OR",
                ),
                name="not_left_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("noted_at", None), ("noted_by", None)),
                    models.Q(("noted_at__isnull", False), ("noted_by__isnull", False)),
                    _connector="OR",
                ),
                name="noted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("findings__isnull", True), ("reviewed_at", None), ("reviewed_by", None)),
                    models.Q(("findings__isnull", False), ("reviewed_at__isnull", False), ("reviewed_by__isnull", False)),
                    _connector="OR",
                ),
                name="override_reviewed_whole",
            ),
        ),
        *LOCKS,
    ]
