"""The second lock on goals, co-signature and snippets: added, never changed, by those whose act it is."""

from importlib import import_module

from django.db import migrations

from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("records.migrations.0002_lock")

SIGNED = """
CREATE FUNCTION records_note_is_signed(uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM public.records_note n WHERE n.id = $1 AND n.signed_at IS NOT NULL) $$
"""


def note(foreign: str, *more: str) -> str:
    """SQL: the note is visible to the actor (its own policy decides), and what else must hold of it as ``n``."""
    return f"EXISTS (SELECT 1 FROM records_note n WHERE {' AND '.join([f'n.id = {foreign}', *more])})"


OWN, DRAFT, SIGNED_ONE = "n.author_id = subrosa_actor()", "n.signed_at IS NULL", "n.signed_at IS NOT NULL"
OTHERS, SUPERVISED = "n.author_id <> subrosa_actor()", lock.granted("n.client_id", "'supervise'")
APART = "n.kind <> 'psychotherapy'"

# The supervisor of that date; when they supervise the client no more, whoever does.
ASKED = """EXISTS (SELECT 1 FROM records_cosignrequest r JOIN records_note n ON n.id = r.note_id WHERE r.note_id = {table}.note_id
    AND (r.supervisor_id = subrosa_actor() OR NOT EXISTS (SELECT 1 FROM clients_clientpermission g
        WHERE g.content_object_id = n.client_id AND g.user_id = r.supervisor_id AND subrosa_is(g.permission_id, 'supervise')
        AND (g.until IS NULL OR g.until > clock_timestamp()))))"""


def supervisors_act(table: str) -> str:
    """SQL: the actor, who did not write the note, acts on it in their own name as the supervisor who is asked."""
    about = note(f"{table}.note_id", SIGNED_ONE, OTHERS, APART, SUPERVISED)
    return f"supervisor_id = subrosa_actor() AND {about} AND {ASKED.format(table=table)}"


LOCKED_BY_ITS_SUPERVISOR = "signed_at IS NOT NULL AND kind <> 'psychotherapy' AND author_id <> subrosa_actor() AND " + lock.granted(
    "records_note.client_id", "'supervise'"
)


class Migration(migrations.Migration):
    dependencies = [("records", "0004_formats_goals_cosigning"), ("clients", "0004_authors_alone")]
    operations = [
        sql(SIGNED, "DROP FUNCTION records_note_is_signed(uuid)"),
        grant("records_goal", web="SELECT, INSERT"),
        grant("records_goallink", web="SELECT, INSERT, DELETE"),
        grant("records_goallink_id_seq", web="USAGE"),
        grant("records_cosignrequest", web="SELECT, INSERT"),
        grant("records_editrequest", web="SELECT, INSERT"),
        grant("records_cosignature", web="SELECT, INSERT"),
        grant("records_noterules", web="SELECT, INSERT, UPDATE"),
        grant("records_cosignrule", web="SELECT, INSERT, UPDATE"),
        grant("records_snippet", web="SELECT, INSERT, UPDATE, DELETE"),
        # Goals are made as the plan is signed, by its author, and are as final as it is.
        guard("records_goal"),
        policy("records_goal", "of_the_plan", on="SELECT", using=note("records_goal.plan_id")),
        policy("records_goal", "set", on="INSERT", check=note("records_goal.plan_id", "n.client_id = records_goal.client_id", "n.kind = 'plan'", OWN, DRAFT)),
        freeze("records_goal", name="goal_is_final"),
        guard("records_goallink"),
        policy("records_goallink", "of_the_note", on="SELECT", using=note("records_goallink.note_id")),
        policy("records_goallink", "named", on="INSERT", check=note("records_goallink.note_id", OWN, DRAFT)
            + " AND EXISTS (SELECT 1 FROM records_goal o JOIN records_note m ON m.client_id = o.client_id WHERE o.id = goal_id AND m.id = note_id)"),
        policy("records_goallink", "unnamed", on="DELETE", using=note("records_goallink.note_id", OWN, DRAFT)),
        freeze("records_goallink", when="records_note_is_signed(OLD.note_id)", name="named_before_signing"),
        # Asked by the author, as they sign; answered by the supervisor, under their own name; none of it ever changes.
        guard("records_cosignrequest"),
        policy("records_cosignrequest", "of_the_note", on="SELECT", using=note("records_cosignrequest.note_id")),
        policy("records_cosignrequest", "asked", on="INSERT", check="author_id = subrosa_actor() AND " + note("records_cosignrequest.note_id", OWN, SIGNED_ONE, APART)),
        freeze("records_cosignrequest", name="asking_is_final"),
        guard("records_editrequest"),
        policy("records_editrequest", "between_the_two", on="SELECT",
            using=f"{note('records_editrequest.note_id', OWN)} OR {note('records_editrequest.note_id', SUPERVISED)}"),
        policy("records_editrequest", "asked", on="INSERT", check=supervisors_act("records_editrequest")),
        freeze("records_editrequest", name="comment_is_final"),
        guard("records_cosignature"),
        policy("records_cosignature", "of_the_note", on="SELECT", using=note("records_cosignature.note_id")),
        policy("records_cosignature", "signed", on="INSERT", check=supervisors_act("records_cosignature")),
        freeze("records_cosignature", name="cosignature_is_final"),
        # Who is to co-sign may lock the note's row while they do, and change nothing of it.
        policy("records_note", "held_by_supervisor", on="UPDATE", using=LOCKED_BY_ITS_SUPERVISOR, check="false"),
        # Snippets: one's own, and those shared.
        guard("records_snippet"),
        policy("records_snippet", "own", using="owner_id = subrosa_actor()", check="owner_id = subrosa_actor()"),
        policy("records_snippet", "shared", on="SELECT", using="shared AND (SELECT subrosa_role('counselor', 'supervisor'))"),
    ]  # fmt: skip
