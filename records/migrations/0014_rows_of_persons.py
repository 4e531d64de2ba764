"""Whoever took part in a couple's or family's session gets a row of their own within it, in place of a name in a list."""

from django.db import migrations

from audit.lock import sql

# In a transaction of its own: the tables are altered before and after.
ROWS = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE records_session s SET setting = c.kind FROM clients_client c WHERE c.id = s.client_id AND c.kind IN ('couple', 'family', 'group');
INSERT INTO records_session (id, version, client_id, counselor_id, starts_at, ends_at, modality, outcome, place, setting, within_id, unit_id, created_at)
    SELECT gen_random_uuid(), 1, p.client_id, s.counselor_id, s.starts_at, s.ends_at, s.modality, s.outcome, NULL, s.setting, s.id, s.client_id, s.created_at
    FROM records_participant p JOIN records_session s ON s.id = p.session_id
    WHERE s.setting <> 'individual' AND p.client_id <> s.client_id
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0013_parts"), ("clients", "0009_agreements_lock")]
    operations = [sql(ROWS)]
