"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import portal, trail
from .views import access, contacts, denials, intake, lists, merge, person, portal_access, portal_join, proxies, status, team, units

_CLIENT = "clients/<uuid:pk>/"

urlpatterns: list[URLPattern] = [
    path("clients/", lists.client_list, name="client_list"),
    path("clients/search/", lists.client_search, name="client_search"),
    path("clients/codes/", lists.client_codes, name="client_codes"),
    path("clients/denied/", denials.denial_list, name="denial_list"),
    path("clients/denied/<uuid:pk>/", denials.denial_detail, name="denial_detail"),
    path("clients/new/", intake.client_new, name="client_new"),
    path(_CLIENT, person.client_detail, name="client_detail"),
    path(_CLIENT + "edit/", person.client_edit, name="client_edit"),
    path(_CLIENT + "status/", status.client_status, name="client_status"),
    path(_CLIENT + "archive/", status.client_archive, name="client_archive"),
    path(_CLIENT + "reopen/", status.client_reopen, name="client_reopen"),
    path(_CLIENT + "close/", status.enquiry_close, name="enquiry_close"),
    path(_CLIENT + "close/undo/", status.enquiry_reopen, name="enquiry_reopen"),
    path(_CLIENT + "merge/", merge.client_merge, name="client_merge"),
    path(_CLIENT + "merge/<uuid:duplicate>/undo/", merge.merge_undo, name="merge_undo"),
    path(_CLIENT + "members/add/", units.unit_join, name="unit_join"),
    path(_CLIENT + "members/<int:place>/remove/", units.unit_leave, name="unit_leave"),
    path(_CLIENT + "agreement/", units.unit_agreement, name="unit_agreement"),
    path(_CLIENT + "contacts/", contacts.client_contacts, name="client_contacts"),
    path(_CLIENT + "contacts/new/", contacts.contact_point_new, name="contact_point_new"),
    path(_CLIENT + "contacts/<uuid:point>/", contacts.contact_point_edit, name="contact_point_edit"),
    path(_CLIENT + "contacts/<uuid:point>/remove/", contacts.contact_point_remove, name="contact_point_remove"),
    path(_CLIENT + "representatives/new/", contacts.representative_new, name="representative_new"),
    path(_CLIENT + "representatives/<uuid:representative>/end/", contacts.representative_end, name="representative_end"),
    path(_CLIENT + "team/", team.client_team, name="client_team"),
    path(_CLIENT + "team/assign/", team.client_assign, name="client_assign"),
    path(_CLIENT + "team/transfer/", team.client_transfer, name="client_transfer"),
    path(_CLIENT + "team/supervisor/", team.supervisor_override, name="supervisor_override"),
    path(_CLIENT + "team/deny/", team.client_deny, name="client_deny"),
    path(_CLIENT + "team/deny/<uuid:denial>/lift/", team.denial_lift, name="denial_lift"),
    path(_CLIENT + "team/<uuid:grant>/end/", team.grant_end, name="grant_end"),
    path(_CLIENT + "access/", access.client_access, name="client_access"),
    path(_CLIENT + "representatives/<uuid:representative>/dates/", proxies.representative_dates, name="representative_dates"),
    path(_CLIENT + "representatives/<uuid:representative>/refuse/", proxies.representative_refuse, name="representative_refuse"),
    path(_CLIENT + "alone/", proxies.client_alone, name="client_alone"),
    path(_CLIENT + "refusals/<uuid:refusal>/lift/", proxies.refusal_lift, name="refusal_lift"),
    path(_CLIENT + "portal/", portal_access.portal_access, name="portal_access"),
    path(_CLIENT + "portal/invite/", portal_access.portal_invite, name="portal_invite"),
    path(_CLIENT + "portal/<uuid:invitation>/again/", portal_access.portal_resend, name="portal_resend"),
    path(_CLIENT + "portal/<uuid:invitation>/words/", portal_access.portal_words, name="portal_words"),
    path(_CLIENT + "portal/<uuid:invitation>/withdraw/", portal_access.portal_withdraw, name="portal_withdraw"),
    path("trail/", trail.trail, name="trail"),
    path("trail/csv/", trail.trail_export, name="trail_export"),
    path("invited/", portal_join.portal_account, name="portal_account"),
    path("invited/<str:secret>/", portal_join.portal_join, name="portal_join"),
    path("portal/", portal.portal_home, name="portal_home"),
    path("portal/<uuid:pk>/", portal.portal_record, name="portal_record"),
]
