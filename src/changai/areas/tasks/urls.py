from django.urls import path

from changai.areas.tasks.views import boards, lists, task

app_name = "tasks"
urlpatterns = [
    path("", lists.index, name="index"),
    path("export/", lists.export, name="export"),
    path("claim/", lists.claim_many, name="claim_many"),
    path("<int:pk>/", task.task, name="task"),
    path("<int:pk>/contest/", task.contest, name="contest"),
    path("<int:pk>/hand-over/", task.hand_over, name="hand_over"),
    path("<int:pk>/split/", task.split, name="split"),
    path("<int:pk>/settle/", task.settle, name="settle"),
    path("<int:pk>/withdraw/", task.withdraw, name="withdraw"),
    path("<int:pk>/milestones/", task.milestones, name="milestones"),
    path("<int:pk>/answer/<slug:verb>/", task.answer, name="answer"),
    path("milestones/<int:pk>/done/", task.milestone_done, name="milestone_done"),
    path("milestones/<int:pk>/reopen/", task.milestone_reopen, name="milestone_reopen"),
    path("plans/<int:pk>/coverage/", boards.coverage, name="coverage"),
    path("plans/<int:pk>/coverage/export/", boards.coverage_export, name="coverage_export"),
    path("plans/<int:pk>/progress/", boards.progress, name="progress"),
    path("plans/<int:pk>/hand-down/", boards.hand_down, name="hand_down"),
    path("measures/<int:pk>/offer/", boards.offer, name="offer"),
]
