"""The verbs of the record, one file per noun. Each leaves its line in the transaction of its change."""

from .closing import keeps_open
from .copies import goes_into_records, is_shared_part, readers_of_copies
from .cosigning import ask_cosign, cosign, cosign_hash, cosignature_holds, request_edits, supervisor_for
from .documents import add_document, remove_document
from .earlier import Held, Kept, bring_note, bring_session
from .ending import discharge
from .filing import file_messages
from .fingerprints import addendum_hash, addendum_holds, shown_hash, signature_holds
from .names import Named, names_in
from .notes import Conflict, begin_note, change_format, open_draft, save_note
from .rules import rules, set_cosign_rule, set_rules
from .sessions import change_session, hold_without, is_signed_for, meeting_of, plan_session, record_outcome, require_consent
from .sharing import comment_draft, end_shares, looker_for, pass_draft, share_draft, take_back
from .signing import add_addendum, sign_note
from .snippets import change_snippet, keep_snippet, remove_snippet

__all__ = [
    "Conflict",
    "Held",
    "Kept",
    "Named",
    "add_addendum",
    "add_document",
    "addendum_hash",
    "addendum_holds",
    "ask_cosign",
    "begin_note",
    "bring_note",
    "bring_session",
    "change_format",
    "change_session",
    "change_snippet",
    "comment_draft",
    "cosign",
    "cosign_hash",
    "cosignature_holds",
    "discharge",
    "end_shares",
    "file_messages",
    "goes_into_records",
    "hold_without",
    "is_shared_part",
    "is_signed_for",
    "keep_snippet",
    "keeps_open",
    "looker_for",
    "meeting_of",
    "names_in",
    "open_draft",
    "pass_draft",
    "plan_session",
    "readers_of_copies",
    "record_outcome",
    "remove_document",
    "remove_snippet",
    "request_edits",
    "require_consent",
    "rules",
    "save_note",
    "set_cosign_rule",
    "set_rules",
    "share_draft",
    "shown_hash",
    "sign_note",
    "signature_holds",
    "supervisor_for",
    "take_back",
]  # fmt: skip
