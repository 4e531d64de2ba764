"""Every table that holds something of a client, and what becomes of its rows when the record is destroyed.

A new table of a client's is decided about here, and the function of the database written anew by a migration (``sql(_rows.DESTROY)``):
tests/architecture/test_destroyed_rows.py fails until both are done.
"""

from __future__ import annotations

from audit.lock import OWNER, WORKER

_NOTES = "(SELECT n.id FROM records_note n WHERE n.client_id = gone)"
_MOVES = "(SELECT o.id FROM moving_moveout o WHERE o.client_id = gone)"
_DOCUMENTS = "(SELECT d.id FROM records_document d WHERE d.client_id = gone)"

# Rows that go, children before what they hang on: table, and which of its rows. Where nothing is said, those of ``client_id``.
GONE: dict[str, str] = {
    "executor_case": "",
    "moving_arrival": "",
    "moving_moveoutpiece": f"part_id IN (SELECT p.id FROM moving_moveoutpart p WHERE p.client_id = gone OR p.out_id IN {_MOVES})",
    "moving_moveoutpart": f"client_id = gone OR out_id IN {_MOVES}",
    "moving_moveout": "",
    "transfers_transfer": "",
    "breaches_call": "",
    "breaches_clientletter": "",
    "breaches_told": "",
    "breaches_affected": "",
    "supervision_sampled": f"note_id IN {_NOTES}",
    "supervision_advice": "",
    "supervision_outcome": "",
    "supervision_outsidepage": "",
    "supervision_consultation": "",
    "supervision_deidentifiedview": "",
    "disclosures_look": "",
    "disclosures_sending": "",
    "disclosures_package": "",
    "disclosures_release": "",
    "disclosures_legalreply": "",
    "disclosures_legalstep": "",
    "disclosures_legalprocess": "",
    "disclosures_rightsreview": "",
    "disclosures_rightsreply": "",
    "disclosures_rightsrequest": "",
    "disclosures_accountingrequest": "",
    "disclosures_restriction": "",
    "disclosures_suspension": "",
    "disclosures_report": "",
    "disclosures_consult": "",
    "disclosures_exceptionevent": "",
    "disclosures_disclosure": "",
    "records_documentpiece": f"document_id IN {_DOCUMENTS}",
    "records_document": "",
    "records_draftcomment": "",
    "records_draftshare": "",
    "records_editrequest": f"note_id IN {_NOTES}",
    "records_goallink": f"note_id IN {_NOTES} OR goal_id IN (SELECT g.id FROM records_goal g WHERE g.client_id = gone)",
    "records_goal": "",
    "records_notesave": f"note_id IN {_NOTES}",
    "records_cosignature": f"note_id IN {_NOTES}",
    "records_cosignrequest": f"note_id IN {_NOTES}",
    "records_addendum": f"note_id IN {_NOTES}",
    "records_note": "",
    "records_session": "",
    "consent_paper": "",
    "consent_step": "",
    "consent_answer": "",
    "consent_answerdraft": "",
    "consent_question": "",
    "consent_ending": "",
    "consent_authorization": "",
    "consent_signature": "",
    "consent_signer": "",
    "consent_electronicconsent": "",
    "consent_request": "",
    "consent_override": "",
    "consent_noticedelivery": "",
    "messaging_contactline": "",
    "messaging_override": "",
    "messaging_outgoing": "",
    "messaging_filed": "",
    "messaging_attachmentpiece": "attachment_id IN (SELECT a.id FROM messaging_attachment a WHERE a.client_id = gone)",
    "messaging_attachment": "",
    "messaging_draft": "",
    "messaging_message": "",
    "messaging_thread": "",
    "review_decision": "signal_id IN (SELECT s.id FROM review_signal s WHERE s.client_id = gone)",
    "review_reply": "signal_id IN (SELECT s.id FROM review_signal s WHERE s.client_id = gone)",
    "review_signal": "",
    "review_grantcheck": "",
    "review_lineanswer": "",
    "review_linequestion": "",
    "clients_addresscode": "",
    "clients_replacedaddress": "",
    "clients_safeway": "",
    "clients_safetyprofile": "",
    "clients_portalinvitation": "",
    "clients_proxyrefusal": "",
    # A couple's paper may name one who signed for this person: that row stays while the couple's record does, and opens no more.
    "clients_representative": "client_id = gone AND NOT EXISTS (SELECT 1 FROM consent_signer s WHERE s.representative_id = clients_representative.id)",
    "clients_glassreview": "",
    "clients_breakglass": "",
    "clients_comingofage": "",
    "clients_contactpoint": "",
    "clients_denial": "",
    "clients_merge": "duplicate_id = gone OR kept_id = gone",
    "clients_member": "unit_id = gone OR person_id = gone",
    "clients_searchtoken": "",
    "clients_statusstep": "",
    "clients_unitagreement": "",
    "clients_clientpermission": "content_object_id = gone",
    "retention_longer": "",
    "retention_standing": "",
    "retention_snooze": "",
    "retention_hold": "",
}  # fmt: skip

