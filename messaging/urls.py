"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .portal import threads as own
from .views import away, log, notices, threads

urlpatterns: list[URLPattern] = [
    path("clients/<uuid:pk>/messages/", threads.thread_list, name="thread_list"),
    path("clients/<uuid:pk>/messages/new/", threads.thread_new, name="thread_new"),
    path("messages/<uuid:pk>/", threads.thread_detail, name="thread_detail"),
    path("messages/<uuid:pk>/send/", threads.thread_send, name="thread_send"),
    path("messages/<uuid:pk>/save/", threads.thread_save, name="thread_save"),
    path("messages/<uuid:pk>/settle/", threads.thread_settle, name="thread_settle"),
    path("messages/files/<uuid:pk>/", threads.attachment_download, name="attachment_download"),
    path("messages/files/<uuid:pk>/picture/", threads.attachment_picture, name="attachment_picture"),
    path("portal/messages/", own.own_thread_list, name="own_thread_list"),
    path("portal/messages/new/<uuid:client>/", own.own_thread_new, name="own_thread_new"),
    path("portal/messages/<uuid:pk>/", own.own_thread, name="own_thread"),
    path("portal/messages/<uuid:pk>/send/", own.own_thread_send, name="own_thread_send"),
    path("portal/messages/<uuid:pk>/save/", own.own_thread_save, name="own_thread_save"),
    path("portal/messages/files/<uuid:pk>/", own.own_attachment_download, name="own_attachment_download"),
    path("portal/messages/files/<uuid:pk>/picture/", own.own_attachment_picture, name="own_attachment_picture"),
    path("notices/<uuid:pk>/", notices.notice_note, name="notice_note"),
    path("notices/danger/<uuid:pk>/", notices.danger_review, name="danger_review"),
    path("clients/<uuid:pk>/danger/", notices.danger_send, name="danger_send"),
    path("clients/<uuid:pk>/log/", log.contact_log, name="contact_log"),
    path("clients/<uuid:pk>/log/new/", log.contact_log_new, name="contact_log_new"),
    path("clients/<uuid:pk>/log/<uuid:line>/", log.contact_log_correct, name="contact_log_correct"),
    path("away/", away.away_list, name="away_list"),
    path("away/<uuid:pk>/end/", away.away_end, name="away_end"),
    path("away/<uuid:pk>/waiting/", away.away_uncovered, name="away_uncovered"),
]
