"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import portal
from .views import asked, claims, findings, grants, pictures, reviews

urlpatterns: list[URLPattern] = [
    path("asked/<uuid:pk>/", asked.line_answer, name="line_answer"),
    path("portal/<uuid:pk>/opened/", portal.portal_opened, name="portal_opened"),
    path("portal/<uuid:client>/opened/<str:moment>/", portal.line_ask, name="line_ask"),
    path("review/", findings.signal_list, name="signal_list"),
    path("review/people/<uuid:pk>/hours/", pictures.person_hours, name="person_hours"),
    path("clients/<uuid:pk>/hours/", pictures.client_hours, name="client_hours"),
    path("review/grants/", grants.grant_checks, name="grant_checks"),
    path("review/grants/sign/", grants.quarter_sign, name="quarter_sign"),
    path("review/grants/<uuid:pk>/", grants.grant_check, name="grant_check"),
    path("review/months/sign/", findings.month_sign, name="month_sign"),
    path("safeguards/", reviews.review_list, name="review_list"),
    path("safeguards/claims/", claims.claim_list, name="claim_list"),
    path("safeguards/claims.pdf", claims.claim_pdf, name="claim_pdf"),
    path("safeguards/<uuid:pk>/", reviews.review_detail, name="review_detail"),
    path("safeguards/evidence/<uuid:pk>/", reviews.evidence_download, name="evidence_download"),
    path("safeguards/actions/<uuid:pk>/", reviews.review_action, name="review_action"),
    path("review/<uuid:pk>/", findings.signal_decide, name="signal_decide"),
    path("review/<uuid:pk>/explain/", findings.signal_explain, name="signal_explain"),
]
