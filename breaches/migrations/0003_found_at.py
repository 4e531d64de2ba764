"""Since when a client is on the list; and the portal is told among the ways, as text."""

from importlib import import_module

from django.db import migrations, models

import audit.clock
from audit.lock import sql

before = import_module("breaches.migrations.0002_work")
REACH = before.function(
    "subrosa_incident_reach", "incident uuid, client uuid", "text[]", before.REACH.replace("'portal')", "'portal'::text)")
)


class Migration(migrations.Migration):
    dependencies = [("breaches", "0002_work")]

    operations = [
        migrations.AddField(model_name="affected", name="found_at", field=models.DateTimeField(default=audit.clock.now)),
        sql(REACH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]
