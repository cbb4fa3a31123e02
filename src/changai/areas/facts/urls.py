from django.urls import path

from changai.areas.facts import views

app_name = "facts"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("export/", views.export, name="export"),
    path("<int:pk>/", views.fact, name="fact"),
    path("fields/", views.dictionary, name="dictionary"),
    path("fields/new/", views.field_new, name="field_new"),
    path("fields/<int:pk>/", views.field, name="field"),
    path("fields/<int:pk>/edit/", views.field_edit, name="field_edit"),
]
