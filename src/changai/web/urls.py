"""Every address of the product. `web` is the shell; each area keeps its own addresses below its name."""

from django.urls import URLPattern, URLResolver, include, path

from changai.web import health, home, language, notices, sign_in

handler404 = "changai.web.faults.page_not_found"
handler500 = "changai.web.faults.server_error"

shell: list[URLPattern | URLResolver] = [
    path("", home.show_home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("language/", language.choose_language, name="language"),
    path("notices/", notices.show_notices, name="notices"),
    path("notices/read/", notices.read_notices, name="notices_read"),
    path("healthz", health.show_health, name="health"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((shell, "web"))),
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
