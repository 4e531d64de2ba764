"""Agreements, meetings, papers, samples. The second lock: _agreements_lock.py."""

import uuid
from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("supervision.migrations._agreements_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0010_supervision_licence"),
        ("records", "0020_members_who_left"),
        ("supervision", "0002_consultations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("board", models.CharField(max_length=20)),
                (
                    "formats",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("individual", "individual"), ("paired", "paired or triadic"), ("group", "group")], max_length=10
                        ),
                        size=None,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("licence_number", models.CharField(max_length=40)),
                ("licence_state", models.CharField(max_length=2)),
                ("licence_from", models.DateField()),
                ("licence_until", models.DateField()),
                ("self_employed", models.BooleanField(default=False)),
                ("cover", vault.fields.SealedText(default=str)),
                ("fees", vault.fields.SealedText(default=str)),
                ("terms", vault.fields.SealedText(default=str)),
                ("prepared_at", models.DateTimeField(default=audit.clock.now)),
                (
                    "ended_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not ended"),
                            ("withdrawn", "put away before both had signed"),
                            ("followed", "another agreement followed"),
                            ("ended", "ended early"),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "supervisee",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "supervision",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.supervision"
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("individual", "individual"), ("paired", "paired or triadic"), ("group", "group")], max_length=10
                    ),
                ),
                ("medium", models.CharField(choices=[("room", "in one room"), ("video", "by video"), ("phone", "by phone")], max_length=5)),
                ("topics", vault.fields.SealedText(default=str)),
                ("saved_at", models.DateTimeField(default=audit.clock.now)),
                ("keep_until", models.DateField()),
                (
                    "supervisor",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "written_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("evaluation", "evaluation"),
                            ("remediation", "concern and plan"),
                            ("outcome", "what came of a plan"),
                            ("hours", "report of hours"),
                            ("licence", "license of the supervisor"),
                            ("payment", "fee or payment"),
                            ("leave", "leave of a month or more"),
                            ("self_employed", "acknowledgement of self-employment"),
                        ],
                        max_length=13,
                    ),
                ),
                ("begins", models.DateField()),
                ("ends", models.DateField()),
                ("content", vault.fields.SealedJSON(default=dict)),
                ("written_at", models.DateTimeField(default=audit.clock.now)),
                ("keep_until", models.DateField()),
                (
                    "about",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="outcome", to="supervision.paper"
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="supervision.agreement"),
                ),
                (
                    "written_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("cases", vault.fields.SealedJSON(default=dict)),
                ("directives", vault.fields.SealedText(default=str)),
                ("follow_up", vault.fields.SealedText(default=str)),
                ("concerns", vault.fields.SealedText(default=str)),
                (
                    "agreement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="supervision.agreement"),
                ),
                ("meeting", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="supervision.meeting")),
                (
                    "supervisee",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("text", vault.fields.SealedText(default=str)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("author", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("part", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="supervision.part")),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("begins", models.DateField()),
                ("ends", models.DateField()),
                ("of", models.PositiveIntegerField()),
                ("reason", vault.fields.SealedText(default=str)),
                ("drawn_at", models.DateTimeField(default=audit.clock.now)),
                ("keep_until", models.DateField()),
                (
                    "agreement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="supervision.agreement"),
                ),
                ("drawn_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Sampled",
            fields=[
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("remark", vault.fields.SealedText(default=str)),
                ("seen_at", models.DateTimeField(null=True)),
                ("agreement", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="supervision.agreement")),
                ("note", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.note")),
                ("sample", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="supervision.sample")),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "sampled",
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("signed_at", models.DateTimeField(default=audit.clock.now)),
                ("signed_hash", models.BinaryField()),
                (
                    "agreement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="supervision.agreement"),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="supervision.paper"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="supervision.part"
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["supervisee", "until"], name="supervision_supervi_7f4000_idx"),
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["supervisor", "until"], name="supervision_supervi_476128_idx"),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("supervisor", models.F("supervisee")), _negated=True), name="nobody_agrees_with_themself"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(condition=models.Q(("until__gte", models.F("since"))), name="agreement_ends_after_it_begins"),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("licence_until__gte", models.F("licence_from"))), name="licence_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_as", ""), ("ended_at", None), ("ended_by", None)),
                    models.Q(models.Q(("ended_as", ""), _negated=True), ("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="agreement_ended_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["supervisor", "-starts_at"], name="supervision_supervi_9f1d11_idx"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="meeting_ends_after_it_starts"
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(fields=["agreement", "kind", "-begins"], name="supervision_agreeme_3696ff_idx"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(condition=models.Q(("ends__gte", models.F("begins"))), name="paper_ends_after_it_begins"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "outcome"), ("about", None), _connector="XOR"), name="an_outcome_is_of_a_plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.UniqueConstraint(fields=("meeting", "supervisee"), name="one_part_each"),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(condition=models.Q(("ends__gte", models.F("begins"))), name="sample_ends_after_it_begins"),
        ),
        migrations.AddConstraint(
            model_name="sampled",
            constraint=models.UniqueConstraint(fields=("sample", "note"), name="drawn_once_each"),
        ),
        migrations.AddConstraint(
            model_name="sampled",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seen_at", None), ("seen_by", None)),
                    models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                    _connector="OR",
                ),
                name="seen_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(("part", None), ("paper", None), _connector="OR"), name="a_signature_is_under_one_thing"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                fields=("agreement", "part", "paper", "person"), name="signed_once_each", nulls_distinct=False
            ),
        ),
        *LOCKS,
    ]
