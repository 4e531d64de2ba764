"""The review of safeguards: tasks by the schedule, evidence that is only added to, and what is to be done (rulebook 13)."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import freeze, grant, own_name, sql

TASK, EVIDENCE, ACTION = "review_reviewtask", "review_evidence", "review_reviewaction"
SAID = "kind, due_on, completed_at, completed_by_id, self_reviewed, findings"
BOTH = ["ROW(" + ", ".join(f"{side}.{name}" for name in SAID.split(", ")) + ")" for side in ("OLD", "NEW")]
# What was completed says the same for good; only its end is added.
FINAL = f"""CREATE TRIGGER final BEFORE UPDATE ON {TASK} FOR EACH ROW
    WHEN (OLD.completed_at IS NOT NULL AND {BOTH[0]} IS DISTINCT FROM {BOTH[1]}) EXECUTE FUNCTION subrosa_refuse_change()"""
UPDATES = "UPDATE (reviewer_id, begun_at, completed_at, completed_by_id, self_reviewed, findings, closed_at, version)"


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0006_own_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewTask',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(max_length=8)),
                ('due_on', models.DateField()),
                ('planned_at', models.DateTimeField(default=audit.clock.now)),
                ('begun_at', models.DateTimeField(null=True)),
                ('completed_at', models.DateTimeField(null=True)),
                ('self_reviewed', models.BooleanField(default=False)),
                ('findings', vault.fields.SealedText(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('completed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'review of safeguards',
            },
        ),
        migrations.CreateModel(
            name='ReviewAction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('words', vault.fields.SealedText(default=str)),
                ('due_on', models.DateField()),
                ('added_at', models.DateTimeField(default=audit.clock.now)),
                ('done_at', models.DateTimeField(null=True)),
                ('outcome', vault.fields.SealedText(null=True)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='review.reviewtask')),
            ],
            options={
                'verbose_name': 'action of a review',
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('key', models.CharField(max_length=20)),
                ('words', vault.fields.SealedText(default=str)),
                ('about', vault.fields.SealedJSON(null=True)),
                ('content', vault.fields.SealedBytes(null=True)),
                ('given_at', models.DateTimeField(default=audit.clock.now)),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='review.reviewtask')),
            ],
            options={
                'verbose_name_plural': 'evidence',
            },
        ),
        migrations.AddConstraint(
            model_name='reviewtask',
            constraint=models.UniqueConstraint(fields=('kind', 'due_on'), name='one_review_of_a_kind_and_day'),
        ),
        migrations.AddConstraint(
            model_name='reviewtask',
            constraint=models.UniqueConstraint(condition=models.Q(('completed_at', None)), fields=('kind',), name='one_open_review_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='reviewtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('completed_at', None), ('completed_by', None)), models.Q(('completed_at__isnull', False), ('completed_by__isnull', False)), _connector='OR'), name='review_completed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='reviewtask',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('completed_at__isnull', False), _connector='OR'), name='review_completed_before_closed'),
        ),
        migrations.AddIndex(
            model_name='reviewaction',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['owner'], name='review_actions_open'),
        ),
        migrations.AddConstraint(
            model_name='reviewaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='action_done_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(fields=['task', 'given_at'], name='review_evid_task_id_c42c36_idx'),
        ),
        grant(TASK, web=f"SELECT, INSERT, {UPDATES}",
            worker="INSERT, SELECT (id, version, kind, due_on, reviewer_id, begun_at, completed_at, completed_by_id, self_reviewed, planned_at, closed_at)"),
        sql(FINAL, f"DROP TRIGGER final ON {TASK}"),
        freeze(TASK, when="OLD.closed_at IS NOT NULL"),
        own_name(TASK, "completed_by_id"),
        grant(EVIDENCE, web="SELECT, INSERT", worker="INSERT, SELECT (id, task_id, key, given_at)"),
        freeze(EVIDENCE),
        own_name(EVIDENCE, "given_by_id", on="INSERT"),
        grant(ACTION, web="SELECT, INSERT, UPDATE (done_at, done_by_id, outcome, words, version)"),
        freeze(ACTION, when="OLD.done_at IS NOT NULL"),
        own_name(ACTION, "done_by_id"),
    ]  # fmt: skip
