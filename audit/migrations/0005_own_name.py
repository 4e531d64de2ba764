"""What refuses another's name in a column that names who acted; ``own_name`` in audit/lock.py puts it on."""

from django.db import migrations

from audit.lock import sql

REFUSE = """
CREATE FUNCTION subrosa_refuse_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This is signed by whoever does it, and never in the name of another.' USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_resealing")]
    operations = [sql(REFUSE, "DROP FUNCTION subrosa_refuse_name()")]
