"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import home, notes, sessions, signing

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("clients/<uuid:pk>/sessions/", sessions.session_list, name="session_list"),
    path("clients/<uuid:pk>/sessions/new/", sessions.session_new, name="session_new"),
    path("clients/<uuid:pk>/notes/new/", notes.note_new, name="note_new"),
    path("sessions/<uuid:pk>/", sessions.session_detail, name="session_detail"),
    path("sessions/<uuid:pk>/edit/", sessions.session_edit, name="session_edit"),
    path("sessions/<uuid:pk>/outcome/", sessions.session_outcome, name="session_outcome"),
    path("notes/<uuid:pk>/", notes.note_detail, name="note_detail"),
    path("notes/<uuid:pk>/edit/", notes.note_edit, name="note_edit"),
    path("notes/<uuid:pk>/save/", notes.note_save, name="note_save"),
    path("notes/<uuid:pk>/sign/", signing.note_sign, name="note_sign"),
    path("notes/<uuid:pk>/addenda/new/", signing.addendum_new, name="addendum_new"),
]
