from django.urls import path

from changai.areas.registers.training import views

app_name = "training"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("add/", views.add, name="add"),
    path("export/", views.export, name="export"),
    path("import/", views.upload, name="import"),
    path("import/template/", views.template, name="template"),
    path("import/<slug:digest>/", views.preview, name="preview"),
    path("import/<slug:digest>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
]
