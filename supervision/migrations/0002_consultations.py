"""Consultations: what was asked of whom, advised and decided; pages for somebody of outside. The second lock: _consultations_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("supervision.migrations._consultations_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0022_executor"),
        ("consent", "0012_resealing"),
        ("supervision", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="deidentifiedview",
            name="colleague",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("asked_at", models.DateTimeField(default=audit.clock.now)),
                ("held_on", models.DateField()),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("colleague", "a colleague here"),
                            ("supervisor", "the supervisor of this client"),
                            ("lawyer", "a lawyer"),
                            ("expert", "an expert from outside"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("deidentified", "nothing that tells who it is"),
                            ("authorization", "the client signed for it"),
                            ("treatment", "they treat the client as well"),
                            ("counsel", "legal advice to the practice"),
                            ("supervisor", "they supervise this client's care"),
                        ],
                        max_length=13,
                    ),
                ),
                ("serves", models.CharField(blank=True, default="", max_length=10)),
                ("served", models.UUIDField(null=True)),
                ("who", vault.fields.SealedText(default=str)),
                ("grounds", vault.fields.SealedText(default=str)),
                ("question", vault.fields.SealedText(default=str)),
                ("told", vault.fields.SealedJSON(default=dict)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "authorization",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.authorization"),
                ),
                (
                    "client",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
                ),
                (
                    "consultant",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "view",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultation",
                        to="supervision.deidentifiedview",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("decision", vault.fields.SealedText(default=str)),
                ("rationale", vault.fields.SealedText(default=str)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "client",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
                ),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcome", to="supervision.consultation"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OutsidePage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
                ("until", models.DateTimeField()),
                ("link", models.BinaryField(unique=True)),
                ("words", models.CharField(max_length=200)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField(null=True)),
                ("reader", models.BinaryField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("where", vault.fields.SealedText(default=str)),
                (
                    "client",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
                ),
                (
                    "consultation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pages", to="supervision.consultation"),
                ),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Advice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("text", vault.fields.SealedText(default=str)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "client",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
                ),
                (
                    "consultation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="advice", to="supervision.consultation"),
                ),
                (
                    "page",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="advice", to="supervision.outsidepage"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["client", "-asked_at"], name="supervision_client__dc075b_idx"),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["serves", "served"], name="supervision_serves_f6e168_idx"),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(("consultant", models.F("asked_by")), _negated=True), name="nobody_consults_themself"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", "authorization"), ("authorization", None), _connector="OR"),
                name="signed_for_where_that_is_the_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("basis", "authorization"), _negated=True), ("authorization__isnull", False), _connector="OR"),
                name="the_basis_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("served", None), ("serves", "")),
                    models.Q(models.Q(("serves", ""), _negated=True), ("served__isnull", False)),
                    _connector="OR",
                ),
                name="serves_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="outsidepage",
            constraint=models.CheckConstraint(condition=models.Q(("until__gt", models.F("made_at"))), name="a_page_stands_for_a_while"),
        ),
        migrations.AddConstraint(
            model_name="outsidepage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at", None), ("reader", None)),
                    models.Q(("opened_at__isnull", False), ("reader__isnull", False)),
                    _connector="OR",
                ),
                name="opened_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="outsidepage",
            constraint=models.CheckConstraint(
                condition=models.Q(("answered_at", None), ("opened_at__isnull", False), _connector="OR"),
                name="answered_after_it_was_opened",
            ),
        ),
        *LOCKS,
    ]
