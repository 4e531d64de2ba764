"""The second lock on consent: the care team, the front desk where it sends, and each signer their own; nothing signed ever changes."""

from importlib import import_module

from django.db import migrations

from audit.lock import freeze, grant, guard, policy, sql

lock = import_module("clients.migrations.0002_lock")

COUNSEL = "'counsel', 'cover'"
STANDS = """(s.representative_id IS NULL AND subrosa_granted(s.person_id, 'portal_self'))
    OR (r.user_id = subrosa_actor() AND (r.until IS NULL OR r.until > now()) AND subrosa_granted(s.person_id, 'portal_represent'))"""
SIGNERS = "SELECT 1 FROM consent_signer s LEFT JOIN clients_representative r ON r.id = s.representative_id WHERE"
COMPLETE = """(SELECT CASE q.rule WHEN 'any' THEN EXISTS (SELECT 1 FROM consent_signature g JOIN consent_signer s ON s.id = g.signer_id
        WHERE s.request_id = q.id AND s.capacity <> 'assent')
    ELSE NOT EXISTS (SELECT 1 FROM consent_signer s LEFT JOIN consent_signature g ON g.signer_id = s.id
        WHERE s.request_id = q.id AND s.capacity <> 'assent' AND g.id IS NULL) END FROM consent_request q WHERE q.id = request)"""

FUNCTIONS = (
    lock.function("subrosa_is_signer", "signer uuid", f"EXISTS ({SIGNERS} s.id = signer AND ({STANDS}))")
    + lock.function("subrosa_signs", "request uuid", f"EXISTS ({SIGNERS} s.request_id = request AND ({STANDS}))")
    + lock.function("subrosa_signs_for", "client uuid", f"EXISTS ({SIGNERS} s.client_id = client AND ({STANDS}))")
    + lock.function("subrosa_consent_complete", "request uuid", COMPLETE)
)
DROP = """DROP FUNCTION subrosa_consent_complete(uuid); DROP FUNCTION subrosa_signs_for(uuid); DROP FUNCTION subrosa_signs(uuid);
DROP FUNCTION subrosa_is_signer(uuid)"""

FORWARD = """
CREATE FUNCTION consent_version_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.form_id, NEW.number, NEW.language, NEW.title, NEW.text, NEW.material, NEW.what_changed, NEW.text_hash,
            NEW.approved_by_id, NEW.approved_at) IS DISTINCT FROM (OLD.form_id, OLD.number, OLD.language, OLD.title, OLD.text, OLD.material,
            OLD.what_changed, OLD.text_hash, OLD.approved_by_id, OLD.approved_at)
        OR array_position(ARRAY['draft', 'approved', 'in_force', 'superseded'], NEW.state::text)
            - array_position(ARRAY['draft', 'approved', 'in_force', 'superseded'], OLD.state::text) NOT IN (0, 1) THEN
        RAISE EXCEPTION 'an approved version stands as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_moves_forward BEFORE UPDATE ON consent_version FOR EACH ROW EXECUTE FUNCTION consent_version_forward();
CREATE FUNCTION consent_request_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
        OR (NEW.shown, NEW.shown_hash, NEW.wording_id, NEW.client_id, NEW.rule, NEW.modalities, NEW.asked_at, NEW.no_later_than)
            IS DISTINCT FROM (OLD.shown, OLD.shown_hash, OLD.wording_id, OLD.client_id, OLD.rule, OLD.modalities, OLD.asked_at, OLD.no_later_than)
        OR (OLD.active_from IS NOT NULL AND (NEW.active_from, NEW.until) IS DISTINCT FROM (OLD.active_from, OLD.until))
        OR (OLD.active_from IS NULL AND NEW.active_from IS NOT NULL AND NOT subrosa_consent_complete(NEW.id)) THEN
        RAISE EXCEPTION 'what was asked and signed stands as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_moves_forward BEFORE UPDATE ON consent_request FOR EACH ROW EXECUTE FUNCTION consent_request_forward();
"""
BACK = """DROP TRIGGER request_moves_forward ON consent_request; DROP FUNCTION consent_request_forward();
DROP TRIGGER version_moves_forward ON consent_version; DROP FUNCTION consent_version_forward()"""


def team(table: str, codes: str = lock.CLINICAL) -> str:
    """SQL: the care team of the row's client."""
    return lock.granted(f"{table}.client_id", codes)


def desk(table: str) -> str:
    """SQL: the front desk, unless denied."""
    return f"({lock.role('desk')} AND {lock.not_denied(f'{table}.client_id')})"


