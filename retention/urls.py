"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import holds

urlpatterns: list[URLPattern] = [
    path("clients/<uuid:pk>/holds/", holds.hold_list, name="hold_list"),
    path("clients/<uuid:pk>/holds/new/", holds.hold_new, name="hold_new"),
    path("holds/", holds.practice_hold_list, name="practice_hold_list"),
    path("holds/new/", holds.practice_hold_new, name="practice_hold_new"),
    path("holds/<uuid:pk>/release/", holds.hold_release, name="hold_release"),
]
