"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import activations, cases, plans

urlpatterns: list[URLPattern] = [
    path("executor/", plans.executor_home, name="executor_home"),
    path("executor/mine/", plans.plan_edit, name="plan_edit"),
    path("executor/plans/<uuid:pk>/", plans.plan_detail, name="plan_detail"),
    path("executor/plans/<uuid:pk>/sign/", plans.plan_sign, name="plan_sign"),
    path("executor/plans/<uuid:pk>/accept/", plans.plan_accept, name="plan_accept"),
    path("executor/plans/<uuid:pk>/plan.pdf", plans.plan_pdf, name="plan_pdf"),
    path("executor/plans/<uuid:pk>/rehearse/", plans.rehearsal_new, name="rehearsal_new"),
    path("executor/rehearsals/<uuid:pk>/", plans.rehearsal_detail, name="rehearsal_detail"),
    path("executor/plans/<uuid:pk>/use/", activations.activation_new, name="activation_new"),
    path("executor/activations/<uuid:pk>/", activations.activation_detail, name="activation_detail"),
    path("executor/activations/<uuid:pk>/release/", activations.activation_release, name="activation_release"),
    path("executor/activations/<uuid:pk>/end/", activations.activation_end, name="activation_end"),
    path("executor/activations/<uuid:pk>/list/", cases.case_list, name="case_list"),
    path("executor/cases/<uuid:pk>/", cases.case_edit, name="case_edit"),
    path("executor/cases/<uuid:pk>/notice/", cases.case_notice, name="case_notice"),
    path("executor/cases/<uuid:pk>/record/", cases.case_open, name="case_open"),
]
