"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import portal
from .views import accounting, releases, requests, rights, sending

urlpatterns: list[URLPattern] = [
    path("clients/<uuid:pk>/disclosures/", accounting.disclosure_list, name="disclosure_list"),
    path("clients/<uuid:pk>/disclosures/new/", accounting.disclosure_new, name="disclosure_new"),
    path("clients/<uuid:pk>/disclosures/suspend/", accounting.suspension_new, name="suspension_new"),
    path("clients/<uuid:pk>/disclosures/accounting/", requests.accounting_new, name="accounting_new"),
    path("clients/<uuid:pk>/disclosures/<uuid:entry>/take-back/", accounting.disclosure_reverse, name="disclosure_reverse"),
    path("disclosures/suspensions/<uuid:pk>/end/", accounting.suspension_end, name="suspension_end"),
    path("accountings/<uuid:pk>/", requests.accounting_detail, name="accounting_detail"),
    path("accountings/<uuid:pk>/extend/", requests.accounting_extend, name="accounting_extend"),
    path("accountings/<uuid:pk>/letter/", requests.accounting_letter, name="accounting_letter"),
    path("accountings/<uuid:pk>/fee/", requests.accounting_fee, name="accounting_fee"),
    path("accountings/<uuid:pk>/withdraw/", requests.accounting_withdraw, name="accounting_withdraw"),
    path("accountings/<uuid:pk>/give/", requests.accounting_give, name="accounting_give"),
    path("accountings/<uuid:pk>/pdf/", requests.accounting_paper, name="accounting_paper"),
    path("clients/<uuid:pk>/releases/new/", releases.release_begin, name="release_begin"),
    path("clients/<uuid:pk>/restrictions/new/", sending.restriction_new, name="restriction_new"),
    path("restrictions/<uuid:pk>/end/", sending.restriction_end, name="restriction_end"),
    path("releases/<uuid:pk>/", releases.release_detail, name="release_detail"),
    path("releases/<uuid:pk>/choose/", releases.release_choose, name="release_choose"),
    path("releases/<uuid:pk>/pdf/", releases.release_pdf, name="release_pdf"),
    path("releases/<uuid:pk>/bundle/", releases.release_bundle, name="release_bundle"),
    path("releases/<uuid:pk>/look/", releases.release_look, name="release_look"),
    path("releases/<uuid:pk>/outside/", releases.release_outside, name="release_outside"),
    path("releases/<uuid:pk>/give-up/", releases.release_give_up, name="release_give_up"),
    path("releases/<uuid:pk>/send/", sending.release_send, name="release_send"),
    path("releases/links/<uuid:pk>/stop/", sending.release_stop, name="release_stop"),
    path("fetch/<str:secret>/", sending.release_fetch, name="release_fetch"),
    path("clients/<uuid:pk>/rights/new/", rights.rights_new, name="rights_new"),
    path("rights/<uuid:pk>/", rights.rights_detail, name="rights_detail"),
    path("rights/<uuid:pk>/extend/", rights.rights_extend, name="rights_extend"),
    path("rights/<uuid:pk>/answer/", rights.rights_answer_give, name="rights_answer_give"),
    path("rights/<uuid:pk>/review/", rights.rights_review, name="rights_review"),
    path("rights/<uuid:pk>/said/", rights.rights_reply, name="rights_reply"),
    path("rights/<uuid:pk>/close/", rights.rights_close, name="rights_close"),
    path("rights/<uuid:pk>/letter/", rights.rights_letter, name="rights_letter"),
    path("rights/<uuid:pk>/letter/longer/", rights.rights_longer_letter, name="rights_longer_letter"),
    path("portal/<uuid:pk>/rights/", portal.portal_rights, name="portal_rights"),
    path("portal/<uuid:client>/rights/ask/", portal.portal_rights_ask, name="portal_rights_ask"),
    path("portal/rights/<uuid:pk>/say/", portal.portal_rights_say, name="portal_rights_say"),
    path("portal/rights/<uuid:pk>/letter/", portal.portal_rights_letter, name="portal_rights_letter"),
    path("portal/<uuid:pk>/accounting/", portal.portal_accounting, name="portal_accounting"),
    path("portal/<uuid:pk>/accounting/pdf/", portal.portal_accounting_pdf, name="portal_accounting_pdf"),
    path("portal/<uuid:pk>/accounting/csv/", portal.portal_accounting_sheet, name="portal_accounting_sheet"),
]
