"""The house's routes, and the bare views that it is compared with."""

from __future__ import annotations

from django.urls import include, path

from . import bare

urlpatterns = [
    path("bench/bare/<uuid:pk>/", bare.bare_page),
    path("bench/light/<uuid:pk>/", bare.light_page),
    path("bench/bare/<uuid:pk>/save/", bare.bare_save),
    path("", include("config.urls")),
]
