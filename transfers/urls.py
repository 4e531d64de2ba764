"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import departures, transfers

urlpatterns: list[URLPattern] = [
    path("clients/<uuid:pk>/team/transfer/", transfers.transfer_new, name="transfer_new"),
    path("clients/<uuid:pk>/team/transfers/", transfers.transfer_list, name="transfer_list"),
    path("clients/<uuid:pk>/team/<uuid:grant>/earlier/", transfers.earlier_open, name="earlier_open"),
    path("transfers/<uuid:pk>/", transfers.transfer_detail, name="transfer_detail"),
    path("transfers/<uuid:pk>/tell/", transfers.transfer_tell, name="transfer_tell"),
    path("transfers/<uuid:pk>/withdraw/", transfers.transfer_withdraw, name="transfer_withdraw"),
    path("transfers/<uuid:pk>/accept/", transfers.transfer_accept, name="transfer_accept"),
    path("transfers/<uuid:pk>/decline/", transfers.transfer_decline, name="transfer_decline"),
    path("staff/<uuid:pk>/leaving/", departures.departure_begin, name="departure_begin"),
    path("leaving/<uuid:pk>/", departures.departure_detail, name="departure_detail"),
    path("leaving/<uuid:pk>/end/", departures.departure_end, name="departure_end"),
    path("leaving/<uuid:pk>/stop/", departures.departure_stop, name="departure_stop"),
]
