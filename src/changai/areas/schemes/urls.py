from django.urls import path

from changai.areas.schemes import views

app_name = "schemes"
urlpatterns = [
    path("", views.show_list, name="index"),
    path("load/", views.load, name="load"),
    path("blank/", views.download_blank, name="blank"),
    path("<int:pk>/", views.show_scheme, name="scheme"),
    path("<int:pk>/issue/", views.issue, name="issue"),
    path("<int:pk>/workbook/", views.download, name="workbook"),
]
