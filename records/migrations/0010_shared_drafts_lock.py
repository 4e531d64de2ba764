"""The second lock on shared drafts: the author and the one supervisor they chose, while it lasts; a copy, never the draft (ADR 12)."""

from importlib import import_module

from django.db import migrations

from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("records.migrations.0002_lock")

OWN = "author_id = subrosa_actor()"
SUPERVISED = lock.granted("records_draftshare.client_id", "'supervise'")
SHOWN = f"supervisor_id = subrosa_actor() AND until IS NULL AND {SUPERVISED}"

# What is shared is a draft of one's own, as it is, of no psychotherapy note, with somebody who supervises its client now.
AS_IT_IS = """EXISTS (SELECT 1 FROM records_note n WHERE n.id = records_draftshare.note_id AND n.author_id = subrosa_actor()
    AND n.signed_at IS NULL AND n.kind <> 'psychotherapy' AND n.kind = records_draftshare.kind
    AND n.client_id = records_draftshare.client_id AND n.session_id IS NOT DISTINCT FROM records_draftshare.session_id
    AND n.version = records_draftshare.note_version)
    AND EXISTS (SELECT 1 FROM clients_clientpermission g WHERE g.content_object_id = records_draftshare.client_id
    AND g.user_id = records_draftshare.supervisor_id AND subrosa_is(g.permission_id, 'supervise')
    AND (g.until IS NULL OR g.until > now()))"""

# The author ends it, the supervisor answers it, each once; nothing else of it changes.
EACH_THEIR_OWN = """
CREATE TRIGGER each_their_own BEFORE UPDATE ON records_draftshare FOR EACH ROW
    WHEN (OLD.until IS NOT NULL
        OR (NEW.until IS DISTINCT FROM OLD.until AND OLD.author_id <> subrosa_actor())
        OR (NEW.answered_at IS DISTINCT FROM OLD.answered_at AND (OLD.answered_at IS NOT NULL OR OLD.supervisor_id <> subrosa_actor())))
    EXECUTE FUNCTION subrosa_refuse_change();
"""
SUPERVISES = lock.granted("records_draftcomment.client_id", "'supervise'")
OF_THE_SHARE = """EXISTS (SELECT 1 FROM records_draftshare s WHERE s.id = records_draftcomment.share_id AND s.until IS NULL
    AND s.supervisor_id = subrosa_actor() AND s.client_id = records_draftcomment.client_id AND s.note_id = records_draftcomment.note_id
    AND s.author_id = records_draftcomment.author_id)"""


class Migration(migrations.Migration):
    dependencies = [("records", "0009_shared_drafts"), ("clients", "0004_authors_alone")]
    operations = [
        grant("records_draftshare", web="SELECT, INSERT, UPDATE (answered_at, until)"),
        grant("records_draftcomment", web="SELECT, INSERT"),
        guard("records_draftshare"),
        policy("records_draftshare", "shown", on="SELECT", using=f"({OWN}) OR ({SHOWN})"),
        policy("records_draftshare", "shared", on="INSERT", check=f"{OWN} AND {AS_IT_IS}"),
        policy("records_draftshare", "dated", on="UPDATE", using=f"({OWN}) OR ({SHOWN})"),
        sql(EACH_THEIR_OWN, "DROP TRIGGER each_their_own ON records_draftshare"),
        guard("records_draftcomment"),
        policy("records_draftcomment", "between_the_two", on="SELECT", using=f"({OWN}) OR (supervisor_id = subrosa_actor() AND {SUPERVISES})"),
        policy("records_draftcomment", "asked", on="INSERT", check=f"supervisor_id = subrosa_actor() AND {OF_THE_SHARE}"),
        freeze("records_draftcomment", name="draft_comment_is_final"),
    ]  # fmt: skip