# Rows that stay, and why they tell nothing.
STAYS = {
    "paper_paperfile": "a label and that it was shredded, as the certificate says; nothing on it says whose words it held",
    "paper_checkout": "who had the paper and when; what for and where to is sealed with keys that are destroyed",
    "paper_shredding": "who scanned, verified and shredded the paper: it is the proof",
    "clients_client": "emptied: the code stays, for the certificate and the trail; kind, days and birthday are taken out",
    "retention_item": "which code, and that it was destroyed; its words were sealed with the client's key",
    "retention_certificate": "the certificate",
    "audit_event": "the trail: who did what when, no words (RET-12)",
    "vault_datakey": "emptied: an empty row says that the key was destroyed, and that none comes after it",
}

# What the certificate counts: what it is called, the table, and which of its rows.
COUNTED = {
    "sessions": ("records_session", ""),
    "notes": ("records_note", ""),
    "addenda": ("records_addendum", f"note_id IN {_NOTES}"),
    "documents": ("records_document", ""),
    "signed papers": ("consent_signature", ""),
    "messages": ("messaging_message", ""),
    "disclosures": ("disclosures_disclosure", ""),
    "releases": ("disclosures_release", ""),
    "requests by right": ("disclosures_rightsrequest", ""),
}


def where(said: str) -> str:
    """SQL: which rows of a table of GONE or COUNTED."""
    return said or "client_id = gone"


_DELETES = "\n    ".join(f"DELETE FROM {table} WHERE {where(said)};" for table, said in GONE.items())
_COUNTS = ",\n        ".join(f"'{name}', (SELECT count(*) FROM {table} WHERE {where(said)})" for name, (table, said) in COUNTED.items())
_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$"
_ACCOUNTS = """(SELECT u.id FROM practice_user u JOIN clients_clientpermission g ON g.user_id = u.id AND g.content_object_id = gone
        WHERE u.roles <@ ARRAY['client', 'representative']::varchar[] AND NOT EXISTS (SELECT 1 FROM clients_clientpermission o
            WHERE o.user_id = u.id AND o.content_object_id <> gone))"""
