"""The second lock on the record: the care team's rows only, and nothing signed ever changes."""

from django.db import migrations

from audit.lock import freeze, grant, guard, policy

CLINICAL = "'counsel', 'supervise', 'cover'"


def granted(client: str, codes: str = CLINICAL) -> str:
    """SQL: the actor holds a live grant with one of ``codes`` on ``client`` (a column), and stands on no deny list."""
    return f"subrosa_granted({client}, {codes})"


COUNSEL = "'counsel', 'cover'"
SHOWN = "(author_id = subrosa_actor() OR (signed_at IS NOT NULL AND kind <> 'psychotherapy'))"


def through(table: str, foreign: str) -> str:
    """SQL: the row's parent in ``table`` is visible to the actor (its own policy decides)."""
    return f"EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = {foreign})"


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("clients", "0002_lock")]
    operations = [
        grant("records_session", web="SELECT, INSERT, UPDATE"),
        grant("records_participant", web="SELECT, INSERT, DELETE"),
        grant("records_participant_id_seq", web="USAGE"),
        grant("records_note", web="SELECT, INSERT, UPDATE"),
        grant("records_notesave", web="SELECT, INSERT"),
        grant("records_addendum", web="SELECT, INSERT"),
        guard("records_session"),
        policy("records_session", "care_team", on="SELECT", using=granted("records_session.client_id")),
        policy("records_session", "planned", on="INSERT", check=f"counselor_id = subrosa_actor() AND {granted('records_session.client_id', COUNSEL)}"),
        policy("records_session", "kept", on="UPDATE", using=f"counselor_id = subrosa_actor() AND {granted('records_session.client_id', COUNSEL)}"),
        guard("records_participant"),
        policy("records_participant", "of_the_session", using=through("records_session", "records_participant.session_id"), check=through("records_session", "records_participant.session_id")),
        guard("records_note"),
        policy("records_note", "care_team", on="SELECT", using=f"{SHOWN} AND {granted('records_note.client_id')}"),
        policy("records_note", "begun", on="INSERT", check=f"author_id = subrosa_actor() AND {granted('records_note.client_id', COUNSEL)}"),
        policy("records_note", "written", on="UPDATE", using=f"author_id = subrosa_actor() AND signed_at IS NULL AND {granted('records_note.client_id', COUNSEL)}",
            check=f"author_id = subrosa_actor() AND {granted('records_note.client_id', COUNSEL)}"),
        freeze("records_note", when="OLD.signed_at IS NOT NULL", name="signed_is_final"),
        guard("records_notesave"),
        policy("records_notesave", "of_the_note", using=through("records_note", "records_notesave.note_id"), check=through("records_note", "records_notesave.note_id")),
        guard("records_addendum"),
        policy("records_addendum", "of_the_note", on="SELECT", using=through("records_note", "records_addendum.note_id")),
        policy("records_addendum", "added", on="INSERT", check=f"author_id = subrosa_actor() AND {through('records_note', 'records_addendum.note_id')}"),
        freeze("records_addendum", name="addendum_is_final"),
    ]  # fmt: skip
