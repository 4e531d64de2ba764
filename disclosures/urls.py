"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import portal
from .views import accounting, requests

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
    path("portal/<uuid:pk>/accounting/", portal.portal_accounting, name="portal_accounting"),
    path("portal/<uuid:pk>/accounting/pdf/", portal.portal_accounting_pdf, name="portal_accounting_pdf"),
    path("portal/<uuid:pk>/accounting/csv/", portal.portal_accounting_sheet, name="portal_accounting_sheet"),
]
