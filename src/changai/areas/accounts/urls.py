from django.urls import path

from changai.areas.accounts.views import audit, own, people

app_name = "accounts"
urlpatterns = [
    path("", people.show_list, name="list"),
    path("open/", people.open_account, name="open"),
    path("first-password/", people.show_first_password, name="first_password"),
    path("<int:pk>/", people.show_person, name="person"),
    path("<int:pk>/switch-off/", people.switch_off, name="switch_off"),
    path("<int:pk>/switch-on/", people.switch_on, name="switch_on"),
    path("<int:pk>/grant/", people.grant, name="grant"),
    path("<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("<int:pk>/unlock/", people.unlock, name="unlock"),
    path("<int:pk>/reset/", people.reset, name="reset"),
    path("own/", own.show_own, name="own"),
    path("own/contact/", own.save_contact, name="contact"),
    path("own/password/", own.change_password, name="password"),
    path("own/sessions/<int:pk>/end/", own.end_session, name="end_session"),
    path("matrix/", audit.show_matrix, name="matrix"),
    path("matrix/export/", audit.export_matrix, name="matrix_export"),
    path("audit/", audit.show_log, name="audit"),
    path("audit/export/", audit.export_log, name="audit_export"),
    path("audit/verify/", audit.verify, name="audit_verify"),
]
