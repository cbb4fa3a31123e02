"""Addresses of the shell: what stands around the areas."""

from django.urls import path

from changai.web import deliveries, health, home, language, notices, refused_files, sign_in, state, workdays

app_name = "web"
urlpatterns = [
    path("", home.show_home, name="home"),
    path("state/", state.show_state, name="state"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("language/", language.choose_language, name="language"),
    path("notices/", notices.show_notices, name="notices"),
    path("notices/read/", notices.read_notices, name="notices_read"),
    path("workdays/", workdays.show_year, name="workdays"),
    path("workdays/load/", workdays.preview_year, name="workdays_load"),
    path("workdays/load/confirm/", workdays.load_year, name="workdays_confirm"),
    path("deliveries/", deliveries.show_deliveries, name="deliveries"),
    path("deliveries/<int:pk>/retry/", deliveries.retry, name="delivery_retry"),
    path("deliveries/<int:pk>/drop/", deliveries.drop, name="delivery_drop"),
    path("refused-files/", refused_files.show_refused, name="refused_files"),
    path("refused-files/<int:sequence>/", refused_files.look_at, name="refused_file"),
    path("healthz", health.show_health, name="health"),
]
