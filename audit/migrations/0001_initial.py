"""The trail: partitioned by month, grown only, and the functions that every lock uses."""

from django.db import migrations, models

from audit.lock import WEB, WORKER, freeze, grant, guard, policy, sql

FUNCTIONS = f"""
CREATE FUNCTION subrosa_actor() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('subrosa.actor', true), '')::uuid;

CREATE FUNCTION subrosa_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This row is final: it is never changed or deleted.' USING ERRCODE = 'insufficient_privilege';
END $$;
GRANT USAGE ON SCHEMA public TO {WEB}, {WORKER};
"""

TABLE = """
CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    act varchar(8) NOT NULL,
    actor_id uuid,
    role varchar(60) NOT NULL,
    what varchar(40) NOT NULL,
    what_id uuid,
    client_id uuid,
    part varchar(40) NOT NULL,
    purpose varchar(40) NOT NULL,
    request_id uuid,
    session varchar(12) NOT NULL,
    address inet,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_event_client ON audit_event (client_id, at DESC);
CREATE INDEX audit_event_actor ON audit_event (actor_id, at DESC);
CREATE INDEX audit_event_refused ON audit_event (at DESC) WHERE act = 'refused';
CREATE TABLE audit_event_other PARTITION OF audit_event DEFAULT;
"""

# Partitions are made by the owner's function, so that web and worker need no right to create tables.
PARTITIONS = f"""
CREATE FUNCTION audit_make_partitions(first date, last date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET TimeZone = 'UTC' AS $$
DECLARE month date := date_trunc('month', first);
BEGIN
    WHILE month <= last LOOP
        IF to_regclass('audit_event_' || to_char(month, 'YYYY_MM')) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)',
                'audit_event_' || to_char(month, 'YYYY_MM'), month::timestamptz, (month + interval '1 month')::timestamptz);
        END IF;
        month := month + interval '1 month';
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION audit_make_partitions(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_make_partitions(date, date) TO {WORKER};
SELECT audit_make_partitions((now() - interval '14 months')::date, (now() + interval '24 months')::date);
"""

# Whose record was asked for, told to the trail alone: the line of someone turned away must name the client, and the
# one turned away cannot see the row. Knows tables by the label of the model and the column every client's table has.
CLIENT_OF = f"""
CREATE FUNCTION audit_client_of(label text, ident uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found uuid; place text := replace(label, '.', '_');
BEGIN
    IF label = 'clients.client' THEN RETURN ident; END IF;
    IF EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = place
            AND c.column_name IN ('id', 'client_id') AND c.data_type = 'uuid' HAVING count(*) = 2) THEN
        EXECUTE format('SELECT client_id FROM %I WHERE id = $1', place) INTO found USING ident;
    END IF;
    RETURN found;
END $$;
REVOKE ALL ON FUNCTION audit_client_of(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_client_of(text, uuid) TO {WEB};
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        sql(FUNCTIONS, "DROP FUNCTION subrosa_refuse_change(); DROP FUNCTION subrosa_actor()"),
        sql(TABLE, "DROP TABLE audit_event"),
        sql(PARTITIONS, "DROP FUNCTION audit_make_partitions(date, date)"),
        sql(CLIENT_OF, "DROP FUNCTION audit_client_of(text, uuid)"),
        grant("audit_event", web="SELECT, INSERT", worker="SELECT, INSERT"),
        guard("audit_event"),
        # Anyone may leave a line, but only under their own name; who may read which lines is said in clients/.
        policy("audit_event", "leave_a_line", on="INSERT", check="actor_id IS NOT DISTINCT FROM subrosa_actor()"),
        policy("audit_event", "job_leaves_a_line", on="INSERT", check="role LIKE 'system:%'", to=WORKER),
        freeze("audit_event"),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("act", models.CharField(max_length=8)),
                ("actor_id", models.UUIDField(null=True)),
                ("role", models.CharField(max_length=60)),
                ("what", models.CharField(max_length=40)),
                ("what_id", models.UUIDField(null=True)),
                ("client_id", models.UUIDField(null=True)),
                ("part", models.CharField(max_length=40)),
                ("purpose", models.CharField(blank=True, max_length=40)),
                ("request_id", models.UUIDField(null=True)),
                ("session", models.CharField(blank=True, max_length=12)),
                ("address", models.GenericIPAddressField(null=True)),
            ],
            options={"managed": False, "db_table": "audit_event"},
        ),
    ]
