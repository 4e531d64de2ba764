"""Incidents: what was reported, who may not see it, who knew when, the timeline. The second lock stands from the first day.

Nothing of an incident is there for whoever may be its cause, its lines of the trail included (attack 97).
"""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import WEB, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
INCIDENT, SUSPECT, KNOWLEDGE = "breaches_incident", "breaches_suspect", "breaches_knowledge"
ENTRY, FINDING, KEYS = "breaches_entry", "breaches_finding", "vault_datakey"
OVER = "'closed', 'near_miss'"


def suspected(incident: str, user: str) -> str:
    """SQL: ``user`` may be the cause of ``incident``."""
    return f"EXISTS (SELECT 1 FROM breaches_suspect s WHERE s.incident_id = {incident} AND s.user_id = {user} AND s.cleared_at IS NULL)"


ME = suspected("incident", "subrosa_actor()")
MINE = "EXISTS (SELECT 1 FROM breaches_incident i WHERE i.id = incident AND i.reported_by_id = subrosa_actor())"
FREE = f"""EXISTS (SELECT 1 FROM practice_user u WHERE 'admin' = ANY(u.roles) AND u.is_active AND (u.leaves_at IS NULL OR u.leaves_at > now())
        AND NOT {suspected("incident", "u.id")})"""
# The same as breaches/access.py: privacy officers, but nobody who may be the cause; where none is left, supervisors and the reporter.
KEPT = f"""CASE WHEN subrosa_role('admin') THEN NOT {ME} OR ({MINE} AND review_sole_admin(true))
        WHEN subrosa_role('counselor', 'supervisor', 'desk') THEN NOT {ME} AND NOT {FREE} AND (subrosa_role('supervisor') OR {MINE})
        ELSE false END"""
NUMBER = f"""
CREATE FUNCTION subrosa_incident_number(start text) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7160017);
    RETURN start || to_char(1 + (SELECT count(*) FROM breaches_incident i WHERE i.number LIKE start || '%'), 'FM000');
END $$;
REVOKE ALL ON FUNCTION subrosa_incident_number(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_incident_number(text) TO {WEB};
"""
THERE = "EXISTS (SELECT 1 FROM breaches_incident i WHERE i.id = incident)"
OPEN = f"EXISTS (SELECT 1 FROM breaches_incident i WHERE i.id = incident AND i.state NOT IN ({OVER}))"
FUNCTIONS = (
    lock.function("subrosa_incident_kept", "incident uuid", KEPT)
    + lock.function("subrosa_incident_works", "incident uuid", f"subrosa_incident_kept(incident) AND {OPEN}")
    + lock.function("subrosa_incident_reported", "incident uuid", MINE)
    + lock.function("subrosa_incident_there", "incident uuid", THERE)
    + NUMBER
)
DROP = """DROP FUNCTION subrosa_incident_number(text); DROP FUNCTION subrosa_incident_there(uuid); DROP FUNCTION subrosa_incident_reported(uuid);
DROP FUNCTION subrosa_incident_works(uuid); DROP FUNCTION subrosa_incident_kept(uuid)"""
REPORTS = f"""reported_by_id = subrosa_actor() AND state = 'reported' AND ({lock.role("counselor", "supervisor", "desk", "admin")}
    OR (source = 'portal' AND NOT drill AND {lock.role("client", "representative")}))"""
