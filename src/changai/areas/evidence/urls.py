from django.urls import path

from changai.areas.evidence import views

app_name = "evidence"
urlpatterns = [path("<int:pk>/", views.file, name="file")]
