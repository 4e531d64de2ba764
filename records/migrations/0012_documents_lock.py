"""The second lock on documents: the care team's or the note's, added by who counsels, taken out once, and final with the note."""

from importlib import import_module

from django.db import migrations

from audit.lock import WEB, WORKER, freeze, grant, guard, policy, sql

lock = import_module("records.migrations.0002_lock")
cosigning = import_module("records.migrations.0005_cosigning_lock")

STATES = """
CREATE FUNCTION records_document_stands(uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM public.records_document d WHERE d.id = $1 AND d.removed_at IS NULL) $$;
CREATE FUNCTION records_document_is_open(uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM public.records_document d WHERE d.id = $1 AND d.removed_at IS NULL
        AND NOT public.records_note_is_signed(d.note_id)) $$
"""
# The quota counts what the actor does not see as well: colleagues' drafts, and what is an author's alone.
ROOM = f"""
CREATE FUNCTION records_room_taken(client uuid) RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF NOT subrosa_granted(client, {lock.COUNSEL}) THEN RETURN NULL; END IF;
        RETURN (SELECT ARRAY[coalesce(sum(d.room) FILTER (WHERE d.client_id = client), 0), coalesce(sum(d.room), 0)] FROM records_document d);
    END $$;
REVOKE ALL ON FUNCTION records_room_taken(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_room_taken(uuid) TO {WEB}, {WORKER};
"""
FINAL = """
CREATE TRIGGER joins_before_signing BEFORE INSERT ON records_document FOR EACH ROW
    WHEN (records_note_is_signed(NEW.note_id)) EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER only_ever_taken_out BEFORE UPDATE ON records_document FOR EACH ROW
    WHEN (NEW.removed_at IS NULL OR (OLD.id, OLD.client_id, OLD.note_id, OLD.uploader_id, OLD.added_at, OLD.mark)
        IS DISTINCT FROM (NEW.id, NEW.client_id, NEW.note_id, NEW.uploader_id, NEW.added_at, NEW.mark))
    EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER row_stays BEFORE DELETE ON records_document FOR EACH ROW EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER joins_before_signing BEFORE INSERT ON records_documentpiece FOR EACH ROW
    WHEN (NOT records_document_is_open(NEW.document_id)) EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER never_changes BEFORE UPDATE ON records_documentpiece FOR EACH ROW EXECUTE FUNCTION subrosa_refuse_change()
"""
UNDONE = """
DROP TRIGGER joins_before_signing ON records_document; DROP TRIGGER only_ever_taken_out ON records_document;
DROP TRIGGER row_stays ON records_document; DROP TRIGGER joins_before_signing ON records_documentpiece;
DROP TRIGGER never_changes ON records_documentpiece
"""


def document(foreign: str, *more: str) -> str:
    """SQL: the document is visible to the actor (its own policy decides), and what else must hold of it as ``d``."""
    return f"EXISTS (SELECT 1 FROM records_document d WHERE {' AND '.join([f'd.id = {foreign}', *more])})"


COUNSELS = lock.granted("records_document.client_id", lock.COUNSEL)
OWN = f"uploader_id = subrosa_actor() AND {COUNSELS}"
OF_A_DRAFT = cosigning.note("records_document.note_id", cosigning.OWN, cosigning.DRAFT, "n.client_id = records_document.client_id")
SEEN = f"(note_id IS NULL AND {lock.granted('records_document.client_id')}) OR (note_id IS NOT NULL AND {cosigning.note('records_document.note_id')})"
PIECE, MINE = "records_documentpiece.document_id", "d.uploader_id = subrosa_actor()"


class Migration(migrations.Migration):
    dependencies = [("records", "0011_documents"), ("clients", "0006_denied_in_units")]
    operations = [
        sql(STATES, "DROP FUNCTION records_document_is_open(uuid); DROP FUNCTION records_document_stands(uuid)"),
        sql(ROOM, "DROP FUNCTION records_room_taken(uuid)"),
        grant("records_document", web="SELECT, INSERT, UPDATE (version, about, room, removed_at, removed_by_id, reason)"),
        grant("records_documentpiece", web="SELECT, INSERT, DELETE"),
        guard("records_document"),
        policy("records_document", "of_record_or_note", on="SELECT", using=SEEN),
        policy("records_document", "added", on="INSERT", check=f"{OWN} AND removed_at IS NULL AND (note_id IS NULL OR {OF_A_DRAFT})"),
        policy("records_document", "taken_out", on="UPDATE", using=OWN, check=OWN),
        guard("records_documentpiece"),
        policy("records_documentpiece", "of_the_document", on="SELECT", using=document(PIECE)),
        policy("records_documentpiece", "added", on="INSERT", check=document(PIECE, MINE)),
        policy("records_documentpiece", "taken_out", on="DELETE", using=document(PIECE, MINE)),
        freeze("records_document", when="OLD.removed_at IS NOT NULL OR records_note_is_signed(OLD.note_id)", name="final_with_its_note"),
        freeze("records_documentpiece", when="records_document_stands(OLD.document_id)", name="stands_with_its_document"),
        sql(FINAL, UNDONE),
    ]
