"""How somebody may be reached safely: ways, what was told of their risks, and addresses that were put away (CM-1 to CM-6)."""

import uuid
from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("clients.migrations._safety_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0022_executor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="verified_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="AddressCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("point", models.UUIDField()),
                ("code", models.CharField(max_length=128)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(default=audit.clock.now)),
                ("used_at", models.DateTimeField(null=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                ("sent_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "address code",
            },
        ),
        migrations.CreateModel(
            name="ReplacedAddress",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(choices=[("phone", "phone"), ("mail", "e-mail"), ("post", "post")], max_length=6)),
                ("address", vault.fields.SealedText(default=str)),
                ("payment", vault.fields.SealedText(default=str)),
                ("since", models.DateTimeField(default=audit.clock.now)),
                ("source", models.UUIDField(default=uuid.uuid4)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "replaced address",
                "verbose_name_plural": "replaced addresses",
                "indexes": [models.Index(fields=["client", "-since"], name="clients_rep_client__d12962_idx")],
            },
        ),
        migrations.CreateModel(
            name="SafetyProfile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("quick_exit", models.BooleanField(default=False)),
                ("zone", models.CharField(blank=True, default="", max_length=60)),
                ("voicemail_name", vault.fields.SealedText(default=str)),
                ("avoid", vault.fields.SealedText(default=str)),
                ("session_contact", vault.fields.SealedText(default=str)),
                ("valid_from", models.DateTimeField(default=audit.clock.now)),
                ("valid_to", models.DateTimeField(null=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "verbose_name": "safety profile",
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("valid_to", None)), fields=("client",), name="one_profile_at_a_time")
                ],
            },
        ),
        migrations.CreateModel(
            name="SafeWay",
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
                ("point", models.UUIDField(null=True)),
                ("address", vault.fields.SealedText(default=str)),
                ("never", models.BooleanField(default=False)),
                (
                    "purposes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("scheduling", "appointments"),
                                ("billing", "bills"),
                                ("clinical", "counseling itself"),
                                ("crisis", "a crisis"),
                                ("records", "papers and records"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("none", "nothing but that there is something"),
                            ("minimal", "day and time, no more"),
                            ("full", "what it is about"),
                        ],
                        default="none",
                        max_length=7,
                    ),
                ),
                ("days", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), default=list, size=None)),
                ("opens", models.TimeField(null=True)),
                ("closes", models.TimeField(null=True)),
                ("risks_version", models.CharField(blank=True, default="", max_length=20)),
                ("discussed_at", models.DateTimeField(null=True)),
                ("signature", models.UUIDField(null=True)),
                ("valid_from", models.DateTimeField(default=audit.clock.now)),
                ("valid_to", models.DateTimeField(null=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "representative",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.representative"
                    ),
                ),
            ],
            options={
                "verbose_name": "safe way",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("client", "representative", "channel", "point"),
                        name="one_word_for_each_way",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("never", False), ("purposes", []), _connector="OR"), name="never_is_for_nothing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("discussed_at", None), ("risks_version", "")),
                            models.Q(("discussed_at__isnull", False), models.Q(("risks_version", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="risks_discussed_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                        name="way_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opens", None), ("closes", None), ("closes__gt", models.F("opens")), _connector="OR"),
                        name="way_closes_after_it_opens",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
