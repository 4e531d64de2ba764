"""What a signed note tells of its session is as final as the note; and changing a signed note is an error, never a silent nothing."""

from importlib import import_module

from django.db import migrations

from audit.lock import WEB, WORKER, freeze, policy, sql

lock = import_module("records.migrations.0002_lock")

SIGNED = f"""
CREATE FUNCTION records_session_is_signed(uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    BEGIN RETURN EXISTS (SELECT 1 FROM records_note n WHERE n.session_id = $1 AND n.signed_at IS NOT NULL); END $$;
REVOKE ALL ON FUNCTION records_session_is_signed(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_session_is_signed(uuid) TO {WEB}, {WORKER};
"""
FACTS = """
CREATE TRIGGER facts_are_final BEFORE UPDATE ON records_session FOR EACH ROW
    WHEN (((OLD.client_id, OLD.counselor_id, OLD.starts_at, OLD.ends_at, OLD.modality, OLD.place)
        IS DISTINCT FROM (NEW.client_id, NEW.counselor_id, NEW.starts_at, NEW.ends_at, NEW.modality, NEW.place)
        OR (OLD.outcome <> 'planned' AND OLD.outcome <> NEW.outcome)) AND records_session_is_signed(OLD.id))
    EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER joins_before_signing BEFORE INSERT ON records_participant FOR EACH ROW
    WHEN (records_session_is_signed(NEW.session_id)) EXECUTE FUNCTION subrosa_refuse_change();
"""
OPEN_FACTS = "DROP TRIGGER facts_are_final ON records_session; DROP TRIGGER joins_before_signing ON records_participant"
AUTHOR = f"author_id = subrosa_actor() AND {lock.granted('records_note.client_id', lock.COUNSEL)}"


class Migration(migrations.Migration):
    dependencies = [("records", "0002_lock")]
    operations = [
        sql(SIGNED, "DROP FUNCTION records_session_is_signed(uuid)"),
        sql(FACTS, OPEN_FACTS),
        freeze("records_participant", when="records_session_is_signed(OLD.session_id)", name="stays_after_signing"),
        # The author of a signed note may lock its row (to add an addendum) and nothing else: the trigger refuses the rest aloud.
        sql("DROP POLICY written ON records_note"),
        policy("records_note", "written", on="UPDATE", using=AUTHOR, check=AUTHOR),
    ]
