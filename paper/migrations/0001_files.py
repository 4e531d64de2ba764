"""Paper: locks, cabinets, keys; files and checkouts of clients, with the second lock from the first day (PA-1 to PA-6)."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.clock
import vault.fields
from audit.lock import WORKER, freeze, grant, guard, own_name, policy

lock = import_module("clients.migrations.0002_lock")
FILE, CHECKOUT, SHREDDING, KEYS = "paper_paperfile", "paper_checkout", "paper_shredding", "vault_datakey"
LOCK, CABINET, HOLDER = "paper_lock", "paper_cabinet", "paper_keyholder"
OFFICE = f"({lock.role('desk', 'admin')} AND {lock.not_denied('client_id')})"
TEAM = lock.granted("client_id")
# Of psychotherapy notes on paper the database shows admins the label, the rule only once they are asked for, late or lost.
SEEN = f"""((kind = 'main' AND ({TEAM} OR {OFFICE})) OR (kind = 'apart' AND ((originator_id = subrosa_actor() AND {TEAM})
    OR ({lock.role("admin")} AND {lock.not_denied("client_id")}))))"""
# Behind which lock a file may stand: psychotherapy notes behind their originator's, and nothing else there (PA-6).
BEHIND = """EXISTS (SELECT 1 FROM paper_cabinet c JOIN paper_lock l ON l.id = c.lock_id
    WHERE c.id = cabinet_id AND l.originator_id IS NOT DISTINCT FROM paper_paperfile.originator_id)"""
MADE = f"{BEHIND} AND state = 'in' AND ((kind = 'main' AND ({TEAM} OR ({lock.role('desk')} AND {lock.not_denied('client_id')}))) OR (kind = 'apart' AND originator_id = subrosa_actor() AND {TEAM}))"


def of_a_file(table):
    """SQL: the file of a row of ``table`` is the actor's to see (its own policy decides), and of the client that the row names."""
    return f"EXISTS (SELECT 1 FROM {FILE} f WHERE f.id = {table}.file_id AND f.client_id = {table}.client_id)"


# Only who has a key of the lock takes a file out (PA-1).
WITH_A_KEY = f"""EXISTS (SELECT 1 FROM {FILE} f JOIN {CABINET} c ON c.id = f.cabinet_id JOIN {HOLDER} k ON k.lock_id = c.lock_id
    WHERE f.id = {CHECKOUT}.file_id AND k.person_id = subrosa_actor() AND k.returned_at IS NULL)"""
