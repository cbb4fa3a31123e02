from django.urls import path

from changai.areas.assessments.views import judging, results, rounds, units

app_name = "assessments"
urlpatterns = [
    path("", rounds.show_list, name="index"),
    path("open/", rounds.open_round, name="open"),
    path("<int:pk>/", results.show_round, name="round"),
    path("<int:pk>/judge/", judging.judge, name="judge"),
    path("<int:pk>/score/", results.score, name="score_round"),
    path("<int:pk>/publish/", results.publish, name="publish"),
    path("<int:pk>/drop/", results.drop, name="drop"),
    path("<int:pk>/workbook/", results.export, name="workbook"),
    path("<int:pk>/replay/", results.show_replay, name="replay"),
    path("scores/<int:pk>/", units.show_score, name="score"),
    path("leaves/<int:pk>/", units.show_leaf, name="leaf"),
]
