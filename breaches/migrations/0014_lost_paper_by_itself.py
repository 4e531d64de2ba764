"""The job that finds paper three days overdue opens its incident, in the name of an officer, and sees no other (PA-3)."""

from importlib import import_module

from django.db import migrations

from audit.lock import WORKER, policy, sql

first = import_module("breaches.migrations.0001_initial")
ADDED = ("breaches_knowledge", "breaches_affected", "breaches_clockrun", "breaches_clockrow")
EMPTY = (
    "breaches_knowledge",
    "breaches_affected",
    "breaches_assessment",
    "breaches_awareness",
    "breaches_delay",
)  # of a new one there is nothing
SIGNED = {"breaches_knowledge": "recorded_by_id = subrosa_actor()", "breaches_affected": "source = 'trail'"}
PAPER = "source = 'paper' AND state = 'reported' AND NOT drill AND reported_by_id = subrosa_actor()"
GIVEN_UP = "EXISTS (SELECT 1 FROM paper_checkout c WHERE c.id = source_id AND paper_given_up(c.file_id))"
OWN = "EXISTS (SELECT 1 FROM breaches_incident i WHERE i.id = incident_id AND i.source = 'paper' AND i.state = 'reported' AND i.reported_by_id = subrosa_actor())"
# A key of an incident that is not written yet opens nothing, and the job loses sight of it with the row.
KEY = f"{first.KEY} AND NOT subrosa_incident_there(owner)"
RIGHTS = f"""GRANT INSERT ON breaches_incident, {", ".join(ADDED)} TO {WORKER}; GRANT SELECT ON {", ".join(EMPTY)} TO {WORKER};
GRANT EXECUTE ON FUNCTION subrosa_incident_number(text) TO {WORKER}"""
BACK = f"""REVOKE INSERT ON breaches_incident, {", ".join(ADDED)} FROM {WORKER}; REVOKE SELECT ON {", ".join(EMPTY)} FROM {WORKER};
REVOKE EXECUTE ON FUNCTION subrosa_incident_number(text) FROM {WORKER}"""


class Migration(migrations.Migration):
    dependencies = [("breaches", "0013_safe_ways"), ("paper", "0002_lost_by_itself")]
    operations = [
        sql(RIGHTS, BACK),
        policy("breaches_incident", "job_of_paper", on="SELECT", using=PAPER, to=WORKER),
        policy("breaches_incident", "job_opens", on="INSERT", check=f"{PAPER} AND {GIVEN_UP}", to=WORKER),
        *[
            policy(table, "job_opens", on="INSERT", check=" AND ".join([*filter(None, [SIGNED.get(table)]), OWN]), to=WORKER)
            for table in ADDED
        ],
        policy("vault_datakey", "job_of_paper", on="SELECT", using=KEY, to=WORKER),
        policy("vault_datakey", "job_opens", on="INSERT", check=KEY, to=WORKER),
    ]
