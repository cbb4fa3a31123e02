from django.urls import path

from changai.areas.registers.training import views

app_name = "training"
urlpatterns = [
    path("", views.show_list, name="list"),
    path("add/", views.add, name="add"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
]
