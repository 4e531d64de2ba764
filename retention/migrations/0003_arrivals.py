"""What was brought in from elsewhere goes with its record, too: the function that destroys, anew."""

from importlib import import_module

from django.db import migrations

from audit.lock import sql

rows = import_module("retention.migrations._rows")


class Migration(migrations.Migration):
    dependencies = [("retention", "0002_destroying")]
    operations = [sql(rows.DESTROY)]
