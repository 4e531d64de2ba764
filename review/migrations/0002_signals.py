"""Signals: what a job notices in the trail, and what people make of it (REV-1). The job writes what it noticed and decides nothing."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import WEB, WORKER, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
SIGNAL, REPLY, DECISION, MONTH, KEYS = "review_signal", "review_reply", "review_decision", "review_month", "vault_datakey"
ADMIN, STAFF = lock.role("admin"), lock.role("counselor", "supervisor", "desk", "admin")
JOB = "subrosa_actor() IS NULL"


def function(name, arguments, returns, answer, to):
    """SQL: a function that answers in the owner's name, for ``to`` alone."""
    types = ", ".join(part.split()[-1] for part in arguments.split(", "))
    return f"""
CREATE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN {answer}; END $$;
REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name}({types}) TO {to};
"""


# A few seconds on either side: an act and its grant are one. A grant's row knows its last term, and the job comes soon after.
RELATION = """coalesce((SELECT CASE WHEN bool_or(p.codename IN ('portal_self', 'portal_represent')) THEN 'portal' ELSE 'team' END
        FROM clients_clientpermission g JOIN auth_permission p ON p.id = g.permission_id
        WHERE g.content_object_id = client AND g.user_id = person AND g.since <= moment + interval '5 seconds'
            AND (g.until IS NULL OR g.until >= moment - interval '5 seconds')), 'none')"""
CALLED = "EXISTS (SELECT 1 FROM clients_searchtoken t WHERE t.client_id = client AND t.token = ANY(sought))"
COUNT = """(SELECT count(*) FROM review_signal s LEFT JOIN review_decision d ON d.signal_id = s.id WHERE s.day >= begins AND s.day < ends
        AND (state = 'all' OR (state = 'open' AND s.decided_at IS NULL) OR (state = 'escalated' AND d.outcome = 'escalated')))"""
SOLE = """NOT EXISTS (SELECT 1 FROM practice_user u WHERE u.id <> subrosa_actor() AND 'admin' = ANY(u.roles) AND u.is_active
        AND (u.leaves_at IS NULL OR u.leaves_at > now()))"""
FUNCTIONS = (
    function("review_relation", "person uuid, client uuid, moment timestamptz", "text", RELATION, WORKER)
    + function("review_called", "client uuid, sought bytea[]", "boolean", CALLED, WORKER)
    + function("review_count", "begins date, ends date, state text", "integer", COUNT, WEB)
    + function("review_sole_admin", "nobody boolean", "boolean", SOLE, WEB)
)
DROP = """DROP FUNCTION review_sole_admin(boolean); DROP FUNCTION review_count(date, date, text); DROP FUNCTION review_called(uuid, bytea[]);
DROP FUNCTION review_relation(uuid, uuid, timestamptz)"""
ANOTHER = "(person_id <> subrosa_actor() OR review_sole_admin(true))"
KEPT = f"{ADMIN} AND {ANOTHER} AND (client_id IS NULL OR {lock.not_denied('client_id')})"
ASKED = "person_id = subrosa_actor() AND asked_at IS NOT NULL"
OF_IT = "EXISTS (SELECT 1 FROM review_signal s WHERE s.id = signal_id {0})"
OPEN, MINE = OF_IT.format("AND s.decided_at IS NULL"), OF_IT.format("AND s.person_id = subrosa_actor() AND s.decided_at IS NULL")
KEY = f"compartment = 'signal' AND holder IS NULL AND {STAFF} AND {lock.not_denied('vault_datakey.owner')}"


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0017_emergency"),
        ("review", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Position',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Month',
            fields=[
                ('begins', models.DateField(primary_key=True, serialize=False)),
                ('signals', models.PositiveIntegerField()),
                ('escalated', models.PositiveIntegerField()),
                ('lines', models.PositiveBigIntegerField()),
                ('signed_at', models.DateTimeField(default=audit.clock.now)),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('line', models.BigIntegerField()),
                ('line_at', models.DateTimeField()),
                ('noticed_at', models.DateTimeField(default=audit.clock.now)),
                ('asked_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('words', vault.fields.SealedText(default=str)),
                ('said_at', models.DateTimeField(default=audit.clock.now)),
                ('signal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reply', to='review.signal')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('outcome', models.CharField(choices=[('closed', 'closed: nothing wrong'), ('escalated', 'escalated: it may be a breach or a violation')], max_length=10)),
                ('finding', vault.fields.SealedText(default=str)),
                ('decided_at', models.DateTimeField(default=audit.clock.now)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='review.signal')),
            ],
        ),
        migrations.AddIndex(
            model_name='signal',
            index=models.Index(fields=['day'], name='review_sign_day_449a05_idx'),
        ),
        migrations.AddIndex(
            model_name='signal',
            index=models.Index(condition=models.Q(('decided_at', None)), fields=['line_at'], name='signals_open'),
        ),
        migrations.AddConstraint(
            model_name='signal',
            constraint=models.UniqueConstraint(fields=('rule', 'person', 'client', 'day'), name='noticed_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='signal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_at', None), ('asked_by', None)), models.Q(('asked_at__isnull', False), ('asked_by__isnull', False)), _connector='OR'), name='asked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['closed', 'escalated'])), name='outcome_known'),
        ),
        sql(FUNCTIONS, DROP),
        grant(SIGNAL, web="SELECT, UPDATE (asked_by_id, asked_at, decided_at)", worker="SELECT, INSERT"),
        guard(SIGNAL),
        freeze(SIGNAL, when="OLD.decided_at IS NOT NULL", name="signal_is_decided"),
        policy(SIGNAL, "kept", on="SELECT", using=KEPT),
        policy(SIGNAL, "asked", on="SELECT", using=ASKED),
        policy(SIGNAL, "decided", on="UPDATE", using=KEPT, check=KEPT),
        policy(SIGNAL, "explained", on="UPDATE", using=ASKED, check="false"),
        policy(SIGNAL, "job_counts", on="SELECT", using=JOB, to=WORKER),
        policy(SIGNAL, "job_notices", on="INSERT", check=f"{JOB} AND asked_at IS NULL AND decided_at IS NULL", to=WORKER),
        grant(REPLY, web="SELECT, INSERT"),
        guard(REPLY),
        freeze(REPLY),
        policy(REPLY, "seen", on="SELECT", using=OF_IT.format("")),
        policy(REPLY, "said", on="INSERT", check=MINE),
        grant(DECISION, web="SELECT, INSERT"),
        guard(DECISION),
        freeze(DECISION),
        policy(DECISION, "seen", on="SELECT", using=f"{ADMIN} AND {OF_IT.format('')}"),
        policy(DECISION, "found", on="INSERT", check=f"{ADMIN} AND decided_by_id = subrosa_actor() AND {OF_IT.format('')}"),
        grant(MONTH, web="SELECT, INSERT"),
        guard(MONTH),
        freeze(MONTH),
        policy(MONTH, "seen", on="SELECT", using=ADMIN),
        policy(MONTH, "signed", on="INSERT", check=f"{ADMIN} AND signed_by_id = subrosa_actor()"),
        grant("review_position", worker="SELECT, INSERT, UPDATE"),
        policy(KEYS, "signal", on="SELECT", using=KEY),
        policy(KEYS, "signal_made", on="INSERT", check=KEY),
    ]  # fmt: skip
