"""The practice's row and its own keys; what the running roles may do with the practice's tables."""

import os
import uuid

from django.db import migrations

from audit.lock import grant
from vault import keys
from vault.gate import PRACTICE

COMPARTMENTS = ("tokens", "account", "outbox")


def found_the_practice(apps, schema_editor):
    """One practice, and a wrapped key for each compartment that is not a client's."""
    apps.get_model("practice", "Practice").objects.get_or_create(id=PRACTICE)
    data_key = apps.get_model("vault", "DataKey")
    for compartment in COMPARTMENTS:
        row = data_key(id=uuid.uuid4(), owner=PRACTICE, compartment=compartment)
        keys.wrap(row, os.urandom(32))
        row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0001_initial"),
        ("vault", "0001_initial"),
        ("audit", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("account", "0001_initial"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
    ]
    operations = [
        migrations.RunPython(found_the_practice, migrations.RunPython.noop),
        grant("practice_practice", web="SELECT, UPDATE", worker="SELECT"),
        grant("practice_user", web="SELECT, INSERT, UPDATE", worker="SELECT"),
        grant("practice_user_groups", web="SELECT"),
        grant("practice_user_user_permissions", web="SELECT"),
        grant("practice_supervision", web="SELECT, INSERT, UPDATE", worker="SELECT"),
        grant("practice_signedin", web="SELECT, INSERT, UPDATE, DELETE", worker="SELECT, DELETE"),
        grant("practice_attempt", web="SELECT, INSERT, DELETE", worker="SELECT, DELETE"),
        grant("practice_attempt_id_seq", web="USAGE"),
        grant("practice_supervision_id_seq", web="USAGE"),
        grant("practice_invitation", web="SELECT, INSERT, UPDATE"),
        grant("practice_notice", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
        grant("practice_heartbeat", web="SELECT", worker="SELECT, INSERT, UPDATE"),
        grant("auth_permission", web="SELECT", worker="SELECT"),
        grant("auth_group", web="SELECT"),
        grant("auth_group_permissions", web="SELECT"),
        grant("django_content_type", web="SELECT", worker="SELECT"),
        grant("django_migrations", web="SELECT", worker="SELECT"),
        grant("mfa_authenticator", web="SELECT, INSERT, UPDATE, DELETE"),
        grant("mfa_authenticator_id_seq", web="USAGE"),
        grant("account_emailaddress", web="SELECT"),
        grant("guardian_userobjectpermission", web="SELECT"),
        grant("guardian_groupobjectpermission", web="SELECT"),
    ]
