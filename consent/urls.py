"""The routes of consent: the practice's papers, asking, and the portal's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from .portal import agreements, ending, reading, signing
from .views import approving, campaigns, forms, notices, overrides, packets, questions, releases, requests, sending, tablet, versions

_PAPER = "portal/papers/<uuid:pk>/"

urlpatterns: list[URLPattern] = [
    # The practice's papers.
    path("forms/", forms.form_list, name="form_list"),
    path("forms/new/", forms.form_new, name="form_new"),
    path("forms/<uuid:pk>/", forms.form_detail, name="form_detail"),
    path("forms/<uuid:pk>/settings/", forms.form_settings, name="form_settings"),
    path("forms/<uuid:pk>/versions/new/", forms.version_new, name="version_new"),
    path("forms/versions/<uuid:pk>/", versions.version_preview, name="version_preview"),
    path("forms/versions/<uuid:pk>/compare/", versions.version_compare, name="version_compare"),
    path("forms/versions/<uuid:pk>/edit/", versions.version_edit, name="version_edit"),
    path("forms/versions/<uuid:pk>/save/", versions.version_save, name="version_save"),
    path("forms/versions/<uuid:pk>/approve/", approving.version_approve, name="version_approve"),
    path("forms/versions/<uuid:pk>/publish/", approving.version_publish, name="version_publish"),
    path("forms/versions/<uuid:pk>/campaign/", campaigns.campaign_page, name="campaign_page"),
    path("forms/versions/<uuid:pk>/campaign/send/", campaigns.campaign_send, name="campaign_send"),
    path("packets/", packets.packet_list, name="packet_list"),
    path("packets/new/", packets.packet_new, name="packet_new"),
    path("packets/<uuid:pk>/", packets.packet_edit, name="packet_edit"),
    # Asking a client, and where each request stands.
    path("clients/<uuid:pk>/consents/", requests.consent_list, name="consent_list"),
    path("clients/<uuid:pk>/consents/send/", sending.consent_send, name="consent_send"),
    path("clients/<uuid:pk>/consents/release/", releases.release_new, name="release_new"),
    path("clients/<uuid:pk>/consents/notice/", notices.notice_record, name="notice_record"),
    path("consents/<uuid:pk>/", requests.consent_detail, name="consent_detail"),
    path("consents/<uuid:pk>/event/", releases.release_event, name="release_event"),
    path("consents/<uuid:pk>/take-back/", requests.consent_cancel, name="consent_cancel"),
    path("consents/<uuid:pk>/remind/", requests.consent_remind, name="consent_remind"),
    path("consents/papers/<uuid:pk>/signed-paper.pdf", requests.consent_paper, name="consent_paper"),
    path("consents/<uuid:pk>/here/", tablet.tablet_hand_over, name="tablet_hand_over"),
    path("here/", tablet.tablet_paper, name="tablet_paper"),
    path("here/<uuid:signer>/", tablet.tablet_sign, name="tablet_sign"),
    path("here/<uuid:signer>/no/", tablet.tablet_decline, name="tablet_decline"),
    path("overrides/", overrides.override_queue, name="override_queue"),
    path("overrides/<uuid:pk>/", overrides.override_review, name="override_review"),
    # Questions, and the portal.
    path("questions/", questions.question_queue, name="question_queue"),
    path("questions/<uuid:pk>/", questions.question_answer, name="question_answer"),
    path("portal/papers/", reading.paper_list, name="paper_list"),
    path(_PAPER, reading.paper_read, name="paper_read"),
    path(_PAPER + "agree/", signing.paper_agree, name="paper_agree"),
    path(_PAPER + "sample.pdf", signing.paper_sample, name="paper_sample"),
    path(_PAPER + "sign/", signing.paper_sign, name="paper_sign"),
    path(_PAPER + "save/", signing.answers_save, name="answers_save"),
    path(_PAPER + "done/", signing.paper_done, name="paper_done"),
    path(_PAPER + "decline/", ending.paper_decline, name="paper_decline"),
    path(_PAPER + "withdraw/", ending.paper_withdraw, name="paper_withdraw"),
    path("portal/signatures/<uuid:pk>/signed-paper.pdf", signing.paper_copy, name="paper_copy"),
    path("portal/agreements/", agreements.my_agreements, name="my_agreements"),
    path("portal/agreements/<uuid:pk>/withdraw/", agreements.agreement_withdraw, name="agreement_withdraw"),
    path("portal/privacy/", agreements.privacy_notice, name="privacy_notice"),
    path("portal/confidentiality/", agreements.confidentiality_policy, name="confidentiality_policy"),
]
