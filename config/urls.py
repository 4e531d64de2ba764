"""The roof's map: each room brings its own routes."""

from django.urls import include, path

urlpatterns = [
    path("", include("practice.urls")),
    path("", include("audit.urls")),
    path("", include("upkeep.urls")),
    path("", include("clients.urls")),
    path("", include("review.urls")),
    path("", include("messaging.urls")),
    path("", include("consent.urls")),
    path("", include("records.urls")),
    path("", include("paper.urls")),
    path("", include("supervision.urls")),
    path("", include("disclosures.urls")),
    path("", include("breaches.urls")),
    path("", include("safeguards.urls")),
    path("", include("transfers.urls")),
    path("", include("retention.urls")),
    path("", include("moving.urls")),
    path("", include("executor.urls")),
]

handler400 = "practice.errors.bad_request"
handler403 = "practice.errors.forbidden"
handler404 = "practice.errors.not_found"
handler500 = "practice.errors.server_error"
