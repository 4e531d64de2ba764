"""The job may say that a file is lost which should have been back three days ago, and nothing else (PA-3)."""

from django.db import migrations

from audit.lock import WORKER, policy, sql

FILE, CHECKOUT = "paper_paperfile", "paper_checkout"
DUE = "in_at IS NULL AND out_at IS NOT NULL AND due_at + interval '72 hours' <= now()"
# Asked in the owner's name: the policies of files and of checkouts look into each other.
GIVEN_UP = f"""
CREATE FUNCTION paper_given_up(file uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN EXISTS (SELECT 1 FROM {CHECKOUT} c WHERE c.file_id = file AND {DUE}); END $$;
REVOKE ALL ON FUNCTION paper_given_up(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION paper_given_up(uuid) TO {WORKER};
"""
RIGHTS = f"GRANT UPDATE (state) ON {FILE} TO {WORKER}; GRANT UPDATE (lost_at) ON {CHECKOUT} TO {WORKER}"
BACK = f"REVOKE UPDATE (state) ON {FILE} FROM {WORKER}; REVOKE UPDATE (lost_at) ON {CHECKOUT} FROM {WORKER}"
THERE = f"EXISTS (SELECT 1 FROM {FILE} f WHERE f.id = {CHECKOUT}.file_id)"


class Migration(migrations.Migration):
    dependencies = [("paper", "0001_files")]
    operations = [
        sql(GIVEN_UP, "DROP FUNCTION paper_given_up(uuid)"),
        sql(RIGHTS, BACK),
        policy(FILE, "job_loses", on="UPDATE", using="state = 'out' AND paper_given_up(id)", check="state = 'lost'", to=WORKER),
        policy(
            CHECKOUT,
            "job_loses",
            on="UPDATE",
            using=f"lost_at IS NULL AND {DUE} AND {THERE}",
            check=f"lost_at IS NOT NULL AND {DUE}",
            to=WORKER,
        ),
    ]
