"""The gallery beside the product's own addresses, which the frame of every page links to."""

from django.urls import include, path

from changai.foundation.ui.tests.gallery import views

handler404 = "changai.web.faults.page_not_found"
handler500 = "changai.web.faults.server_error"

urlpatterns = [
    path("gallery/", views.show_gallery),
    path("gallery/grid/", views.show_grid),
    path("gallery/grid/save/", views.save_grid),
    path("gallery/upload/", views.take_file),
    path("gallery/order/", views.take_order),
    path("", include("changai.web.shell")),
]
