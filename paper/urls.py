"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import cabinets, files

urlpatterns: list[URLPattern] = [
    path("paper/", cabinets.paper_out, name="paper_out"),
    path("paper/cabinets/", cabinets.paper_cabinets, name="paper_cabinets"),
    path("clients/<uuid:pk>/paper/", files.client_paper, name="client_paper"),
    path("paper/<uuid:pk>/", files.paper_detail, name="paper_detail"),
    path("paper/<uuid:pk>/label.pdf", files.paper_label, name="paper_label"),
    path("paper/asked/<uuid:pk>/", files.paper_approve, name="paper_approve"),
]
