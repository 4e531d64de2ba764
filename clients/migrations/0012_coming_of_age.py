"""Minors near their majority, and what the job that tends them may see and do."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from audit.lock import WORKER, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")
ROW = "clients_comingofage"


def own(client: str) -> str:
    """SQL: the counselor on whose behalf the job acts, or who covers."""
    return lock.granted(client, "'counsel', 'cover'")


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0011_portal_lock"),
    ]

    operations = [
        migrations.CreateModel(
            name='ComingOfAge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('warned', models.PositiveSmallIntegerField()),
                ('done_at', models.DateTimeField(null=True)),
                ('client', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='coming_of_age', to='clients.client')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('done_at', None), ('done_at__gte', models.F('at')), _connector='OR'), name='nobody_is_of_age_early')],
            },
        ),
        grant(ROW, web="SELECT", worker="SELECT, INSERT, UPDATE (at, warned, done_at), DELETE"),
        guard(ROW),
        policy(ROW, "seen", on="SELECT", using=lock.granted(f"{ROW}.client_id")),
        policy(ROW, "job", using=own(f"{ROW}.client_id"), check=own(f"{ROW}.client_id"), to=WORKER),
        # What a job of the age engine sees: what the counselor sees on whose behalf it acts. It changes the kind, and ends by date.
        sql(f"GRANT UPDATE (kind) ON clients_client TO {WORKER}"),
        policy("clients_client", "job_sees", on="SELECT", using=own("clients_client.id"), to=WORKER),
        policy("clients_client", "job_makes_adult", on="UPDATE", using=own("clients_client.id"), check="kind = 'adult'", to=WORKER),
        sql(f"GRANT SELECT, UPDATE (until) ON clients_clientpermission TO {WORKER}", f"REVOKE ALL ON clients_clientpermission FROM {WORKER}"),
        policy("clients_clientpermission", "job_sees", on="SELECT", using=own("content_object_id"), to=WORKER),
        policy("clients_clientpermission", "job_dates", on="UPDATE", to=WORKER,
            using=f"subrosa_is(permission_id, 'portal_represent') AND {own('content_object_id')}"),
        sql(f"GRANT SELECT, UPDATE (until) ON clients_representative TO {WORKER}", f"REVOKE ALL ON clients_representative FROM {WORKER}"),
        policy("clients_representative", "job_sees", on="SELECT", using=own("client_id"), to=WORKER),
        policy("clients_representative", "job_dates", on="UPDATE", using=own("client_id"), to=WORKER),
        sql(f"GRANT SELECT ON clients_denial, clients_member TO {WORKER}", f"REVOKE ALL ON clients_denial, clients_member FROM {WORKER}"),
        policy("clients_denial", "job_sees", on="SELECT", using="user_id = subrosa_actor()", to=WORKER),
        policy("clients_member", "job_sees", on="SELECT", using=own("unit_id"), to=WORKER),
        policy("vault_datakey", "job_contact", on="SELECT", using=f"compartment = 'contact' AND holder IS NULL AND {own('owner')}", to=WORKER),
    ]  # fmt: skip
