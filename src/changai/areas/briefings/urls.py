from django.urls import path

from changai.areas.briefings.views import (
    circulating,
    comparing,
    composing,
    flow,
    lists,
    papers,
    pressing,
    reading,
)

app_name = "briefings"
urlpatterns = [
    path("", lists.index, name="index"),
    path("new/", lists.start, name="start"),
    path("press/<int:obligation_id>/", pressing.press_unit, name="press"),
    path("<int:pk>/", reading.briefing, name="briefing"),
    path("<int:pk>/compose/", composing.compose, name="compose"),
    path("<int:pk>/preview/", papers.preview, name="preview"),
    path("<int:pk>/preview/<slug:digest>/<int:number>.png", papers.page_picture, name="page_picture"),
    path("<int:pk>/draft.<slug:kind>", papers.draft, name="draft"),
    path("<int:pk>/issued.<slug:kind>", papers.issued, name="issued"),
    path("archive.xlsx", lists.archive, name="archive"),
    path("errata/", circulating.errata, name="errata"),
    path("<int:pk>/circulate/", circulating.circulate, name="circulate"),
    path("<int:pk>/withdraw-countersign/", circulating.withdraw, name="withdraw_countersign"),
    path("<int:pk>/countersign/", circulating.countersign, name="countersign"),
    path("<int:pk>/receive/", circulating.receive, name="receive"),
    path("<int:pk>/correct/", circulating.correct, name="correct"),
    path("<int:pk>/submit/", flow.submit, name="submit"),
    path("<int:pk>/take-back/", flow.take_back, name="take_back"),
    path("<int:pk>/keep-burden/", flow.keep_burden, name="keep_burden"),
    path("<int:pk>/keep-opinions/", flow.keep_opinions, name="keep_opinions"),
    path("<int:pk>/approve/", flow.approve, name="approve"),
    path("<int:pk>/return/", flow.return_, name="return"),
    path("<int:pk>/issue/", flow.issue, name="issue"),
    path("<int:pk>/changes/", comparing.changes, name="changes"),
    path("<int:pk>/cancel/", flow.cancel, name="cancel"),
    path("<int:pk>/restore/", flow.restore, name="restore"),
    path("<int:pk>/annul/", flow.annul, name="annul"),
    # Keys of figures hold a unit's code, and that may hold anything.
    path("<int:pk>/figures/<path:key>/", reading.figure, name="figure"),
    path("<int:pk>/records/<int:place>/<path:key>/", reading.record, name="record"),
]
