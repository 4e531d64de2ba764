"""What clients ask of the practice, and what came of it. The second lock: _rights_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("disclosures.migrations._rights_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0018_emergency_of_the_whole_person"),
        ("disclosures", "0003_releases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RightsRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "see or copy the record"),
                            ("amend", "have something amended"),
                            ("restrict", "have something withheld from somebody"),
                            ("contact", "be reached in another way or place"),
                            ("complaint", "complain"),
                        ],
                        max_length=9,
                    ),
                ),
                ("whom", models.CharField(choices=[("client", "the client"), ("representative", "who represents them")], max_length=14)),
                (
                    "form",
                    models.CharField(
                        blank=True,
                        choices=[("electronic", "an electronic copy"), ("paper", "a copy on paper"), ("inspect", "to look at it here")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("paid_in_full", models.BooleanField(default=False)),
                ("name", vault.fields.SealedText(default=str)),
                ("verified", vault.fields.SealedText(default=str)),
                ("words", vault.fields.SealedText(default=str)),
                ("received_on", models.DateField()),
                ("due_on", models.DateField()),
                ("extended_on", models.DateField(null=True)),
                ("reasons", vault.fields.SealedText(null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("granted", "Granted"), ("partial", "Granted in part"), ("denied", "Denied")],
                        default="",
                        max_length=7,
                    ),
                ),
                ("ground", models.CharField(blank=True, default="", max_length=16)),
                ("answer", vault.fields.SealedText(null=True)),
                ("why", vault.fields.SealedText(null=True)),
                ("fee", models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ("decided_on", models.DateField(null=True)),
                ("done", vault.fields.SealedText(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(default=audit.clock.now)),
                (
                    "asker",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RightsReply",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("review", "Asked for a review"), ("disagrees", "Statement of disagreement"), ("withdrawn", "Withdrawn")],
                        max_length=9,
                    ),
                ),
                ("words", vault.fields.SealedText(default=str)),
                ("recorded_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "request",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="disclosures.rightsrequest"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RightsReview",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("upheld", "Upheld: the denial stands"), ("overturned", "Overturned: it is given after all")],
                        max_length=10,
                    ),
                ),
                ("words", vault.fields.SealedText(default=str)),
                ("reviewer", vault.fields.SealedText(null=True)),
                ("recorded_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="review", to="disclosures.rightsrequest"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="rightsrequest",
            index=models.Index(fields=["client", "-received_on"], name="disclosures_client__abb6fe_idx"),
        ),
        migrations.AddIndex(
            model_name="rightsrequest",
            index=models.Index(condition=models.Q(("closed_at", None)), fields=["due_on"], name="rights_due"),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer__isnull", True), ("decided_by", None), ("decided_on", None), ("decision", "")),
                    models.Q(
                        models.Q(("decision", ""), _negated=True),
                        ("answer__isnull", False),
                        ("decided_by__isnull", False),
                        ("decided_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="rights_decided_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["", "granted"]), models.Q(("ground", ""), _negated=True), _connector="OR"),
                name="no_denial_without_a_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("extended_on", None), ("reasons__isnull", True)),
                    models.Q(("extended_on__isnull", False), ("reasons__isnull", False)),
                    _connector="OR",
                ),
                name="rights_longer_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None), models.Q(models.Q(("decision", ""), _negated=True), ("done__isnull", False)), _connector="OR"
                ),
                name="rights_closed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="rightsreply",
            constraint=models.UniqueConstraint(fields=("request", "kind"), name="replied_once_a_kind"),
        ),
        *LOCKS,
    ]
