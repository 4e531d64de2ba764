"""The job that reminds of what is late sees the grants of whom it reminds: a supervisor's, too, who counsels nobody there."""

from django.db import migrations

from audit.lock import WORKER, policy


class Migration(migrations.Migration):
    dependencies = [("clients", "0018_emergency_of_the_whole_person"), ("review", "0004_quarters_and_reminders")]
    operations = [policy("clients_clientpermission", "job_sees_own", on="SELECT", using="user_id = subrosa_actor()", to=WORKER)]
