"""Who confirmed, took out or offered is whoever did so."""

from django.db import migrations

from audit.lock import own_name


class Migration(migrations.Migration):
    dependencies = [("breaches", "0011_links_of_releases"), ("audit", "0005_own_name")]
    operations = [
        own_name("breaches_affected", "confirmed_by_id", "removed_by_id"),
        own_name("breaches_clientletter", "offered_by_id"),
    ]
