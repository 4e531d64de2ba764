"""The second lock on parts: a person's row, their part and a copy are of the unit they say, and who is denied it sees none (IC-34)."""

from importlib import import_module

from django.db import migrations

from audit.lock import WEB, WORKER, grant, policy, sql

lock = import_module("records.migrations.0002_lock")
ADDENDA = import_module("records.migrations.0006_addenda_by_the_author")
late = import_module("records.migrations.0008_cancelled_in_time")
SESSION, NOTE = "records_session", "records_note"

# Of a session with several, the facts are final for all of them once anything about it is signed.
SIGNED = f"""
CREATE OR REPLACE FUNCTION records_session_is_signed(uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE whole uuid := (SELECT coalesce(s.within_id, s.id) FROM records_session s WHERE s.id = $1);
    BEGIN RETURN EXISTS (SELECT 1 FROM records_note n WHERE n.session_id = $1 AND n.signed_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM records_note n WHERE n.session_id = whole AND n.signed_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM records_session s JOIN records_note n ON n.session_id = s.id WHERE s.within_id = whole AND n.signed_at IS NOT NULL);
    END $$;
REVOKE ALL ON FUNCTION records_session_is_signed(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_session_is_signed(uuid) TO {WEB}, {WORKER};
"""
# Asked by policies about their own tables: as functions, for a policy may not ask about its table. They see what the actor sees.
FITS = """
CREATE FUNCTION records_row_fits(whole uuid, unit uuid, person uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
    BEGIN RETURN EXISTS (SELECT 1 FROM public.records_session s JOIN public.clients_member m ON m.unit_id = s.client_id
        WHERE s.id = whole AND s.client_id = unit AND s.within_id IS NULL AND s.counselor_id = subrosa_actor() AND m.person_id = person); END $$;
CREATE FUNCTION records_copy_fits(source uuid, person uuid, its_row uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
    BEGIN RETURN EXISTS (SELECT 1 FROM public.records_note n JOIN public.records_session r ON r.within_id = n.session_id
        JOIN public.clients_unitagreement a ON a.client_id = n.client_id AND a.shared_into_records
        WHERE n.id = source AND n.author_id = subrosa_actor() AND n.signed_at IS NOT NULL AND n.copied_from_id IS NULL
        AND r.id = its_row AND r.client_id = person); END $$;
CREATE FUNCTION records_addendum_fits(source uuid, copy uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
    BEGIN RETURN (SELECT CASE WHEN n.copied_from_id IS NULL THEN source IS NULL
        ELSE EXISTS (SELECT 1 FROM public.records_addendum a WHERE a.id = source AND a.note_id = n.copied_from_id) END
        FROM public.records_note n WHERE n.id = copy); END $$;
"""
NO_FITS = """DROP FUNCTION records_row_fits(uuid, uuid, uuid); DROP FUNCTION records_copy_fits(uuid, uuid, uuid);
DROP FUNCTION records_addendum_fits(uuid, uuid)"""
# Of a session with several, the shared part is what is late: a person's row is no session without a note.
LATE = late.LATE.replace("WHERE s.counselor_id = whose", "WHERE s.within_id IS NULL AND s.counselor_id = whose")
FINAL = """
DROP TRIGGER facts_are_final ON records_session;
CREATE TRIGGER facts_are_final BEFORE UPDATE ON records_session FOR EACH ROW
    WHEN (((OLD.client_id, OLD.counselor_id, OLD.starts_at, OLD.ends_at, OLD.modality, OLD.place)
        IS DISTINCT FROM (NEW.client_id, NEW.counselor_id, NEW.starts_at, NEW.ends_at, NEW.modality, NEW.place)
        OR (OLD.outcome <> 'planned' AND OLD.outcome <> NEW.outcome)) AND records_session_is_signed(OLD.id))
    EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER stays_where_it_is BEFORE UPDATE ON records_session FOR EACH ROW
    WHEN ((OLD.within_id, OLD.unit_id, OLD.setting) IS DISTINCT FROM (NEW.within_id, NEW.unit_id, NEW.setting))
    EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER joins_before_signing BEFORE INSERT ON records_session FOR EACH ROW
    WHEN (NEW.within_id IS NOT NULL AND records_session_is_signed(NEW.within_id)) EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER only_rows_are_taken_off BEFORE DELETE ON records_session FOR EACH ROW
    WHEN (OLD.within_id IS NULL OR records_session_is_signed(OLD.id)) EXECUTE FUNCTION subrosa_refuse_change();
CREATE TRIGGER stays_what_it_is BEFORE UPDATE ON records_note FOR EACH ROW
    WHEN ((OLD.unit_id, OLD.copied_from_id) IS DISTINCT FROM (NEW.unit_id, NEW.copied_from_id)) EXECUTE FUNCTION subrosa_refuse_change();
"""
NOT_DENIED = "(unit_id IS NULL OR NOT subrosa_denied(unit_id))"
COUNSELS = f"counselor_id = subrosa_actor() AND {lock.granted('records_session.client_id', lock.COUNSEL)}"
ROW = "(within_id IS NULL OR records_row_fits(within_id, unit_id, client_id))"
OF_ITS_SESSION = "unit_id IS NOT DISTINCT FROM (SELECT s.unit_id FROM records_session s WHERE s.id = session_id)"
COPY = "(copied_from_id IS NULL OR records_copy_fits(copied_from_id, client_id, session_id))"
WRITES = f"author_id = subrosa_actor() AND {lock.granted('records_note.client_id', lock.COUNSEL)}"


def replaced(table: str, name: str, **clauses: str):
    """The policy ``name`` of ``table``, anew."""
    return [sql(f"DROP POLICY {name} ON {table}"), policy(table, name, **clauses)]


class Migration(migrations.Migration):
    dependencies = [("records", "0014_rows_of_persons")]
    operations = [
        migrations.DeleteModel("Participant"),
        sql(SIGNED),
        sql(FITS, NO_FITS),
        sql(FINAL),
        sql(LATE),
        grant(SESSION, web="SELECT, INSERT, UPDATE, DELETE"),
        *replaced(SESSION, "care_team", on="SELECT", using=f"{lock.granted('records_session.client_id')} AND {NOT_DENIED}"),
        *replaced(SESSION, "planned", on="INSERT", check=f"{COUNSELS} AND {ROW}"),
        policy(SESSION, "taken_off", on="DELETE", using=COUNSELS),
        *replaced(NOTE, "care_team", on="SELECT", using=f"{lock.SHOWN} AND {lock.granted('records_note.client_id')} AND {NOT_DENIED}"),
        *replaced(NOTE, "begun", on="INSERT", check=f"{WRITES} AND {OF_ITS_SESSION} AND {COPY}"),
        *replaced("records_addendum", "added", on="INSERT", check=f"{ADDENDA.BY_ITS_AUTHOR} AND records_addendum_fits(copied_from_id, note_id)"),
    ]  # fmt: skip
