"""The worker reads the practice's profile as pages do: of the logo it needs to know when it changed and how large it is.

Without that the jobs that ask for the profile failed: dead sessions were never cleared away, and no agreement of supervision ended by itself.
"""

from django.db import migrations

from audit.lock import WORKER, sql

SEEN = "practice_id, changed_at, width, height"


class Migration(migrations.Migration):
    dependencies = [("practice", "0012_executor_role")]

    operations = [sql(f"GRANT SELECT ({SEEN}) ON practice_logo TO {WORKER}", f"REVOKE SELECT ({SEEN}) ON practice_logo FROM {WORKER}")]
