"""Who is denied a person is denied the couples and families that person belongs to."""

from importlib import import_module

from django.db import migrations

from audit.lock import sql

lock = import_module("clients.migrations.0002_lock")
DENIED = """EXISTS (SELECT 1 FROM clients_denial d WHERE d.user_id = subrosa_actor() AND (d.client_id = client
    OR d.client_id IN (SELECT m.person_id FROM clients_member m WHERE m.unit_id = client)))"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0005_grants_by_the_right_hands")]
    operations = [sql(lock.function("subrosa_denied", "client uuid", DENIED).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))]
