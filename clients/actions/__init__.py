"""The verbs of the room, one file per noun. Each leaves its line in the transaction of its change."""

from .agreement import record_agreement
from .contact import add_contact_point, add_representative, change_contact_point, end_representation, remove_contact_point
from .earlier import Before, bring_in
from .emergency import end_emergency, open_in_emergency, review_emergency
from .inviting import (
    accept_portal_invitation,
    invite_to_portal,
    new_portal_words,
    send_portal_link,
    try_words,
    withdraw_portal_invitation,
)
from .merge import merge, undo_merge
from .person import change_person, coming, join_unit, leave_unit, take_in
from .portal_access import authority_in_force, date_representation, give_portal, redate
from .refusing import let_minor_consent_alone, lift_refusal, refuse_representative
from .safety import (
    Elsewhere,
    Terms,
    accommodate,
    agree,
    closing,
    end_way,
    heard,
    keep_profile,
    say_code,
    send_code,
)
from .status import change_status, close_enquiry, keeping_open, keeps_open, reopen_enquiry
from .team import (
    assign,
    deny,
    end_grant,
    follow_supervision,
    give_back,
    lay_down,
    lift_denial,
    open_the_rest,
    override_supervisor,
    take_over,
    transfer,
)

__all__ = [
    "Before",
    "Elsewhere",
    "Terms",
    "accept_portal_invitation",
    "accommodate",
    "add_contact_point",
    "add_representative",
    "agree",
    "assign",
    "authority_in_force",
    "bring_in",
    "change_contact_point",
    "change_person",
    "change_status",
    "close_enquiry",
    "closing",
    "coming",
    "date_representation",
    "deny",
    "end_emergency",
    "end_grant",
    "end_representation",
    "end_way",
    "follow_supervision",
    "give_back",
    "give_portal",
    "heard",
    "invite_to_portal",
    "join_unit",
    "keep_profile",
    "keeping_open",
    "keeps_open",
    "lay_down",
    "leave_unit",
    "let_minor_consent_alone",
    "lift_denial",
    "lift_refusal",
    "merge",
    "new_portal_words",
    "open_in_emergency",
    "open_the_rest",
    "override_supervisor",
    "record_agreement",
    "redate",
    "refuse_representative",
    "remove_contact_point",
    "reopen_enquiry",
    "review_emergency",
    "say_code",
    "send_code",
    "send_portal_link",
    "take_in",
    "take_over",
    "transfer",
    "try_words",
    "undo_merge",
    "withdraw_portal_invitation",
]