def sender(table: str) -> str:
    """SQL: who sends papers: the client's counselor and the front desk."""
    return f"({team(table, COUNSEL)} OR {desk(table)})"


def frozen(table: str):
    """A table that is only ever added to: by whom, the caller says."""
    return [grant(table, web="SELECT, INSERT"), guard(table), freeze(table, name=f"{table.removeprefix('consent_')}_is_final")]


OWN = "subrosa_is_signer({table}.signer_id)"


def own(table: str) -> str:
    """SQL: the row's signer is the actor."""
    return OWN.format(table=table)


def own_or_with(table: str) -> str:
    """SQL: the actor is the row's signer, or their counselor, who hands a device over."""
    return f"({own(table)} OR {team(table, COUNSEL)})"


KEY_OWNER = "vault_datakey.owner"
KEY = "compartment = 'consent' AND holder IS NULL"
WHO_HOLDS = (
    f"{lock.granted(KEY_OWNER, lock.ANY)} OR ({lock.role('desk')} AND {lock.not_denied(KEY_OWNER)}) OR subrosa_signs_for({KEY_OWNER})"
)
REVIEW = (
    f"compartment = 'review' AND holder IS NULL AND ({lock.granted(KEY_OWNER)} OR ({lock.role('admin')} AND {lock.not_denied(KEY_OWNER)}))"
)
OVERRIDE = "consent_override"


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_evidence"), ("clients", "0006_denied_in_units")]
    operations = [
        sql(FUNCTIONS, DROP),
        # The practice's own papers: nothing here is about a client.
        grant("consent_form", web="SELECT, INSERT, UPDATE"),
        grant("consent_version", web="SELECT, INSERT, UPDATE"),
        grant("consent_packet", web="SELECT, INSERT, UPDATE, DELETE"),
        grant("consent_packetitem", web="SELECT, INSERT, UPDATE, DELETE"),
        grant("consent_packetitem_id_seq", web="USAGE"),
        # Asking.
        grant("consent_request", web="SELECT, INSERT, UPDATE (active_from, until, ended_at, ended_as)"),
        guard("consent_request"),
        policy("consent_request", "seen", on="SELECT", using=f"{team('consent_request')} OR {desk('consent_request')} OR subrosa_signs(id)"),
        policy("consent_request", "asked", on="INSERT", check=f"asked_by_id = subrosa_actor() AND {sender('consent_request')}"),
        policy("consent_request", "moved", on="UPDATE", using=f"{sender('consent_request')} OR subrosa_signs(id)"),
        *frozen("consent_signer"),
        policy("consent_signer", "seen", on="SELECT", using=f"{team('consent_signer')} OR {desk('consent_signer')} OR subrosa_is_signer(id)"),
        policy("consent_signer", "named", on="INSERT", check=sender("consent_signer")),
        *frozen("consent_authorization"),
        sql("DROP TRIGGER authorization_is_final ON consent_authorization"),
        freeze("consent_authorization", when="OLD.event_at IS NOT NULL", name="authorization_is_final"),
        sql("GRANT UPDATE (event_at) ON consent_authorization TO subrosa_web"),
        policy("consent_authorization", "seen", on="SELECT",
            using=f"{team('consent_authorization')} OR {desk('consent_authorization')} OR subrosa_signs(request_id)"),
        policy("consent_authorization", "asked", on="INSERT", check=sender("consent_authorization")),
        policy("consent_authorization", "ended", on="UPDATE", using=team("consent_authorization", COUNSEL)),
        # Questions.
        grant("consent_question", web="SELECT, INSERT, UPDATE (settled_at)"),
        guard("consent_question"),
        freeze("consent_question", when="OLD.settled_at IS NOT NULL", name="question_is_final"),
        policy("consent_question", "seen", on="SELECT", using=f"{team('consent_question')} OR {own('consent_question')}"),
        policy("consent_question", "asked", on="INSERT", check=own_or_with("consent_question")),
        policy("consent_question", "settled", on="UPDATE", using=own_or_with("consent_question")),
        *frozen("consent_answer"),
        policy("consent_answer", "seen", on="SELECT",
            using=f"{team('consent_answer')} OR EXISTS (SELECT 1 FROM consent_question q WHERE q.id = consent_answer.question_id)"),
        policy("consent_answer", "given", on="INSERT", check=f"by_id = subrosa_actor() AND {team('consent_answer')}"),
        # Evidence.
        *frozen("consent_signature"),
        policy("consent_signature", "seen", on="SELECT", using=f"{team('consent_signature')} OR {desk('consent_signature')} OR {own('consent_signature')}"),
        policy("consent_signature", "given", on="INSERT",
            check=f"(user_id = subrosa_actor() AND {own('consent_signature')}) OR (witnessed_by_id = subrosa_actor() AND {team('consent_signature', COUNSEL)})"),
        *frozen("consent_paper"),
        policy("consent_paper", "seen", on="SELECT", using="EXISTS (SELECT 1 FROM consent_signature g WHERE g.id = consent_paper.signature_id)"),
        policy("consent_paper", "made", on="INSERT", check="EXISTS (SELECT 1 FROM consent_signature g WHERE g.id = consent_paper.signature_id"
            " AND (g.user_id = subrosa_actor() OR g.witnessed_by_id = subrosa_actor()))"),
        *frozen("consent_ending"),
        policy("consent_ending", "seen", on="SELECT",
            using=f"{team('consent_ending')} OR (signer_id IS NULL AND subrosa_signs(request_id)) OR {own('consent_ending')}"),
        policy("consent_ending", "said", on="INSERT",
            check=f"user_id = subrosa_actor() AND ({own('consent_ending')} OR {sender('consent_ending')})"),
        *frozen("consent_step"),
        policy("consent_step", "seen", on="SELECT",
            using=f"{team('consent_step')} OR (signer_id IS NULL AND {desk('consent_step')}) OR {own('consent_step')}"),
        policy("consent_step", "taken", on="INSERT",
            check=f"user_id = subrosa_actor() AND ({own('consent_step')} OR {sender('consent_step')} OR subrosa_signs(request_id))"),
        # To read and sign on screen; the notice; sessions without consent.
        grant("consent_electronicconsent", web="SELECT, INSERT, UPDATE (withdrawn_at)"),
        guard("consent_electronicconsent"),
        freeze("consent_electronicconsent", when="OLD.withdrawn_at IS NOT NULL", name="withdrawn_is_final"),
        policy("consent_electronicconsent", "seen", on="SELECT", using=f"user_id = subrosa_actor() OR {team('consent_electronicconsent')}"),
        policy("consent_electronicconsent", "given", on="INSERT", check="user_id = subrosa_actor() AND subrosa_signs_for(consent_electronicconsent.client_id)"),
        policy("consent_electronicconsent", "taken_back", on="UPDATE", using="user_id = subrosa_actor()"),
        *frozen("consent_noticedelivery"),
        policy("consent_noticedelivery", "seen", on="SELECT",
            using=f"{team('consent_noticedelivery')} OR {desk('consent_noticedelivery')} OR {lock.granted('consent_noticedelivery.client_id', lock.ANY)}"),
        policy("consent_noticedelivery", "recorded", on="INSERT",
            check=f"recorded_by_id = subrosa_actor() AND ({sender('consent_noticedelivery')} OR subrosa_signs_for(consent_noticedelivery.client_id))"),
        grant(OVERRIDE, web="SELECT, INSERT, UPDATE (reviewed_by_id, reviewed_at, upheld)"),
        guard(OVERRIDE),
        freeze(OVERRIDE, when="OLD.reviewed_at IS NOT NULL", name="review_is_final"),
        policy(OVERRIDE, "seen", on="SELECT", using=f"{team(OVERRIDE)} OR ({lock.role('admin')} AND {lock.not_denied(f'{OVERRIDE}.client_id')})"),
        policy(OVERRIDE, "decided", on="INSERT", check=f"by_id = subrosa_actor() AND {team(OVERRIDE, COUNSEL)}"),
        policy(OVERRIDE, "reviewed", on="UPDATE",
            using=f"by_id <> subrosa_actor() AND ({team(OVERRIDE)} OR ({lock.role('admin')} AND {lock.not_denied(f'{OVERRIDE}.client_id')}))",
            check="reviewed_by_id = subrosa_actor()"),
        # Keys: the client and whoever signs for them hold this one, which opens nothing of the record.
        policy("vault_datakey", "consent", on="SELECT", using=f"{KEY} AND ({WHO_HOLDS})"),
        policy("vault_datakey", "consent_made", on="INSERT", check=f"{KEY} AND ({lock.granted(KEY_OWNER)} OR ({lock.role('desk')} AND {lock.not_denied(KEY_OWNER)}))"),
        policy("vault_datakey", "review", on="SELECT", using=REVIEW),
        sql(FORWARD, BACK),
    ]  # fmt: skip
