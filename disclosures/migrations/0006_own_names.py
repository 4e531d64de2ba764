"""Who decided a client's request is whoever did so."""

from django.db import migrations

from audit.lock import own_name


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0005_exceptions"), ("audit", "0005_own_name")]
    operations = [own_name("disclosures_rightsrequest", "decided_by_id")]
