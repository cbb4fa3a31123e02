from django.urls import path

from changai.areas.organisations.views import roster, settings, tree, unit

app_name = "organisations"
urlpatterns = [
    path("", tree.show_tree, name="tree"),
    path("<int:pk>/", tree.show_unit, name="unit"),
    path("add/", unit.add, name="add"),
    path("<int:pk>/merge/", unit.merge, name="merge"),
    path("<int:pk>/change/<slug:verb>/", unit.change, name="change"),
    path("groups/", settings.show_groups, name="groups"),
    path("groups/add/", settings.add_grouping, name="add_grouping"),
    path("groups/<int:pk>/add/", settings.add_group, name="add_group"),
    path("groups/<int:pk>/rename/", settings.rename_group, name="rename_group"),
    path("city/", settings.edit_city, name="city"),
    path("roster/", roster.upload, name="roster"),
    path("roster/export/", roster.export, name="roster_export"),
    path("roster/<slug:digest>/<str:on>/", roster.preview, name="roster_preview"),
    path("roster/<slug:digest>/<str:on>/confirm/", roster.confirm, name="roster_confirm"),
]
