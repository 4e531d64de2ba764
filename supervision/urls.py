"""The routes of this room. What a colleague opens has an address of its own, with no client in it."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import agreements, consultations, deidentified, home, meetings, pages, papers, samples

urlpatterns: list[URLPattern] = [
    path("clients/<uuid:pk>/consult/", deidentified.view_list, name="view_list"),
    path("clients/<uuid:pk>/consult/new/", deidentified.view_new, name="view_new"),
    path("consult/<uuid:pk>/prepare/", deidentified.view_prepare, name="view_prepare"),
    path("consult/<uuid:pk>/share/", deidentified.view_share, name="view_share"),
    path("consult/<uuid:pk>/end/", deidentified.view_end, name="view_end"),
    path("consult/<uuid:pk>/", deidentified.view_read, name="view_read"),
    path("consult/<uuid:pk>/answer/", consultations.view_answer, name="view_answer"),
    path("clients/<uuid:pk>/consultations/", consultations.consultation_list, name="consultation_list"),
    path("clients/<uuid:pk>/consultations/new/", consultations.consultation_new, name="consultation_new"),
    path("consultations/", consultations.consultation_mine, name="consultation_mine"),
    path("consultations/new/", consultations.consultation_free, name="consultation_free"),
    path("consultations/<uuid:pk>/", consultations.consultation_detail, name="consultation_detail"),
    path("consultations/<uuid:pk>/advice/", consultations.consultation_advise, name="consultation_advise"),
    path("consultations/<uuid:pk>/decide/", consultations.consultation_decide, name="consultation_decide"),
    path("consultations/<uuid:pk>/page/", pages.page_make, name="page_make"),
    path("consultations/pages/<uuid:pk>/stop/", pages.page_stop, name="page_stop"),
    path("question/<str:secret>/", pages.page_open, name="page_open"),
    path("supervision/", home.supervision_home, name="supervision_home"),
    path("supervision/agreements/new/", agreements.agreement_new, name="agreement_new"),
    path("supervision/agreements/<uuid:pk>/", agreements.agreement_detail, name="agreement_detail"),
    path("supervision/agreements/<uuid:pk>/edit/", agreements.agreement_edit, name="agreement_edit"),
    path("supervision/agreements/<uuid:pk>/sign/", agreements.agreement_sign, name="agreement_sign"),
    path("supervision/agreements/<uuid:pk>/end/", agreements.agreement_end, name="agreement_end"),
    path("supervision/agreements/<uuid:pk>/hours/", papers.agreement_hours, name="agreement_hours"),
    path("supervision/agreements/<uuid:pk>/report/", papers.report_new, name="report_new"),
    path("supervision/agreements/<uuid:pk>/papers/<slug:kind>/", papers.filed_new, name="filed_new"),
    path("supervision/agreements/<uuid:pk>/sample/", samples.sample_new, name="sample_new"),
    path("supervision/papers/<uuid:pk>/", papers.filed_detail, name="filed_detail"),
    path("supervision/papers/<uuid:pk>/edit/", papers.filed_edit, name="filed_edit"),
    path("supervision/papers/<uuid:pk>/sign/", papers.filed_sign, name="filed_sign"),
    path("supervision/papers/<uuid:pk>/outcome/", papers.outcome_new, name="outcome_new"),
    path("supervision/papers/<uuid:pk>/hours.pdf", papers.hours_pdf, name="hours_pdf"),
    path("supervision/samples/<uuid:pk>/", samples.sample_detail, name="sample_detail"),
    path("supervision/sampled/<uuid:pk>/look/", samples.sample_look, name="sample_look"),
    path("supervision/meetings/new/", meetings.meeting_new, name="meeting_new"),
    path("supervision/meetings/<uuid:pk>/", meetings.meeting_detail, name="meeting_detail"),
    path("supervision/meetings/<uuid:pk>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path("supervision/meetings/<uuid:pk>/save/", meetings.meeting_save, name="meeting_save"),
    path("supervision/meetings/<uuid:pk>/sign/", meetings.meeting_sign, name="meeting_sign"),
    path("supervision/meetings/<uuid:pk>/add/", meetings.meeting_remark, name="meeting_remark"),
]
