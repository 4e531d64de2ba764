"""The accounting: every basis, taking back by another row, requests, suspensions. The second lock: _accounting_lock.py."""

import datetime
import uuid
from importlib import import_module

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("disclosures.migrations._accounting_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0018_emergency_of_the_whole_person"),
        ("review", "0001_initial"),
        ("disclosures", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountingRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("whom", models.CharField(choices=[("client", "the client"), ("representative", "who represents them")], max_length=14)),
                ("name", vault.fields.SealedText(default=str)),
                ("verified", vault.fields.SealedText(default=str)),
                ("received_on", models.DateField()),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("due_on", models.DateField()),
                ("reasons", vault.fields.SealedText(null=True)),
                ("extended_on", models.DateField(null=True)),
                ("fee", models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ("fee_told_on", models.DateField(null=True)),
                ("pdf", vault.fields.SealedBytes(null=True)),
                ("recorded_at", models.DateTimeField(default=audit.clock.now)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("given_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("whom", models.BinaryField()),
                ("agency", vault.fields.SealedText(default=str)),
                ("official", vault.fields.SealedText(default=str)),
                ("words", vault.fields.SealedText(default=str)),
                ("written", models.BooleanField()),
                ("stated_on", models.DateField()),
                ("until", models.DateField()),
                ("recorded_at", models.DateTimeField(default=audit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="disclosure",
            name="basis_known",
        ),
        migrations.RemoveConstraint(
            model_name="disclosure",
            name="disclosed_once_a_source",
        ),
        migrations.AddField(
            model_name="disclosure",
            name="address",
            field=vault.fields.SealedText(null=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="details",
            field=vault.fields.SealedJSON(null=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="excluded",
            field=models.CharField(blank=True, default="", max_length=13),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="in_portal",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="part2",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="psychotherapy",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="reverses",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reversal", to="disclosures.disclosure"
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="whom",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="basis",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "basis__in",
                        [
                            "adult_abuse",
                            "authorization",
                            "child_abuse",
                            "coroner",
                            "court_order",
                            "custody",
                            "funeral",
                            "government",
                            "hhs",
                            "impermissible",
                            "incidental",
                            "individual",
                            "involved",
                            "law_enforcement",
                            "limited_data",
                            "operations",
                            "organ_donation",
                            "oversight",
                            "part2_emergency",
                            "payment",
                            "public_health",
                            "required_by_law",
                            "research",
                            "security",
                            "serious_threat",
                            "subpoena",
                            "treatment",
                            "workers_comp",
                        ],
                    )
                ),
                name="basis_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("accountable", True),
                        ("excluded", ""),
                        models.Q(
                            (
                                "basis__in",
                                [
                                    "authorization",
                                    "custody",
                                    "incidental",
                                    "individual",
                                    "involved",
                                    "limited_data",
                                    "operations",
                                    "part2_emergency",
                                    "payment",
                                    "security",
                                    "treatment",
                                ],
                            ),
                            _negated=True,
                        ),
                    ),
                    models.Q(("accountable", False), ("basis__in", ["authorization"]), ("excluded", "authorization")),
                    models.Q(("accountable", False), ("basis__in", ["custody"]), ("excluded", "custody")),
                    models.Q(("accountable", False), ("basis__in", ["incidental"]), ("excluded", "incidental")),
                    models.Q(("accountable", False), ("basis__in", ["individual"]), ("excluded", "individual")),
                    models.Q(("accountable", False), ("basis__in", ["involved"]), ("excluded", "involved")),
                    models.Q(("accountable", False), ("basis__in", ["limited_data"]), ("excluded", "limited_data")),
                    models.Q(("accountable", False), ("basis__in", ["security"]), ("excluded", "security")),
                    models.Q(
                        ("accountable", False),
                        ("basis__in", ["operations", "part2_emergency", "payment", "treatment"]),
                        ("excluded", "tpo"),
                    ),
                    _connector="OR",
                ),
                name="left_out_by_its_code_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses", None)), fields=("client", "source_id"), name="disclosed_once_a_source"
            ),
        ),
        migrations.AddField(
            model_name="accountingrequest",
            name="client",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
        ),
        migrations.AddField(
            model_name="accountingrequest",
            name="given_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="accountingrequest",
            name="recorded_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="suspension",
            name="client",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
        ),
        migrations.AddField(
            model_name="suspension",
            name="ended_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="suspension",
            name="recorded_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name="accountingrequest",
            index=models.Index(condition=models.Q(("given_at", None), ("withdrawn_at", None)), fields=["due_on"], name="accountings_due"),
        ),
        migrations.AddConstraint(
            model_name="accountingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("since__lte", models.F("until")), ("until__lte", models.F("received_on"))),
                name="accounting_of_days_past",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given_at", None), ("given_by", None), ("pdf__isnull", True)),
                    models.Q(("given_at__isnull", False), ("given_by__isnull", False), ("pdf__isnull", False), ("withdrawn_at", None)),
                    _connector="OR",
                ),
                name="accounting_given_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("extended_on", None), ("reasons__isnull", True)),
                    models.Q(("extended_on__isnull", False), ("reasons__isnull", False)),
                    _connector="OR",
                ),
                name="longer_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee", 0), models.Q(("fee__gt", 0), ("fee_told_on__isnull", False)), _connector="OR"),
                name="fee_told_before",
            ),
        ),
        migrations.AddIndex(
            model_name="suspension",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["client"], name="suspensions_running"),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(condition=models.Q(("until__gte", models.F("stated_on"))), name="suspended_for_a_time"),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("written", True),
                    (
                        "until__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("stated_on"), "+", models.Value(datetime.timedelta(days=30))
                        ),
                    ),
                    _connector="OR",
                ),
                name="said_aloud_for_30_days_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="suspension_ended_by_somebody",
            ),
        ),
        *LOCKS,
    ]
