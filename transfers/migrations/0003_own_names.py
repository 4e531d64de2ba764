"""Who ended an offer is whoever did so."""

from django.db import migrations

from audit.lock import own_name


class Migration(migrations.Migration):
    dependencies = [("transfers", "0002_departures"), ("audit", "0005_own_name")]
    operations = [own_name("transfers_transfer", "ended_by_id")]
