"""What the job of the age engine may do in consent: what the counselor may on whose behalf it acts, under nobody's name."""

from importlib import import_module

from django.db import migrations

from audit.lock import WORKER, policy, sql

lock = import_module("clients.migrations.0002_lock")


def own(client: str) -> str:
    """SQL: the counselor on whose behalf the job acts, or who covers."""
    return lock.granted(client, "'counsel', 'cover'")


PAPERS = "consent_form, consent_version, consent_packet, consent_packetitem"
RIGHTS = f"""GRANT SELECT ON {PAPERS} TO {WORKER};
GRANT SELECT, INSERT, UPDATE (ended_at, ended_as) ON consent_request TO {WORKER};
GRANT SELECT, INSERT ON consent_signer, consent_step, consent_ending TO {WORKER}"""
NONE = f"REVOKE ALL ON {PAPERS}, consent_request, consent_signer, consent_step, consent_ending FROM {WORKER}"


def sees(table: str):
    """The policy by which the job sees rows of ``table``."""
    return policy(table, "job_sees", on="SELECT", using=own(f"{table}.client_id"), to=WORKER)


def adds(table: str, by: str):
    """The policy by which it adds rows of ``table``: in the name of nobody."""
    return policy(table, "job_adds", on="INSERT", check=f"{by} IS NULL AND {own(f'{table}.client_id')}", to=WORKER)


class Migration(migrations.Migration):
    dependencies = [("consent", "0006_governed"), ("clients", "0012_coming_of_age")]
    operations = [
        sql(RIGHTS, NONE),
        sees("consent_request"),
        adds("consent_request", "asked_by_id"),
        policy("consent_request", "job_ends", on="UPDATE", using=own("consent_request.client_id"), to=WORKER),
        sees("consent_signer"),
        adds("consent_signer", "representative_id"),
        sees("consent_step"),
        adds("consent_step", "user_id"),
        sees("consent_ending"),
        adds("consent_ending", "user_id"),
        policy("vault_datakey", "job_consent", on="SELECT", using=f"compartment = 'consent' AND holder IS NULL AND {own('owner')}", to=WORKER),
        policy("vault_datakey", "job_consent_made", on="INSERT",
            check=f"compartment = 'consent' AND holder IS NULL AND {own('owner')}", to=WORKER),
    ]  # fmt: skip
