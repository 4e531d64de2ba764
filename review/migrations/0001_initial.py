"""Who opened my record: the client reads the trail of their record, and asks about a line (attack 64 for everybody else)."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
ROW, ANSWER, KEYS = "review_linequestion", "review_lineanswer", "vault_datakey"
THEMSELF, ADMIN = lock.granted("client_id", "'portal_self'"), lock.role("admin")
NOT_DENIED = lock.not_denied("client_id")

# What somebody opened in an emergency of which the client is not to be told yet. A second is given on either side: an act and its line are one.
QUIET = lock.function(
    "subrosa_is_quiet",
    "actor uuid, client uuid, moment timestamptz",
    """EXISTS (SELECT 1 FROM clients_breakglass b
        WHERE b.client_id = client AND b.user_id = actor AND NOT b.tells_client AND NOT subrosa_is_told(b.id)
        AND moment BETWEEN b.opened_at - interval '1 second' AND coalesce(b.ended_at, b.until) + interval '1 second')""",
)
# The role first: it is asked once a statement, and everybody else's reading of the trail costs what it did.
OWN = f"""({lock.role("client")} AND what NOT IN ('records.psychotherapy', 'clients.merge')
    AND {lock.granted("audit_event.client_id", "'portal_self'")} AND NOT subrosa_is_quiet(actor_id, client_id, at))"""
KEY_OWN = lock.granted("vault_datakey.owner", "'portal_self'")
KEY = f"compartment = 'asked' AND holder IS NULL AND (({ADMIN} AND {lock.not_denied('vault_datakey.owner')}) OR {KEY_OWN})"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0017_emergency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LineQuestion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('line', models.BigIntegerField()),
                ('line_at', models.DateTimeField()),
                ('act', models.CharField(max_length=8)),
                ('part', models.CharField(max_length=40)),
                ('about', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField(default=audit.clock.now)),
                ('question', vault.fields.SealedText(default=str)),
                ('answered_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='line_questions', to='clients.client')),
            ],
            options={
                'verbose_name': 'question about a line',
            },
        ),
        migrations.CreateModel(
            name='LineAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('answer', vault.fields.SealedText(default=str)),
                ('answered_at', models.DateTimeField(default=audit.clock.now)),
                ('answered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reply', to='review.linequestion')),
            ],
            options={
                'verbose_name': 'answer about a line',
            },
        ),
        migrations.AddIndex(
            model_name='linequestion',
            index=models.Index(fields=['client', '-asked_at'], name='review_line_client__aa3357_idx'),
        ),
        migrations.AddConstraint(
            model_name='linequestion',
            constraint=models.UniqueConstraint(fields=('asked_by', 'line', 'line_at'), name='asked_once_about_a_line'),
        ),
        grant(ROW, web="SELECT, INSERT, UPDATE (answered_at)"),
        guard(ROW),
        freeze(ROW, when="OLD.answered_at IS NOT NULL", name="answer_is_final"),
        policy(ROW, "own", on="SELECT", using=f"asked_by_id = subrosa_actor() AND {THEMSELF}"),
        policy(ROW, "kept", on="SELECT", using=f"{ADMIN} AND {NOT_DENIED}"),
        policy(ROW, "asked", on="INSERT", check=f"asked_by_id = subrosa_actor() AND answered_at IS NULL AND {THEMSELF}"),
        policy(ROW, "answered", on="UPDATE", using=f"{ADMIN} AND {NOT_DENIED}", check="answered_at IS NOT NULL"),
        grant(ANSWER, web="SELECT, INSERT"),
        guard(ANSWER),
        freeze(ANSWER),
        policy(ANSWER, "own", on="SELECT", using=THEMSELF),
        policy(ANSWER, "kept", on="SELECT", using=f"{ADMIN} AND {NOT_DENIED}"),
        policy(ANSWER, "answered", on="INSERT", check=f"answered_by_id = subrosa_actor() AND {ADMIN} AND {NOT_DENIED}"),
        policy(KEYS, "asked", on="SELECT", using=KEY),
        policy(KEYS, "asked_made", on="INSERT", check=KEY),
        sql(QUIET, "DROP FUNCTION subrosa_is_quiet(uuid, uuid, timestamptz)"),
        policy("audit_event", "own_record", on="SELECT", using=OWN),
    ]  # fmt: skip
