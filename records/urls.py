"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import cosigning, documents, ending, filing, formats, home, keeping, notes, print, search, sessions, sharing, signing, snippets

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("clients/<uuid:pk>/discharge/", ending.client_discharge, name="client_discharge"),
    path("clients/<uuid:pk>/sessions/", sessions.session_list, name="session_list"),
    path("clients/<uuid:pk>/sessions/new/", sessions.session_new, name="session_new"),
    path("clients/<uuid:pk>/notes/new/", notes.note_new, name="note_new"),
    path("clients/<uuid:pk>/record/", print.chart_choose, name="chart_choose"),
    path("clients/<uuid:pk>/record/print/", print.chart_print, name="chart_print"),
    path("clients/<uuid:pk>/record/record.pdf", print.chart_pdf, name="chart_pdf"),
    path("clients/<uuid:pk>/documents/", documents.document_list, name="document_list"),
    path("clients/<uuid:pk>/documents/new/", documents.document_new, name="document_new"),
    path("notes/<uuid:pk>/documents/new/", documents.note_document_new, name="note_document_new"),
    path("messages/<uuid:pk>/file/", filing.thread_file, name="thread_file"),
    path("documents/<uuid:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<uuid:pk>/file/", documents.document_download, name="document_download"),
    path("documents/<uuid:pk>/picture/", documents.document_picture, name="document_picture"),
    path("documents/<uuid:pk>/remove/", documents.document_remove, name="document_remove"),
    path("sessions/<uuid:pk>/", sessions.session_detail, name="session_detail"),
    path("sessions/<uuid:pk>/edit/", sessions.session_edit, name="session_edit"),
    path("sessions/<uuid:pk>/outcome/", sessions.session_outcome, name="session_outcome"),
    path("sessions/<uuid:pk>/without/", sessions.session_without, name="session_without"),
    path("notes/search/", search.note_search, name="note_search"),
    path("notes/<uuid:pk>/", notes.note_detail, name="note_detail"),
    path("notes/<uuid:pk>/edit/", notes.note_edit, name="note_edit"),
    path("notes/<uuid:pk>/save/", notes.note_save, name="note_save"),
    path("notes/<uuid:pk>/format/", formats.note_format, name="note_format"),
    path("notes/<uuid:pk>/sign/", signing.note_sign, name="note_sign"),
    path("notes/<uuid:pk>/share/", sharing.draft_share, name="draft_share"),
    path("drafts/<uuid:pk>/", sharing.draft_look, name="draft_look"),
    path("drafts/<uuid:pk>/edits/", sharing.draft_edits, name="draft_edits"),
    path("notes/<uuid:pk>/addenda/new/", signing.addendum_new, name="addendum_new"),
    path("notes/<uuid:pk>/cosign/", cosigning.note_cosign, name="note_cosign"),
    path("notes/<uuid:pk>/edits/", cosigning.edits_request, name="edits_request"),
    path("clients/<uuid:pk>/keeping/", keeping.client_keeping, name="client_keeping"),
    path("cosign/", cosigning.cosign_queue, name="cosign_queue"),
    path("snippets/", snippets.snippet_list, name="snippet_list"),
    path("snippets/new/", snippets.snippet_new, name="snippet_new"),
    path("snippets/<uuid:pk>/", snippets.snippet_edit, name="snippet_edit"),
    path("practice/notes/", formats.format_settings, name="format_settings"),
    path("staff/<uuid:pk>/cosign/", formats.cosign_rule, name="cosign_rule"),
    path("notes/<uuid:pk>/print/", print.note_print, name="note_print"),
    path("notes/<uuid:pk>/note.pdf", print.note_pdf, name="note_pdf"),
]
