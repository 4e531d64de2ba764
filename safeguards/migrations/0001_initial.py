"""Training, sanctions, vendors with agreements, devices with their log; sanctions behind the second lock from the first day."""

import uuid
from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import WEB, freeze, grant, guard, own_name, policy, sql

lock = import_module("clients.migrations.0002_lock")
TRAINING, SANCTION, VENDOR = "safeguards_training", "safeguards_sanction", "safeguards_vendor"
AGREEMENT, DEVICE, ENTRY = "safeguards_agreement", "safeguards_device", "safeguards_deviceentry"
OFFICER = f"{lock.role('admin')} AND person_id <> subrosa_actor()"
CONCERNED = "person_id = subrosa_actor() AND decided_at IS NOT NULL"
# In the owner's name: whoever closes an incident may be somebody who sees no sanction.
SANCTIONED = f"""
CREATE FUNCTION safeguards_sanctioned(incident uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN (SELECT CASE WHEN count(*) = 0 THEN 'none' WHEN bool_or(s.decided_at IS NULL) THEN 'open' ELSE 'decided' END
    FROM {SANCTION} s WHERE s.incident_id = incident); END $$;
REVOKE ALL ON FUNCTION safeguards_sanctioned(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION safeguards_sanctioned(uuid) TO {WEB};
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("breaches", "0014_lost_paper_by_itself"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('laptop', 'laptop'), ('desktop', 'desktop'), ('phone', 'phone'), ('tablet', 'tablet'), ('server', 'server'), ('storage', 'disk or stick'), ('other', 'something else')], max_length=8)),
                ('system', models.CharField(blank=True, max_length=60)),
                ('owned_here', models.BooleanField(default=True)),
                ('disk', models.CharField(choices=[('yes', 'encrypted'), ('no', 'not encrypted'), ('unknown', 'not known')], default='unknown', max_length=8)),
                ('patched_on', models.DateField(null=True)),
                ('state', models.CharField(choices=[('used', 'in use'), ('lost', 'lost or stolen'), ('retired', 'retired')], default='used', max_length=8)),
                ('added_at', models.DateTimeField(default=audit.clock.now)),
                ('method', models.CharField(blank=True, choices=[('clear', 'Overwritten (clear)'), ('purge', 'Keys destroyed or purged (purge)'), ('destroy', 'Shredded or melted (destroy)')], max_length=8)),
                ('retired_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retired_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('used_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('witness', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DeviceEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('added', 'listed'), ('moved', 'given to somebody else'), ('seen', 'looked at'), ('lost', 'lost or stolen'), ('found', 'found again'), ('retired', 'retired')], max_length=8)),
                ('words', vault.fields.SealedText(null=True)),
                ('at', models.DateTimeField(default=audit.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='safeguards.device')),
            ],
            options={
                'verbose_name_plural': 'device entries',
            },
        ),
        migrations.CreateModel(
            name='Sanction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('violation', vault.fields.SealedText(default=str)),
                ('happened_on', models.DateField()),
                ('recorded_at', models.DateTimeField(default=audit.clock.now)),
                ('decision', models.CharField(blank=True, choices=[('none', 'No sanction, for the reason below'), ('trained', 'Trained anew'), ('warned', 'Warned in writing'), ('limited', 'Access limited'), ('suspended', 'Suspended'), ('ended', 'Employment or contract ended')], max_length=10)),
                ('action', vault.fields.SealedText(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='breaches.incident')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('course', models.CharField(max_length=20)),
                ('held_on', models.DateField()),
                ('expires_on', models.DateField()),
                ('given_by', vault.fields.SealedText(null=True)),
                ('content', vault.fields.SealedText(null=True)),
                ('about', vault.fields.SealedJSON(null=True)),
                ('certificate', vault.fields.SealedBytes(null=True)),
                ('recorded_at', models.DateTimeField(default=audit.clock.now)),
                ('attested_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('alone', models.BooleanField(default=False)),
                ('attested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Vendor',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=80, unique=True)),
                ('services', vault.fields.SealedText(default=str)),
                ('sees_records', models.BooleanField(default=False)),
                ('runs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=list, size=None)),
                ('subcontractors', vault.fields.SealedText(null=True)),
                ('added_at', models.DateTimeField(default=audit.clock.now)),
                ('ended_on', models.DateField(null=True)),
                ('ended_how', models.CharField(blank=True, choices=[('returned', 'Returned to us'), ('destroyed', 'Destroyed, with a written confirmation'), ('nothing', 'They never held anything of ours')], max_length=10)),
                ('ended_words', vault.fields.SealedText(null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('signed_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('breach_days', models.PositiveIntegerField()),
                ('words', vault.fields.SealedText(null=True)),
                ('about', vault.fields.SealedJSON(null=True)),
                ('content', vault.fields.SealedBytes(null=True)),
                ('recorded_at', models.DateTimeField(default=audit.clock.now)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='safeguards.vendor')),
            ],
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'retired'), _negated=True), ('method', ''), ('retired_at', None), ('retired_by', None)), models.Q(('retired_at__isnull', False), ('retired_by__isnull', False), ('state', 'retired'), ('method__in', ['clear', 'purge', 'destroy'])), _connector='OR'), name='device_retired_by_a_method'),
        ),
        migrations.AddConstraint(
            model_name='device',
            constraint=models.CheckConstraint(condition=models.Q(('witness', None), models.Q(('witness', models.F('retired_by')), _negated=True), _connector='OR'), name='device_witnessed_by_another'),
        ),
        migrations.AddIndex(
            model_name='deviceentry',
            index=models.Index(fields=['device', 'at'], name='safeguards__device__3c6a79_idx'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('decision__in', ['none', 'trained', 'warned', 'limited', 'suspended', 'ended'])), _connector='OR'), name='sanction_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_by', models.F('person')), _negated=True), name='nobody_records_against_themself'),
        ),
        migrations.AddConstraint(
            model_name='sanction',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('person')), _negated=True), _connector='OR'), name='nobody_decides_about_themself'),
        ),
        migrations.AddIndex(
            model_name='training',
            index=models.Index(fields=['person', 'course', 'expires_on'], name='safeguards__person__9cf091_idx'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('attested_by', None), ('attested_by', models.F('person')), _connector='OR'), name='attested_by_the_person'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('person')), _negated=True), ('alone', True), _connector='OR'), name='training_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.CheckConstraint(condition=models.Q(('expires_on__gte', models.F('held_on'))), name='training_ends_after_it_was'),
        ),
        migrations.AddConstraint(
            model_name='vendor',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_by', None), ('ended_how', ''), ('ended_on', None)), models.Q(('ended_by__isnull', False), ('ended_on__isnull', False), ('ended_how__in', ['returned', 'destroyed', 'nothing'])), _connector='OR'), name='vendor_ended_by_somebody_and_how'),
        ),
        migrations.AddIndex(
            model_name='agreement',
            index=models.Index(fields=['vendor', 'ends_on'], name='safeguards__vendor__8d9d42_idx'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('signed_on')), _connector='OR'), name='vendor_agreement_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('breach_days__lte', 60)), name='agreement_tells_of_breaches_in_time'),
        ),
        grant(TRAINING, web="SELECT, INSERT, UPDATE (attested_by_id, attested_at, confirmed_by_id, confirmed_at, alone)",
            worker="SELECT (id, person_id, course, held_on, expires_on, attested_at, confirmed_at)"),
        freeze(TRAINING, when="OLD.attested_at IS NOT NULL AND OLD.confirmed_at IS NOT NULL"),
        own_name(TRAINING, "recorded_by_id", "attested_by_id", "confirmed_by_id", on="INSERT"),
        own_name(TRAINING, "attested_by_id", "confirmed_by_id"),
        grant(SANCTION, web="SELECT, INSERT, UPDATE (violation, action, decision, decided_by_id, decided_at, version)"),
        guard(SANCTION),
        freeze(SANCTION, when="OLD.decided_at IS NOT NULL"),
        own_name(SANCTION, "decided_by_id"),
        policy(SANCTION, "kept", on="SELECT", using=f"({OFFICER}) OR ({CONCERNED})"),
        policy(SANCTION, "recorded", on="INSERT", check=f"{OFFICER} AND recorded_by_id = subrosa_actor() AND decided_at IS NULL"),
        policy(SANCTION, "decided", on="UPDATE", using=OFFICER, check=f"{OFFICER} AND decided_by_id = subrosa_actor()"),
        sql(SANCTIONED, "DROP FUNCTION safeguards_sanctioned(uuid)"),
        grant(VENDOR, web="SELECT, INSERT, UPDATE (services, subcontractors, ended_on, ended_how, ended_words, ended_by_id, version)",
            worker="SELECT (id, name, sees_records, runs, ended_on)"),
        freeze(VENDOR, when="OLD.ended_on IS NOT NULL"),
        own_name(VENDOR, "added_by_id", on="INSERT"),
        own_name(VENDOR, "ended_by_id"),
        grant(AGREEMENT, web="SELECT, INSERT", worker="SELECT (id, vendor_id, signed_on, ends_on)"),
        freeze(AGREEMENT),
        own_name(AGREEMENT, "recorded_by_id", on="INSERT"),
        grant(DEVICE, web="SELECT, INSERT, UPDATE (used_by_id, system, disk, patched_on, state, method, retired_by_id, witness_id, retired_at)"),
        freeze(DEVICE, when="OLD.state = 'retired'"),
        own_name(DEVICE, "added_by_id", on="INSERT"),
        own_name(DEVICE, "retired_by_id"),
        grant(ENTRY, web="SELECT, INSERT"),
        freeze(ENTRY),
        own_name(ENTRY, "by_id", on="INSERT"),
    ]  # fmt: skip
