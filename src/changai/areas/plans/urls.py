from django.urls import path

from changai.areas.plans.views import desk, measures, papers

app_name = "plans"
urlpatterns = [
    path("", papers.index, name="index"),
    path("upload/", papers.upload, name="upload"),
    path("<int:pk>/", papers.plan, name="plan"),
    path("<int:pk>/edit/", papers.edit, name="edit"),
    path("<int:pk>/discard/", papers.discard, name="discard"),
    path("<int:pk>/export/", papers.export, name="export"),
    path("<int:pk>/draft/", desk.draft, name="draft"),
    path("<int:pk>/correct/", desk.correct, name="correct"),
    path("<int:pk>/breakdown/", measures.breakdown, name="breakdown"),
    path("<int:pk>/checklist/", measures.checklist, name="checklist"),
    path("measures/<int:pk>/", measures.assign, name="assign"),
    path("measures/<int:pk>/links/", measures.link, name="link"),
]
