"""Addresses of kept tiles."""

from __future__ import annotations

from django.urls import path

from tileserver.wmts import tms, views

_TILE = "wmts/1.0.0/<str:layer>/<str:style>/<str:tilematrixset>/<str:tilematrix>/<str:tilerow>"

urlpatterns = [
    path("wmts", views.by_query, name="wmts"),
    path("wmts/1.0.0/WMTSCapabilities.xml", views.capabilities_by_path, name="wmts-capabilities"),
    path(f"{_TILE}/<str:tilecol>.<str:ending>", views.tile_by_path, name="wmts-tile"),
    path(
        f"{_TILE}/<str:tilecol>/<str:j>/<str:i>.<str:ending>", views.info_by_path, name="wmts-info"
    ),
    path("tms/", tms.root, name="tms"),
    path("tms/1.0.0/", tms.service, name="tms-service"),
    path("tms/1.0.0/<str:name>/", tms.tile_map, name="tms-map"),
    path("tms/1.0.0/<str:name>/<int:z>/<int:x>/<int:y>.png", tms.tile, name="tms-tile"),
]
