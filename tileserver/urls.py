"""Addresses of tiles, maps and pictures."""

from __future__ import annotations

from django.urls import include, path

from tileserver import views
from tileserver.catalogue import views as catalogue

urlpatterns = [
    path("tiles/<str:layer>/<int:z>/<int:x>/<int:y>.pbf", views.vector_tile, name="vector-tile"),
    path("tiles/<str:layer>.json", catalogue.tile_description, name="tilejson"),
    path("parcels/<uuid:parcel_id>/map.png", views.plot_picture, name="plot-picture"),
    path("layers/dcat.json", catalogue.dcat_document, name="dcat"),
    path("layers/diado.qgs", catalogue.project, name="qgis-project"),
    path("layers/<str:layer>.qlr", catalogue.layer_definition, name="qgis-layer"),
    path("", include("tileserver.maplibre.urls")),
    path("", include("tileserver.wms.urls")),
    path("", include("tileserver.wfs.urls")),
    path("", include("tileserver.wmts.urls")),
    path("", include("tileserver.ogcapi.urls")),
]
