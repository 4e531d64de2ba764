"""The second lock on invitations to the portal, and on keeping representatives out of it."""

from importlib import import_module

from django.db import migrations

from audit.lock import freeze, grant, guard, policy

lock = import_module("clients.migrations.0002_lock")

INVITATION, REFUSAL, GRANTS = "clients_portalinvitation", "clients_proxyrefusal", "clients_clientpermission"
PORTAL = "'portal_self', 'portal_represent'"
COUNSEL = "'counsel', 'cover'"


def keeps(client: str) -> str:
    """SQL: who keeps contact data: the client's counselor and the front desk."""
    return f"({lock.granted(client, COUNSEL)}) OR ({lock.role('desk')} AND {lock.not_denied(client)})"


# Whoever comes with a link is nobody yet. They see hashes and dates of what is open, and count a try.
KNOCKS = "subrosa_actor() IS NULL AND used_at IS NULL AND withdrawn_at IS NULL"
# The desk lets in whom it invited, once that person has finished, and nobody else.
FINISHED = f"""subrosa_is(permission_id, {PORTAL}) AND {lock.role("desk")} AND {lock.not_denied("content_object_id")}
    AND user_id <> subrosa_actor() AND EXISTS (SELECT 1 FROM {INVITATION} i
        WHERE i.client_id = content_object_id AND i.used_by_id = {GRANTS}.user_id AND i.invited_by_id = subrosa_actor())"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0010_portal_invitations")]
    operations = [
        grant(INVITATION, web="SELECT, INSERT, UPDATE (version, secret, words, email, name, tries, expires_at, used_at, used_by_id, withdrawn_at)"),
        guard(INVITATION),
        freeze(INVITATION, when="OLD.used_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL", name="invitation_is_final"),
        policy(INVITATION, "kept", on="SELECT", using=keeps(f"{INVITATION}.client_id")),
        policy(INVITATION, "sent", on="INSERT", check=f"invited_by_id = subrosa_actor() AND ({keeps(f'{INVITATION}.client_id')})"),
        policy(INVITATION, "moved", on="UPDATE", using=keeps(f"{INVITATION}.client_id")),
        policy(INVITATION, "knocked_on", on="SELECT", using=KNOCKS),
        policy(INVITATION, "tried", on="UPDATE", using=KNOCKS, check=KNOCKS),
        policy(GRANTS, "invited", on="INSERT", check=FINISHED),
        grant(REFUSAL, web="SELECT, INSERT, UPDATE (lifted_by_id, lifted_at)"),
        guard(REFUSAL),
        freeze(REFUSAL, when="OLD.lifted_at IS NOT NULL", name="refusal_is_final"),
        policy(REFUSAL, "seen", on="SELECT",
            using=f"{lock.granted(f'{REFUSAL}.client_id')} OR ({lock.role('desk')} AND {lock.not_denied(f'{REFUSAL}.client_id')})"),
        policy(REFUSAL, "decided", on="INSERT", check=f"decided_by_id = subrosa_actor() AND {lock.granted(f'{REFUSAL}.client_id', COUNSEL)}"),
        policy(REFUSAL, "lifted", on="UPDATE", using=lock.granted(f"{REFUSAL}.client_id", COUNSEL), check="lifted_by_id = subrosa_actor()"),
    ]  # fmt: skip
