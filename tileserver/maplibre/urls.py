"""Addresses of styles."""

from __future__ import annotations

from django.urls import path

from tileserver.maplibre import views

urlpatterns = [
    path("styles/sprite.json", views.sprite_index, name="sprite-index"),
    path("styles/sprite.png", views.sprite_picture, name="sprite"),
    # For screens with two pixels to each CSS pixel.
    path("styles/sprite@2x.json", views.sprite_index, {"scale": 2}, name="sprite-index-fine"),
    path("styles/sprite@2x.png", views.sprite_picture, {"scale": 2}, name="sprite-fine"),
    path("styles/fonts/<str:fontstack>/<int:first>-<int:last>.pbf", views.letters, name="letters"),
    path("styles/<str:layer>.json", views.style, name="style"),
]
