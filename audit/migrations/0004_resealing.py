"""What is final may go under another key, by the owner alone and in one way: from a retired data key to its successor (ADR 18)."""

from django.db import migrations

from audit.lock import OWNER, WEB, WORKER, sql

# Each column that differs held a blob of a retired key and holds one of the key that took its place, or the same key's in a newer
# version: of the same keyhole and length. Everything else of the row is as it was. A blob begins with its version and its key's id.
IS_RESEAL = r"""
CREATE FUNCTION subrosa_is_reseal(was jsonb, becomes jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT was <> becomes AND NOT EXISTS (
        SELECT 1 FROM jsonb_each_text(was) o JOIN jsonb_each_text(becomes) n USING (key)
        WHERE o.value IS DISTINCT FROM n.value AND (o.value IS NULL OR n.value IS NULL
            OR length(o.value) <> length(n.value) OR substr(n.value, 1, 4) < substr(o.value, 1, 4)
            OR NOT EXISTS (SELECT 1 FROM public.vault_datakey k JOIN public.vault_datakey s ON s.owner = k.owner
                    AND s.compartment = k.compartment AND s.holder IS NOT DISTINCT FROM k.holder
                WHERE k.id = CASE WHEN o.value ~ '^\\x[0-9a-f]{34}' THEN substr(o.value, 5, 32)::uuid END
                AND (k.retired_at IS NOT NULL OR substr(n.value, 1, 4) > substr(o.value, 1, 4))
                AND s.id = CASE WHEN n.value ~ '^\\x[0-9a-f]{34}' THEN substr(n.value, 5, 32)::uuid END
                AND s.retired_at IS NULL AND s.shredded_at IS NULL)))
$$
"""
BODY = "RAISE EXCEPTION 'This row is final: it is never changed or deleted.' USING ERRCODE = 'insufficient_privilege';"
REFUSE = "CREATE OR REPLACE FUNCTION subrosa_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {more} {body} END $$"
UNLESS = f"""
    IF TG_OP = 'UPDATE' AND session_user = '{OWNER}' THEN
        IF subrosa_is_reseal(to_jsonb(OLD), to_jsonb(NEW)) THEN RETURN NEW; END IF;
    END IF;"""
# Web and worker make keys; that one is retired or shredded is the owner's to say.
NEW_AND_WHOLE = f"""CREATE POLICY new_and_whole ON vault_datakey AS RESTRICTIVE FOR INSERT TO {WEB}, {WORKER}
    WITH CHECK (owner IS NOT NULL AND retired_at IS NULL AND shredded_at IS NULL)"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seals"), ("vault", "0002_keys_in_turn")]

    operations = [
        sql(IS_RESEAL, "DROP FUNCTION subrosa_is_reseal(jsonb, jsonb)"),
        sql(REFUSE.format(more=UNLESS, body=BODY), REFUSE.format(more="", body=BODY)),
        sql(NEW_AND_WHOLE, "DROP POLICY new_and_whole ON vault_datakey"),
    ]
