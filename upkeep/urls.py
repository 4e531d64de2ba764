"""The routes of upkeep."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import operations

urlpatterns: list[URLPattern] = [
    path("operations/", operations.operations, name="operations"),
]
