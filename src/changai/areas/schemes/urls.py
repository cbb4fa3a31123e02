from django.urls import path

from changai.areas.schemes.views import editing, starting, tables, versions

app_name = "schemes"
urlpatterns = [
    path("", versions.show_list, name="index"),
    path("load/", starting.load, name="load"),
    path("start/", starting.start, name="start"),
    path("blank/", versions.download_blank, name="blank"),
    path("<int:pk>/", versions.show_scheme, name="scheme"),
    path("<int:pk>/issue/", versions.issue, name="issue"),
    path("<int:pk>/workbook/", versions.download, name="workbook"),
    path("<int:pk>/rename/", starting.rename, name="rename"),
    path("<int:pk>/discard/", starting.discard, name="discard"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/undo/", editing.undo, name="undo"),
    path("<int:pk>/waiting/", editing.waiting, name="waiting"),
    path("<int:pk>/tables/", tables.add_table, name="add_table"),
    path("<int:pk>/tables/<int:place>/", tables.settings, name="settings"),
    path("<int:pk>/tables/<int:place>/drop/", tables.drop_table, name="drop_table"),
    path("<int:pk>/tables/<int:place>/arrange/", editing.arrange, name="arrange"),
    path("<int:pk>/tables/<int:place>/indicators/<str:code>/", editing.indicator, name="indicator"),
    path("<int:pk>/tables/<int:place>/indicators/<str:code>/preview/", editing.preview, name="preview"),
    path("<int:pk>/tables/<int:place>/indicators/<str:code>/autosave/", editing.autosave, name="autosave"),
    path("<int:pk>/tables/<int:place>/new/<str:kind>/", tables.new_item, name="new_item"),
    path("<int:pk>/tables/<int:place>/items/<str:code>/", tables.item, name="item"),
]
