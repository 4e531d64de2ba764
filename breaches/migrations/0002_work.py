"""Tasks, whom it concerns, the assessment, and the clocks with their history; each table with its lock from the first day."""

import uuid
from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import WEB, WORKER, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
first = import_module("breaches.migrations.0001_initial")
SEEN, WORKS, KEYS = first.SEEN, first.WORKS, "vault_datakey"
TASK, AFFECTED, ASSESSMENT, DELAY = "breaches_task", "breaches_affected", "breaches_assessment", "breaches_delay"
CLOCK, MARK, REMINDER = "breaches_clockrow", "breaches_mark", "breaches_reminder"
JOB = "subrosa_actor() IS NULL"


def function(name, arguments, returns, answer):
    """SQL: a function that answers web in the owner's name."""
    types = ", ".join(part.split()[-1] for part in arguments.split(", "))
    return f"""
CREATE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN {answer}; END $$;
REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name}({types}) TO {WEB};
"""


# Told of clients on an incident's list to whoever works on it, and of nobody else: by which ways they may be reached, not the addresses.
ON_THE_LIST = "EXISTS (SELECT 1 FROM breaches_affected a WHERE a.incident_id = incident AND a.client_id = client)"
REACH = f"""CASE WHEN subrosa_incident_kept(incident) AND {ON_THE_LIST} THEN
        (SELECT array_agg(DISTINCT c.kind::text) FROM clients_contactpoint c WHERE c.client_id = client AND c.may_contact)
        || (SELECT array_agg(DISTINCT 'portal') FROM clients_clientpermission g JOIN auth_permission p ON p.id = g.permission_id
            JOIN practice_user u ON u.id = g.user_id AND u.is_active
            WHERE g.content_object_id = client AND p.codename = 'portal_self' AND (g.until IS NULL OR g.until > now())) END"""
MEMBERS = """CASE WHEN subrosa_incident_kept(incident) AND subrosa_role('admin') THEN
        (SELECT array_agg(m.person_id) FROM clients_member m WHERE m.unit_id = client) END"""
FROM = "EXISTS (SELECT 1 FROM breaches_incident i WHERE i.source = kind AND i.source_id = ident)"
FUNCTIONS = (
    function("subrosa_incident_reach", "incident uuid, client uuid", "text[]", REACH)
    + function("subrosa_incident_members", "incident uuid, client uuid", "uuid[]", MEMBERS)
    + function("subrosa_incident_from", "kind text, ident uuid", "boolean", FROM)
)
DROP = """DROP FUNCTION subrosa_incident_from(text, uuid); DROP FUNCTION subrosa_incident_members(uuid, uuid);
DROP FUNCTION subrosa_incident_reach(uuid, uuid)"""
MY_TASK = f"owner_id = subrosa_actor() AND NOT {first.suspected('breaches_task.incident_id', 'subrosa_actor()')}"
TASK_KEY = """compartment = 'task' AND holder IS NULL AND (subrosa_incident_kept(owner)
    OR EXISTS (SELECT 1 FROM breaches_task t WHERE t.incident_id = vault_datakey.owner AND t.owner_id = subrosa_actor()))"""


