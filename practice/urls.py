"""The practice's routes. Those of allauth keep allauth's names; every one carries a door of ours."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import again, design, directory, entrance, factors, health, invitations, modes, outbox, passwords, profile, sessions, staff

urlpatterns: list[URLPattern] = [
    path("design/", design.design, name="design"),
    path("healthz", health.healthz, name="healthz"),
    path("accounts/login/", entrance.account_login, name="account_login"),
    path("accounts/here/", again.signin_here, name="signin_here"),
    path("accounts/again/", again.signin_again, name="signin_again"),
    path("accounts/logout/", entrance.account_logout, name="account_logout"),
    path("accounts/reauthenticate/", entrance.account_reauthenticate, name="account_reauthenticate"),
    path("accounts/second-step/", entrance.mfa_authenticate, name="mfa_authenticate"),
    path("accounts/second-step/confirm/", entrance.mfa_reauthenticate, name="mfa_reauthenticate"),
    path("accounts/passkeys/login/", entrance.mfa_login_webauthn, name="mfa_login_webauthn"),
    path("accounts/passkeys/confirm/", entrance.mfa_reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("accounts/password/", passwords.account_change_password, name="account_change_password"),
    path("accounts/password/lost/", passwords.account_reset_password, name="account_reset_password"),
    path("accounts/password/lost/sent/", passwords.account_reset_password_done, name="account_reset_password_done"),
    path("accounts/password/new/done/", passwords.account_reset_password_from_key_done, name="account_reset_password_from_key_done"),
    path(
        "accounts/password/new/<str:ident>/<str:token>/", passwords.account_reset_password_from_key, name="account_reset_password_from_key"
    ),
    path("accounts/factors/", factors.mfa_index, name="mfa_index"),
    path("accounts/factors/app/on/", factors.mfa_activate_totp, name="mfa_activate_totp"),
    path("accounts/factors/app/off/", factors.mfa_deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/factors/codes/", factors.mfa_view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/factors/codes/new/", factors.mfa_generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("accounts/factors/codes/file/", factors.mfa_download_recovery_codes, name="mfa_download_recovery_codes"),
    path("accounts/passkeys/", factors.mfa_list_webauthn, name="mfa_list_webauthn"),
    path("accounts/passkeys/add/", factors.mfa_add_webauthn, name="mfa_add_webauthn"),
    path("accounts/passkeys/<int:pk>/name/", factors.mfa_edit_webauthn, name="mfa_edit_webauthn"),
    path("accounts/passkeys/<int:pk>/remove/", factors.mfa_remove_webauthn, name="mfa_remove_webauthn"),
    path("accounts/sessions/", sessions.signin_list, name="signin_list"),
    path("accounts/sessions/others/end/", sessions.signin_end_others, name="signin_end_others"),
    path("accounts/sessions/<slug:pk>/end/", sessions.signin_end, name="signin_end"),
    path("join/<str:secret>/", invitations.invitation_accept, name="invitation_accept"),
    path("open-room/", modes.room_open, name="room_open"),
    path("shortcuts/", modes.shortcuts, name="shortcuts"),
    path("practice/", profile.practice_profile, name="practice_profile"),
    path("practice/ownership/", profile.ownership_choose, name="ownership_choose"),
    path("practice/logo/", profile.logo_change, name="logo_change"),
    path("practice/logo/<slug:mark>/", profile.practice_logo, name="practice_logo"),
    path("directory/", directory.staff_directory, name="staff_directory"),
    path("staff/", staff.staff_list, name="staff_list"),
    path("staff/invite/", staff.staff_invite, name="staff_invite"),
    path("staff/invitations/<uuid:pk>/withdraw/", staff.invitation_withdraw, name="invitation_withdraw"),
    path("staff/<uuid:pk>/", staff.staff_detail, name="staff_detail"),
    path("staff/<uuid:pk>/roles/", staff.staff_roles, name="staff_roles"),
    path("staff/<uuid:pk>/leave/", staff.staff_leave, name="staff_leave"),
    path("staff/<uuid:pk>/supervision/", staff.supervision_begin, name="supervision_begin"),
    path("staff/supervisions/<int:pk>/end/", staff.supervision_end, name="supervision_end"),
    path("staff/<uuid:pk>/second-step/", staff.factor_reset_begin, name="factor_reset_begin"),
    path("staff/second-steps/<int:pk>/", staff.factor_reset_finish, name="factor_reset_finish"),
    path("outbox/", outbox.outbox_list, name="outbox_list"),
    path("outbox/<uuid:pk>/", outbox.outbox_decide, name="outbox_decide"),
]
