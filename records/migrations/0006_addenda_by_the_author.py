"""An addendum is added by the author of the note, also by SQL: a forged one could never be taken away again."""

from django.db import migrations

from audit.lock import policy, sql

BY_ITS_AUTHOR = """author_id = subrosa_actor() AND EXISTS (SELECT 1 FROM records_note parent
    WHERE parent.id = records_addendum.note_id AND parent.author_id = subrosa_actor() AND parent.signed_at IS NOT NULL)"""


class Migration(migrations.Migration):
    dependencies = [("records", "0005_cosigning_lock")]
    operations = [
        sql("DROP POLICY added ON records_addendum"),
        policy("records_addendum", "added", on="INSERT", check=BY_ITS_AUTHOR),
    ]
