"""The routes of this room. What a colleague opens has an address of its own, with no client in it."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import consultations

urlpatterns: list[URLPattern] = [
    path("clients/<uuid:pk>/consult/", consultations.view_list, name="view_list"),
    path("clients/<uuid:pk>/consult/new/", consultations.view_new, name="view_new"),
    path("consult/<uuid:pk>/prepare/", consultations.view_prepare, name="view_prepare"),
    path("consult/<uuid:pk>/share/", consultations.view_share, name="view_share"),
    path("consult/<uuid:pk>/end/", consultations.view_end, name="view_end"),
    path("consult/<uuid:pk>/", consultations.view_read, name="view_read"),
]
