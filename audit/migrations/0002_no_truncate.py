"""Nobody empties the trail or a part of it: TRUNCATE is refused too, by a trigger on the table and on every partition."""

from django.db import migrations

from audit.lock import WORKER, sql

REFUSE = """CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION subrosa_refuse_change()"""

EVERY_PART = f"""
DO $$
DECLARE part regclass;
BEGIN
    FOR part IN SELECT relid FROM pg_partition_tree('audit_event') LOOP
        EXECUTE format('{REFUSE}', part);
    END LOOP;
END $$
"""

# Statement triggers are not handed down to partitions made later, so the function that makes them sets one.
PARTITIONS = f"""
CREATE OR REPLACE FUNCTION audit_make_partitions(first date, last date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET TimeZone = 'UTC' AS $$
DECLARE month date := date_trunc('month', first);
DECLARE part text;
BEGIN
    WHILE month <= last LOOP
        part := 'audit_event_' || to_char(month, 'YYYY_MM');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)',
                part, month::timestamptz, (month + interval '1 month')::timestamptz);
            EXECUTE format('{REFUSE}', part);
        END IF;
        month := month + interval '1 month';
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION audit_make_partitions(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_make_partitions(date, date) TO {WORKER};
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [sql(EVERY_PART), sql(PARTITIONS)]
