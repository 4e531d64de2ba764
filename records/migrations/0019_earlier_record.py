"""What a transfer left shut of the earlier record is shut below the rules too, whichever policy would show it."""

from django.db import migrations

from audit.lock import WEB, sql


def shut(table: str, part: str, dated: str):
    """A migration step: a restrictive policy; only whoever has such a grant at all is asked by the row."""
    using = f"NOT (SELECT subrosa_narrowed()) OR NOT subrosa_shut({table}.client_id, '{part}', {table}.{dated})"
    return sql(f"CREATE POLICY reaches ON {table} AS RESTRICTIVE FOR SELECT TO {WEB} USING ({using})", f"DROP POLICY reaches ON {table}")


class Migration(migrations.Migration):
    dependencies = [("records", "0018_lists_ask_once"), ("clients", "0019_transfers")]
    operations = [shut("records_note", "notes", "created_at"), shut("records_document", "documents", "added_at")]
