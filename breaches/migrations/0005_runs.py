"""Each working out of the clocks is a row, also one that finds none left."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import audit.clock
from audit.lock import WORKER, freeze, grant, guard, policy

before = import_module("breaches.migrations.0002_work")
RUN = "breaches_clockrun"


class Migration(migrations.Migration):
    dependencies = [("breaches", "0004_letters")]

    operations = [
        migrations.CreateModel(
            name='ClockRun',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('cause', models.CharField(max_length=120)),
                ('at', models.DateTimeField(default=audit.clock.now)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='breaches.incident')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('incident', 'number'), name='one_run_a_number')],
            },
        ),
        grant(RUN, web="SELECT, INSERT", worker="SELECT"),
        guard(RUN),
        freeze(RUN),
        policy(RUN, "kept", on="SELECT", using=before.SEEN),
        policy(RUN, "computed", on="INSERT", check=f"{before.WORKS} OR subrosa_incident_reported(incident_id)"),
        policy(RUN, "job_reads", on="SELECT", using=before.JOB, to=WORKER),
    ]  # fmt: skip
