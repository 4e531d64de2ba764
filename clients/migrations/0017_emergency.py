"""Records opened in an emergency: a grant of one's own, for a while, that a row of its own explains and somebody else reviews (SE-2)."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import WEB, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
former = import_module("clients.migrations.0005_grants_by_the_right_hands")
GLASS, REVIEW, GRANTS, KEYS = "clients_breakglass", "clients_glassreview", "clients_clientpermission", "vault_datakey"
ADMIN, WHO = lock.role("admin"), lock.role("counselor", "supervisor")
SELF = "user_id = subrosa_actor()"
COUNSELS = lock.granted("client_id", "'counsel', 'supervise'")

# Whom a code or a whole name means, told to nobody but those whose role lets them open in an emergency. One person or none: a name
# that two share, a client who is not there and one who denied the asker are the same. A duplicate stands for the client kept.
FOUND = f"""
CREATE FUNCTION subrosa_in_emergency(sought bytea[]) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found uuid[];
BEGIN
    IF NOT subrosa_role('counselor', 'supervisor') THEN RETURN NULL; END IF;
    SELECT array_agg(DISTINCT coalesce(m.kept_id, t.client_id)) INTO found FROM clients_searchtoken t
        LEFT JOIN clients_merge m ON m.duplicate_id = t.client_id WHERE t.token = ANY(sought);
    IF cardinality(found) = 1 AND NOT subrosa_denied(found[1]) THEN RETURN found[1]; END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION subrosa_in_emergency(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_in_emergency(bytea[]) TO {WEB};
"""
# A grant to oneself exists beside an opening that says the same: whom, which client, until when. No other date passes.
EXPLAINED = f"""{SELF} AND subrosa_is(permission_id, 'cover') AND EXISTS (SELECT 1 FROM {GLASS} b WHERE b.user_id = subrosa_actor()
    AND b.client_id = {GRANTS}.content_object_id AND b.until = {GRANTS}.until AND b.ended_at IS NULL)"""
OPENED = f"""{SELF} AND {WHO} AND {lock.not_denied("client_id")} AND ended_at IS NULL
    AND until <= clock_timestamp() + interval '24 hours 1 minute' AND until <= opened_at + interval '24 hours'"""
OF_ANOTHER = f"EXISTS (SELECT 1 FROM {GLASS} b WHERE b.id = glass_id AND b.client_id = {REVIEW}.client_id AND b.user_id <> subrosa_actor())"
OF_MINE = f"EXISTS (SELECT 1 FROM {GLASS} b WHERE b.id = glass_id AND b.user_id = subrosa_actor())"
REVIEWER = f"(({ADMIN} AND {lock.not_denied('client_id')}) OR {COUNSELS})"
KEY = f"compartment = 'glass' AND holder IS NULL AND {lock.role('counselor', 'supervisor', 'admin')} AND {lock.not_denied('vault_datakey.owner')}"
THEMSELF = lock.granted("client_id", "'portal_self'")
TOLD = f"{THEMSELF} AND (tells_client OR subrosa_is_told({GLASS}.id))"
IS_TOLD = lock.function(
    "subrosa_is_told", "glass uuid", "EXISTS (SELECT 1 FROM clients_glassreview r WHERE r.glass_id = glass AND r.tells_client)"
)


def keeps(client: str) -> str:
    """SQL: admins and the client's counselor; no more whoever covers: what is opened in an emergency hands nothing on."""
    counsels = lock.granted(client, "'counsel'")
    return f"({ADMIN} OR {counsels})"


OF_A_GRANT = keeps("content_object_id")
AT_INTAKE = former.AT_INTAKE


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0016_enquiries_closed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BreakGlass',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('reason', vault.fields.SealedText(default=str)),
                ('opened_at', models.DateTimeField(default=audit.clock.now)),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('review_due', models.DateTimeField()),
                ('tells_client', models.BooleanField(default=True)),
                ('untold_reason', vault.fields.SealedText(default=str)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emergencies', to='clients.client')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emergencies', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'opening in an emergency',
            },
        ),
        migrations.CreateModel(
            name='GlassReview',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('findings', vault.fields.SealedText(default=str)),
                ('upheld', models.BooleanField()),
                ('opens_incident', models.BooleanField(default=False)),
                ('tells_client', models.BooleanField(default=True)),
                ('untold_reason', vault.fields.SealedText(default=str)),
                ('reviewed_at', models.DateTimeField(default=audit.clock.now)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('glass', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='clients.breakglass')),
                ('reviewed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'review of an opening in an emergency',
            },
        ),
        migrations.AddIndex(
            model_name='breakglass',
            index=models.Index(fields=['client', '-opened_at'], name='clients_bre_client__196402_idx'),
        ),
        migrations.AddIndex(
            model_name='breakglass',
            index=models.Index(fields=['user', 'until'], name='clients_bre_user_id_1d4463_idx'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('opened_at'))), name='glass_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__lte', models.F('until')), _connector='OR'), name='glass_ends_early_or_by_itself'),
        ),
        grant(GLASS, web="SELECT, INSERT, UPDATE (ended_at)"),
        guard(GLASS),
        freeze(GLASS, when="OLD.ended_at IS NOT NULL", name="glass_is_final"),
        policy(GLASS, "own", on="SELECT", using=SELF),
        policy(GLASS, "seen", on="SELECT", using=f"({ADMIN} AND {lock.not_denied(f'{GLASS}.client_id')}) OR {lock.granted(f'{GLASS}.client_id')}"),
        sql(IS_TOLD, "DROP FUNCTION subrosa_is_told(uuid)"),
        policy(GLASS, "told", on="SELECT", using=TOLD),
        policy(GLASS, "opened", on="INSERT", check=OPENED),
        policy(GLASS, "ended", on="UPDATE", using=f"({SELF} OR {ADMIN} OR {COUNSELS})", check="ended_at IS NOT NULL AND ended_at <= clock_timestamp() + interval '1 minute'"),
        grant(REVIEW, web="SELECT, INSERT"),
        guard(REVIEW),
        freeze(REVIEW),
        policy(REVIEW, "seen", on="SELECT", using=f"{REVIEWER} OR {OF_MINE} OR ({THEMSELF})"),
        policy(REVIEW, "found", on="INSERT", check=f"reviewed_by_id = subrosa_actor() AND {OF_ANOTHER} AND {REVIEWER}"),
        policy(KEYS, "glass", on="SELECT", using=KEY),
        policy(KEYS, "glass_made", on="INSERT", check=KEY),
        sql(FOUND, "DROP FUNCTION subrosa_in_emergency(bytea[])"),
        policy(GRANTS, "in_emergency", on="INSERT", check=EXPLAINED),
        policy(GRANTS, "in_emergency_again", on="UPDATE", using=f"{SELF} AND subrosa_is(permission_id, 'cover')", check=EXPLAINED),
        sql(f"ALTER POLICY given ON {GRANTS} WITH CHECK ((NOT {SELF} AND {OF_A_GRANT}) OR ({AT_INTAKE}))"),
        sql(f"ALTER POLICY dated ON {GRANTS} USING ({OF_A_GRANT}) WITH CHECK ({OF_A_GRANT})"),
        sql("ALTER POLICY kept ON clients_denial USING (NOT " + SELF + " AND " + keeps("client_id") + ") WITH CHECK (" + keeps("client_id") + ")"),
    ]  # fmt: skip
