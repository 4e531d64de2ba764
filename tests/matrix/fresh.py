"""Routes that ask whoever may open them for fresh proof of who they are: what cannot be taken back, and what opens much at once."""

FRESH = set(
    [
        "client_merge",
        "departure_begin",
        "departure_end",
        "emergency_open",
        "factor_reset_begin",
        "factor_reset_finish",
        "incident_contain",
        "logo_change",
        "merge_undo",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "ownership_choose",
        "practice_profile",
        "release_send",
        "staff_invite",
        "staff_leave",
        "staff_roles",
        "supervision_begin",
        "supervision_end",
        "trail_export",
        "version_approve",
        "version_publish",
    ]
)