KEY = f"compartment = 'paper' AND holder IS NULL AND ({lock.granted('vault_datakey.owner')} OR ({lock.role('desk', 'admin')} AND {lock.not_denied('vault_datakey.owner')}))"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0023_contact_safety"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Lock',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, unique=True)),
                ('originator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Cabinet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, unique=True)),
                ('place', models.CharField(max_length=60)),
                ('lock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cabinets', to='paper.lock')),
            ],
        ),
        migrations.CreateModel(
            name='PaperFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('main', 'client file'), ('apart', 'psychotherapy notes')], default='main', max_length=5)),
                ('state', models.CharField(choices=[('in', 'in the cabinet'), ('out', 'checked out'), ('lost', 'lost'), ('scanned', 'scanned'), ('verified', 'scan verified'), ('destroyed', 'shredded')], default='in', max_length=9)),
                ('made_at', models.DateTimeField(default=audit.clock.now)),
                ('cabinet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='paper.cabinet')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_files', to='clients.client')),
                ('originator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Checkout',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('purpose', vault.fields.SealedText(default=str)),
                ('destination', vault.fields.SealedText(default=str)),
                ('transport', models.CharField(choices=[('hand', 'by hand, within the house'), ('locked', 'in a locked bag')], max_length=6)),
                ('off_site', models.BooleanField(default=False)),
                ('asked_at', models.DateTimeField(default=audit.clock.now)),
                ('out_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('in_at', models.DateTimeField(null=True)),
                ('lost_at', models.DateTimeField(null=True)),
                ('condition', vault.fields.SealedText(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('out_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checkouts', to='paper.paperfile')),
            ],
        ),
        migrations.CreateModel(
            name='KeyHolder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('issued_at', models.DateTimeField(default=audit.clock.now)),
                ('returned_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holders', to='paper.lock')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('returned_at', None)), fields=('lock', 'person'), name='one_key_each')],
            },
        ),
        migrations.CreateModel(
            name='Shredding',
            fields=[
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='shredding', serialize=False, to='paper.paperfile')),
                ('pages', models.PositiveIntegerField()),
                ('scanned_at', models.DateTimeField(default=audit.clock.now)),
                ('verified_at', models.DateTimeField(null=True)),
                ('destroyed_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client')),
                ('destroyed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scanned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='paperfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'main'), ('originator', None)), models.Q(('kind', 'apart'), ('originator__isnull', False)), _connector='OR'), name='apart_has_an_originator'),
        ),
        migrations.AddIndex(
            model_name='checkout',
            index=models.Index(condition=models.Q(('in_at', None)), fields=['due_at'], name='checkouts_open'),
        ),
        migrations.AddConstraint(
            model_name='checkout',
            constraint=models.UniqueConstraint(condition=models.Q(('in_at', None)), fields=('file',), name='one_open_checkout_of_a_file'),
        ),
        migrations.AddConstraint(
            model_name='checkout',
            constraint=models.CheckConstraint(condition=models.Q(('off_site', False), ('out_at', None), models.Q(('approved_by__isnull', False), ('transport', 'locked')), _connector='OR'), name='off_site_approved_and_locked'),
        ),
        migrations.AddConstraint(
            model_name='checkout',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('out_by')), _negated=True), _connector='OR'), name='approved_by_somebody_else'),
        ),
        migrations.AddConstraint(
            model_name='shredding',
            constraint=models.CheckConstraint(condition=models.Q(('verified_by', None), models.Q(('verified_by', models.F('scanned_by')), _negated=True), _connector='OR'), name='scan_verified_by_another'),
        ),
        migrations.AddConstraint(
            model_name='shredding',
            constraint=models.CheckConstraint(condition=models.Q(('destroyed_by', None), ('verified_by__isnull', False), _connector='OR'), name='verified_before_shredded'),
        ),
        grant(LOCK, web="SELECT, INSERT"),
        grant(CABINET, web="SELECT, INSERT"),
        grant(HOLDER, web="SELECT, INSERT, UPDATE (returned_at)"),
        freeze(HOLDER, when="OLD.returned_at IS NOT NULL"),
        grant(FILE, web="SELECT, INSERT, UPDATE (state)", worker="SELECT"),
        guard(FILE),
        freeze(FILE, when="OLD.state = 'destroyed'"),
        policy(FILE, "seen", on="SELECT", using=SEEN),
        policy(FILE, "made", on="INSERT", check=MADE),
        policy(FILE, "moved", on="UPDATE", using=SEEN, check=SEEN),
        policy(FILE, "job_sees", on="SELECT", using=SEEN, to=WORKER),
        grant(CHECKOUT, web="SELECT, INSERT, UPDATE (approved_by_id, out_at, in_at, lost_at, condition, purpose, destination, version)",
            worker="SELECT (id, file_id, client_id, out_by_id, out_at, due_at, in_at, lost_at)"),
        guard(CHECKOUT),
        freeze(CHECKOUT, when="OLD.in_at IS NOT NULL"),
        own_name(CHECKOUT, "approved_by_id"),
        policy(CHECKOUT, "seen", on="SELECT", using=of_a_file(CHECKOUT)),
        policy(CHECKOUT, "taken", on="INSERT", check=f"out_by_id = subrosa_actor() AND approved_by_id IS NULL AND {of_a_file(CHECKOUT)} AND {WITH_A_KEY}"),
        policy(CHECKOUT, "back", on="UPDATE", using=of_a_file(CHECKOUT), check=of_a_file(CHECKOUT)),
        policy(CHECKOUT, "job_sees", on="SELECT", using=of_a_file(CHECKOUT), to=WORKER),
        grant(SHREDDING, web="SELECT, INSERT, UPDATE (verified_by_id, verified_at, destroyed_by_id, destroyed_at)"),
        guard(SHREDDING),
        freeze(SHREDDING, when="OLD.destroyed_at IS NOT NULL"),
        own_name(SHREDDING, "verified_by_id", "destroyed_by_id"),
        policy(SHREDDING, "seen", on="SELECT", using=of_a_file(SHREDDING)),
        policy(SHREDDING, "scanned", on="INSERT", check=f"scanned_by_id = subrosa_actor() AND verified_by_id IS NULL AND {of_a_file(SHREDDING)}"),
        policy(SHREDDING, "verified", on="UPDATE", using=of_a_file(SHREDDING), check=of_a_file(SHREDDING)),
        policy(KEYS, "paper", on="SELECT", using=KEY),
        policy(KEYS, "paper_made", on="INSERT", check=KEY),
    ]  # fmt: skip
