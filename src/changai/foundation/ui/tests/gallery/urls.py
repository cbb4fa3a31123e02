"""The gallery beside the product's own addresses."""

from django.urls import path

from changai.foundation.ui.tests.gallery import views
from changai.web.urls import urlpatterns as product

urlpatterns = [
    path("gallery/", views.show_gallery),
    path("gallery/grid/", views.show_grid),
    path("gallery/grid/save/", views.save_grid),
    path("gallery/upload/", views.take_file),
    path("gallery/order/", views.take_order),
    *product,
]
