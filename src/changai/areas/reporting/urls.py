from django.urls import path

from changai.areas.reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/sheet/", views.sheet, name="sheet"),
    path("<int:pk>/review/", views.review, name="review"),
    path("records/<int:pk>/", views.record, name="record"),
]
