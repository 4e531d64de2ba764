"""The routes of consent: the practice's papers, asking, and the portal's pages."""

from __future__ import annotations

from django.urls import path

from .views import approving, forms, packets, versions

urlpatterns = [
    # The practice's papers.
    path("forms/", forms.form_list, name="form_list"),
    path("forms/new/", forms.form_new, name="form_new"),
    path("forms/<uuid:pk>/", forms.form_detail, name="form_detail"),
    path("forms/<uuid:pk>/settings/", forms.form_settings, name="form_settings"),
    path("forms/<uuid:pk>/versions/new/", forms.version_new, name="version_new"),
    path("forms/versions/<uuid:pk>/", versions.version_preview, name="version_preview"),
    path("forms/versions/<uuid:pk>/compare/", versions.version_compare, name="version_compare"),
    path("forms/versions/<uuid:pk>/edit/", versions.version_edit, name="version_edit"),
    path("forms/versions/<uuid:pk>/save/", versions.version_save, name="version_save"),
    path("forms/versions/<uuid:pk>/approve/", approving.version_approve, name="version_approve"),
    path("forms/versions/<uuid:pk>/publish/", approving.version_publish, name="version_publish"),
    path("packets/", packets.packet_list, name="packet_list"),
    path("packets/new/", packets.packet_new, name="packet_new"),
    path("packets/<uuid:pk>/", packets.packet_edit, name="packet_edit"),
]
