from django.urls import path

from changai.areas.facts.views import figures, office

app_name = "facts"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("export/", figures.export, name="export"),
    path("<int:pk>/", figures.fact, name="fact"),
    path("office/", office.show_sheet, name="office"),
    path("office/<str:month>/<str:level>/", office.save, name="office_save"),
    path("fields/", figures.dictionary, name="dictionary"),
    path("fields/breakdowns/", figures.breakdowns, name="breakdowns"),
    path("fields/new/", figures.field_new, name="field_new"),
    path("fields/<int:pk>/", figures.field, name="field"),
    path("fields/<int:pk>/edit/", figures.field_edit, name="field_edit"),
]