# Whether this transaction is destroying a record that two persons let go of: asked by the triggers that refuse a deletion.
DESTROYS = f"""
CREATE OR REPLACE FUNCTION subrosa_destroys() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF current_user <> '{OWNER}' OR session_user NOT IN ('{OWNER}', '{WORKER}') OR coalesce(current_setting('subrosa.destroys', true), '') = '' THEN RETURN false; END IF;
    RETURN EXISTS (SELECT 1 FROM public.retention_item i JOIN public.retention_batch b ON b.id = i.batch_id
        WHERE i.id = current_setting('subrosa.destroys')::uuid AND i.state = 'waiting' AND b.approved_at <= now() - interval '30 days');
END $$;
"""
DESTROY = f"""
CREATE OR REPLACE FUNCTION retention_counts(gone uuid) RETURNS jsonb {_HEAD}
BEGIN
    RETURN jsonb_build_object('first', (SELECT least((SELECT min(s.starts_at) FROM records_session s WHERE s.client_id = gone),
            (SELECT min(n.created_at) FROM records_note n WHERE n.client_id = gone), (SELECT c.since FROM clients_client c WHERE c.id = gone))),
        'last', (SELECT greatest((SELECT max(s.starts_at) FROM records_session s WHERE s.client_id = gone),
            (SELECT max(n.created_at) FROM records_note n WHERE n.client_id = gone), (SELECT c.since FROM clients_client c WHERE c.id = gone))),
        'holds', (SELECT count(*) FROM retention_hold h WHERE h.client_id = gone),
        'keys', (SELECT count(*) FROM vault_datakey k WHERE k.owner = gone AND k.shredded_at IS NULL),
        {_COUNTS});
END $$;
CREATE OR REPLACE FUNCTION retention_parts(gone uuid) RETURNS bigint {_HEAD}
BEGIN RETURN (SELECT count(*) FROM records_session s JOIN records_session w ON w.id = s.within_id
    WHERE w.client_id = gone AND s.client_id <> gone); END $$;
REVOKE ALL ON FUNCTION retention_parts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retention_parts(uuid) TO {WORKER};
REVOKE ALL ON FUNCTION retention_counts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retention_counts(uuid) TO {WORKER};

CREATE OR REPLACE FUNCTION retention_destroy(whose uuid, notices uuid[]) RETURNS bigint {_HEAD}
DECLARE gone uuid; accounts uuid[]; person uuid; left_over bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock({{lock}});  -- a hold that is being placed is waited for, and then seen
    SELECT i.client_id INTO gone FROM retention_item i JOIN retention_batch b ON b.id = i.batch_id
        JOIN clients_client c ON c.id = i.client_id
        WHERE i.id = whose AND i.state = 'waiting' AND c.status = 'archived' AND b.approved_at <= now() - interval '30 days'
        AND ((NOT b.outside AND b.approved_by_id <> b.proposed_by_id) OR b.outside)
        AND EXISTS (SELECT 1 FROM retention_certificate f WHERE f.item_id = i.id) FOR UPDATE OF i, c;
    IF gone IS NULL OR EXISTS (SELECT 1 FROM retention_hold h WHERE (h.client_id = gone OR h.client_id IS NULL) AND h.released_at IS NULL) THEN
        RAISE EXCEPTION 'This record may not be destroyed.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    accounts := ARRAY{_ACCOUNTS};
    notices := notices || ARRAY(SELECT o.notice_id FROM messaging_outgoing o WHERE o.client_id = gone AND o.notice_id IS NOT NULL
        UNION SELECT t.notice_id FROM breaches_told t WHERE t.client_id = gone AND t.notice_id IS NOT NULL
        UNION SELECT s.notice_id FROM disclosures_sending s WHERE s.client_id = gone AND s.notice_id IS NOT NULL);
    PERFORM set_config('subrosa.destroys', whose::text, true);
    {_DELETES}
    DELETE FROM practice_notice n WHERE n.id = ANY(notices) AND n.state = 'sent'  -- somebody else's record may hang on it: a brother's
        AND NOT EXISTS (SELECT 1 FROM messaging_outgoing o WHERE o.notice_id = n.id)
        AND NOT EXISTS (SELECT 1 FROM breaches_told t WHERE t.notice_id = n.id)
        AND NOT EXISTS (SELECT 1 FROM disclosures_sending s WHERE s.notice_id = n.id);
    UPDATE paper_paperfile SET state = 'destroyed' WHERE client_id = gone AND state IN ('in', 'scanned', 'verified');
    PERFORM set_config('subrosa.destroys', '', true);
    FOREACH person IN ARRAY accounts LOOP
        BEGIN
            DELETE FROM mfa_authenticator WHERE user_id = person;
            DELETE FROM account_emailaddress WHERE user_id = person;
            DELETE FROM practice_signedin WHERE user_id = person;
            DELETE FROM practice_factorreset WHERE person_id = person;
            DELETE FROM practice_attempt a USING practice_user u WHERE u.id = person AND a.account = u.username;
            DELETE FROM practice_user WHERE id = person;
            SET CONSTRAINTS ALL IMMEDIATE;
        EXCEPTION WHEN foreign_key_violation THEN  -- somebody else's row names them still: nobody signs in by it any more
            UPDATE practice_user SET is_active = false, password = '!', username = left(md5(gen_random_uuid()::text), 32) WHERE id = person;
            left_over := left_over + 1;
        END;
    END LOOP;
    UPDATE vault_datakey SET wrapped = '', master = '', shredded_at = now() WHERE owner = gone AND shredded_at IS NULL AND retired_at IS NULL;
    DELETE FROM vault_datakey WHERE owner = gone AND retired_at IS NOT NULL;
    UPDATE clients_client SET status = 'destroyed', kind = 'adult', born_on = NULL, since = now(), recent_at = now() WHERE id = gone;
    UPDATE retention_item SET state = 'destroyed', ended_at = now() WHERE id = whose;
    RETURN left_over;
END $$;
REVOKE ALL ON FUNCTION retention_destroy(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retention_destroy(uuid, uuid[]) TO {WORKER};
""".replace("{lock}", "915002")
