"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import batches, certificates, eligible, holds, longer

urlpatterns: list[URLPattern] = [
    path("clients/<uuid:pk>/holds/", holds.hold_list, name="hold_list"),
    path("clients/<uuid:pk>/holds/new/", holds.hold_new, name="hold_new"),
    path("clients/<uuid:pk>/longer/", longer.longer_new, name="longer_new"),
    path("longer/<uuid:pk>/end/", longer.longer_end, name="longer_end"),
    path("keeping/", eligible.eligible_list, name="eligible_list"),
    path("clients/<uuid:pk>/later/", eligible.snooze_new, name="snooze_new"),
    path("keeping/destroy/", eligible.batch_new, name="batch_new"),
    path("destructions/<uuid:pk>/", batches.batch_detail, name="batch_detail"),
    path("destructions/<uuid:pk>/approve/", batches.batch_approve, name="batch_approve"),
    path("destructions/<uuid:pk>/take-back/", batches.batch_undo, name="batch_undo"),
    path("certificates/", certificates.certificate_list, name="certificate_list"),
    path("certificates/<uuid:pk>/", certificates.certificate_detail, name="certificate_detail"),
    path("certificates/<uuid:pk>/certificate.pdf", certificates.certificate_pdf, name="certificate_pdf"),
    path("holds/", holds.practice_hold_list, name="practice_hold_list"),
    path("holds/new/", holds.practice_hold_new, name="practice_hold_new"),
    path("holds/<uuid:pk>/release/", holds.hold_release, name="hold_release"),
]
