"""What the jobs about the ends of consents may see and do besides: who signed, what a release names; and naming the same signers again."""

from importlib import import_module

from django.db import migrations

from audit.lock import WORKER, policy, sql

of_age = import_module("consent.migrations.0007_of_age")

SIGNER, SEEN = "consent_signer", ("consent_signature", "consent_authorization")
SAME = f"""EXISTS (SELECT 1 FROM consent_request q JOIN consent_signer s ON s.request_id = q.replaces_id
    WHERE q.id = {SIGNER}.request_id AND q.client_id = {SIGNER}.client_id AND s.person_id = {SIGNER}.person_id
        AND s.capacity = {SIGNER}.capacity AND s.representative_id IS NOT DISTINCT FROM {SIGNER}.representative_id)"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0010_tpo"), ("clients", "0016_enquiries_closed")]
    operations = [
        # Where somebody agreed to be written to.
        sql(f"GRANT SELECT ON clients_contactpoint TO {WORKER}", f"REVOKE ALL ON clients_contactpoint FROM {WORKER}"),
        of_age.sees("clients_contactpoint"),
        sql(f"GRANT SELECT ON {', '.join(SEEN)} TO {WORKER}", f"REVOKE ALL ON {', '.join(SEEN)} FROM {WORKER}"),
        *[of_age.sees(table) for table in SEEN],
        # Asking anew names those who were named before, for whom somebody with authority stood: nobody else.
        policy(SIGNER, "job_names_again", on="INSERT", check=f"{of_age.own(f'{SIGNER}.client_id')} AND {SAME}", to=WORKER),
    ]
