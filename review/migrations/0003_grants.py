"""Each quarter each grant is kept or ended by somebody else than its holder (REV-2)."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
from audit.lock import freeze, grant, guard, policy

lock = import_module("clients.migrations.0002_lock")
ROW = "review_grantcheck"
KEPT = f"{lock.role('admin')} AND {lock.not_denied('client_id')}"
ANOTHER = "(person_id <> subrosa_actor() OR review_sole_admin(true))"


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0017_emergency"),
        ("review", "0002_signals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GrantCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('begins', models.DateField()),
                ('grant', models.UUIDField()),
                ('kept', models.BooleanField()),
                ('checked_at', models.DateTimeField(default=audit.clock.now)),
                ('checked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'recertification of a grant',
                'constraints': [models.UniqueConstraint(fields=('begins', 'grant'), name='checked_once_a_quarter')],
            },
        ),
        grant(ROW, web="SELECT, INSERT"),
        guard(ROW),
        freeze(ROW),
        policy(ROW, "seen", on="SELECT", using=KEPT),
        policy(ROW, "checked", on="INSERT", check=f"{KEPT} AND checked_by_id = subrosa_actor() AND {ANOTHER}"),
    ]  # fmt: skip