def added(table, by):
    """Rows that are only added to: by whoever works on the incident, in their own name."""
    return [
        grant(table, web="SELECT, INSERT"),
        guard(table),
        freeze(table),
        policy(table, "kept", on="SELECT", using=SEEN),
        policy(table, "added", on="INSERT", check=f"{by} = subrosa_actor() AND {WORKS}"),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("breaches", "0001_initial"),
        ("clients", "0017_emergency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Affected',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('source', models.CharField(choices=[('trail', 'found in the trail'), ('hand', 'added by hand'), ('told', 'reported it')], max_length=5)),
                ('acts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), default=list, size=None)),
                ('parts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('lines', models.PositiveIntegerField(default=0)),
                ('first_at', models.DateTimeField(null=True)),
                ('last_at', models.DateTimeField(null=True)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('state', models.CharField(blank=True, max_length=3)),
                ('home_said', models.BooleanField(default=False)),
                ('minor', models.BooleanField(default=False)),
                ('deceased', models.BooleanField(default=False)),
                ('words', vault.fields.SealedText(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='affected', to='breaches.incident')),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'affected',
                'constraints': [models.UniqueConstraint(fields=('incident', 'client'), name='affected_once'), models.CheckConstraint(condition=models.Q(('confirmed_at', None), ('removed_at', None), _connector='OR'), name='confirmed_or_taken_out')],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('conclusion', models.CharField(choices=[('presumed', 'Not decided: presumed a breach'), ('breach', 'It is a breach'), ('low_probability', 'A low probability that data was compromised'), ('exception', 'An exception holds'), ('safe_harbor', 'The data was encrypted or destroyed')], default='presumed', max_length=16)),
                ('ratings', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, max_length=6), default=list, size=None)),
                ('factors', vault.fields.SealedJSON(default=dict)),
                ('exception', models.CharField(blank=True, choices=[('', 'None'), ('i', 'Somebody of the workforce, in good faith and in scope'), ('ii', 'From one authorized person to another, here'), ('iii', 'Whoever got it could not keep it')], max_length=3)),
                ('limbs', vault.fields.SealedJSON(default=dict)),
                ('algorithm', vault.fields.SealedText(default=str)),
                ('key_place', vault.fields.SealedText(default=str)),
                ('key_compromised', models.CharField(blank=True, choices=[('', 'Not said yet'), ('no', 'No'), ('yes', 'Yes, or it may have been')], max_length=3)),
                ('reasons', vault.fields.SealedText(default=str)),
                ('consultation', vault.fields.SealedJSON(default=dict)),
                ('consulted_on', models.DateField(null=True)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=list, size=None)),
                ('risk_to_rights', models.CharField(blank=True, choices=[('', 'Not said yet'), ('none', 'No risk to their rights is likely'), ('risk', 'A risk'), ('high', 'A high risk')], max_length=4)),
                ('associate_discovered', models.DateField(null=True)),
                ('associate_told', models.DateField(null=True)),
                ('associate_agent', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField(default=audit.clock.now)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='breaches.incident')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['incident', '-made_at'], name='breaches_as_inciden_5daf87_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='approved_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='ClockRow',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('run', models.PositiveIntegerField()),
                ('cause', models.CharField(max_length=120)),
                ('computed_at', models.DateTimeField(default=audit.clock.now)),
                ('key', models.CharField(max_length=60)),
                ('rule', models.CharField(max_length=20)),
                ('citation', models.CharField(max_length=200)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('mark', models.CharField(blank=True, max_length=20)),
                ('checked', models.DateField()),
                ('edition', models.CharField(max_length=64)),
                ('audience', models.CharField(max_length=20)),
                ('whom', models.CharField(max_length=120)),
                ('place', models.CharField(blank=True, max_length=10)),
                ('started', models.DateField()),
                ('due', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('work_by', models.DateField()),
                ('amber', models.DateTimeField()),
                ('arithmetic', models.CharField(max_length=500)),
                ('because', models.CharField(max_length=1000)),
                ('fixed', models.BooleanField()),
                ('earliest', models.BooleanField()),
                ('delayed_until', models.DateField(null=True)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('conflict', models.CharField(blank=True, max_length=1000)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='breaches.incident')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'run', 'key', 'whom'), name='one_clock_a_run')],
            },
        ),
        migrations.CreateModel(
            name='Delay',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('written', 'Law enforcement, in writing'), ('oral', 'Law enforcement, spoken'), ('cause', 'Good cause, as a rule allows it')], max_length=7)),
                ('stated_on', models.DateField()),
                ('until', models.DateField(null=True)),
                ('key', models.CharField(blank=True, max_length=60)),
                ('official', vault.fields.SealedText(default=str)),
                ('agency', vault.fields.SealedText(default=str)),
                ('words', vault.fields.SealedText(default=str)),
                ('recorded_at', models.DateTimeField(default=audit.clock.now)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delays', to='breaches.incident')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('stated_on')), _connector='OR'), name='delay_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('key', models.CharField(max_length=60)),
                ('whom', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('sent', 'sent'), ('not_required', 'not required'), ('open', 'open again')], max_length=12)),
                ('on', models.DateField()),
                ('words', vault.fields.SealedText(default=str)),
                ('at', models.DateTimeField(default=audit.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='breaches.incident')),
            ],
            options={
                'indexes': [models.Index(fields=['incident', '-at'], name='breaches_ma_inciden_8c0520_idx')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=60)),
                ('whom', models.CharField(max_length=120)),
                ('stage', models.CharField(max_length=5)),
                ('due', models.DateTimeField()),
                ('at', models.DateTimeField(default=audit.clock.now)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='breaches.incident')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'key', 'whom', 'stage', 'due'), name='reminded_once'), models.CheckConstraint(condition=models.Q(('stage__in', ['amber', 'red'])), name='stage_known')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('words', vault.fields.SealedText(default=str)),
                ('due_on', models.DateField()),
                ('given_at', models.DateTimeField(default=audit.clock.now)),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='breaches.incident')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['owner', 'due_on'], name='tasks_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='done_by_somebody')],
            },
        ),
        sql(FUNCTIONS, DROP),
        grant(TASK, web="SELECT, INSERT, UPDATE (done_by_id, done_at)"),
        guard(TASK),
        freeze(TASK, when="OLD.done_at IS NOT NULL", name="done_is_final"),
        policy(TASK, "kept", on="SELECT", using=SEEN),
        policy(TASK, "own", on="SELECT", using=MY_TASK),
        policy(TASK, "given", on="INSERT", check=f"given_by_id = subrosa_actor() AND {WORKS}"),
        policy(TASK, "done", on="UPDATE", using=f"({WORKS}) OR ({MY_TASK})", check="done_by_id = subrosa_actor()"),
        policy(KEYS, "task", on="SELECT", using=TASK_KEY),
        policy(KEYS, "task_made", on="INSERT", check="compartment = 'task' AND holder IS NULL AND subrosa_incident_kept(owner)"),
        grant(AFFECTED, web="""SELECT, INSERT, UPDATE (acts, parts, lines, first_at, last_at, country, state, home_said, minor, deceased, words,
            version, confirmed_by_id, confirmed_at, removed_by_id, removed_at)"""),
        guard(AFFECTED),
        policy(AFFECTED, "kept", on="SELECT", using=SEEN),
        policy(AFFECTED, "found", on="INSERT", check=f"{WORKS} OR (source = 'told' AND subrosa_incident_reported(incident_id) AND {lock.granted('client_id', lock.ANY)})"),
        policy(AFFECTED, "worked_on", on="UPDATE", using=WORKS),
        grant(ASSESSMENT, web="SELECT, INSERT, UPDATE (approved_by_id, approved_at)"),
        guard(ASSESSMENT),
        freeze(ASSESSMENT, when="OLD.approved_at IS NOT NULL", name="approved_is_final"),
        policy(ASSESSMENT, "kept", on="SELECT", using=SEEN),
        policy(ASSESSMENT, "made", on="INSERT", check=f"made_by_id = subrosa_actor() AND approved_at IS NULL AND {WORKS}"),
        policy(ASSESSMENT, "approved", on="UPDATE", using=f"{WORKS} AND (made_by_id <> subrosa_actor() OR review_sole_admin(true))",
            check="approved_by_id = subrosa_actor()"),
        *added(DELAY, "recorded_by_id"),
        *added(MARK, "by_id"),
        grant(CLOCK, web="SELECT, INSERT", worker="SELECT"),
        guard(CLOCK),
        freeze(CLOCK),
        policy(CLOCK, "kept", on="SELECT", using=SEEN),
        policy(CLOCK, "computed", on="INSERT", check=f"{WORKS} OR subrosa_incident_reported(incident_id)"),
        grant(REMINDER, web="SELECT", worker="SELECT, INSERT"),
        guard(REMINDER),
        freeze(REMINDER),
        policy(REMINDER, "kept", on="SELECT", using=SEEN),
        # The job reminds: it sees dates and states, and no key.
        grant("breaches_incident", web="SELECT, INSERT, UPDATE (state, discovered_on, going_on)", worker="SELECT"),
        grant("breaches_suspect", web="SELECT, INSERT, UPDATE (cleared_by_id, cleared_at)", worker="SELECT"),
        grant(MARK, web="SELECT, INSERT", worker="SELECT"),
        *[policy(table, "job_reads", on="SELECT", using=JOB, to=WORKER)
            for table in ("breaches_incident", "breaches_suspect", CLOCK, MARK, REMINDER)],
        policy(REMINDER, "job_reminds", on="INSERT", check=JOB, to=WORKER),
    ]  # fmt: skip
