"""Every address of the product: the shell's, then each area's below its name."""

from django.urls import URLPattern, URLResolver, include, path

handler404 = "changai.web.faults.page_not_found"
handler500 = "changai.web.faults.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("changai.web.shell")),
    path("units/", include("changai.areas.organisations.urls")),
    path("accounts/", include("changai.areas.accounts.urls")),
    path("evidence/", include("changai.areas.evidence.urls")),
    path("data/", include("changai.areas.facts.urls")),
    path("registers/training/", include("changai.areas.registers.training.urls")),
    path("plans/", include("changai.areas.plans.urls")),
    path("tasks/", include("changai.areas.tasks.urls")),
    path("reports/", include("changai.areas.reporting.urls")),
    path("schemes/", include("changai.areas.schemes.urls")),
    path("assessments/", include("changai.areas.assessments.urls")),
    path("briefings/", include("changai.areas.briefings.urls")),
    path("portal/", include("changai.areas.portal.urls")),
]
