"""A quarter is signed (REV-2), and whoever lets a review become late is told once for each deadline (SE-2, REV-1, REV-2)."""

import uuid
from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
from audit.lock import WEB, WORKER, freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
signals = import_module("review.migrations.0002_signals")
QUARTER, REMINDER, MONTH, GLASS, REVIEW = "review_quarter", "review_reminder", "review_month", "clients_breakglass", "clients_glassreview"
ADMIN, MINE = lock.role("admin"), "person_id = subrosa_actor()"
# Also the signer's own, and those of clients who denied them: nobody signs over what they do not see.
LEFT = """(SELECT count(*) FROM clients_clientpermission g JOIN auth_permission p ON p.id = g.permission_id
        WHERE p.codename IN ('counsel', 'supervise', 'cover') AND g.since < first AND (g.until IS NULL OR g.until > now())
        AND NOT EXISTS (SELECT 1 FROM review_grantcheck c WHERE c.begins = quarter AND c.grant = g.id))"""
# The job reminds one person at a time, and sees as much of each opening as says that it waits for them: no reason, no finding.
COLUMNS = "GRANT SELECT (id, client_id, user_id, opened_at, review_due) ON {0} TO {2}; GRANT SELECT (id, glass_id) ON {1} TO {2}"
NONE = "REVOKE ALL ON {0} FROM {2}; REVOKE ALL ON {1} FROM {2}"


def theirs(client):
    """SQL: whoever may review what was opened of ``client``, as on the page."""
    counsels, kept = lock.granted(client, "'counsel', 'supervise'"), lock.not_denied(client)
    return f"(({ADMIN} AND {kept}) OR {counsels})"


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0017_emergency"),
        ("review", "0003_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Quarter',
            fields=[
                ('begins', models.DateField(primary_key=True, serialize=False)),
                ('kept', models.PositiveIntegerField()),
                ('ended', models.PositiveIntegerField()),
                ('dormant', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('signed_at', models.DateTimeField(default=audit.clock.now)),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('due', models.DateTimeField()),
                ('told_at', models.DateTimeField(default=audit.clock.now)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'reminder of something late',
                'constraints': [models.UniqueConstraint(fields=('person', 'kind', 'due'), name='told_once_of_a_deadline')],
            },
        ),
        sql(signals.function("review_grants_left", "quarter date, first timestamptz", "integer", f"(SELECT CASE WHEN {ADMIN} THEN {LEFT} END)", WEB),
            "DROP FUNCTION review_grants_left(date, timestamptz)"),
        grant(QUARTER, web="SELECT, INSERT", worker="SELECT (begins)"),
        guard(QUARTER),
        freeze(QUARTER),
        policy(QUARTER, "seen", on="SELECT", using=ADMIN),
        policy(QUARTER, "signed", on="INSERT", check=f"{ADMIN} AND signed_by_id = subrosa_actor()"),
        policy(QUARTER, "job_sees", on="SELECT", using=ADMIN, to=WORKER),
        grant(REMINDER, worker="SELECT, INSERT"),
        guard(REMINDER),
        freeze(REMINDER),
        policy(REMINDER, "job_sees", on="SELECT", using=MINE, to=WORKER),
        policy(REMINDER, "job_tells", on="INSERT", check=MINE, to=WORKER),
        sql(COLUMNS.format(GLASS, REVIEW, WORKER), NONE.format(GLASS, REVIEW, WORKER)),
        sql(f"GRANT SELECT (begins) ON {MONTH} TO {WORKER}", f"REVOKE ALL ON {MONTH} FROM {WORKER}"),
        policy(GLASS, "job_sees", on="SELECT", using=f"user_id <> subrosa_actor() AND {theirs('client_id')}", to=WORKER),
        policy(REVIEW, "job_sees", on="SELECT",
            using=f"EXISTS (SELECT 1 FROM {GLASS} b WHERE b.id = glass_id AND b.user_id <> subrosa_actor())", to=WORKER),
        policy(MONTH, "job_sees", on="SELECT", using=ADMIN, to=WORKER),
    ]  # fmt: skip
