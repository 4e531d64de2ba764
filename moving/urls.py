"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import into, out

urlpatterns: list[URLPattern] = [
    path("moving/", out.move_list, name="move_list"),
    path("clients/<uuid:pk>/moving/", out.client_move, name="client_move"),
    path("moving/practice/", out.practice_move, name="practice_move"),
    path("moving/in/", into.move_in_new, name="move_in_new"),
    path("moving/in/<uuid:pk>/", into.move_in_detail, name="move_in_detail"),
    path("moving/in/<uuid:pk>/part/", into.move_in_part, name="move_in_part"),
    path("moving/in/<uuid:pk>/columns/", into.move_in_columns, name="move_in_columns"),
    path("moving/in/<uuid:pk>/try/", into.move_in_try, name="move_in_try"),
    path("moving/in/<uuid:pk>/go/", into.move_in_go, name="move_in_go"),
    path("moving/in/<uuid:pk>/stop/", into.move_in_stop, name="move_in_stop"),
    path("moving/in/<uuid:pk>/wrong/", into.move_in_faults, name="move_in_faults"),
    path("moving/<uuid:pk>/", out.move_detail, name="move_detail"),
    path("moving/<uuid:pk>/decide/", out.move_decide, name="move_decide"),
    path("moving/<uuid:pk>/stop/", out.move_stop, name="move_stop"),
    path("moving/<uuid:pk>/take/", out.move_take, name="move_take"),
]
