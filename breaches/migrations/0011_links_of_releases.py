"""Whoever works on an open incident may stop the link of a release, and read nothing sealed of it: the keys are the care team's."""

from importlib import import_module

from django.db import migrations

from audit.lock import policy

lock = import_module("clients.migrations.0002_lock")
SENDING = "disclosures_sending"
WORKS_ON_ONE = f"""subrosa_role('admin') AND {lock.not_denied(f"{SENDING}.client_id")} AND way = 'link'
    AND EXISTS (SELECT 1 FROM breaches_incident i WHERE subrosa_incident_works(i.id))"""


class Migration(migrations.Migration):
    dependencies = [("breaches", "0010_letters_of_their_own"), ("disclosures", "0003_releases")]
    operations = [
        policy(SENDING, "incident_sees", on="SELECT", using=WORKS_ON_ONE),
        policy(SENDING, "incident_stops", on="UPDATE", using=f"{WORKS_ON_ONE} AND stopped_at IS NULL", check="stopped_at IS NOT NULL"),
    ]
