"""Whether anything is shut to somebody is asked with each note and document: hardly any grant is such a one, so the index is empty."""

from django.db import migrations

from audit.lock import sql


class Migration(migrations.Migration):
    dependencies = [("clients", "0025_limited_list")]
    operations = [
        sql("CREATE INDEX narrowed_grants ON clients_clientpermission (user_id) WHERE withheld <> '{}'", "DROP INDEX narrowed_grants"),
    ]
