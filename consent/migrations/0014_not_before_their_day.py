"""A representative stands for somebody from the day that is written down, in the second lock as in the first: until now it asked for the end alone."""

from importlib import import_module

from django.db import migrations

from audit.lock import sql

lock, first = import_module("clients.migrations.0002_lock"), import_module("consent.migrations.0004_lock")

STANDS = first.STANDS.replace("(r.until IS NULL", "r.since <= now() AND (r.until IS NULL")
WHOSE = {"subrosa_is_signer": ("signer uuid", "s.id = signer"), "subrosa_signs": ("request uuid", "s.request_id = request"),
         "subrosa_signs_for": ("client uuid", "s.client_id = client")}  # fmt: skip


def functions(stands: str) -> str:
    """The three of them, in place of what they were."""
    made = (lock.function(name, given, f"EXISTS ({first.SIGNERS} {one} AND ({stands}))") for name, (given, one) in WHOSE.items())
    return "".join(made).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("consent", "0013_reaching")]

    operations = [sql(functions(STANDS), functions(first.STANDS))]
