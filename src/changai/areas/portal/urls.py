from django.urls import path

from changai.areas.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.show_box, name="box"),
    path("received/", views.show_received, name="received"),
    path("answer/", views.show_answer, name="answer"),
    path("suggestions/", views.show_list, name="suggestions"),
    path("suggestions/<int:pk>/", views.answer, name="suggestion"),
]
