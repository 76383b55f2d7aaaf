"""Addresses of tiles and pictures."""

from __future__ import annotations

from django.urls import path

from tileserver import views

urlpatterns = [
    path("tiles/<str:layer>/<int:z>/<int:x>/<int:y>.pbf", views.vector_tile, name="vector-tile"),
    path("parcels/<uuid:parcel_id>/map.png", views.plot_picture, name="plot-picture"),
]
