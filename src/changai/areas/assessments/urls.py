from django.urls import path

from changai.areas.assessments.views import judging, objections, results, rounds, stepping, units

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
    path("<int:pk>/freeze/", stepping.freeze, name="freeze"),
    path("<int:pk>/ask/", stepping.ask, name="ask"),
    path("<int:pk>/confirm/", stepping.confirm, name="confirm"),
    path("<int:pk>/close/", stepping.close, name="close"),
    path("<int:pk>/announce/", stepping.announce, name="announce"),
    path("<int:pk>/halt/", stepping.halt, name="halt"),
    path("<int:pk>/changes/", stepping.show_changes, name="changes"),
    path("<int:pk>/objections/", objections.show_list, name="objections"),
    path("<int:pk>/object/", objections.raise_objection, name="object"),
    path("objections/<int:pk>/", objections.show, name="objection"),
    path("objections/<int:pk>/reply/", objections.reply, name="reply"),
    path("objections/<int:pk>/review/", objections.review, name="review"),
    path("objections/<int:pk>/reviewer/", objections.name_reviewer, name="name_reviewer"),
    path("objections/<int:pk>/accept/", objections.accept, name="accept"),
    path("objections/<int:pk>/withdraw/", objections.withdraw, name="withdraw"),
    path("objections/<int:pk>/ask-review/", objections.ask_review, name="ask_review"),
    path("objections/<int:pk>/files/<int:file_pk>/", objections.file, name="objection_file"),
    path("scores/<int:pk>/", units.show_score, name="score"),
    path("leaves/<int:pk>/", units.show_leaf, name="leaf"),
]
