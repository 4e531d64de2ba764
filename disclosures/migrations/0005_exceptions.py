"""Exceptions: events, consults, reports. The second lock: _exceptions_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("disclosures.migrations._exceptions_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0018_emergency_of_the_whole_person"),
        ("disclosures", "0004_rights"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExceptionEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("child_abuse", "child abuse or neglect"),
                            ("elder_abuse", "abuse of an elder or dependent adult"),
                            ("adult_abuse", "abuse of an adult"),
                            ("threat_other", "a threat to somebody else"),
                            ("threat_self", "a threat to themself"),
                            ("contagious", "a contagious disease"),
                            ("other", "something else that the law names"),
                        ],
                        max_length=12,
                    ),
                ),
                ("place", models.CharField(blank=True, default="", max_length=2)),
                ("part2", models.BooleanField(default=False)),
                ("learned_at", models.DateTimeField()),
                ("facts", vault.fields.SealedText(default=str)),
                ("source", vault.fields.SealedText(default=str)),
                ("standard", vault.fields.SealedText(default=str)),
                ("rationale", vault.fields.SealedText(default=str)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("report", "report it"), ("protect", "protect: warn, or another step"), ("no_report", "not report")],
                        default="",
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "told",
                    models.CharField(
                        blank=True, choices=[("before", "beforehand"), ("after", "afterwards"), ("not", "not")], default="", max_length=6
                    ),
                ),
                (
                    "not_told_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("risk_client", "it would endanger the client"),
                            ("risk_victim", "it would endanger the victim"),
                            ("suspected", "who represents them may be the cause"),
                            ("unreachable", "they cannot be reached"),
                            ("emergency", "there was no time"),
                            ("law", "the law forbids it"),
                            ("agency", "the agency said not to"),
                        ],
                        default="",
                        max_length=11,
                    ),
                ),
                ("discussion", vault.fields.SealedText(default=str)),
                ("follow_up", vault.fields.SealedText(default=str)),
                ("opened_at", models.DateTimeField(default=audit.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "opened_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consult",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("whom", vault.fields.SealedText(default=str)),
                ("question", vault.fields.SealedText(default=str)),
                ("advice", vault.fields.SealedText(default=str)),
                ("asked_at", models.DateTimeField(default=audit.clock.now)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "asked",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consults", to="disclosures.exceptionevent"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("how", models.CharField(choices=[("oral", "by word of mouth"), ("written", "in writing")], max_length=7)),
                ("made_at", models.DateTimeField()),
                ("agency", vault.fields.SealedText(default=str)),
                ("person", vault.fields.SealedText(default=str)),
                ("phone", vault.fields.SealedText(default=str)),
                ("number", vault.fields.SealedText(default=str)),
                ("given", vault.fields.SealedJSON(default=dict)),
                ("withheld", vault.fields.SealedText(default=str)),
                ("recorded_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "disclosure",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="report", to="disclosures.disclosure"),
                ),
                (
                    "event",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="disclosures.exceptionevent"),
                ),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="exceptionevent",
            index=models.Index(fields=["client", "-opened_at"], name="disclosures_client__282b2b_idx"),
        ),
        migrations.AddConstraint(
            model_name="exceptionevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at", None), models.Q(("told", ""), _negated=True), _connector="OR"),
                name="closed_says_whether_the_client_was_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="exceptionevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("told", "not"), _negated=True), models.Q(("not_told_why", ""), _negated=True), _connector="OR"
                ),
                name="not_told_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="exceptionevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at", None), models.Q(("decision", ""), _negated=True), _connector="OR"),
                name="closed_is_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="consult",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked", None), models.Q(("asked", models.F("asked_by")), _negated=True), _connector="OR"),
                name="nobody_consults_themselves",
            ),
        ),
        *LOCKS,
    ]
