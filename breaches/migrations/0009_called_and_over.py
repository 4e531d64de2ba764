"""Urgent calls, when the practice was certain, letters of a state's own and in Spanish; and everything of what is over is frozen.

A task, a reminder, a letter or a follow-up of an incident that is over refuses every change, also by the owner of the database (attack
97). Two things go on after the end: a counselor offers to talk about a letter, and the risk analysis is done.
"""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
before = import_module("breaches.migrations.0002_work")
letters = import_module("breaches.migrations._letters_lock")
CALL, AWARENESS, OUTCOME, INVITATION = "breaches_call", "breaches_awareness", "breaches_outcome", "clients_portalinvitation"
MINE = "EXISTS (SELECT 1 FROM breaches_task t WHERE t.id = task_id AND t.incident_id = breaches_outcome.incident_id AND t.owner_id = subrosa_actor())"
NOT_DENIED = lock.not_denied("client_id")
ALL_BUT = """
CREATE FUNCTION subrosa_refuse_when_over_but() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND session_user = 'subrosa_owner' THEN  -- its words go under another key (audit 0004)
        IF subrosa_is_reseal(to_jsonb(OLD), to_jsonb(NEW)) THEN RETURN NEW; END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM breaches_incident i WHERE i.id = OLD.incident_id AND i.state IN ('closed', 'near_miss'))
        AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - TG_ARGV <> to_jsonb(OLD) - TG_ARGV) THEN
        RAISE EXCEPTION 'what belongs to an incident that is over never changes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
REVOKE ALL ON FUNCTION subrosa_refuse_when_over_but() FROM PUBLIC
"""
# Whoever works on an open incident may end an invitation to the portal, and read nothing else of it.
WORKS_ON_ONE = f"""subrosa_role('admin') AND {lock.not_denied(f"{INVITATION}.client_id")} AND used_at IS NULL
    AND EXISTS (SELECT 1 FROM breaches_incident i WHERE subrosa_incident_works(i.id))"""


def over_but(table, *columns):
    """A trigger: of rows of ``table`` that belong to an incident which is over only ``columns`` change."""
    names = ", ".join(f"'{column}'" for column in columns)
    made = f"""CREATE TRIGGER over BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION subrosa_refuse_when_over_but({names})"""
    return sql(made, f"DROP TRIGGER over ON {table}")


class Migration(migrations.Migration):
    dependencies = [
        ("breaches", "0008_resealing"),
        ("clients", "0018_emergency_of_the_whole_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Awareness',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('at', models.DateTimeField()),
                ('words', vault.fields.SealedText(default=str)),
                ('recorded_at', models.DateTimeField(default=audit.clock.now)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awareness', to='breaches.incident')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={'abstract': False},
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('reached', 'reached, and told'), ('message', 'asked to call back, and nothing else was said'), ('nobody', 'nobody answered'), ('not', 'not called, for the reason given')], max_length=8)),
                ('words', vault.fields.SealedText(default=str)),
                ('recorded_at', models.DateTimeField(default=audit.clock.now)),
                ('caller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='breaches.incident')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['reached', 'message', 'nobody', 'not'])), name='call_outcome_known')],
            },
        ),
        migrations.RemoveConstraint(model_name='told', name='told_once_an_incident'),
        migrations.AddField(model_name='assessment', name='imminent', field=models.CharField(blank=True, choices=[('', 'Not said yet'), ('no', 'No'), ('yes', 'Yes: somebody may act on it at once')], max_length=3)),
        migrations.AddField(model_name='clientletter', name='language', field=models.CharField(default='en', max_length=7)),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('words', vault.fields.SealedText(default=str)),
                ('at', models.DateTimeField(default=audit.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='breaches.incident')),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='outcome', to='breaches.task')),
            ],
            options={'abstract': False},
        ),
        migrations.AddField(model_name='told', name='place', field=models.CharField(blank=True, max_length=6)),
        migrations.AddField(model_name='wording', name='language', field=models.CharField(default='en', max_length=7)),
        migrations.AddField(model_name='wording', name='place', field=models.CharField(blank=True, max_length=6)),
        migrations.AlterField(
            model_name='draft',
            name='kind',
            field=models.CharField(choices=[('hhs', 'HHS'), ('regulator', 'a state'), ('authority', 'a data protection authority'), ('agencies', 'the consumer reporting agencies'), ('media', 'the media'), ('substitute', 'the public, instead of letters')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='told',
            constraint=models.UniqueConstraint(fields=('incident', 'client', 'place'), name='told_once_by_each_letter'),
        ),
        *before.added(AWARENESS, "recorded_by_id"),
        grant(CALL, web="SELECT, INSERT"),
        guard(CALL),
        freeze(CALL),
        policy(CALL, "kept", on="SELECT", using=f"{before.SEEN} AND {NOT_DENIED}"),
        policy(CALL, "called", on="INSERT", check=f"recorded_by_id = subrosa_actor() AND {before.WORKS} AND {NOT_DENIED}"),
        grant(OUTCOME, web="SELECT, INSERT"),
        guard(OUTCOME),
        freeze(OUTCOME),
        policy(OUTCOME, "kept", on="SELECT", using=before.SEEN),
        policy(OUTCOME, "own", on="SELECT", using=MINE),
        policy(OUTCOME, "said", on="INSERT", check=f"by_id = subrosa_actor() AND (({before.WORKS}) OR ({MINE}))"),
        sql("GRANT UPDATE (wording_id) ON breaches_told TO subrosa_worker", "REVOKE UPDATE (wording_id) ON breaches_told FROM subrosa_worker"),
        sql(ALL_BUT, "DROP FUNCTION subrosa_refuse_when_over_but()"),
        *(letters.over(f"breaches_{table}") for table in ("task", "outcome", "reminder", "call", "awareness")),
        over_but("breaches_clientletter", "offered_at", "offered_by_id"),
        over_but("breaches_followup", "done_at", "done_by_id"),
        policy(INVITATION, "incident_sees", on="SELECT", using=WORKS_ON_ONE),
        policy(INVITATION, "incident_ends", on="UPDATE", using=WORKS_ON_ONE, check="withdrawn_at IS NOT NULL AND used_at IS NULL"),
    ]  # fmt: skip
