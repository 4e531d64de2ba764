"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import portal
from .views import accounting, releases, requests, sending

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
    path("portal/<uuid:pk>/accounting/", portal.portal_accounting, name="portal_accounting"),
    path("portal/<uuid:pk>/accounting/pdf/", portal.portal_accounting_pdf, name="portal_accounting_pdf"),
    path("portal/<uuid:pk>/accounting/csv/", portal.portal_accounting_sheet, name="portal_accounting_sheet"),
]
