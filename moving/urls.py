"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import out

urlpatterns: list[URLPattern] = [
    path("moving/", out.move_list, name="move_list"),
    path("clients/<uuid:pk>/moving/", out.client_move, name="client_move"),
    path("moving/practice/", out.practice_move, name="practice_move"),
    path("moving/<uuid:pk>/", out.move_detail, name="move_detail"),
    path("moving/<uuid:pk>/decide/", out.move_decide, name="move_decide"),
    path("moving/<uuid:pk>/stop/", out.move_stop, name="move_stop"),
    path("moving/<uuid:pk>/take/", out.move_take, name="move_take"),
]
