"""The routes of this room. What a colleague opens has an address of its own, with no client in it."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import consultations, deidentified, pages

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
]
