"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import portal
from .views import affected, assessing, closing, contain, incidents, letters

urlpatterns: list[URLPattern] = [
    path("portal/report/", portal.portal_report, name="portal_report"),
    path("incidents/", incidents.incident_list, name="incident_list"),
    path("incidents/report/", incidents.incident_report, name="incident_report"),
    path("incidents/<uuid:pk>/", incidents.incident_detail, name="incident_detail"),
    path("incidents/<uuid:pk>/tell/", incidents.incident_tell, name="incident_tell"),
    path("incidents/<uuid:pk>/discovery/", incidents.incident_discovery, name="incident_discovery"),
    path("incidents/<uuid:pk>/discovery/<uuid:knowledge>/", incidents.knowledge_strike, name="knowledge_strike"),
    path("incidents/<uuid:pk>/suspects/", incidents.incident_suspect, name="incident_suspect"),
    path("incidents/<uuid:pk>/step/", incidents.incident_step, name="incident_step"),
    path("incidents/<uuid:pk>/near-miss/", incidents.incident_miss, name="incident_miss"),
    path("incidents/<uuid:pk>/contain/", contain.incident_contain, name="incident_contain"),
    path("incidents/<uuid:pk>/tasks/", contain.task_new, name="task_new"),
    path("incidents/<uuid:pk>/tasks/<uuid:task>/", contain.task_tick, name="task_tick"),
    path("incidents/<uuid:pk>/calls/", contain.incident_calls, name="incident_calls"),
    path("incidents/<uuid:pk>/calls/<uuid:affected>/", contain.call_note, name="call_note"),
    path("incidents/<uuid:pk>/affected/", affected.incident_affected, name="incident_affected"),
    path("incidents/<uuid:pk>/affected/find/", affected.affected_seek, name="affected_seek"),
    path("incidents/<uuid:pk>/affected/add/", affected.affected_add, name="affected_add"),
    path("incidents/<uuid:pk>/affected/<uuid:affected>/", affected.affected_edit, name="affected_edit"),
    path("incidents/<uuid:pk>/assess/", assessing.incident_assess, name="incident_assess"),
    path("incidents/<uuid:pk>/assessment/", assessing.incident_assessment, name="incident_assessment"),
    path("incidents/<uuid:pk>/clocks/", assessing.incident_clocks, name="incident_clocks"),
    path("incidents/<uuid:pk>/clocks/<uuid:clock>/", assessing.clock_mark, name="clock_mark"),
    path("incidents/tasks/<uuid:pk>/", contain.task_done, name="task_done"),
    path("incidents/signals/<uuid:pk>/", contain.signal_incident, name="signal_incident"),
    path("incidents/emergencies/<uuid:pk>/", contain.emergency_incident, name="emergency_incident"),
    path("portal/<uuid:pk>/letters/", portal.portal_letters, name="portal_letters"),
    path("incidents/<uuid:pk>/letters/", letters.incident_letters, name="incident_letters"),
    path("incidents/<uuid:pk>/letters/words/", letters.wording_change, name="wording_change"),
    path("incidents/<uuid:pk>/letters/prepare/", letters.letters_prepare, name="letters_prepare"),
    path("incidents/<uuid:pk>/letters/send/", letters.letters_send, name="letters_send"),
    path("incidents/told/<uuid:pk>/", letters.told_change, name="told_change"),
    path("incidents/batches/<uuid:pk>/pdf/", letters.batch_paper, name="batch_paper"),
    path("incidents/batches/<uuid:pk>/posted/", letters.batch_posted, name="batch_posted"),
    path("incidents/offers/<uuid:pk>/", letters.letter_offer, name="letter_offer"),
    path("incidents/<uuid:pk>/notices/", closing.incident_drafts, name="incident_drafts"),
    path("incidents/<uuid:pk>/notices/new/", closing.draft_new, name="draft_new"),
    path("incidents/notices/<uuid:pk>/", closing.draft_change, name="draft_change"),
    path("incidents/<uuid:pk>/close/", closing.incident_close, name="incident_close"),
    path("incidents/<uuid:pk>/reopen/", closing.incident_reopen, name="incident_reopen"),
    path("incidents/<uuid:pk>/file/", closing.incident_file, name="incident_file"),
    path("incidents/analyses/<uuid:pk>/", closing.follow_up, name="follow_up"),
    path("incidents/register/", closing.breach_register, name="breach_register"),
    path("incidents/register/csv/", closing.register_sheet, name="register_sheet"),
    path("incidents/register/hhs/", closing.hhs_sheet, name="hhs_sheet"),
]
