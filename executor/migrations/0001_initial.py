"""Plans, activations, the limited list and rehearsals, with the second lock from the first day (RET-26, REV-14)."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import sql
from executor.migrations._lock import LOCKS
from retention.migrations import _rows


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0025_limited_list"),
        ("practice", "0012_executor_role"),
        ("messaging", "0003_notices"),
        ("records", "0002_lock"),
        ("retention", "0004_what_others_hang_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("custodian_name", vault.fields.SealedText(default=str)),
                ("custodian_licence", vault.fields.SealedText(default=str)),
                ("custodian_contact", vault.fields.SealedText(default=str)),
                ("deputy_name", vault.fields.SealedText(default=str)),
                ("deputy_licence", vault.fields.SealedText(default=str)),
                ("deputy_contact", vault.fields.SealedText(default=str)),
                (
                    "opens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("contact", "how each client is reached safely"),
                                ("sessions", "the next session of each client"),
                                ("record", "a record, one at a time and each with a reason"),
                            ],
                            max_length=8,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("places", vault.fields.SealedText(default=str)),
                ("backups", vault.fields.SealedText(default=str)),
                ("callback", vault.fields.SealedText(default=str)),
                ("transfer", vault.fields.SealedText(default=str)),
                ("to_clients", vault.fields.SealedText(default=str)),
                ("to_colleagues", vault.fields.SealedText(default=str)),
                ("to_board", vault.fields.SealedText(default=str)),
                ("to_newspaper", vault.fields.SealedText(default=str)),
                ("begun_at", models.DateTimeField(default=audit.clock.now)),
                ("signed_at", models.DateTimeField(null=True)),
                ("in_force_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "custodian",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Activation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("death", "death"),
                            ("incapacity", "illness or another incapacity"),
                            ("missing", "cannot be found"),
                            ("closing", "the practice closes"),
                        ],
                        max_length=10,
                    ),
                ),
                ("evidence", vault.fields.SealedText(default=str)),
                ("asked_at", models.DateTimeField(default=audit.clock.now)),
                ("released_at", models.DateTimeField(null=True)),
                ("opens_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("why_ended", vault.fields.SealedText(null=True)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("executor", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="activations", to="executor.plan")),
            ],
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("part", models.CharField(choices=[("custodian", "custodian"), ("deputy", "deputy")], max_length=9)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("words", vault.fields.SealedText(default=str)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="executor.plan")),
            ],
        ),
        migrations.CreateModel(
            name="Rehearsal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("amiss", models.PositiveSmallIntegerField()),
                ("findings", vault.fields.SealedJSON(default=dict)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="rehearsals", to="executor.plan")),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "told",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not told yet"),
                            ("called", "by phone"),
                            ("wrote", "by mail or text message"),
                            ("letter", "by letter"),
                            ("met", "in person"),
                            ("unreached", "tried, not reached"),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "onward",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "open"),
                            ("referred", "referred to somebody outside"),
                            ("handed", "goes on with a colleague here"),
                            ("waits", "wants to wait"),
                            ("ends", "wants to go on with nobody"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "wish",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not asked"),
                            ("stays", "the record stays here"),
                            ("copy", "wants a copy"),
                            ("sent", "wants it sent to somebody"),
                        ],
                        default="",
                        max_length=6,
                    ),
                ),
                ("words", vault.fields.SealedText(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "activation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="executor.activation"),
                ),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "told_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("activation", "client"), name="once_on_a_list"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told", ""), ("told_at", None), ("told_by", None)),
                            models.Q(models.Q(("told", ""), _negated=True), ("told_at__isnull", False), ("told_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="told_by_somebody",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("signed_at", None)), fields=("person",), name="one_draft_of_a_plan_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("in_force_at__isnull", False), ("replaced_at", None)), fields=("person",), name="one_plan_in_force_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("custodian", None), models.Q(("custodian", models.F("person")), _negated=True), _connector="OR"),
                    models.Q(("deputy", None), models.Q(("deputy", models.F("person")), _negated=True), _connector="OR"),
                ),
                name="nobody_is_their_own_executor",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("custodian", None), ("deputy", None), models.Q(("custodian", models.F("deputy")), _negated=True), _connector="OR"
                ),
                name="custodian_is_not_deputy",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("in_force_at", None), models.Q(("confirmed_at__isnull", False), ("signed_at__isnull", False)), _connector="OR"
                    ),
                    models.Q(("replaced_at", None), ("signed_at__isnull", False), _connector="OR"),
                ),
                name="plan_in_force_once_signed",
            ),
        ),
        migrations.AddIndex(
            model_name="activation",
            index=models.Index(fields=["executor", "until"], name="executor_ac_executo_7875be_idx"),
        ),
        migrations.AddConstraint(
            model_name="activation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("released_at", None)), fields=("person",), name="one_activation_waits_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="activation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person", models.F("executor")), _negated=True), models.Q(("person", models.F("asked_by")), _negated=True)
                ),
                name="nobody_activates_for_themself",
            ),
        ),
        migrations.AddConstraint(
            model_name="activation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_by", None),
                    models.Q(
                        models.Q(("released_by", models.F("asked_by")), _negated=True),
                        models.Q(("released_by", models.F("executor")), _negated=True),
                        models.Q(("released_by", models.F("person")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="released_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="activation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opens_at", None), ("released_at", None), ("released_by", None), ("until", None)),
                    models.Q(
                        ("opens_at__gt", models.F("released_at")),
                        ("released_at__isnull", False),
                        ("released_by__isnull", False),
                        ("until__gt", models.F("opens_at")),
                    ),
                    _connector="OR",
                ),
                name="released_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="activation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="activation_ended_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="acceptance",
            index=models.Index(fields=["plan", "at"], name="executor_ac_plan_id_d45206_idx"),
        ),
        migrations.AddIndex(
            model_name="rehearsal",
            index=models.Index(fields=["plan", "-at"], name="executor_re_plan_id_a824c7_idx"),
        ),
        *LOCKS,
        sql(_rows.DESTROY),  # a line of a list goes with the record
    ]
