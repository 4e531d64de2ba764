"""Releases, packages, second looks, sendings, restrictions. The second lock: _releases_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("disclosures.migrations._releases_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0018_emergency_of_the_whole_person"),
        ("consent", "0011_renewal"),
        ("disclosures", "0002_accounting"),
        ("practice", "0007_review"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("authorization", "the client's signed authorization"),
                            ("individual", "to the client themself"),
                            ("involved", "to those involved in care"),
                            ("treatment", "treatment"),
                            ("payment", "payment"),
                            ("operations", "operations"),
                            ("part2_emergency", "medical emergency (Part 2)"),
                            ("required_by_law", "(a) required by law"),
                            ("public_health", "(b) public health"),
                            ("child_abuse", "(b) child abuse"),
                            ("adult_abuse", "(c) adult abuse"),
                            ("oversight", "(d) health oversight"),
                            ("court_order", "(e) court order"),
                            ("subpoena", "(e) subpoena"),
                            ("law_enforcement", "(f) law enforcement"),
                            ("coroner", "(g) coroner"),
                            ("funeral", "(g) funeral director"),
                            ("organ_donation", "(h) organ donation"),
                            ("research", "(i) research"),
                            ("serious_threat", "(j) serious threat"),
                            ("government", "(k) government functions"),
                            ("security", "(k) national security"),
                            ("custody", "(k) custody"),
                            ("workers_comp", "(l) workers' compensation"),
                            ("hhs", "HHS"),
                            ("limited_data", "a limited data set"),
                            ("incidental", "incidental"),
                            ("impermissible", "not permitted: a breach"),
                        ],
                        max_length=16,
                    ),
                ),
                ("recipient", vault.fields.SealedText(default=str)),
                ("address", vault.fields.SealedText(default=str)),
                ("purpose", vault.fields.SealedText(default=str)),
                ("asked", vault.fields.SealedText(default=str)),
                ("verified", vault.fields.SealedText(default=str)),
                ("justification", vault.fields.SealedText(default=str)),
                ("details", vault.fields.SealedJSON(default=dict)),
                ("chosen", vault.fields.SealedJSON(default=dict)),
                ("whole", models.BooleanField(default=False)),
                ("part2", models.BooleanField(default=False)),
                ("apart", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
                ("ended_as", models.CharField(blank=True, choices=[("sent", "sent"), ("cancelled", "given up")], default="", max_length=9)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "authorization",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="consent.authorization"
                    ),
                ),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="clients.client")),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Package",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("apart", models.BooleanField(default=False)),
                ("pdf", vault.fields.SealedBytes()),
                ("bundle", vault.fields.SealedBytes()),
                ("manifest", vault.fields.SealedJSON(default=dict)),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "release",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="packages", to="disclosures.release"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("package", models.UUIDField()),
                ("outside", models.BooleanField(default=False)),
                ("passed", models.BooleanField()),
                ("words", vault.fields.SealedText(default=str)),
                ("at", models.DateTimeField(default=audit.clock.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("release", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="disclosures.release")),
            ],
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("whom", models.BinaryField()),
                ("recipient", vault.fields.SealedText(default=str)),
                ("words", vault.fields.SealedText(default=str)),
                ("paid_in_full", models.BooleanField(default=False)),
                ("agreed_on", models.DateField()),
                ("recorded_at", models.DateTimeField(default=audit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "ended_by",
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
            name="Sending",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("apart", models.BooleanField(default=False)),
                (
                    "way",
                    models.CharField(
                        choices=[("handed", "printed and handed over, posted or faxed"), ("link", "a link, and words told another way")],
                        max_length=6,
                    ),
                ),
                ("where", vault.fields.SealedText(default=str)),
                ("link", models.BinaryField(null=True, unique=True)),
                ("words", models.CharField(blank=True, default="", max_length=200)),
                ("until", models.DateTimeField(null=True)),
                ("most", models.PositiveSmallIntegerField(default=0)),
                ("taken", models.PositiveSmallIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("taken_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "disclosure",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="sending", to="disclosures.disclosure"
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.notice"),
                ),
                (
                    "package",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="sending", to="disclosures.package"),
                ),
                (
                    "release",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="sending", to="disclosures.release"),
                ),
                ("sent_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["client", "-made_at"], name="disclosures_client__d50459_idx"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("authorization__isnull", False), ("basis", "authorization")),
                    models.Q(models.Q(("basis", "authorization"), _negated=True), ("authorization", None)),
                    _connector="OR",
                ),
                name="release_rests_on_one_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_as", ""), ("ended_at", None)),
                    models.Q(models.Q(("ended_as", ""), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="release_ended_sometime",
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.UniqueConstraint(fields=("release",), name="one_package_a_release"),
        ),
        migrations.AddConstraint(
            model_name="look",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("by", models.F("made_by")), _negated=True), ("outside", True), _connector="OR"),
                name="nobody_looks_at_their_own_release",
            ),
        ),
        migrations.AddConstraint(
            model_name="look",
            constraint=models.UniqueConstraint(fields=("package",), name="looked_at_once"),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False), ("paid_in_full", False)),
                    _connector="OR",
                ),
                name="restriction_ended_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="sending",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("disclosure__isnull", False), ("link", None), ("way", "handed")),
                    models.Q(
                        ("link__isnull", False),
                        ("most__gte", 1),
                        ("until__isnull", False),
                        ("way", "link"),
                        models.Q(("words", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="sent_in_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="sending",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken", 0), ("disclosure__isnull", False), _connector="OR"), name="fetched_and_accounted"
            ),
        ),
        migrations.AddConstraint(
            model_name="sending",
            constraint=models.CheckConstraint(condition=models.Q(("taken__lte", models.F("most"))), name="fetched_no_more_than_that"),
        ),
        *LOCKS,
    ]
