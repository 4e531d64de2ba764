"""A grant may leave earlier notes or documents shut, and whoever holds such a one hands on no more than they have."""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

from audit.lock import WEB, WORKER, sql

GRANTS = "clients_clientpermission"
MINE = "g.user_id = subrosa_actor() AND (g.until IS NULL OR g.until > now())"
OF_CLIENT = f"{MINE} AND g.content_object_id = client AND p.codename IN ('counsel', 'supervise', 'cover')"
FROM = f"FROM {GRANTS} g JOIN auth_permission p ON p.id = g.permission_id WHERE"
# Asked once a statement: hardly anybody has such a grant, and then no row is asked about.
FUNCTIONS = f"""
CREATE FUNCTION subrosa_narrowed() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM {GRANTS} g WHERE {MINE} AND g.withheld <> '{{}}'); END $$;
CREATE FUNCTION subrosa_shut(client uuid, part text, dated timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 {FROM} {OF_CLIENT} AND part = ANY(g.withheld) AND g.record_from > dated)
    AND NOT EXISTS (SELECT 1 {FROM} {OF_CLIENT} AND (part <> ALL(g.withheld) OR g.record_from <= dated)); END $$;
CREATE FUNCTION clients_hands_on_no_more() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE client uuid := NEW.content_object_id;
BEGIN
    IF NEW.withheld = '{{}}' AND (TG_OP = 'INSERT' OR OLD.withheld <> '{{}}')
        AND subrosa_is(NEW.permission_id, 'counsel', 'supervise', 'cover')
        AND NOT (NEW.user_id = subrosa_actor() AND subrosa_is(NEW.permission_id, 'cover')) AND NOT subrosa_role('admin')
        AND EXISTS (SELECT 1 {FROM} {OF_CLIENT} AND g.withheld <> '{{}}')
        AND NOT EXISTS (SELECT 1 {FROM} {OF_CLIENT} AND p.codename <> 'cover' AND g.withheld = '{{}}') THEN
        RAISE EXCEPTION 'What is shut to oneself is not opened to others.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- An ended grant begins anew or not at all: two policies, of which one sees the old row and one the new, do not say that together.
CREATE FUNCTION clients_begins_anew() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.until <= clock_timestamp() AND (NEW.until IS NULL OR NEW.until > OLD.until) AND NEW.since < OLD.until
        AND subrosa_is(NEW.permission_id, 'counsel', 'supervise', 'cover') THEN
        RAISE EXCEPTION 'An ended grant begins anew or not at all.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION subrosa_narrowed(), subrosa_shut(uuid, text, timestamptz), clients_begins_anew(), clients_hands_on_no_more() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION subrosa_narrowed(), subrosa_shut(uuid, text, timestamptz) TO {WEB}, {WORKER};
CREATE TRIGGER hands_on_no_more BEFORE INSERT OR UPDATE OF withheld ON {GRANTS} FOR EACH ROW EXECUTE FUNCTION clients_hands_on_no_more();
CREATE TRIGGER begins_anew BEFORE UPDATE OF until ON {GRANTS} FOR EACH ROW EXECUTE FUNCTION clients_begins_anew();
ALTER TABLE {GRANTS} ALTER COLUMN withheld SET DEFAULT '{{}}';
GRANT UPDATE (withheld, record_from) ON {GRANTS} TO {WEB};
"""
UNDONE = f"""DROP TRIGGER begins_anew ON {GRANTS}; DROP FUNCTION clients_begins_anew(); DROP TRIGGER hands_on_no_more ON {GRANTS}; DROP FUNCTION clients_hands_on_no_more();
DROP FUNCTION subrosa_shut(uuid, text, timestamptz); DROP FUNCTION subrosa_narrowed()"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("clients", "0018_emergency_of_the_whole_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="clientpermission",
            name="record_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="clientpermission",
            name="withheld",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[("notes", "earlier notes"), ("documents", "earlier documents")], max_length=10),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="clientpermission",
            constraint=models.CheckConstraint(
                condition=models.Q(("withheld", []), ("record_from__isnull", False), _connector="OR"),
                name="grant_says_from_when_it_reaches",
            ),
        ),
        sql(FUNCTIONS, UNDONE),
    ]
