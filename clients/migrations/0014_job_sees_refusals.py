"""What the job of the age engine must see besides: who is kept out (the reason stays sealed to it), and which rows are one person."""

from importlib import import_module

from django.db import migrations

from audit.lock import WORKER, policy, sql

lock = import_module("clients.migrations.0002_lock")
REFUSAL, MERGE = "clients_proxyrefusal", "clients_merge"


def own(client: str) -> str:
    """SQL: the counselor on whose behalf the job acts, or who covers."""
    return lock.granted(client, "'counsel', 'cover'")


class Migration(migrations.Migration):
    dependencies = [("clients", "0013_merge")]
    operations = [
        sql(f"GRANT SELECT ON {REFUSAL}, {MERGE} TO {WORKER}", f"REVOKE ALL ON {REFUSAL}, {MERGE} FROM {WORKER}"),
        policy(REFUSAL, "job_sees", on="SELECT", using=own(f"{REFUSAL}.client_id"), to=WORKER),
        # A denial of one row of a person is one of every row: the rule that asks after denials reads both.
        policy(MERGE, "job_sees", on="SELECT", to=WORKER,
            using=f"{own(f'{MERGE}.kept_id')} OR {own(f'{MERGE}.duplicate_id')} OR subrosa_denied({MERGE}.kept_id)"),
    ]  # fmt: skip
