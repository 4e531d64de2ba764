"""The routes of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import devices, evidence, sanctions, training, vendors

urlpatterns: list[URLPattern] = [
    path("training/", training.training_list, name="training_list"),
    path("training/new/", training.training_new, name="training_new"),
    path("training/<uuid:pk>/", training.training_detail, name="training_detail"),
    path("training/<uuid:pk>/certificate/", training.training_certificate, name="training_certificate"),
    path("sanctions/", sanctions.sanction_list, name="sanction_list"),
    path("sanctions/new/", sanctions.sanction_new, name="sanction_new"),
    path("sanctions/<uuid:pk>/", sanctions.sanction_detail, name="sanction_detail"),
    path("sanctions/<uuid:pk>/decide/", sanctions.sanction_decide, name="sanction_decide"),
    path("vendors/", vendors.vendor_list, name="vendor_list"),
    path("vendors/new/", vendors.vendor_new, name="vendor_new"),
    path("vendors/<uuid:pk>/", vendors.vendor_detail, name="vendor_detail"),
    path("vendors/agreements/<uuid:pk>/", vendors.agreement_download, name="agreement_download"),
    path("devices/", devices.device_list, name="device_list"),
    path("devices/new/", devices.device_new, name="device_new"),
    path("devices.csv", devices.device_sheet, name="device_sheet"),
    path("devices/software.csv", devices.software_sheet, name="software_sheet"),
    path("devices/<uuid:pk>/", devices.device_detail, name="device_detail"),
    path("safeguards/from-lists/", evidence.list_evidence, name="list_evidence"),
]
