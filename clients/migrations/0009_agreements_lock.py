"""The second lock on what a couple, family or group agreed: its counselor adds, its care team reads, nobody changes."""

from importlib import import_module

from django.db import migrations

from audit.lock import freeze, grant, guard, policy

lock = import_module("clients.migrations.0002_lock")
TABLE, CLIENT, COUNSEL = "clients_unitagreement", "clients_unitagreement.client_id", "'counsel', 'cover'"
OF_A_UNIT = f"EXISTS (SELECT 1 FROM clients_client c WHERE c.id = {TABLE}.client_id AND c.kind IN ('couple', 'family', 'group'))"


class Migration(migrations.Migration):
    dependencies = [("clients", "0008_agreements_and_groups")]
    operations = [
        grant(TABLE, web="SELECT, INSERT"),
        guard(TABLE),
        policy(TABLE, "care_team", on="SELECT", using=lock.granted(CLIENT)),
        policy(TABLE, "recorded", on="INSERT",
            check=f"recorded_by_id = subrosa_actor() AND {lock.granted(CLIENT, COUNSEL)} AND {OF_A_UNIT}"),
        freeze(TABLE, name="agreement_is_final"),
    ]  # fmt: skip
