"""The worker that prepares a letter sees contact data of that client alone.

Three policies compared a column of the letters' list with itself: while anybody's letter waited, the worker saw the contact data of every
client. Found by taking each policy away in turn (proof T01b) and reading why nothing changed.
"""

from importlib import import_module

from django.db import migrations

from audit.lock import WORKER, policy, sql

letters = import_module("breaches.migrations._letters_lock")
SEES = ("clients_contactpoint", "clients_representative")


def again(table: str, name: str, **clauses: str) -> list[migrations.RunSQL]:
    """The policy ``name`` of ``table`` as it was meant."""
    return [sql(f"DROP POLICY {name} ON {table}"), policy(table, name, to=WORKER, **clauses)]


class Migration(migrations.Migration):
    dependencies = [("breaches", "0009_called_and_over")]
    operations = [
        *(step for table in SEES for step in again(table, "job_letter", on="SELECT", using=letters.waiting(f"{table}.client_id"))),
        *again(letters.LETTER, "job_makes", on="INSERT", check=f"sent_at IS NULL AND {letters.waiting(f'{letters.LETTER}.client_id')}"),
    ]
