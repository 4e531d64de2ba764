"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import portal
from .views import affected, assessing, contain, incidents

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
]
