"""Letters, proof, drafts and the closing; the second lock stands from the first day (_letters_lock.py)."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("breaches.migrations._letters_lock").LOCKS


class Migration(migrations.Migration):
    dependencies = [
        ("breaches", "0003_found_at"),
        ("clients", "0017_emergency"),
        ("disclosures", "0001_initial"),
        ("practice", "0007_review"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("letters", models.PositiveSmallIntegerField()),
                ("pdf", vault.fields.SealedBytes()),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
                ("posted_at", models.DateTimeField(null=True)),
                (
                    "incident",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="breaches.incident"),
                ),
                (
                    "posted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "batches",
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("mitigation", vault.fields.SealedText(default=str)),
                ("lessons", vault.fields.SealedText(default=str)),
                (
                    "sanction",
                    models.CharField(
                        choices=[
                            ("none", "Nobody of the workforce was at fault"),
                            ("trained", "They were trained anew"),
                            ("sanctioned", "They were sanctioned"),
                            ("not", "They were not sanctioned, for the reason below"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", vault.fields.SealedText(default=str)),
                ("closed_at", models.DateTimeField(default=audit.clock.now)),
                (
                    "closed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "incident",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="closing", to="breaches.incident"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hhs", "HHS"),
                            ("regulator", "a state"),
                            ("authority", "a data protection authority"),
                            ("media", "the media"),
                            ("substitute", "the public, instead of letters"),
                        ],
                        max_length=10,
                    ),
                ),
                ("whom", models.CharField(max_length=120)),
                ("text", vault.fields.SealedText(default=str)),
                ("proof", vault.fields.SealedText(default=str)),
                ("drawn_at", models.DateTimeField(default=audit.clock.now)),
                ("sent_on", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("drawn_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="breaches.incident")),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("due_on", models.DateField()),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="follow_up", to="breaches.incident"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "being prepared"),
                            ("ready", "ready"),
                            ("unreachable", "no safe address"),
                            ("sending", "handed to the outbox"),
                            ("sent", "sent"),
                            ("returned", "came back"),
                        ],
                        default="waiting",
                        max_length=11,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("post", "by post"),
                            ("portal", "in the portal, with a mail that says nothing"),
                            ("kin", "by post, to the next of kin"),
                            ("other", "in another way"),
                        ],
                        default="post",
                        max_length=6,
                    ),
                ),
                ("may_portal", models.BooleanField(default=False)),
                ("name", vault.fields.SealedText(default=str)),
                ("address", vault.fields.SealedText(default=str)),
                ("mail", vault.fields.SealedText(default=str)),
                ("proof", vault.fields.SealedText(default=str)),
                ("prepared_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="told", to="breaches.batch"),
                ),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="told", to="breaches.incident")),
                (
                    "notice",
                    models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practice.notice"),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "told",
            },
        ),
        migrations.CreateModel(
            name="ClientLetter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("text", vault.fields.SealedText(default=str)),
                ("made_at", models.DateTimeField(default=audit.clock.now)),
                ("sent_at", models.DateTimeField(null=True)),
                ("offered_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="breach_letters", to="clients.client"),
                ),
                ("incident", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="breaches.incident")),
                (
                    "offered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("told", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="letter", to="breaches.told")),
            ],
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("happened", vault.fields.SealedText(default=str)),
                ("kinds", vault.fields.SealedText(default=str)),
                ("protect", vault.fields.SealedText(default=str)),
                ("doing", vault.fields.SealedText(default=str)),
                ("contact", vault.fields.SealedText(default=str)),
                ("drawn_at", models.DateTimeField(default=audit.clock.now)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("drawn_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "incident",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="wordings", to="breaches.incident"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="told",
            name="wording",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="told", to="breaches.wording"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(fields=("incident", "number"), name="batches_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("posted_at", None), ("posted_by", None)),
                    models.Q(("posted_at__isnull", False), ("posted_by__isnull", False)),
                    _connector="OR",
                ),
                name="posted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(("sanction__in", ["none", "trained", "sanctioned", "not"])), name="sanction_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("incident", "kind", "whom"), name="one_draft_a_recipient"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_by", None), ("sent_on", None)),
                    models.Q(("sent_by__isnull", False), ("sent_on__isnull", False)),
                    _connector="OR",
                ),
                name="draft_sent_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("done_by", None)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="followed_up_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="clientletter",
            index=models.Index(fields=["client", "-sent_at"], name="breaches_cl_client__e916f9_idx"),
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.UniqueConstraint(fields=("incident", "number"), name="wordings_are_numbered"),
        ),
        migrations.AddConstraint(
            model_name="wording",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="wording_approved_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="told",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["client"], name="told_waiting"),
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.UniqueConstraint(fields=("incident", "client"), name="told_once_an_incident"),
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"),
                name="told_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "sending"), _negated=True), ("notice__isnull", False), _connector="OR"),
                name="sending_has_a_notice",
            ),
        ),
        *LOCKS,
    ]
