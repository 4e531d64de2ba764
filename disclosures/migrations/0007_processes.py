"""Legal process: papers served, steps, letters; and the release that answers one. The second lock: _processes_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

BASES = [
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
    ("warrant", "(f) warrant or the like"),
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
]
LOCKS = import_module("disclosures.migrations._processes_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0018_emergency_of_the_whole_person"),
        ("disclosures", "0006_own_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalProcess",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("court_order", "an order of a court"),
                            ("tribunal_order", "an order of an administrative tribunal"),
                            ("warrant", "a warrant"),
                            ("grand_jury", "a grand jury's subpoena"),
                            ("subpoena_judicial", "a subpoena of a court or its clerk"),
                            ("subpoena_attorney", "a lawyer's subpoena"),
                            ("discovery", "a discovery request"),
                            ("admin_request", "an administrative request"),
                        ],
                        max_length=17,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("served", "Served"),
                            ("logged", "Logged"),
                            ("validated", "Validated"),
                            ("notified", "Client told"),
                            ("privilege", "Privilege asserted"),
                            ("motion", "Motion pending"),
                            ("authorized", "May be answered"),
                            ("ordered", "Ordered"),
                            ("responded", "Answered"),
                            ("closed", "Closed"),
                        ],
                        default="served",
                        max_length=10,
                    ),
                ),
                ("issuer", vault.fields.SealedText(default=str)),
                ("number", vault.fields.SealedText(default=str)),
                ("judge", models.BooleanField(default=False)),
                ("place", models.CharField(blank=True, default="", max_length=5)),
                ("served_at", models.DateTimeField()),
                ("served_how", vault.fields.SealedText(default=str)),
                ("return_on", models.DateField(null=True)),
                ("words", vault.fields.SealedText(default=str)),
                ("scope", vault.fields.SealedJSON(default=dict)),
                ("granted", vault.fields.SealedJSON(default=dict)),
                ("granted_at", models.DateTimeField(null=True)),
                ("valid_how", vault.fields.SealedText(default=str)),
                ("validated_on", models.DateField(null=True)),
                ("domesticated_on", models.DateField(null=True)),
                ("cleared", models.BooleanField(default=False)),
                (
                    "assurance",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("notice", "notice to the client, with time to object"),
                            ("qpo", "a qualified protective order, agreed or asked for"),
                        ],
                        default="none",
                        max_length=6,
                    ),
                ),
                ("assured", vault.fields.SealedText(default=str)),
                ("notice_on", models.DateField(null=True)),
                ("objection_days", models.PositiveSmallIntegerField(null=True)),
                ("objection_until", models.DateField(null=True)),
                (
                    "objection",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none was made"),
                            ("open", "one was made, and is not resolved"),
                            ("resolved", "every one is resolved"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("protected_on", models.DateField(null=True)),
                ("counsel", vault.fields.SealedText(default=str)),
                ("consulted_on", models.DateField(null=True)),
                ("client_notified_at", models.DateTimeField(null=True)),
                ("prohibited", models.BooleanField(default=False)),
                ("told", vault.fields.SealedText(default=str)),
                (
                    "position",
                    models.CharField(
                        blank=True, choices=[("", "not known yet"), ("agrees", "agrees"), ("objects", "objects")], default="", max_length=7
                    ),
                ),
                ("position_words", vault.fields.SealedText(default=str)),
                ("privilege_asserted_at", models.DateTimeField(null=True)),
                (
                    "stands_on",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("order", "an order"),
                            ("assurance", "satisfactory assurance"),
                            ("demand", "what law enforcement served"),
                            ("authorization", "the client's authorization"),
                        ],
                        default="",
                        max_length=13,
                    ),
                ),
                ("ruling", vault.fields.SealedText(default=str)),
                ("part2_order_type", models.CharField(blank=True, default="", max_length=4)),
                ("part2_mandate", models.BooleanField(default=False)),
                ("part2_confidences", models.BooleanField(default=False)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "answered with what was ordered or allowed"),
                            ("refused", "nothing was given"),
                            ("quashed", "set aside or narrowed to nothing by a court"),
                            ("withdrawn", "taken back by whoever sent it"),
                            ("invalid", "not valid, or not in force here"),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=audit.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LegalReply",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(max_length=9)),
                ("to", vault.fields.SealedText(default=str)),
                ("body", vault.fields.SealedText(default=str)),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LegalStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("what", models.CharField(max_length=10)),
                ("words", vault.fields.SealedText(default=str)),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="disclosure",
            name="basis_known",
        ),
        migrations.AlterField(
            model_name="disclosure",
            name="basis",
            field=models.CharField(
                choices=BASES,
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="release",
            name="basis",
            field=models.CharField(
                choices=BASES,
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
                            "warrant",
                            "workers_comp",
                        ],
                    )
                ),
                name="basis_known",
            ),
        ),
        migrations.AddField(
            model_name="legalprocess",
            name="client",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
        ),
        migrations.AddField(
            model_name="legalprocess",
            name="recorded_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="release",
            name="process",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="releases", to="disclosures.legalprocess"
            ),
        ),
        migrations.AddField(
            model_name="legalreply",
            name="client",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
        ),
        migrations.AddField(
            model_name="legalreply",
            name="made_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="legalreply",
            name="process",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="disclosures.legalprocess"),
        ),
        migrations.AddField(
            model_name="legalstep",
            name="client",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"),
        ),
        migrations.AddField(
            model_name="legalstep",
            name="made_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="legalstep",
            name="process",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="disclosures.legalprocess"),
        ),
        migrations.AddIndex(
            model_name="legalprocess",
            index=models.Index(fields=["client", "-served_at"], name="disclosures_client__31f4cc_idx"),
        ),
        migrations.AddConstraint(
            model_name="legalprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "served",
                            "logged",
                            "validated",
                            "notified",
                            "privilege",
                            "motion",
                            "authorized",
                            "ordered",
                            "responded",
                            "closed",
                        ),
                    )
                ),
                name="process_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("served", "logged", "validated", "closed")),
                    ("client_notified_at__isnull", False),
                    ("prohibited", True),
                    _connector="OR",
                ),
                name="client_told_or_forbidden",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("served", "logged", "closed")), ("validated_on__isnull", False), _connector="OR"),
                name="nothing_before_it_is_validated",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["authorized", "ordered"]), _negated=True),
                    models.Q(models.Q(("stands_on", ""), _negated=True), ("granted_at__isnull", False)),
                    _connector="OR",
                ),
                name="answerable_on_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "closed"), models.Q(("outcome", ""), _negated=True)),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None), ("outcome", "")),
                    _connector="OR",
                ),
                name="process_closed_with_an_outcome",
            ),
        ),
        *LOCKS,
    ]