OWN_REPORT = f"reported_by_id = subrosa_actor() AND NOT {suspected('breaches_incident.id', 'subrosa_actor()')}"
SEEN, WORKS = "subrosa_incident_kept(incident_id)", "subrosa_incident_works(incident_id)"
FIRST = f"({WORKS} OR subrosa_incident_reported(incident_id))"
# A key of an incident that is not written yet opens nothing; whoever reports seals with it, and loses sight of it with the row.
KEY = "compartment = 'incident' AND holder IS NULL AND subrosa_actor() IS NOT NULL"
KEY_SEEN = f"{KEY} AND (subrosa_incident_kept(owner) OR NOT subrosa_incident_there(owner))"
# Restrictive: it takes away from what the other policies on the trail show.
HIDES = f"""CREATE POLICY incidents ON audit_event AS RESTRICTIVE FOR SELECT TO {WEB}
    USING (what NOT LIKE 'breaches.%' OR what_id IS NULL OR subrosa_incident_kept(what_id) OR (act = 'refused' AND actor_id = subrosa_actor()))"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0017_emergency"),
        ("review", "0003_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('title', vault.fields.SealedText(default=str)),
                ('what', vault.fields.SealedText(default=str)),
                ('cause', vault.fields.SealedText(default=str)),
                ('noticed_at', models.DateTimeField()),
                ('going_on', models.CharField(choices=[('yes', 'Yes, or it may'), ('no', 'No'), ('unknown', 'I do not know')], default='unknown', max_length=8)),
                ('discovered_on', models.DateField()),
                ('state', models.CharField(choices=[('reported', 'reported'), ('contained', 'contained'), ('assessing', 'being assessed'), ('notifying', 'being notified'), ('closed', 'closed'), ('near_miss', 'near miss')], default='reported', max_length=10)),
                ('reported_at', models.DateTimeField(default=audit.clock.now)),
                ('drill', models.BooleanField(default=False)),
                ('source', models.CharField(default='report', max_length=10)),
                ('source_id', models.UUIDField(null=True)),
                ('reopens', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reopened', to='breaches.incident')),
                ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('words', vault.fields.SealedText(default=str)),
                ('lesson', vault.fields.SealedText(default=str)),
                ('found_at', models.DateTimeField(default=audit.clock.now)),
                ('found_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='finding', to='breaches.incident')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('told', 'what happened'), ('done', 'done here'), ('step', 'step'), ('fact', 'fact')], max_length=5)),
                ('words', vault.fields.SealedText(default=str)),
                ('at', models.DateTimeField(default=audit.clock.now)),
                ('written_at', models.DateTimeField(default=audit.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='breaches.incident')),
            ],
            options={
                'verbose_name_plural': 'entries',
            },
        ),
        migrations.CreateModel(
            name='Knowledge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('day', models.DateField()),
                ('counts', models.BooleanField(default=True)),
                ('words', vault.fields.SealedText(null=True)),
                ('recorded_at', models.DateTimeField(default=audit.clock.now)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='knowledge', to='breaches.incident')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('strikes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='struck', to='breaches.knowledge')),
            ],
        ),
        migrations.CreateModel(
            name='Suspect',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('named_at', models.DateTimeField(default=audit.clock.now)),
                ('cleared_at', models.DateTimeField(null=True)),
                ('cleared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspects', to='breaches.incident')),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(condition=models.Q(('state__in', ('reported', 'contained', 'assessing', 'notifying'))), fields=['discovered_on'], name='incidents_open'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['reported', 'contained', 'assessing', 'notifying', 'closed', 'near_miss'])), name='incident_state_known'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.UniqueConstraint(fields=('source', 'source_id'), name='one_incident_a_source'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['incident', 'at'], name='breaches_en_inciden_474aca_idx'),
        ),
        migrations.AddConstraint(
            model_name='knowledge',
            constraint=models.CheckConstraint(condition=models.Q(('strikes', None), ('counts', False), _connector='OR'), name='what_strikes_does_not_count'),
        ),
        migrations.AddConstraint(
            model_name='suspect',
            constraint=models.UniqueConstraint(condition=models.Q(('cleared_at', None)), fields=('incident', 'user'), name='suspected_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='suspect',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cleared_at', None), ('cleared_by', None)), models.Q(('cleared_at__isnull', False), ('cleared_by__isnull', False)), _connector='OR'), name='cleared_by_somebody'),
        ),
        sql(FUNCTIONS, DROP),
        grant(INCIDENT, web="SELECT, INSERT, UPDATE (state, discovered_on, going_on)"),
        guard(INCIDENT),
        freeze(INCIDENT, when=f"OLD.state IN ({OVER})", name="what_is_over_is_final"),
        policy(INCIDENT, "kept", on="SELECT", using="subrosa_incident_kept(id)"),
        policy(INCIDENT, "own_report", on="SELECT", using=OWN_REPORT),
        policy(INCIDENT, "reported", on="INSERT", check=REPORTS),
        policy(INCIDENT, "worked_on", on="UPDATE", using="subrosa_incident_kept(id)"),
        grant(SUSPECT, web="SELECT, INSERT, UPDATE (cleared_by_id, cleared_at)"),
        guard(SUSPECT),
        freeze(SUSPECT, when="OLD.cleared_at IS NOT NULL", name="cleared_is_final"),
        policy(SUSPECT, "own", on="SELECT", using="user_id = subrosa_actor()"),
        policy(SUSPECT, "kept", on="SELECT", using=SEEN),
        policy(SUSPECT, "named", on="INSERT", check=f"named_by_id = subrosa_actor() AND {FIRST}"),
        policy(SUSPECT, "cleared", on="UPDATE", using=f"{WORKS} AND user_id <> subrosa_actor()", check="cleared_by_id = subrosa_actor()"),
        grant(KNOWLEDGE, web="SELECT, INSERT"),
        guard(KNOWLEDGE),
        freeze(KNOWLEDGE),
        policy(KNOWLEDGE, "kept", on="SELECT", using=SEEN),
        policy(KNOWLEDGE, "stated", on="INSERT", check=f"recorded_by_id = subrosa_actor() AND {FIRST}"),
        grant(ENTRY, web="SELECT, INSERT"),
        guard(ENTRY),
        freeze(ENTRY),
        policy(ENTRY, "kept", on="SELECT", using=SEEN),
        policy(ENTRY, "written", on="INSERT", check=f"by_id = subrosa_actor() AND {WORKS}"),
        grant(FINDING, web="SELECT, INSERT"),
        guard(FINDING),
        freeze(FINDING),
        policy(FINDING, "kept", on="SELECT", using=SEEN),
        policy(FINDING, "found", on="INSERT", check=f"found_by_id = subrosa_actor() AND {WORKS}"),
        policy(KEYS, "incident", on="SELECT", using=KEY_SEEN),
        policy(KEYS, "incident_made", on="INSERT", check=KEY_SEEN),
        sql(HIDES, "DROP POLICY incidents ON audit_event"),
    ]  # fmt: skip
