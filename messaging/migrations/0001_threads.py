"""Threads, their messages and files, and who is away. The second lock: _threads_lock.py."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields

LOCKS = import_module("messaging.migrations._threads_lock").LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0005_own_name"),
        ("review", "0006_own_names"),
        ("clients", "0022_executor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("by_staff", models.BooleanField()),
                ("text", vault.fields.SealedText(default=str)),
                ("attached", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                ("sender", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Filed",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("document", models.UUIDField()),
                ("filed_at", models.DateTimeField(default=audit.clock.now)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                ("filed_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "message",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="filed", to="messaging.message"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("about", vault.fields.SealedJSON(default=dict)),
                ("room", models.PositiveIntegerField()),
                ("mark", models.BinaryField()),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                (
                    "message",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="messaging.message"),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "capacity",
                    models.CharField(choices=[("portal_self", "the client"), ("portal_represent", "representative")], max_length=16),
                ),
                ("kind", models.CharField(choices=[("care", "care"), ("office", "appointments and bills")], max_length=6)),
                ("begun_at", models.DateTimeField(default=audit.clock.now)),
                ("last_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("waiting_since", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("begun_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="threads", to="clients.client")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name="message",
            name="thread",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="messaging.thread"),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("text", vault.fields.SealedText(default=str)),
                ("saved_at", models.DateTimeField(default=audit.clock.now)),
                ("author", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("client", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client")),
                ("thread", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="messaging.thread")),
            ],
        ),
        migrations.CreateModel(
            name="AttachmentPiece",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("content", vault.fields.SealedBytes()),
                (
                    "attachment",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pieces", to="messaging.attachment"),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("attachment", "position"), name="one_piece_of_an_attachment_in_each_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="Away",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("set_at", models.DateTimeField(default=audit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("cover", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["person", "last"], name="messaging_a_person__4ed258_idx")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("last__gte", models.F("first"))), name="away_ends_after_it_begins"),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("cover")), _negated=True), name="nobody_covers_for_themself"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(fields=("message", "position"), name="one_attachment_in_each_place"),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(fields=["person"], name="messaging_t_person__fcceea_idx"),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(condition=models.Q(("waiting_since__isnull", False)), fields=["waiting_since"], name="threads_waiting"),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.UniqueConstraint(fields=("client", "person", "capacity", "kind"), name="one_thread_of_a_kind"),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["care", "office"])), name="thread_kind_known"),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__in", ["portal_self", "portal_represent"])), name="thread_capacity_known"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["thread", "-sent_at"], name="messaging_m_thread__aa71a8_idx"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("thread", "author"), name="one_draft_each"),
        ),
        *LOCKS,
    ]
