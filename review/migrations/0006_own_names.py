"""Who asked a colleague to explain is whoever did so."""

from django.db import migrations

from audit.lock import own_name


class Migration(migrations.Migration):
    dependencies = [("review", "0005_job_sees_own_grants"), ("audit", "0005_own_name")]
    operations = [own_name("review_signal", "asked_by_id")]
