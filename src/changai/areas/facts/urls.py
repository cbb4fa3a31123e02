from django.urls import path

from changai.areas.facts.views import figures, history, office, rollup

app_name = "facts"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("export/", figures.export, name="export"),
    path("<int:pk>/", figures.fact, name="fact"),
    path("rollup/", rollup.rollup, name="rollup"),
    path("rollup/rows/", rollup.rows, name="rollup_rows"),
    path("rollup/issue/", rollup.issue, name="issue_table"),
    path("tables/", rollup.tables, name="tables"),
    path("tables/<int:pk>/", rollup.table, name="table"),
    path("tables/<int:pk>/workbook/", rollup.workbook, name="table_workbook"),
    path("office/", office.show_sheet, name="office"),
    path("office/<str:month>/<str:level>/", office.save, name="office_save"),
    path("fields/", figures.dictionary, name="dictionary"),
    path("fields/breakdowns/", figures.breakdowns, name="breakdowns"),
    path("fields/new/", figures.field_new, name="field_new"),
    path("fields/<int:pk>/", figures.field, name="field"),
    path("fields/<int:pk>/edit/", figures.field_edit, name="field_edit"),
    path("history/", history.history, name="history"),
    path("history/export/", history.export, name="history_export"),
    path("history/exports/<int:pk>/", history.download, name="history_download"),
    path("history/<int:pk>/", history.show_import, name="history_import"),
    path("history/<int:pk>/take/", history.take, name="history_take"),
    path("history/<int:pk>/discard/", history.discard, name="history_discard"),
    path("history/<int:pk>/undo/", history.undo, name="history_undo"),
    path("history/<int:pk>/faults/", history.faults, name="history_faults"),
]
