"""What was found out about an incident that is over never changes either: a trigger holds it for every role (attack 97)."""

from importlib import import_module

from django.db import migrations

over = import_module("breaches.migrations._letters_lock").over
TABLES = ("affected", "assessment", "delay", "clockrow", "clockrun", "mark")


class Migration(migrations.Migration):
    dependencies = [("breaches", "0006_planned_at")]

    operations = [over(f"breaches_{table}") for table in TABLES]
